"""After a stop: asked for safety for some weeks, then only as she wants, and never again once she says so."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.http import Http404
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import EpisodeState, Membership, Parent
from firstlight.ground.people.services.episodes import move
from firstlight.ground.worklist.models import OutboxMessage, Task
from firstlight.journey.response import selectors, services
from firstlight.journey.response.models import CheckIn, WishAfterStop
from firstlight.journey.response.reading import check_in_rows, coming_rows, resting_rows
from firstlight.journey.response.schedule import rules, schedule
from firstlight.journey.response.stopping import AfterStop, Stopped, Wish
from firstlight.journey.screening.models import Answer, QuestionSet
from firstlight.journey.screening.services import assign, tap
from tests.cast import House
from tests.journey.dosing.telling import Chair
from tests.journey.response.telling import DAY, HOUR, check_in, check_ins, moment_of, opened, opened_at
from tests.support.reading import words_of
from tests.support.signed_in import client_of

WEEK = 7 * DAY
EACH = tuple(rule.after_stop for rule in schedule().rules.values())


@pytest.fixture
def stopped(dosed: Chair) -> Chair:
    """Maya does not want a second dose."""
    dosed.after(60)
    ends(dosed, EpisodeState.STOPPED)
    return dosed


def ends(chair: Chair, to: EpisodeState) -> None:
    chair.scoped(
        lambda: move(
            episode=chair.house.episode, to=to, reason="Her own decision.", by=chair.by("prescriber"), at=chair.now
        )
    )


def says(chair: Chair, wish: str, who: str = "mother", *, at: datetime | None = None) -> WishAfterStop | None:
    episode = chair.house.episode
    return chair.scoped(
        lambda: services.wish_after_stop(episode=episode, wish=wish, by=chair.by(who), at=at or chair.now)
    )


def state(chair: Chair) -> Stopped:
    found = chair.scoped(lambda: selectors.stopped_of(chair.house.episode))
    assert found is not None
    return found


def everything(chair: Chair, days: int = 60) -> list[str]:
    """Let some days pass without an answer; return what opened."""
    at = moment_of(chair, "day-1") if "day-1" in check_ins(chair) else chair.now
    last = chair.now + days * DAY
    while at < last:
        opened_at(chair, at)
        at += DAY
    return sorted(rule for rule, one in check_ins(chair).items() if one.opened_at)


def sent(chair: Chair) -> int:
    return chair.scoped(lambda: OutboxMessage.objects.filter(template=services.MESSAGE).count())


def test_stop_ends_what_was_asked_before_the_first_dose(chair: Chair) -> None:
    ends(chair, EpisodeState.STOPPED)

    assert {rule: one.ended_why for rule, one in check_ins(chair).items()} == {
        "bond-0": "stopped",
        "living-0": "stopped",
    }
    assert state(chair).safety_until is None
    assert everything(chair, days=20) == []


@given(st.sampled_from(list(AfterStop)), st.sampled_from(list(Wish)), st.integers(-60, 60), st.booleans())
def test_nobody_is_asked_who_said_no_and_safety_is_asked_for_its_weeks(
    rule: AfterStop, wish: Wish, days: int, dosed: bool
) -> None:
    until = datetime(2026, 12, 1).astimezone()
    asks = Stopped(until if dosed else None, wish).asks(rule, until + timedelta(days=days))

    if wish is Wish.NOTHING or rule is AfterStop.ENDS:
        assert not asks
    elif wish is Wish.GO_ON:
        assert asks
    else:
        assert asks is (rule is AfterStop.SAFETY and dosed and days <= 0)


def test_every_check_in_says_what_becomes_of_it() -> None:
    kept = {rule.key for rule in schedule().rules.values() if rule.after_stop is AfterStop.SAFETY}

    assert {rule.key for rule in rules("each-dose")} <= kept  # type: ignore[arg-type]  # an Anchor by its value
    assert set(EACH) == set(AfterStop)
    assert (schedule().stopping.safety, schedule().stopping.reminders) == (4 * WEEK, 0)


def test_after_a_stop_safety_is_asked_for_four_weeks_and_then_nothing(stopped: Chair) -> None:
    last_dose = state(stopped).safety_until
    assert last_dose is not None

    found = everything(stopped)

    assert found == ["day-1", "day-3", "week-1", "week-2", "week-3", "week-4"]
    over = [one for one in check_ins(stopped).values() if one.open_by < stopped.now + 50 * DAY]
    assert {one.ended_why for one in over if not one.opened_at and one.session} == {"stopped"}


def test_who_wants_it_is_asked_on_as_before(stopped: Chair) -> None:
    says(stopped, "go-on")

    found = everything(stopped, days=190)

    assert {"day-1", "week-6", "month-1", "month-5", "effects-6", "bond-3"} <= set(found)
    assert {"bond-0", "living-0"} & set(found) == set()


def test_one_message_and_no_reminder_after_a_stop(stopped: Chair) -> None:
    services.remind_due(moment_of(stopped, "week-2"))
    opened_now = check_in(stopped, "week-2")
    assert opened_now.opened_at is not None
    before = sent(stopped)

    for days in range(1, 4):
        services.remind_due(opened_now.opened_at + days * DAY)

    assert sent(stopped) == before
    assert check_in(stopped, "week-2").messages == 1


def test_who_says_no_more_is_asked_nothing_from_then_on_and_what_stands_open_is_taken_back(stopped: Chair) -> None:
    house = stopped.house
    question_set = opened(stopped, "day-1")
    at = question_set.assigned_at + HOUR
    question_set.parent = house.mother
    stopped.scoped(
        lambda: tap(question_set=question_set, item="check-in:mood", value=2, by=stopped.by("mother"), at=at)
    )
    by_hand = stopped.scoped(
        lambda: assign(parent=house.mother, episode=house.episode, set_name="brief", by=stopped.by("nurse"), at=at)
    )
    before = sent(stopped)

    says(stopped, "nothing", at=at + HOUR)

    closed = {one.id: one.expires_at for one in stopped.scoped(lambda: list(QuestionSet.objects.all()))}
    assert closed[question_set.id] == closed[by_hand.id] == at + HOUR
    assert check_in(stopped, "day-1").ended_why == "no-more"
    assert stopped.scoped(lambda: Answer.objects.filter(question_set=question_set).count()) == 1
    assert everything(stopped) == ["day-1"]
    assert sent(stopped) == before
    over = [one for one in check_ins(stopped).values() if one.open_by < stopped.now + 50 * DAY]
    assert {one.ended_why for one in over if one.session} == {"no-more"}


def test_clinic_sees_it_by_a_task_while_the_last_dose_is_near(stopped: Chair) -> None:
    says(stopped, "nothing")
    says(stopped, "nothing", at=stopped.now + HOUR)

    (task,) = stopped.scoped(lambda: list(Task.objects.filter(kind="asked-no-more")))
    assert "wants no more questions" in task.title
    assert "Agree once with the parent how to keep in touch" in task.reason
    assert (task.role, task.acknowledge_by) == ("nurse", stopped.now + DAY)
    assert stopped.scoped(WishAfterStop.objects.count) == 1


@pytest.mark.parametrize(("who", "weeks"), [("mother", 5), ("nurse", 0)])
def test_no_task_when_the_weeks_are_over_or_somebody_entered_it(stopped: Chair, who: str, weeks: int) -> None:
    says(stopped, "go-on")
    says(stopped, "nothing", who, at=stopped.now + weeks * WEEK)

    assert state(stopped).wish is Wish.NOTHING
    assert stopped.scoped(lambda: Task.objects.filter(kind="asked-no-more").count()) == 0


def test_mind_can_be_changed_and_the_latest_word_holds(stopped: Chair) -> None:
    for wish in ("nothing", "go-on", "nothing", "safety"):
        says(stopped, wish)

    assert state(stopped).wish is Wish.SAFETY
    assert everything(stopped) == ["day-1", "day-3", "week-1", "week-2", "week-3", "week-4"]


def test_who_wants_nothing_is_not_on_the_list_of_who_does_not_answer(stopped: Chair) -> None:
    end = opened(stopped, "day-1").expires_at
    assert end is not None

    def silent() -> list[str]:
        found = selectors.who_does_not_answer(stopped.by("nurse"), end + HOUR)
        return [one.parent.name for one in found]

    assert stopped.scoped(silent) == [stopped.house.mother.name]
    says(stopped, "nothing", at=end + HOUR)
    assert stopped.scoped(silent) == []
    says(stopped, "go-on", at=end + HOUR)
    assert stopped.scoped(silent) == [stopped.house.mother.name]


def test_nothing_is_chosen_while_treatment_goes_on_or_what_nobody_knows(dosed: Chair) -> None:
    with pytest.raises(Refused, match="once treatment was stopped"):
        says(dosed, "nothing")
    dosed.after(60)
    ends(dosed, EpisodeState.STOPPED)
    with pytest.raises(Refused, match="Choose from the list"):
        says(dosed, "monthly")


@pytest.mark.parametrize("who", ["father", "administrator"])
def test_nobody_else_says_it_for_her(stopped: Chair, who: str) -> None:
    with pytest.raises(Refused, match="Only the parent"):
        says(stopped, "nothing", who)


def phone(chair: Chair, person: Parent | Membership) -> Client:
    with time_machine.travel(chair.now, tick=False):
        return client_of(person)


def get(chair: Chair, client: Client, address: str) -> str:
    with time_machine.travel(chair.now, tick=False):
        return str(client.get(address).content.decode())


def test_parent_stops_all_questions_with_one_tap_and_help_stays(stopped: Chair) -> None:
    mother = phone(stopped, stopped.house.mother)
    first = words_of(get(stopped, mother, "/me/"))
    hours = get(stopped, mother, "/me/hours/")
    with time_machine.travel(stopped.now, tick=False):
        assert mother.post("/me/hours/after/", {"wish": "nothing"}).status_code == 303
    page, now = get(stopped, mother, "/me/hours/"), words_of(get(stopped, mother, "/me/"))

    assert "A few questions may still come until" in first
    assert "Choose about questions" in first
    assert "Ask me nothing more" in hours
    assert "Keep these hours" in hours
    assert "You asked us to ask you nothing more." in words_of(page)
    assert "Keep these hours" not in page
    assert "Go on asking me" in page
    assert "Help now" in page
    assert "Choose about questions" not in now
    assert "Questions" not in now.partition("Coming up")[2]


def test_clinic_reads_how_it_stands_and_enters_what_she_said(stopped: Chair, outsiders: House) -> None:
    address = f"/clinic/people/{stopped.house.mother.id}/response/"
    nurse, outsider = phone(stopped, stopped.house.nurse), phone(stopped, outsiders.nurse)
    before = words_of(get(stopped, nurse, address))
    with time_machine.travel(stopped.now, tick=False):
        assert outsider.post(f"{address}after-stop/", {"wish": "nothing"}).status_code == 404
        assert nurse.post(f"{address}after-stop/", {"wish": "monthly"}).status_code == 422
        assert state(stopped).wish is Wish.SAFETY
        assert nurse.post(f"{address}after-stop/", {"wish": "nothing"}).status_code == 303
    after = words_of(get(stopped, nurse, address))

    assert "Asked for safety until" in before
    assert "Only if the parent wants it" in before
    assert "The parent wants no more questions." in after
    assert "Ruth Calder" in after
    assert "Only if the parent wants it" not in after
    assert "more come" in before
    assert "more come" not in after


def test_record_says_why_nothing_was_asked(stopped: Chair) -> None:
    says(stopped, "nothing")
    later = stopped.now + 30 * WEEK
    opened_at(stopped, later)
    course = stopped.scoped(lambda: selectors.course_of(stopped.by("nurse"), stopped.house.mother, later))

    assert {row.words for row in check_in_rows(course, later)} == {
        "Taken back: a new dose came",
        "Not asked: the parent wants no more questions",
    }
    assert coming_rows(course, later) == resting_rows(course, later) == []


def test_outsiders_read_nothing_of_it(stopped: Chair, outsiders: House) -> None:
    says(stopped, "nothing")

    with pytest.raises(Http404):
        stopped.scoped(lambda: selectors.check_ins_of(outsiders.actor("nurse"), stopped.house.mother.id))
    with pytest.raises(Refused):
        stopped.scoped(
            lambda: services.wish_after_stop(
                episode=stopped.house.episode, wish="go-on", by=outsiders.actor("mother"), at=stopped.now
            )
        )
    assert stopped.scoped(lambda: CheckIn.objects.filter(opened_at__isnull=False).count()) == 0
