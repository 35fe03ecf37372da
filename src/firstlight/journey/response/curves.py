"""What was published about how many people respond, read from data/curves.yaml. It says nothing about one person."""

from dataclasses import dataclass
from functools import cache
from math import sqrt

from firstlight.clinical.evidence import DataError, Record, Tag, Words, data_file, require_sources

FILE = "data/curves.yaml"
Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """Of so many people so many percent, with the band in which the share would lie by chance (Wilson, 95 %)."""

    percent: float
    people: int

    @property
    def band(self) -> tuple[float, float]:
        """Return the lower and upper end, in percent."""
        share, n, z2 = self.percent / 100, self.people, Z_95**2
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = Z_95 / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
        return 100 * (middle - half), 100 * (middle + half)


@dataclass(frozen=True, slots=True)
class Published:
    """The published figures for one stretch of time."""

    label: Words
    from_days: int
    to_days: int
    response: Share
    remission: Share | None
    worse: Share | None
    same_scale: bool
    note: Words
    sources: tuple[str, ...]
    tag: Tag
    instruments: frozenset[str]


@cache
def curves() -> tuple[Published, ...]:
    """Return every published figure. Raises DataError when the file is wrong."""
    page = Record(data_file("firstlight.journey.response", FILE), where="curves.yaml")
    page.integer("version")
    found = tuple(point for record in page.records("curves") for point in _curve(record))
    page.done()
    return found


def published_for(instrument: str, days: float) -> Published | None:
    """Return the figures beside which a total may stand this long after the first dose; None: no published range."""
    fitting = (one for one in curves() if instrument in one.instruments and one.from_days <= days < one.to_days)
    return next(fitting, None)


def _curve(record: Record) -> list[Published]:
    record.string("key")
    names, people = frozenset(record.strings("instruments")), record.integer("people")
    same_scale, note = record.flag("same_scale"), record.words("note")
    sources, tag = record.strings("sources"), record.choice("tag", Tag)
    read = record.records("points")
    points = [
        Published(
            label=point.words("label"),
            from_days=point.integer("from_days"),
            to_days=point.integer("to_days"),
            response=_share(point, "response_per_1000", people),
            remission=_share(point, "remission_per_1000", people) if "remission_per_1000" in point.names else None,
            worse=_share(point, "worse_per_1000", people) if "worse_per_1000" in point.names else None,
            same_scale=same_scale,
            note=note,
            sources=sources,
            tag=tag,
            instruments=names,
        )
        for point in read
    ]
    for point in (*read, record):
        point.done()
    require_sources(sources, record=record)
    if people <= 0 or any(one.from_days >= one.to_days for one in points):
        raise DataError(where=record.where, problem="people and days must be more than none")
    return points


def _share(point: Record, name: str, people: int) -> Share:
    of_1000 = point.integer(name)
    if not 0 <= of_1000 <= 1000:
        raise point.error(f"{name} is {of_1000}; of 1,000 people it can be 0 to 1,000")
    return Share(of_1000 / 10, people)
