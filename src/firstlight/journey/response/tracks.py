"""Whether a course goes as hoped, read from data/tracks.yaml. Pure: totals and times in, a state out; a clinician decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from firstlight.clinical import instruments
from firstlight.clinical.evidence import DataError, Record, Tag, Words, data_file, require_sources
from firstlight.journey.response.curves import has_range

FILE = "data/tracks.yaml"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to talk about, with where it comes from."""

    words: Words
    sources: tuple[str, ...]
    tag: Tag


@dataclass(frozen=True, slots=True)
class Call:
    """Who is asked to look, how soon, why this rule, and what may be talked about."""

    role: str
    urgency: str
    take_within: timedelta
    note: Words
    tag: Tag
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class AsMeasured:
    """Instruments, and items of the check-in, whose change is never called an effect. `short` fits into a drawing."""

    instruments: frozenset[str]
    reports: frozenset[str]
    note: Words
    short: Words
    sources: tuple[str, ...]
    tag: Tag


@dataclass(frozen=True, slots=True)
class Tracks:
    """The whole file."""

    follows: tuple[str, ...]
    worse: Call
    same_days: Call
    not_on_track: Call
    after: timedelta
    after_doses: int
    as_measured: AsMeasured


@dataclass(frozen=True, slots=True)
class Track:
    """How one instrument stands. `reached`: 0 well or too early, 1 to look at, 2 worse, 3 worse by a second step, …

    To look at is what is not on track, and what is worse about the same days: the latter stays too early to tell.
    """

    state: str
    reached: int


@cache
def tracks() -> Tracks:
    """Return the rules. Raises DataError when the file is wrong."""
    page = Record(data_file("firstlight.journey.response", FILE), where="tracks.yaml")
    page.integer("version")
    slow = page.record("not_on_track")
    after, after_doses = timedelta(days=slow.integer("after_days")), slow.integer("after_doses")
    found = Tracks(
        follows=page.strings("follows"),
        worse=_call(page.record("worse")),
        same_days=_call(page.record("same_days")),
        not_on_track=_call(slow),
        after=after,
        after_doses=after_doses,
        as_measured=_as_measured(page.record("as_measured")),
    )
    page.done()
    return found


def track(
    instrument: str, first: int, last: int, *, days_apart: float, since_first_dose: timedelta, doses: int
) -> Track:
    """Say how the last total stands beside the one before the first dose. Two that ask about the same days are not judged."""
    changed = instruments.change(instrument, first, last, days_apart=days_apart)
    cut = instruments.instrument(instrument).reliable_change
    steps = int(abs(changed.delta) // cut.points) if cut and changed.direction == "worse" else 0
    if changed.overlaps:
        return Track("too-early", 1 if steps else 0)
    if steps:
        return Track("worse", 1 + steps)
    if changed.remission or (changed.reliable and changed.direction == "better"):
        return Track("on-track", 0)
    rules = tracks()
    if since_first_dose < rules.after or doses < rules.after_doses or not has_range(instrument):
        return Track("too-early", 0)
    return Track("not-on-track", 1)


def days_between(first_at: datetime, last_at: datetime) -> int:
    """Return how many days lie between two answers, in whole days: a form on paper has a day and no hour."""
    return round((last_at - first_at) / timedelta(days=1))


def baseline(totals: Sequence[tuple[datetime, int]], first_dose_at: datetime) -> tuple[datetime, int] | None:
    """Return the last total before the first dose; without one there is nothing to compare with."""
    before = [one for one in totals if one[0] <= first_dose_at]
    return before[-1] if before else None


def _call(record: Record) -> Call:
    call = Call(
        role=record.string("role"),
        urgency=record.string("urgency"),
        take_within=timedelta(hours=record.integer("take_within_hours")),
        note=record.words("note"),
        tag=record.choice("tag", Tag),
        suggestions=tuple(map(_suggestion, record.records("suggestions"))),
    )
    record.done()
    return call


def _suggestion(record: Record) -> Suggestion:
    found = Suggestion(record.words("words"), record.strings("sources"), record.choice("tag", Tag))
    record.done()
    require_sources(found.sources, record=record)
    if (not found.sources) != (found.tag is Tag.OURS):
        raise DataError(where=record.where, problem="what has no source is ours, and only that")
    return found


def _as_measured(record: Record) -> AsMeasured:
    found = AsMeasured(
        instruments=frozenset(record.strings("instruments")),
        reports=frozenset(record.strings("reports")),
        note=record.words("note"),
        short=record.words("short"),
        sources=record.strings("sources"),
        tag=record.choice("tag", Tag),
    )
    if unknown := found.instruments - set(instruments.instruments()):
        raise record.error(f"no instrument is called {', '.join(sorted(unknown))}")
    record.done()
    require_sources(found.sources, record=record)
    return found
