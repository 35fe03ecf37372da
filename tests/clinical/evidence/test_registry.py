"""The registry: every claim has its evidence, and a wrong file never loads."""

from datetime import date

import pytest

from firstlight.clinical.evidence import DataError, Source, Strength, Tag, claims, sources
from firstlight.clinical.evidence.registry import read_claims, read_sources

ENTRY = {"title": "A study", "tag": "V", "doi": "10.1000/1"}
CLAIM = {"key": "a", "heading": {"en": "A?"}, "text": {"en": "A."}, "strength": "limited", "sources": ["ONE"]}


def sources_of(**entries: object) -> dict[str, Source]:
    return dict(read_sources([("s.yaml", {"entered_date": date(2026, 11, 22), "sources": entries})]))


def claims_of(*entries: object) -> object:
    document = {"topic": "basics", "reviewed_date": date(2026, 11, 22), "claims": list(entries)}
    return read_claims([("c.yaml", document)], known=sources_of(ONE=ENTRY))


@pytest.mark.parametrize(
    ("key", "strength"),
    [
        ("relief-within-days", Strength.STRONG),
        ("how-it-acts", Strength.LIMITED),
        ("depression-after-birth", Strength.LIMITED),
        ("prevention-at-birth", Strength.CONFLICTING),
        ("breast-feeding", Strength.CONFLICTING),
        ("anxiety-after-birth", Strength.NONE),
        ("burnout", Strength.NONE),
        ("bond", Strength.NONE),
        ("birth-trauma", Strength.NONE),
        ("with-talk-therapy", Strength.NONE),
        ("not-approved", Strength.STRONG),
    ],
)
def test_claim_is_as_strong_as_the_reference_allows(key: str, strength: Strength) -> None:
    assert claims()[key].strength == strength


def test_claims_about_the_child_can_be_left_out() -> None:
    about_child = {claim.key for claim in claims().values() if claim.about_child}

    assert about_child == {"bond", "breast-feeding", "pregnancy", "unwanted-thoughts"}


def test_source_nobody_has_read_for_us_claims_no_review_date() -> None:
    assert {source.reviewed_date for source in sources().values()} == {None}


def test_source_address_is_its_doi_or_its_page() -> None:
    assert sources()["VERAART"].address == "https://doi.org/10.1093/ijnp/pyab039"
    assert sources()["LACT"].address == "https://www.drugs.com/breastfeeding/ketamine.html"


def test_every_tag_says_what_it_means() -> None:
    assert Tag.UNCHECKED.meaning["en"] == "Clinic default, no source checked"
    assert all(tag.meaning["en"] for tag in Tag)


def test_claim_with_an_unknown_source_is_refused() -> None:
    with pytest.raises(DataError, match="TWO is not in the registry"):
        claims_of(CLAIM | {"sources": ["TWO"]})


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (CLAIM | {"sources": []}, "needs its sources"),
        (CLAIM | {"strength": "proven"}, "one of strong, limited, none, conflicting"),
        (CLAIM | {"text": {"es": "A."}}, "text needs words under 'en'"),
        (CLAIM | {"certainty": 9}, "unknown certainty"),
        ({"key": "a"}, "heading is missing"),
        ("a", "expected fields"),
    ],
)
def test_claim_that_is_wrong_is_refused_with_its_place(entry: object, problem: str) -> None:
    with pytest.raises(DataError, match=problem) as refusal:
        claims_of(entry)

    assert refusal.value.where == "c.yaml, claims 1"


def test_claim_given_twice_is_refused() -> None:
    with pytest.raises(DataError, match="already used"):
        claims_of(CLAIM, CLAIM)


@pytest.mark.parametrize(
    "entry", [{"title": "A study"}, ENTRY | {"tag": "X"}, ENTRY | {"page": 3}, ENTRY | {"reviewed_date": "soon"}]
)
def test_source_that_is_wrong_is_refused(entry: object) -> None:
    with pytest.raises(DataError, match=r"s\.yaml, ONE"):
        sources_of(ONE=entry)
