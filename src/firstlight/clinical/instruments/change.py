"""Change between two totals, only as far as a published value allows a word for it."""

from dataclasses import dataclass

from firstlight.clinical.evidence import Tag
from firstlight.clinical.instruments.definitions import Better, Instrument
from firstlight.clinical.instruments.reading import instrument as named
from firstlight.clinical.instruments.scoring import ScoringError


@dataclass(frozen=True, slots=True)
class Change:
    """`delta` is last minus first. `reliable`, `response`, `remission`, `important` are None where nothing is published.

    `direction` is "better", "worse" or "same", or "more" or "less" where neither way is better; it says nothing about chance,
    `reliable` does. `important`: people are known to notice that much. `worse`: the direction is worse and the change
    reliable, or important where no reliable one is published. `population`: in whom the reliable change was found.
    `overlaps`: both totals ask about the same days; `near_dose`: the last one asks about days on both sides of a dose.
    Nothing is said of their difference then.
    """

    first: float
    last: float
    delta: float
    direction: str
    reliable: bool | None
    response: bool | None
    remission: bool | None
    sources: tuple[str, ...]
    tag: Tag | None
    note: str
    population: str = ""
    important: bool | None = None
    worse: bool = False
    overlaps: bool = False
    near_dose: bool = False

    @property
    def judged(self) -> bool:
        """Whether anything is said of the difference."""
        return not (self.overlaps or self.near_dose)


def change(
    instrument: Instrument | str,
    first: float,
    last: float,
    *,
    days_apart: float | None = None,
    near_dose: bool = False,
    out_of: int | None = None,
) -> Change:
    """Compare two totals of one instrument. Raises ScoringError for a total that cannot be.

    `days_apart`: within the recall period the two ask about the same days, and no change is judged. Nor is it when the last
    one is so near after a dose that it mixes the days before in: `near_dose`. `out_of`: what both totals are out of; values
    in points are published for the whole instrument, and hold for no other maximum.
    """
    definition = named(instrument) if isinstance(instrument, str) else instrument
    for total in (first, last):
        _check(definition, total)
    delta = last - first
    direction, cut = _direction(definition, delta), definition.reliable_change
    overlaps = days_apart is not None and not definition.may_be_asked_after(days_apart)
    unjudged = overlaps or near_dose or (out_of is not None and out_of != definition.max)
    reliable = abs(delta) >= cut.points if cut and not unjudged else None
    important = None if unjudged else _important(definition, delta, direction)
    return Change(
        first=first,
        last=last,
        delta=delta,
        direction=direction,
        reliable=reliable,
        response=None if unjudged else _response(definition, first, last),
        remission=None if unjudged else _remission(definition, last),
        sources=cut.sources if cut else (),
        tag=cut.tag if cut else None,
        note=cut.note if cut else "",
        population=cut.population if cut else "",
        important=important,
        worse=direction == "worse" and bool(important if reliable is None else reliable),
        overlaps=overlaps,
        near_dose=near_dose,
    )


def _check(definition: Instrument, total: float) -> None:
    low, high = definition.min, definition.max
    if low is None or high is None or isinstance(total, bool) or not low <= total <= high:
        expected = f"totals are {low} to {high}" if high is not None else "it has no total"
        raise ScoringError(instrument=definition.name, position=0, value=total, expected=expected)


def _direction(instrument: Instrument, delta: float) -> str:
    if delta == 0:
        return "same"
    if instrument.better is Better.NEITHER:
        return "more" if delta > 0 else "less"
    return "better" if (delta < 0) == (instrument.better is Better.LOWER) else "worse"


def _important(instrument: Instrument, delta: float, direction: str) -> bool | None:
    known = instrument.important_difference
    if known is None:
        return None
    points = known.worse if direction == "worse" else known.better
    return None if points is None else abs(delta) >= points


def _response(instrument: Instrument, first: float, last: float) -> bool | None:
    """Whether the total fell by the percentage that counts as a response. Nothing falls from 0."""
    cut = instrument.response_percent
    return None if cut is None or first == 0 else (first - last) * 100 >= first * cut.points


def _remission(instrument: Instrument, last: float) -> bool | None:
    """Whether the last total lies beyond the limit, on the better side."""
    cut = instrument.remission
    if cut is None:
        return None
    return last < cut.points if instrument.better is Better.LOWER else last > cut.points
