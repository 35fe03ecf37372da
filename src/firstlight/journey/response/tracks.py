"""Whether a course goes as hoped, read from data/tracks.yaml. Pure: totals and times in, a state out; a clinician decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from firstlight.clinical import instruments
from firstlight.clinical.evidence import DataError, Record, Tag, Words, data_file, require_sources
from firstlight.journey.response.curves import published_for
from firstlight.journey.screening.holdbacks import dose_near
from firstlight.journey.screening.series import Total

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
    baseline: str
    worse: Call
    same_days: Call
    not_on_track: Call
    after: timedelta
    after_doses: int
    as_measured: AsMeasured


@dataclass(frozen=True, slots=True)
class Track:
    """How one instrument stands. `reached`: 0 well or too early, 1 to look at, 2 worse, 3 worse by a second step, …

    To look at is what is not on track, and what is worse and too soon to compare: the latter stays too early to tell. Where no
    range is published for the time, nothing is called slow.
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
        baseline=page.string("baseline"),
        worse=_call(page.record("worse")),
        same_days=_call(page.record("same_days")),
        not_on_track=_call(slow),
        after=after,
        after_doses=after_doses,
        as_measured=_as_measured(page.record("as_measured")),
    )
    if found.baseline not in found.follows:
        raise page.error(f"baseline is {found.baseline!r}; it must be one of follows")
    if unknown := [name for name in found.follows if instruments.instrument(name).worse_from is None]:
        raise page.error(f"no value is published from which {', '.join(unknown)} is worse")
    page.done()
    return found


def track(
    instrument: str | instruments.Instrument,
    first: float,
    last: float,
    *,
    days_apart: float,
    since_first_dose: timedelta,
    doses: int,
    near_dose: bool = False,
    from_before: bool = True,
    out_of: int | None = None,
) -> Track:
    """Say how the last total stands beside the one before the first dose.

    Without one from before (`from_before`), it can only be worse than the first: nothing of it is a response. Two that ask about
    the same days are not judged, nor is one so near after a dose that it mixes the days before in. `out_of` less than the whole
    nothing is better or remission; as many points the wrong way are told all the same.
    """
    definition = instruments.instrument(instrument) if isinstance(instrument, str) else instrument
    changed = instruments.change(definition, first, last, days_apart=days_apart, near_dose=near_dose, out_of=out_of)
    points = definition.worse_from
    steps = int(abs(changed.delta) // points) if points and changed.direction == "worse" else 0
    if not changed.judged:
        return Track("too-early", 1 if steps else 0)
    if steps:
        return Track("worse", 1 + steps)
    if not from_before:
        return Track("no-baseline", 0)
    enough = changed.important if changed.reliable is None else changed.reliable
    if changed.remission or (enough and changed.direction == "better"):
        return Track("on-track", 0)
    return _slow(definition.name, since_first_dose, doses)


def _slow(instrument: str, since_first_dose: timedelta, doses: int) -> Track:
    """Say of a course that is neither better nor worse whether it is slow, which only a range published for its time can tell."""
    rules = tracks()
    if published_for(instrument, max(since_first_dose, rules.after) / timedelta(days=1)) is None:
        return Track("no-range", 0)
    if since_first_dose < rules.after or doses < rules.after_doses:
        return Track("too-early", 0)
    return Track("not-on-track", 1)


def days_between(first_at: datetime, last_at: datetime) -> int:
    """Return how many days lie between two answers, in whole days: a form on paper has a day and no hour."""
    return round((last_at - first_at) / timedelta(days=1))


def comparable(
    name: str, totals: Sequence[Total], doses: Sequence[datetime]
) -> tuple[list[tuple[datetime, float]], int | None]:
    """Return the last total before the first dose, and all after it that are out of the same maximum; and that maximum.

    Without one from before, the first after a dose that is compared stands in its place: only for what is worse than it.
    """
    known = [(one.at, one.value, one.most) for one in totals if one.value is not None]
    before = [one for one in known if one[0] <= doses[0]]
    after = [one for one in known if one[0] > doses[0]]
    begins = before[-1:] or [one for one in after if dose_near(name, one[0], doses) is None][:1]
    if not begins:
        return [], None
    begin_at, begin, out_of = begins[0]
    return [(begin_at, begin), *((at, value) for at, value, most in after if most == out_of and at > begin_at)], out_of


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
