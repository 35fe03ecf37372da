"""What opens now: the rules that hold for every timetable of doses, hours, zones and answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical import instruments
from firstlight.ground.people.zones import zones
from firstlight.journey.response.arranging import Ended, Facts, Opening, Plan, Skipped, Waiting, may_tell, plan
from firstlight.journey.response.hours import Hours
from firstlight.journey.response.schedule import Anchor, Rule, Whom, rules, schedule
from firstlight.journey.response.stopping import AfterStop

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
ALBANY = ZoneInfo("America/New_York")
ALL_DAY = Hours(frozenset(range(24)))


def a_rule(**instead: object) -> Rule:
    usual = Rule("x", Anchor.EACH_DOSE, DAY, 2 * DAY, DAY, "day", ("check-in",), Whom.EVERYONE, 0, AfterStop.SAFETY)
    return replace(usual, **instead)  # type: ignore[arg-type]  # fields by name


def waits(rule: Rule, due_at: datetime = NOON) -> Waiting:
    return Waiting(uuid4(), rule, due_at, due_at + rule.window)


def facts(**instead: object) -> Facts:
    usual = Facts(NOON, ALBANY, ALL_DAY, schedule().rhythm)
    return replace(usual, **instead)  # type: ignore[arg-type]  # fields by name


def test_due_check_in_opens_for_its_hours() -> None:
    one = waits(a_rule())

    opening = plan([one], facts()).opening

    assert opening == Opening((one.id,), "day", ("check-in",), {one.id: {}}, NOON + DAY)


def test_nothing_opens_before_it_is_due_or_outside_her_hours_or_twice_a_day() -> None:
    due, later = waits(a_rule()), waits(a_rule(), NOON + HOUR)
    night = Hours(frozenset({3}))

    assert plan([later], facts()).opening is None
    assert plan([due], facts(hours=night)).opening is None
    assert plan([due], facts(told_at=[NOON - 2 * HOUR])).opening is None
    assert plan([due], facts(told_at=[NOON - DAY])).opening is not None


def test_nothing_opens_and_nobody_is_written_to_during_a_session() -> None:
    one = waits(a_rule())

    assert plan([one], facts(in_session=True)) == Plan({}, None)
    assert not may_tell(facts(in_session=True))
    assert may_tell(facts())


def test_words_that_speak_to_a_mother_end_unasked_for_another_parent_and_the_reason_is_kept() -> None:
    one = waits(a_rule(asks=("pbq",), whom=Whom.WITH_CHILD))
    asked = plan([one], facts()).opening

    assert asked is not None
    assert asked.instruments == ("pbq",)
    for held in (frozenset[str](), frozenset({"pbq"})):
        ends = plan([one], facts(relation="father", held=held)).ends
        assert ends == {one.id: (Ended.NOTHING_TO_ASK, {"pbq": Skipped.OTHER_PARENT})}


def test_our_own_questions_are_asked_where_no_words_fit_somebody_here_and_the_reason_is_kept() -> None:
    rules = schedule().rules
    bond, living = waits(rules["bond-0"]), waits(rules["living-0"])

    def asked(one: Waiting, **more: Any) -> tuple[tuple[str, ...], Mapping[str, Skipped]]:
        opening = plan([one], facts(**more)).opening
        return (
            (opening.instruments, opening.skipped[one.id])
            if opening
            else ((), plan([one], facts(**more)).ends[one.id][1])
        )

    for relation in ("father", "partner", "adoptive", "other"):
        assert asked(bond, relation=relation) == (("other-parent",), {"pbq": Skipped.OTHER_PARENT})
    assert asked(bond) == (("pbq",), {})
    assert asked(bond, relation="father", silent=True) == (
        (), {"pbq": Skipped.OTHER_PARENT, "other-parent": Skipped.LOSS},
    )  # fmt: skip
    assert asked(bond, has_child=False) == ((), {"pbq": Skipped.NO_CHILD})
    assert asked(living) == (("daily-life",), {"wsas": Skipped.NO_TEXT})
    assert asked(living, held=frozenset({"wsas"})) == (("wsas",), {})


def test_what_is_due_within_twelve_hours_opens_as_one() -> None:
    series = a_rule(anchor=Anchor.FIRST_DOSE)
    now, soon, far = waits(a_rule()), waits(series, NOON + 12 * HOUR), waits(series, NOON + 13 * HOUR)

    opening = plan([far, soon, now], facts()).opening

    assert opening is not None
    assert opening.check_ins == (now.id, soon.id)
    assert opening.instruments == ("check-in",)


def test_check_in_of_a_dose_never_opens_early_and_what_is_due_waits_for_it() -> None:
    """Closeness is due seven hours before the day after the dose is over: both open then, and "the last 24 hours" are hers."""
    bond = waits(a_rule(key="bond-1", anchor=Anchor.FIRST_DOSE, set_name="month", asks=("pbq",), window=10 * DAY))
    day = waits(a_rule(), NOON + 7 * HOUR)

    assert plan([bond, day], facts()).opening is None
    opening = plan([bond, day], facts(now=NOON + 7 * HOUR)).opening
    assert opening is not None
    assert opening.instruments == ("pbq", "check-in")


def test_what_can_wait_no_longer_opens_without_the_check_in_of_a_dose() -> None:
    bond = waits(a_rule(key="b", anchor=Anchor.FIRST_DOSE, set_name="month", asks=("pbq",), window=3 * HOUR))
    day = waits(a_rule(), NOON + 7 * HOUR)

    opening = plan([bond, day], facts()).opening

    assert opening is not None
    assert opening.check_ins == (bond.id,)


def test_messages_are_hours_apart_also_over_midnight() -> None:
    before, night = datetime(2026, 11, 21, 4, 50, tzinfo=UTC), Hours(frozenset({23, 0, 1, 2, 3, 4}))  # 23:50 in Albany

    def told(minutes: int) -> bool:
        return may_tell(facts(now=before + timedelta(minutes=minutes), hours=night, told_at=[before]))

    assert [told(15), told(5 * 60), told(24 * 60)] == [False, False, True]


def test_merged_sets_ask_each_instrument_once_under_the_longer_name_and_stay_open_longest() -> None:
    day = waits(a_rule())
    week = waits(
        a_rule(key="w", anchor=Anchor.FIRST_DOSE, set_name="week", asks=("gad-7", "check-in"), open_for=4 * DAY),
        NOON + HOUR,
    )

    opening = plan([week, day], facts()).opening

    assert opening is not None
    assert (opening.set_name, opening.instruments) == ("week", ("check-in", "gad-7"))
    assert opening.expires_at == NOON + 4 * DAY


def test_two_week_question_waits_for_its_recall_and_is_left_out_when_that_ends_too_late() -> None:
    week = a_rule(key="w", set_name="week", asks=("phq-9",), window=7 * DAY)
    near, far = facts(asked_at={"phq-9": NOON - 10 * DAY}), facts(asked_at={"phq-9": NOON - 2 * DAY})
    one = waits(week)

    assert plan([one], near).opening is None
    assert plan([one], near).ends == {}
    assert plan([one], replace(near, now=NOON + 4 * DAY)).opening is not None
    assert plan([one], far).ends == {one.id: (Ended.NOTHING_TO_ASK, {"phq-9": Skipped.RECALL})}


def test_two_week_question_waits_for_a_shorter_form_of_it_too() -> None:
    one = waits(a_rule(key="w", set_name="week", asks=("phq-9",), window=7 * DAY))

    assert plan([one], facts(asked_at={"phq-2": NOON - 10 * DAY})).opening is None
    assert plan([one], facts(asked_at={"gad-7": NOON - 10 * DAY})).opening is not None


def test_two_week_question_waits_two_days_after_a_dose() -> None:
    one = waits(a_rule(key="w", set_name="week", asks=("phq-9",), window=7 * DAY))

    assert plan([one], facts(last_dose_at=NOON - DAY)).opening is None
    assert plan([one], facts(last_dose_at=NOON - 2 * DAY)).opening is not None


@pytest.mark.parametrize(
    ("given_facts", "reason"),
    [({"silent": True}, Skipped.LOSS), ({"has_child": False}, Skipped.NO_CHILD)],
)
def test_nothing_about_a_child_is_asked_after_a_loss_or_without_one(
    given_facts: dict[str, bool], reason: Skipped
) -> None:
    one = waits(a_rule(whom=Whom.WITH_CHILD))

    assert plan([one], facts()).opening is not None
    assert plan([one], facts(**given_facts)).ends == {one.id: (Ended.NOTHING_TO_ASK, {"check-in": reason})}


def test_instrument_without_text_is_skipped_with_its_reason_and_the_rest_is_asked() -> None:
    one, alone = waits(a_rule(asks=("epds", "check-in"))), waits(a_rule(asks=("epds",)))

    opened = plan([one, alone], facts())

    assert opened.opening is not None
    assert opened.opening.instruments == ("check-in",)
    assert opened.opening.skipped == {one.id: {"epds": Skipped.NO_TEXT}}
    assert opened.ends == {alone.id: (Ended.NOTHING_TO_ASK, {"epds": Skipped.NO_TEXT})}


def test_instrument_whose_text_the_clinic_holds_is_asked() -> None:
    alone = waits(a_rule(asks=("epds",)))

    opened = plan([alone], facts(held=frozenset({"epds"})))

    assert opened.opening is not None
    assert opened.opening.instruments == ("epds",)
    assert opened.opening.skipped == {alone.id: {}}


def test_check_in_whose_window_passed_ends() -> None:
    one = waits(a_rule(), NOON - 2 * DAY)

    assert plan([one], facts()).ends == {one.id: (Ended.WINDOW_PASSED, {})}


@dataclass
class Life:
    """One parent's half year: doses at some hours, check-ins arranged as the schedule says, some of them answered."""

    doses: list[datetime]
    zone: ZoneInfo
    hours: Hours
    answers: Mapping[int, float]
    opened: list[tuple[datetime, Opening]] = field(default_factory=list)
    asked_at: dict[str, datetime] = field(default_factory=dict)
    keys: dict[UUID, str] = field(default_factory=dict)

    def lived(self) -> "Life":
        """Let the worker come every three hours."""
        waiting: list[Waiting] = []
        for now in self._moments():
            waiting += self._arranged(now, waiting)
            done = [dose for dose in self.doses if dose <= now]
            last = done[-1] if done else None
            told = [at for at, _opening in self.opened]
            decided = plan(
                waiting,
                Facts(now, self.zone, self.hours, schedule().rhythm, dict(self.asked_at), last, told),
            )
            gone = set(decided.ends)
            if decided.opening is not None:
                self._note(now, decided.opening)
                gone |= set(decided.opening.check_ins)
            waiting = [one for one in waiting if one.id not in gone]
        return self

    def _moments(self) -> Iterator[datetime]:
        return (self.doses[0] + step * 3 * HOUR for step in range(8 * 190))

    def _arranged(self, now: datetime, waiting: list[Waiting]) -> list[Waiting]:
        new = [dose for dose in self.doses if now - 3 * HOUR < dose <= now]
        if not new:
            return []
        each = rules(Anchor.EACH_DOSE)
        waiting[:] = [one for one in waiting if one.rule not in each]
        wanted = [*each, *(rules(Anchor.FIRST_DOSE) if new[0] == self.doses[0] else ())]
        made = [Waiting(uuid4(), rule, new[0] + rule.after, new[0] + rule.after + rule.window) for rule in wanted]
        self.keys |= {one.id: one.rule.key for one in made}
        return made

    def _note(self, now: datetime, opening: Opening) -> None:
        late = self.answers.get(len(self.opened) % 7)
        self.opened.append((now, opening))
        for name in opening.instruments:
            self.asked_at[name] = now if late is None else min(now + late * HOUR, opening.expires_at)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    first = datetime(2026, 1, 1, tzinfo=UTC) + draw(st.integers(0, 500 * 24)) * HOUR
    gaps = draw(st.lists(st.integers(2, 9), max_size=7))
    days = [sum(gaps[:place]) for place in range(len(gaps) + 1)]
    return Life(
        doses=[first + day * DAY for day in days],
        zone=ZoneInfo(draw(st.sampled_from(zones()))),
        hours=Hours(frozenset(draw(st.sets(st.integers(0, 23), min_size=4)))),
        answers=draw(st.dictionaries(st.integers(0, 6), st.floats(0, 170), max_size=7)),
    )


@given(lives())
def test_whole_half_year_keeps_every_promise(life: Life) -> None:
    opened = life.lived().opened

    days = [at.astimezone(life.zone).date() for at, _opening in opened]
    assert len(days) == len(set(days))
    assert all(at.astimezone(life.zone).hour in life.hours.allowed for at, _opening in opened)
    for at, opening in opened:
        long = [name for name in opening.instruments if (instruments.instrument(name).recall_days or 0) > 1]
        assert not long or all(not timedelta(0) <= at - dose < 48 * HOUR for dose in life.doses)
        assert opening.expires_at > at


@given(lives())
def test_nothing_is_asked_again_before_its_recall_has_passed(life: Life) -> None:
    opened = life.lived().opened

    for name in ("phq-9", "gad-7", "check-in"):
        recall = timedelta(days=instruments.instrument(name).recall_days or 0)
        times = [at for at, opening in opened if name in opening.instruments]
        assert all(later - earlier >= recall for earlier, later in pairwise(times))


def test_check_in_of_a_dose_takes_over_questions_that_stand_open_unless_she_is_at_them() -> None:
    one, of_a_week = waits(a_rule()), waits(a_rule(anchor=Anchor.FIRST_DOSE, open_for=3 * DAY))
    still_open = facts(standing=frozenset({"check-in"}))

    taken = plan([one], still_open).opening
    assert taken is not None
    assert taken.takes_over == {"check-in"}
    assert plan([one], replace(still_open, answering=True)) == Plan({}, None)
    last = replace(still_open, answering=True, now=one.open_by - HOUR / 2)
    assert plan([one], last).opening is not None
    assert plan([of_a_week], still_open) == Plan({}, None)


@dataclass
class Fortnight:
    """One dose, and a week's questions that come before or after it; she answers each some hours after it opened, or never."""

    dose: datetime
    week_due: datetime
    hours: Hours
    answers_week: int | None
    answers_day: int | None
    opened: list[tuple[datetime, tuple[str, ...]]] = field(default_factory=list)
    answered: list[datetime] = field(default_factory=list)
    standing: tuple[datetime, datetime | None] | None = None

    @property
    def day(self) -> Waiting:
        """The check-in a day after the dose."""
        return self._waiting("day-1", self.dose)

    def lived(self, now: datetime) -> "Fortnight":
        """Let the worker come every half hour."""
        week = self._waiting("week-2", self.week_due - schedule().rules["week-2"].after)
        waiting = [week, self.day, self._waiting("day-3", self.dose)]
        while now < self.dose + 6 * DAY:
            self._answer(now)
            known = [one for one in waiting if one.rule.key == "week-2" or now >= self.dose]
            soon = [one for one in known if one.due_at <= now + schedule().rhythm.merge_within]
            decided = plan(soon, self._facts(now))
            gone = set(decided.ends)
            if decided.opening is not None:
                assert decided.opening.takes_over == self._facts(now).standing
                gone |= set(decided.opening.check_ins)
                self._open(now, decided.opening, waiting)
            waiting = [one for one in waiting if one.id not in gone]
            now += HOUR / 2
        return self

    @staticmethod
    def _waiting(key: str, counted_from: datetime) -> Waiting:
        rule = schedule().rules[key]
        return waits(rule, counted_from + rule.after)

    def _facts(self, now: datetime) -> Facts:
        return Facts(
            now,
            ALBANY,
            self.hours,
            schedule().rhythm,
            {"check-in": self.answered[-1]} if self.answered else {},
            self.dose if self.dose <= now else None,
            [at for at, _keys in self.opened],
            standing=frozenset({"check-in"}) if self.standing else frozenset(),
        )

    def _answer(self, now: datetime) -> None:
        closes, done = self.standing or (None, None)
        if done is not None and done <= now:
            self.answered.append(done)
        if (done is not None and done <= now) or (closes is not None and closes <= now):
            self.standing = None

    def _open(self, now: datetime, opening: Opening, waiting: list[Waiting]) -> None:
        keys = tuple(one.rule.key for one in waiting if one.id in opening.check_ins)
        after = self.answers_week if keys == ("week-2",) else self.answers_day
        self.opened.append((now, keys))
        self.standing = (opening.expires_at, None if after is None else now + after * HOUR)


@given(
    late=st.integers(-3 * 24, 4 * 24),
    answers_week=st.none() | st.integers(0, 71),
    answers_day=st.none() | st.integers(0, 23),
    minutes=st.integers(0, 180),
    parts=st.sets(st.sampled_from(sorted(schedule().parts)), min_size=1),
    hour=st.integers(12, 23),
)
def test_safety_questions_of_each_dose_are_asked_once_in_their_window_whatever_stands_open(
    late: int, answers_week: int | None, answers_day: int | None, minutes: int, parts: set[str], hour: int
) -> None:
    """A week's questions are open, answered or to come when a dose ends, some days before or after they were due."""
    hours = Hours(frozenset(one for part in parts for one in schedule().parts[part].hours))
    week_due = datetime(2026, 6, 15, hour, tzinfo=UTC)
    life = Fortnight(week_due + late * HOUR, week_due, hours, answers_week, answers_day)
    life.lived(min(life.dose, week_due) + timedelta(minutes=minutes))

    due_at, open_by = life.day.due_at, life.day.open_by
    times = [at for at, keys in life.opened if "day-1" in keys]
    assert all(due_at <= at < open_by for at in times)
    assert len(times) == 1 or (not times and any(due_at <= at < open_by for at in life.answered))
