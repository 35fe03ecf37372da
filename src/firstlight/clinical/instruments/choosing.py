"""Which of several published reliable changes judges a difference: the careful one, or the one that a clinic chose."""

from dataclasses import replace

from firstlight.clinical.instruments.definitions import Instrument
from firstlight.clinical.instruments.rules import ReliableChange


def published_changes(definition: Instrument) -> tuple[ReliableChange, ...]:
    """Return every published reliable change of an instrument, the one that is used unless a clinic chooses in front."""
    used = definition.reliable_change
    return (replace(used, others=()), *used.others) if used else ()


def judged_by(definition: Instrument, points: float) -> Instrument:
    """Return an instrument that is judged by the published reliable change of so many points; the others stand beside it.

    Raises ValueError when no published one has so many points: nothing else may judge.
    """
    published = published_changes(definition)
    chosen = next((one for one in published if one.points == points), None)
    if chosen is None:
        known = ", ".join(f"{one.points:g}" for one in published) or "none"
        raise ValueError(f"{definition.name}: no published reliable change is {points:g} points; published: {known}")
    others = tuple(one for one in published if one is not chosen)
    return replace(definition, reliable_change=replace(chosen, others=others))
