"""The check-in schedule, read from data/schedule.yaml and checked against the instruments that it names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise

from firstlight.clinical import instruments
from firstlight.clinical.evidence import DataError, Record, Tag, Words, data_file
from firstlight.clinical.protocols.session import Point, points
from firstlight.journey.response.stopping import AfterStop, Stopping, read_stopping
from firstlight.journey.screening.sets import SETS

FILE = "data/schedule.yaml"
HOURS_A_DAY = 24
MOST_LETTERS_OF_A_KEY = 20


class Anchor(StrEnum):
    """What a check-in is counted from."""

    EACH_DOSE = "each-dose"
    FIRST_DOSE = "first-dose"
    EPISODE = "episode"


class Whom(StrEnum):
    """Whom a check-in is for. About a child nobody is asked after a loss, or without a child."""

    EVERYONE = "everyone"
    WITH_CHILD = "with-child"


@dataclass(frozen=True, slots=True)
class Rule:
    """One check-in: what is asked, how long after what, until when it may open and how long it stays open.

    `otherwise`: where no words of what it asks fit somebody here, the first of these that can be asked is asked instead.
    """

    key: str
    anchor: Anchor
    after: timedelta
    window: timedelta
    open_for: timedelta
    set_name: str
    asks: tuple[str, ...]
    whom: Whom
    reminders: int
    after_stop: AfterStop
    otherwise: tuple[str, ...] = ()

    @property
    def may_ask(self) -> tuple[str, ...]:
        """Return all that may be asked in it."""
        return (*self.asks, *self.otherwise)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How messages are kept apart. `begun_waits`: how long after a tap nothing takes its questions over."""

    merge_within: timedelta
    prompts_a_day: int
    apart: timedelta
    reminder_after: timedelta
    recall_from: timedelta
    begun_waits: timedelta


@dataclass(frozen=True, slots=True)
class Reminding:
    """How often a parent is reminded of what somebody sent: how long after the message before, how long after the first."""

    reminders: int
    after: timedelta
    within: timedelta


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day that a parent can choose, in full hours of her own clock; it may reach over midnight."""

    key: str
    label: Words
    hours: tuple[int, ...]

    @property
    def from_hour(self) -> int:
        return self.hours[0]

    @property
    def to_hour(self) -> int:
        return (self.hours[-1] + 1) % HOURS_A_DAY


@dataclass(frozen=True, slots=True)
class StaffChart:
    """What staff chart in the session instead of a message to the parent, and what they ask aloud, at one point of it."""

    point: Point
    values: tuple[str, ...]
    asks: str

    @property
    def key(self) -> str:
        return self.point.key


@dataclass(frozen=True, slots=True)
class Schedule:
    """The whole file."""

    tag: Tag
    rhythm: Rhythm
    sent_sets: Reminding
    stopping: Stopping
    parts: Mapping[str, Part]
    default_parts: tuple[str, ...]
    staff_charts: tuple[StaffChart, ...]
    rules: Mapping[str, Rule]


@cache
def schedule() -> Schedule:
    """Return the schedule. Raises DataError when the file is wrong."""
    page = Record(data_file("firstlight.journey.response", FILE), where="schedule.yaml")
    page.integer("version")
    hours = page.record("hours")
    parts = {part.key: part for part in map(_part, hours.records("parts"))}
    found = Schedule(
        tag=page.choice("tag", Tag),
        rhythm=_rhythm(page.record("rhythm")),
        sent_sets=_reminding(page.record("sent_sets")),
        stopping=read_stopping(page.record("after_stop")),
        parts=parts,
        default_parts=hours.strings("default"),
        staff_charts=tuple(map(_staff_chart, page.records("staff_charts"))),
        rules=_by_key(rule for record in page.records("check_ins") for rule in _rules(record)),
    )
    if unknown := set(found.default_parts) - set(parts):
        raise hours.error(f"default names {', '.join(sorted(unknown))}, which is no part of the day")
    hours.done()
    page.done()
    _check_instruments(found, page)
    return found


def rules(anchor: Anchor) -> tuple[Rule, ...]:
    """Return the check-ins of one anchor."""
    return tuple(rule for rule in schedule().rules.values() if rule.anchor is anchor)


def rule_of(key: str) -> Rule | None:
    """Return a check-in of the schedule; None for one that an earlier version had."""
    return schedule().rules.get(key)


def _rules(record: Record) -> Iterator[Rule]:
    """Yield the check-ins of one entry: one, or as many as it repeats."""
    key, anchor, after = record.string("key"), record.choice("anchor", Anchor), _after(record)
    every, times = record.optional_integer("every_days"), record.integer("times", 1)
    if (every is None) != (times == 1) or times < 1:
        raise record.error("every_days and times belong together")
    rest = (
        timedelta(hours=record.integer("window_hours")),
        timedelta(hours=record.integer("open_hours")),
        record.string("set"),
        record.strings("asks"),
        record.choice("for", Whom, default=Whom.EVERYONE),
        record.integer("reminders"),
        record.choice("after_stop", AfterStop),
        record.strings("otherwise", default=()),
    )
    record.done()
    if rest[2] not in SETS:
        raise record.error(f"set is {rest[2]!r}; it must be one of {', '.join(SETS)}")
    if rest[1] <= timedelta(0) or min(rest[0], after) < timedelta(0) or not rest[3]:
        raise record.error("a check-in asks something, opens after its anchor and stays open for a while")
    for number in range(times):
        name = key if every is None else f"{key}-{number + 1}"
        if len(name) > MOST_LETTERS_OF_A_KEY:
            raise record.error(f"{name} is longer than {MOST_LETTERS_OF_A_KEY} letters")
        yield Rule(name, anchor, after + timedelta(days=(every or 0) * number), *rest)


def _after(record: Record) -> timedelta:
    hours, days = record.optional_integer("after_hours"), record.optional_integer("after_days")
    if (hours is None) == (days is None):
        raise record.error("give after_hours or after_days, one of them")
    return timedelta(hours=hours or 0, days=days or 0)


def _by_key(found: Iterator[Rule]) -> dict[str, Rule]:
    by_key: dict[str, Rule] = {}
    for rule in found:
        if rule.key in by_key:
            raise DataError(where="schedule.yaml", problem=f"{rule.key} is there twice")
        by_key[rule.key] = rule
    return by_key


def _rhythm(record: Record) -> Rhythm:
    rhythm = Rhythm(
        merge_within=timedelta(hours=record.integer("merge_within_hours")),
        prompts_a_day=record.integer("prompts_a_day"),
        apart=timedelta(hours=record.integer("hours_apart")),
        reminder_after=timedelta(hours=record.integer("reminder_after_hours")),
        recall_from=timedelta(days=record.integer("recall_from_days")),
        begun_waits=timedelta(minutes=record.integer("begun_waits_minutes")),
    )
    record.done()
    return rhythm


def _reminding(record: Record) -> Reminding:
    reminding = Reminding(
        reminders=record.integer("reminders"),
        after=timedelta(hours=record.integer("after_hours")),
        within=timedelta(hours=record.integer("within_hours")),
    )
    record.done()
    if reminding.reminders < 0 or not timedelta(0) < reminding.after < reminding.within:
        raise record.error("a reminder comes some hours after a message, and within a longer time")
    return reminding


def _part(record: Record) -> Part:
    begin, end = record.integer("from"), record.integer("to")
    if begin == end or not (0 <= begin < HOURS_A_DAY and 0 <= end < HOURS_A_DAY):
        raise record.error("from and to are two hours of the day, 0 to 23")
    hours = tuple((begin + step) % HOURS_A_DAY for step in range((end - begin) % HOURS_A_DAY))
    part = Part(record.string("key"), record.words("label"), hours)
    record.done()
    return part


def _staff_chart(record: Record) -> StaffChart:
    if record.string("by") != "staff":
        raise record.error("by must be staff; what a parent answers stands under check_ins")
    key = record.string("key")
    if key not in points():
        raise record.error(f"there is no point {key}; there are {', '.join(points())}")
    chart = StaffChart(points()[key], record.strings("values"), record.string("asks"))
    record.done()
    return chart


def _check_instruments(found: Schedule, page: Record) -> None:
    """Refuse a name that nothing explains, and a rhythm that asks again before a recall has passed."""
    known = instruments.instruments()
    names = {name for rule in found.rules.values() for name in rule.may_ask} | {one.asks for one in found.staff_charts}
    if unknown := names - set(known):
        raise page.error(f"no instrument is called {', '.join(sorted(unknown))}")
    for definition in (known[name] for name in sorted(names)):
        recall = timedelta(days=definition.recall_days or 0)
        alike = instruments.sharing(definition.name)
        asking = [rule for rule in found.rules.values() if alike.intersection(rule.may_ask)]
        after_dose = [rule for rule in asking if rule.anchor is not Anchor.EPISODE]
        least = min(recall, found.rhythm.recall_from)
        if early := [rule.key for rule in after_dose if rule.after < least]:
            raise page.error(f"{early[0]} asks {definition.name} sooner than {least.days} days after a dose")
        for anchor in Anchor:
            at = sorted(rule.after for rule in asking if rule.anchor is anchor)
            if any(later - earlier < recall for earlier, later in pairwise(at)):
                raise page.error(f"{definition.name} is asked again before its {definition.recall_days} days")
