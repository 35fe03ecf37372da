"""The baseline as one page shows it: a block for each kind, with what stands and what stood before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firstlight.journey.eligibility.describing import words_of
from firstlight.journey.eligibility.kinds import CLOSABLE
from firstlight.journey.eligibility.models import BaselineEntry, Kind
from firstlight.journey.eligibility.selectors import standing

# Kinds of which only the newest entry counts; the older ones are history.
SINGLE = {
    Kind.WEIGHT,
    Kind.HEIGHT,
    Kind.BLOOD_PRESSURE,
    Kind.PREGNANCY_TEST,
    Kind.INDICATION,
    Kind.BREASTFEEDING,
    Kind.OBSTETRIC,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    entry: BaselineEntry
    words: str


@dataclass(frozen=True, slots=True)
class Block:
    """One kind. `closed`: the line that says that nothing else is known; `older`: what no longer counts."""

    kind: Kind
    title: Any
    form: Any
    lines: tuple[Line, ...]
    closed: Line | None
    older: tuple[Line, ...]
    closable: bool


def blocks(entries: Sequence[BaselineEntry], forms: Mapping[Kind, Any]) -> list[Block]:
    """Lay entries out under their forms."""
    counts = {entry.id for entry in standing(entries)}
    found = []
    for kind, form in forms.items():
        own = [Line(entry, words_of(entry)) for entry in entries if entry.kind == kind]
        closing = [line for line in own if line.entry.id in counts and line.entry.value.get("nothing_else")]
        lines = [line for line in own if line.entry.id in counts and line not in closing]
        shown = lines[-1:] if kind in SINGLE else lines
        kept = {line.entry.id for line in [*shown, *closing]}
        found.append(
            Block(
                kind=kind,
                title=form.title,
                form=form,
                lines=tuple(shown),
                closed=closing[-1] if closing else None,
                older=tuple(line for line in reversed(own) if line.entry.id not in kept),
                closable=kind in CLOSABLE,
            )
        )
    return found
