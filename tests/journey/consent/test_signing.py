"""Signing and taking back: bound to every word, by the parent alone, counted at once."""

from datetime import date, timedelta

import pytest
from django_scopes import scope

from firstlight.conf.reactions import REACTIONS
from firstlight.ground.documents.selectors import documents_of, intact, signatures_of
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Loss
from firstlight.ground.visits.models import VisitKind
from firstlight.ground.visits.services import book
from firstlight.ground.worklist.selectors import tasks_about
from firstlight.journey.consent import agreements, services
from firstlight.journey.consent.models import TeachBackAnswer
from firstlight.journey.consent.selectors import (
    ConsentState,
    agreement_of,
    consent_of,
    consent_state,
    edition_for,
    touch_of,
)
from tests.cast import NOW, House
from tests.journey.planning.telling import Story

MINUTE = timedelta(minutes=1)


def answer(house: House, part: str, given: str, *, at: timedelta = MINUTE) -> TeachBackAnswer:
    return services.answer_question(
        parent=house.mother, episode=house.episode, part=part, answer=given, by=house.actor("mother"), at=NOW + at
    )


def sign(house: House, who: str = "mother", **more: object) -> None:
    services.sign(
        parent=house.mother,
        episode=house.episode,
        by=house.actor(who),
        at=NOW + timedelta(hours=1),
        **more,  # type: ignore[arg-type]  # each test names what it changes
    )


def answer_all(house: House) -> None:
    for part, question in edition_for(house.mother, NOW).questions.items():
        answer(house, part, question.right)


def test_signature_is_bound_to_every_word_that_was_shown(house: House) -> None:
    with scope(clinic=house.clinic.id):
        answer_all(house)
        sign(house, name="maya  LINDQVIST", touch={"hand": True})
        consent = consent_of(house.episode)
        shown = edition_for(house.mother, NOW)
        assert consent is not None
        document = consent.document
        signatures = signatures_of(document)

        assert consent.digest == shown.digest
        assert intact(document)
        assert [(one.name, one.digest) for one in signatures] == [("Maya Lindqvist", document.digest)]
        assert consent_state(house.episode, NOW) == ConsentState.CURRENT
        text = str(document.blocks)
    assert all(paragraph.text in text for part in shown.parts for paragraph in part.paragraphs)


def test_parent_gets_her_copy_at_once(house: House) -> None:
    story = Story(house)
    story.agree()

    with scope(clinic=house.clinic.id):
        (copy,) = documents_of(house.actor("mother"), house.mother.id)
    assert copy.title == "Agreement to ketamine infusions"


def test_wrong_answer_is_kept_and_the_question_stays_open(house: House) -> None:
    with scope(clinic=house.clinic.id):
        answer(house, "approval", "approved")
        shown = edition_for(house.mother, NOW)

        assert agreement_of(house.episode).next_part(shown) == 1
        answer(house, "approval", "not-approved", at=2 * MINUTE)
        assert agreement_of(house.episode).next_part(shown) == 2
        assert [row.right for row in TeachBackAnswer.objects.all()] == [False, True]


def test_part_without_a_question_is_read_before_the_next_question(house: House) -> None:
    with scope(clinic=house.clinic.id):
        for part in ("approval", "known"):
            answer(house, part, edition_for(house.mother, NOW).questions[part].right)

        shown = edition_for(house.mother, NOW)
        number = agreement_of(house.episode).next_part(shown)
    assert number is not None
    assert shown.parts[number - 1].key == "effects"


def test_signature_with_an_open_question_is_refused(house: House) -> None:
    with scope(clinic=house.clinic.id):
        answer(house, "approval", "not-approved")
        with pytest.raises(Refused, match="6 questions about the text are still open") as refused:
            sign(house)

    assert refused.value.field == "teach_back"


@pytest.mark.parametrize(
    ("more", "field"), [({"agreed": False}, "agreed"), ({"name": "M. Lindqvist"}, "name"), ({"name": ""}, "name")]
)
def test_signature_without_tick_or_name_is_refused(house: House, more: dict[str, object], field: str) -> None:
    with scope(clinic=house.clinic.id):
        answer_all(house)
        with pytest.raises(Refused) as refused:
            sign(house, **more)
        assert consent_of(house.episode) is None

    assert refused.value.field == field


@pytest.mark.parametrize("who", ["prescriber", "nurse", "father"])
def test_nobody_signs_for_her(house: House, who: str) -> None:
    with scope(clinic=house.clinic.id):
        answer_all(house)
        with pytest.raises(Refused, match="Only the parent can do this"):
            sign(house, who)


def test_signing_twice_is_refused(house: House) -> None:
    story = Story(house)
    story.agree()

    with pytest.raises(Refused, match="You have signed this already"):
        story.agree()


def test_touch_is_none_unless_she_says_so(house: House) -> None:
    story = Story(house)
    story.agree()

    with scope(clinic=house.clinic.id):
        assert touch_of(house.episode).allowed == ()
        assert set(touch_of(house.episode).choices) == {"hand", "shoulder", "steadying"}


def test_touch_can_be_narrowed_and_not_widened_that_way(house: House) -> None:
    Story(house).agree(hand=True)

    with scope(clinic=house.clinic.id):
        services.narrow_touch(episode=house.episode, kind="hand", by=house.actor("nurse"), at=NOW + timedelta(hours=2))
        with pytest.raises(Refused):
            services.narrow_touch(episode=house.episode, kind="hand", by=house.actor("nurse"), at=NOW)
        assert touch_of(house.episode).allowed == ()


@pytest.mark.parametrize(("hours", "may_add"), [(25, True), (23, False)])
def test_new_yes_about_touch_needs_a_day_before_the_infusion(house: House, hours: int, may_add: bool) -> None:
    with scope(clinic=house.clinic.id):
        book(
            kind=VisitKind.DOSING,
            parent=house.mother,
            staff=house.nurse,
            starts_at=NOW + timedelta(hours=hours),
            minutes=180,
            by=house.actor("nurse"),
            at=NOW,
        )

        def choose(**choices: bool) -> None:
            services.choose_touch(
                parent=house.mother, episode=house.episode, choices=choices, by=house.actor("mother"), at=NOW
            )

        choose(hand=False)
        if may_add:
            choose(hand=True)
        else:
            with pytest.raises(Refused, match="less than 24 hours away"):
                choose(hand=True)


def test_withdrawal_counts_at_once_and_takes_touch_with_it(house: House) -> None:
    Story(house).agree(hand=True, shoulder=True)

    with scope(clinic=house.clinic.id):
        services.withdraw(
            parent=house.mother, episode=house.episode, by=house.actor("mother"), at=NOW + timedelta(hours=2)
        )

        assert consent_state(house.episode, NOW) == ConsentState.WITHDRAWN
        assert touch_of(house.episode).allowed == ()
        with pytest.raises(Refused):
            services.withdraw(parent=house.mother, episode=house.episode, by=house.actor("mother"), at=NOW)


def test_withdrawal_opens_a_task_with_a_clock(house: House) -> None:
    story = Story(house)
    story.agree()
    with scope(clinic=house.clinic.id):
        services.withdraw(parent=house.mother, episode=house.episode, by=house.actor("mother"), at=story.tick())
        (task,) = tasks_about(house.actor("nurse"), house.mother.id)

    assert (task.title, task.role) == ("Maya Lindqvist took the agreement back", "nurse")
    assert task.acknowledge_by == story.now + timedelta(hours=12)


def test_withdrawal_is_announced(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setitem(REACTIONS, "consent.withdrawn", (f"{__name__}.listen",))
    monkeypatch.setattr(f"{__name__}.listen", lambda **payload: heard.append(payload["episode"]), raising=False)
    Story(house).agree()

    with scope(clinic=house.clinic.id):
        services.withdraw(
            parent=house.mother, episode=house.episode, by=house.actor("mother"), at=NOW + timedelta(hours=2)
        )

    assert heard == [house.episode]


def test_agreement_can_be_signed_again_after_it_was_taken_back(house: House) -> None:
    story = Story(house)
    story.agree(hand=True)
    with scope(clinic=house.clinic.id):
        services.withdraw(parent=house.mother, episode=house.episode, by=house.actor("mother"), at=story.tick())
    story.agree()

    with scope(clinic=house.clinic.id):
        assert consent_state(house.episode, story.now) == ConsentState.CURRENT
        assert touch_of(house.episode).allowed == ()


def test_newer_version_needs_a_new_signature(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    Story(house).agree()
    (first,) = agreements.templates().values()
    second = agreements.Template(
        **{name: getattr(first, name) for name in first.__slots__} | {"version": 2, "effective_date": date(2026, 12, 1)}
    )
    monkeypatch.setattr(agreements, "templates", lambda: {("a", 1): first, ("a", 2): second})

    with scope(clinic=house.clinic.id):
        assert consent_state(house.episode, NOW) == ConsentState.CURRENT
        assert consent_state(house.episode, NOW + timedelta(days=30)) == ConsentState.OUTDATED


def test_version_that_was_replaced_while_she_read_is_refused(house: House) -> None:
    (first,) = agreements.templates().values()
    old = agreements.Template(**{name: getattr(first, name) for name in first.__slots__} | {"version": 0})

    with scope(clinic=house.clinic.id):
        answer_all(house)
        with pytest.raises(Refused, match="There is a newer version"):
            sign(house, template=old)


def test_declined_parent_has_nothing_to_sign(house: House) -> None:
    story = Story(house)
    story.baseline()
    story.decide("declined")
    house.episode.refresh_from_db()

    with pytest.raises(Refused, match="There is nothing to sign"):
        story.agree()


def test_parent_who_lost_a_child_is_shown_other_words(house: House) -> None:
    with scope(clinic=house.clinic.id):
        Loss.objects.create(
            clinic=house.clinic, family=house.mother.family, recorded_at=NOW, recorded_by=house.nurse.account
        )
        mothers = edition_for(house.mother, NOW)
        fathers = edition_for(house.father, NOW)

    for shown in (mothers, fathers):
        assert "milk" not in shown.questions
        assert "baby" not in str(shown)
