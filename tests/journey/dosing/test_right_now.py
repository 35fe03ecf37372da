"""How it is right now: asked before the dose and about two hours after, charted by staff. An urge is a task at once."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from firstlight.clinical.instruments import instrument
from firstlight.clinical.protocols.session import points
from firstlight.ground.people.errors import Refused
from firstlight.ground.safety.models import Came, Concern
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import finish
from firstlight.journey.dosing import services
from firstlight.journey.dosing.models import RightNow, Summary
from firstlight.journey.dosing.right_now import NAMES, Asked, asked_in, says_urge
from firstlight.journey.dosing.services import Contradicts
from tests.journey.dosing.telling import SAYS, Chair
from tests.journey.dosing.test_leaving import text_of
from tests.journey.dosing.test_pages import Browser, text, words
from tests.support.scale import STORIES

SCALE = some.none() | some.integers(0, 10)
ANSWERS = some.fixed_dictionaries(
    {"mood": SCALE, "anxiety": SCALE, "tension": SCALE, "side_effects": SCALE, "harm": some.sampled_from([None, 0, 1])}
).filter(lambda values: any(value is not None for value in values.values()))


def rows(chair: Chair) -> list[RightNow]:
    return chair.scoped(lambda: list(RightNow.objects.all()))


def concerns(chair: Chair) -> list[Concern]:
    return chair.scoped(lambda: list(Concern.objects.order_by("at", "id")))


def task_of(chair: Chair) -> Task:
    return chair.scoped(lambda: Task.objects.get(kind="concern"))


def at(chair: Chair, key: str) -> Asked:
    return {one.key: one for one in chair.told(lambda sheet: asked_in(sheet, chair.now))}[key]


def said_in_summary(chair: Chair) -> list[str]:
    blocks = chair.scoped(lambda: chair.sheet.summary.document.blocks)  # type: ignore[union-attr]  # she left
    return next(block["paragraphs"] for block in blocks if block["heading"] == "Right now")


def correct(chair: Chair, row: RightNow, *, reason: str = "The wrong row.", **values: int | None) -> RightNow:
    kept = {key: value for key, value in {**row.values(), **values}.items() if value is not None}
    return chair.scoped(
        lambda: services.amend_right_now(
            row=row, client_id=uuid4(), values=kept, reason=reason, by=chair.by("second_nurse"), at=chair.now
        )
    )


def test_columns_are_the_items_of_our_own_questions() -> None:
    assert instrument("right-now").keys == RightNow.ITEMS == tuple(NAMES)


@settings(max_examples=STORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=ANSWERS)
def test_what_was_said_stands_as_it_was_said_and_only_an_urge_is_a_task(
    chair: Chair, values: dict[str, int | None]
) -> None:
    chair.session or chair.opened()
    with chair.undone():
        row = chair.ask(**values)

        assert row.values() == {key: value for key, value in values.items() if value is not None}
        assert chair.sheet.standing_right_now == (row,)
        assert len(concerns(chair)) == (values["harm"] == 1)


@pytest.mark.parametrize("stage", ["opened", "ready", "drawn", "checked"])
def test_before_the_dose_it_is_asked_and_holds_nothing_up(chair: Chair, stage: str) -> None:
    getattr(chair, stage)()
    closed = chair.closed
    assert at(chair, "before").state == "open"

    chair.ask()

    assert chair.closed == closed
    assert at(chair, "before").said == "Mood 3, Anxiety 7, Tension 6, Side effects 0, Urge to self-harm No"


def test_dose_and_door_wait_for_none_of_it(chair: Chair) -> None:
    chair.left()

    assert rows(chair) == []
    assert (at(chair, "before").state, at(chair, "two-hours").state) == ("missing", "missing")


@pytest.mark.parametrize("stage", ["infusing", "left"])
def test_nobody_is_asked_while_it_runs_in_or_after_the_door(chair: Chair, stage: str) -> None:
    getattr(chair, stage)()

    with pytest.raises(Refused) as refused:
        chair.ask()

    assert refused.value.field == "state"


@pytest.mark.parametrize(
    ("minutes", "state"), [(50, "comes"), (89, "comes"), (90, "open"), (180, "open"), (181, "missing")]
)
def test_two_hours_are_the_window_of_the_data(chair: Chair, minutes: int, state: str) -> None:
    chair.recovering().after(minutes - 40)

    assert at(chair, "two-hours").state == state
    chair.ask()
    assert (at(chair, "two-hours").state == "charted") == (state == "open")
    assert len(rows(chair)) == 1


def test_who_left_before_then_is_skipped_with_a_reason_and_blamed_on_nobody(chair: Chair) -> None:
    chair.recovering().after(10)
    chair.chart()
    chair.after(10)
    chair.chart()
    chair.leave(by="prescriber", reason="Her mother is ill.")

    assert at(chair, "two-hours").state == "left"
    assert said_in_summary(chair) == ["About two hours after the start nobody was asked: gone home before then."]
    assert "skipped: gone home before then" in words(Browser(chair).get())


def test_same_answers_sent_twice_are_one_row_and_others_contradict(chair: Chair) -> None:
    chair.opened()
    device_id = uuid4()

    first = chair.ask(client_id=device_id)
    assert chair.after(1).ask(client_id=device_id) == first
    with pytest.raises(Contradicts):
        chair.ask(client_id=device_id, mood=4)

    assert rows(chair) == [first]
    assert chair.open.version == 1


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        (dict.fromkeys(SAYS), "values", "Tap at least one answer."),
        ({"mood": 11}, "mood", "Mood 11 cannot be. Possible: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10."),
        ({"harm": 2}, "harm", "Urge to self-harm 2 cannot be. Possible: 1, 0."),
    ],
)
def test_answers_that_cannot_be_are_refused_in_plain_words(
    chair: Chair, values: dict[str, Any], field: str, message: str
) -> None:
    chair.opened()

    with pytest.raises(Refused) as refused:
        chair.ask(**values)

    assert (refused.value.field, refused.value.message) == (field, message)
    assert rows(chair) == []


def test_answers_are_never_changed_or_removed(chair: Chair) -> None:
    row = chair.opened().ask()

    for attempt in (lambda: RightNow.objects.update(mood=9), lambda: RightNow.objects.all().delete(), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            chair.scoped(attempt)
    assert rows(chair)[0].values() == SAYS


def test_correction_keeps_the_old_answers_their_author_time_and_the_reason(chair: Chair) -> None:
    wrong = chair.opened().ask()
    chair.after(4)
    with pytest.raises(Refused) as refused:
        correct(chair, wrong, reason=" ", mood=4)
    assert refused.value.field == "reason"
    right = correct(chair, wrong, mood=4, tension=None)
    with pytest.raises(Refused) as refused:
        correct(chair, wrong, mood=5)
    assert refused.value.message == "These answers were corrected already. Correct the newer ones."

    old, new = rows(chair)
    assert (old.mood, old.by, old.amends) == (3, chair.house.nurse.account, None)
    assert (new.mood, new.tension, new.by, new.amends) == (4, None, chair.house.second_nurse.account, old)
    assert (new.happened_at, new.written_at, new.reason) == (old.happened_at, chair.now, "The wrong row.")
    assert chair.sheet.standing_right_now == (right,)
    assert [entry.corrected for entry in chair.told_entries() if entry.right_now_id == old.id] == [
        "corrected by Tomas Reyes: The wrong row."
    ]


def test_urge_is_a_task_with_a_clock_that_pages_and_closes_the_gate(chair: Chair) -> None:
    row = chair.ready().ask(harm=1)

    concern, task = concerns(chair)[0], task_of(chair)
    assert (concern.level, concern.source, concern.asked) == ("L2", "session:right-now-harm", "right-now:harm")
    assert (concern.said_in, concern.came, concern.strength) == (row.id, Came.OPENED, 1)
    assert (task.role, task.urgency, task.link_name, task.link_id) == (
        *("nurse", "today", "dosing:session"),
        str(chair.open.id),
    )
    assert chair.now < task.acknowledge_by <= task.escalates_at  # type: ignore[operator]  # its clock runs
    assert "Said in the session at 10:00: Do you feel an urge to harm yourself? Answer: Yes." in task.reason
    assert "To be asked in the same sitting: Ask Suicide-Screening Questions (ASQ)." in task.reason
    assert chair.gate("safety") == "closed: A safety concern is open: it is cleared in the tasks first."


def test_same_urge_after_the_dose_joins_its_task_and_one_that_had_gone_counts_as_new(chair: Chair) -> None:
    chair.rested()
    chair.ask(harm=1)
    chair.after(5).ask(harm=1)
    chair.after(5).ask(harm=0)
    chair.after(5).ask(harm=1)

    assert [(one.came, one.eased) for one in concerns(chair)] == [
        (Came.OPENED, False), (Came.JOINED, False), (Came.RAISED, True),
    ]  # fmt: skip


def test_urge_charted_by_mistake_is_a_note_on_the_task_that_a_person_finishes(chair: Chair) -> None:
    row = chair.opened().ask(harm=1)
    same = correct(chair.after(1), row, mood=5)
    assert len(concerns(chair)) == 1

    none = correct(chair.after(1), same, harm=0)

    assert [one.came for one in concerns(chair)] == [Came.OPENED, Came.LOWERED]
    task = task_of(chair)
    assert task.finished_at is None
    assert task.title == "Safety: entered wrongly, look and finish"
    assert "by mistake. This task stays open until somebody finishes it. Reason: The wrong row." in task.reason
    assert not chair.told(says_urge)

    correct(chair.after(1), none, harm=1)
    assert concerns(chair)[-1].came == Came.RAISED
    assert chair.told(says_urge)


def test_urge_that_was_overlooked_is_a_task_also_when_the_parent_has_left(chair: Chair) -> None:
    row = chair.rested().ask()
    chair.leave()

    correct(chair.after(30), row, harm=1)

    assert [one.level for one in concerns(chair)] == ["L2"]
    assert len(chair.scoped(lambda: list(Summary.objects.all()))) == 2
    assert "12:00 | 3 | 7 | 6 | 0 | Yes" in text_of(chair)


def test_urge_of_the_next_session_opens_its_own_task_once_the_first_is_finished(chair: Chair) -> None:
    chair.opened().ask(harm=1)
    chair.scoped(
        lambda: finish(task=task_of(chair), by=chair.by("nurse"), at=chair.now, outcome="Talked, with a plan.")
    )

    chair.after(3).ask(harm=1)

    assert [one.came for one in concerns(chair)] == [Came.OPENED, Came.OPENED]


def test_summary_holds_both_points_and_says_whose_questions_they_are(chair: Chair) -> None:
    chair.opened().ask(harm=None)
    chair.recovering_from_here().after(40)
    chair.chart()
    chair.after(40)
    chair.chart()
    chair.ask(mood=6, anxiety=4)
    chair.leave()

    said = text_of(chair)
    assert "10:00 | 3 | 7 | 6 | 0 | –" in said
    assert "12:00 | 6 | 4 | 6 | 0 | No" in said
    (basis,) = said_in_summary(chair)
    assert basis.startswith(
        "Asked aloud and charted by staff. Our own questions, not validated, about this moment only."
    )
    assert basis.endswith("When they are asked is ours too: no study says it.")


def test_nurse_charts_it_beside_the_gates_and_is_reminded_quietly(chair: Chair) -> None:
    chair.ready()
    browser = Browser(chair)
    before = browser.get()
    assert "Before the dose Not charted yet the dose does not wait for it" in words(before)
    assert "Our own questions, not validated, about this moment only." in words(before)
    assert "Sleep" not in words(before)
    assert not re.search(r'<input[^>]+name="(?:mood|harm)"[^>]+checked', text(before))

    assert browser.post("right-now/", client_id=uuid4()).status_code == 422
    assert browser.post("right-now/", client_id=uuid4(), mood=12).status_code == 422
    assert browser.post("right-now/", client_id=uuid4(), mood=3, harm=1).status_code == 303

    page = words(browser.get())
    assert "Before the dose Mood 3, Urge to self-harm Yes 10:00 , Ruth Calder" in page
    assert "Urge to self-harm: yes. A safety task was opened. Ask the ASQ in the same sitting." in page
    assert "Right now: Mood 3, Urge to self-harm Yes" in page


def test_two_hours_after_the_door_says_what_is_open_and_what_was_said(chair: Chair) -> None:
    chair.infusing().after(40)
    browser = Browser(chair)
    begins, ends = (chair.open.started_at + one for one in (timedelta(minutes=90), timedelta(minutes=180)))  # type: ignore[operator]  # it runs
    assert (begins, ends) == points()["two-hours"].from_to(chair.open.started_at)  # type: ignore[arg-type]  # it runs
    assert "About two hours after its start from 11:30 until 13:00" in words(browser.get())
    assert 'action="/clinic/sessions/' + f'{chair.open.id}/right-now/"' not in text(browser.get())
    chair.stopped_quietly()
    chair.after(60)
    browser = Browser(chair)
    assert "until 13:00 ; leaving does not wait for it" in words(browser.get())
    assert "To the five questions" in words(browser.get())

    assert browser.post("right-now/", client_id=uuid4(), **{**SAYS, "harm": 1}).status_code == 303

    assert "A safety task was opened: talk about it before the way home." in words(browser.get())


def test_urge_between_the_two_points_stands_on_the_page_like_any_other(chair: Chair) -> None:
    chair.recovering().after(10).ask(mood=None, anxiety=None, tension=None, side_effects=None, harm=1)

    page = words(Browser(chair).get())

    assert "At another time Urge to self-harm Yes 10:50 , Ruth Calder" in page
    assert page.count("Urge to self-harm: yes.") == 2
    assert at(chair, "two-hours").state == "comes"


def test_correction_page_shows_the_old_answers_and_leads_back(chair: Chair) -> None:
    row = chair.opened().ask()
    browser = Browser(chair)
    address = f"right-now/{row.id}/"

    assert len(re.findall(r"<input[^>]+checked", text(browser.get(address)))) == 5
    assert browser.post(address, client_id=uuid4(), **SAYS).status_code == 422
    done = browser.post(address, client_id=uuid4(), **{**SAYS, "mood": 5}, reason="She said five.")

    assert done.status_code == 303
    assert "corrected by Ruth Calder: She said five." in words(browser.get())
    assert browser.get(f"right-now/{uuid4()}/").status_code == 404


def test_therapist_reads_what_was_said_and_charts_nothing(chair: Chair) -> None:
    row = chair.opened().ask()
    therapist = Browser(chair, "therapist")

    assert "Mood 3, Anxiety 7" in words(therapist.get())
    assert therapist.post("right-now/", client_id=uuid4(), **SAYS).status_code == 404
    assert therapist.get(f"right-now/{row.id}/").status_code == 404
