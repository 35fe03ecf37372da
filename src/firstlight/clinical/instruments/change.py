"""Change between two totals, only as far as a published value allows a word for it."""

from dataclasses import dataclass

from firstlight.clinical.evidence import Tag
from firstlight.clinical.instruments.definitions import Better, Instrument
from firstlight.clinical.instruments.reading import instrument as named
from firstlight.clinical.instruments.scoring import ScoringError


@dataclass(frozen=True, slots=True)
class Change:
    """`delta` is last minus first. `reliable`, `response` and `remission` are None where no value is published.

    `direction` is "better", "worse" or "same"; it says nothing about chance, `reliable` does.
    """

    first: int
    last: int
    delta: int
    direction: str
    reliable: bool | None
    response: bool | None
    remission: bool | None
    sources: tuple[str, ...]
    tag: Tag | None
    note: str


def change(instrument: Instrument | str, first: int, last: int) -> Change:
    """Compare two totals of one instrument. Raises ScoringError for a total that cannot be."""
    definition = named(instrument) if isinstance(instrument, str) else instrument
    for total in (first, last):
        if definition.max is None or isinstance(total, bool) or not 0 <= total <= definition.max:
            expected = f"totals are 0 to {definition.max}" if definition.max is not None else "it has no total"
            raise ScoringError(instrument=definition.name, position=0, value=total, expected=expected)
    delta, cut = last - first, definition.reliable_change
    return Change(
        first=first,
        last=last,
        delta=delta,
        direction=_direction(definition, delta),
        reliable=abs(delta) >= cut.points if cut else None,
        response=_response(definition, first, last),
        remission=last < definition.remission_below.points if definition.remission_below else None,
        sources=cut.sources if cut else (),
        tag=cut.tag if cut else None,
        note=cut.note if cut else "",
    )


def _direction(instrument: Instrument, delta: int) -> str:
    if delta == 0:
        return "same"
    return "better" if (delta < 0) == (instrument.items[0].better is Better.LOWER) else "worse"


def _response(instrument: Instrument, first: int, last: int) -> bool | None:
    cut = instrument.response_percent
    return None if cut is None or first == 0 else (first - last) * 100 >= first * cut.points
