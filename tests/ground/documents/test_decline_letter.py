"""The letter for somebody whom the clinic does not treat: why, what else, and who helps now."""

from collections.abc import Iterator

import pytest
from django_scopes import scope

from firstlight.ground.audit.services import announce, write
from firstlight.ground.documents import services
from firstlight.ground.documents.models import Document
from firstlight.ground.documents.selectors import documents_of, signatures_of
from firstlight.ground.people.models import Loss
from tests.cast import NOW, House

REASON = "Your blood pressure is too high for this treatment."


@pytest.fixture(autouse=True)
def inside(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def letter(house: House, *, at_risk: bool = False, alternatives: tuple[str, ...] = ()) -> Document:
    return services.decline_letter(
        episode=house.episode,
        reason=REASON,
        at_risk=at_risk,
        alternatives=alternatives,
        by=house.actor("prescriber"),
        at=NOW,
    )


def headings(document: Document) -> list[str]:
    return [block["heading"] for block in document.blocks if "heading" in block]


def test_letter_says_why_what_else_and_who_helps(house: House) -> None:
    document = letter(house)

    assert headings(document) == ["Why", "What else can help", "If you need help now"]
    assert REASON in str(document.blocks)
    assert "988" in str(document.blocks)
    assert house.clinic.phone in str(document.blocks)
    assert [signature.name for signature in signatures_of(document)] == ["Amara Okafor"]


def test_letter_is_hers_at_once(house: House) -> None:
    document = letter(house)

    assert documents_of(house.actor("mother"), house.mother.id) == [document]


def test_help_comes_first_for_somebody_at_risk(house: House) -> None:
    assert headings(letter(house, at_risk=True))[0] == "If you need help now"


def test_own_alternatives_replace_the_standing_ones(house: House) -> None:
    document = letter(house, alternatives=("The clinic in Hudson has a place in June.",))

    others = next(block for block in document.blocks if block.get("heading") == "What else can help")
    assert others["paragraphs"] == ["The clinic in Hudson has a place in June."]


def test_letter_after_a_loss_does_not_speak_of_birth(house: House) -> None:
    Loss.objects.create(
        clinic=house.clinic, family=house.mother.family, recorded_at=NOW, recorded_by=house.nurse.account
    )

    words = str(letter(house).blocks).lower()

    assert "988" in words
    assert not [word for word in ("baby", "birth", "maternal", "postpartum", "midwife") if word in words]


def test_letter_follows_the_decision(house: House) -> None:
    @write
    def decide() -> None:
        named = {"episode": house.episode, "reason": REASON, "at_risk": True}
        announce("episode.declined", **named, by=house.actor("prescriber"), at=NOW)

    decide()

    assert Document.objects.get().kind == "decline_letter"
