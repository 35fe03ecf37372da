"""Two passes over one paper form: where they differ, what is still to be decided, and what both of them said."""

from collections.abc import Mapping
from dataclasses import dataclass

from firstlight.clinical.instruments import NOT_APPLICABLE, Instrument, Item
from firstlight.journey.screening.paper import Differed, field_of, typed

SEPARATOR = ","


@dataclass(frozen=True, slots=True)
class Passes:
    """What was typed for each item the first time and the second time."""

    definition: Instrument
    first: Mapping[str, str]
    second: Mapping[str, str]

    @property
    def differing(self) -> tuple[Item, ...]:
        """Return the items of which the two passes say something else."""
        return tuple(item for item in self.definition.items if self.first[item.key] != self.second[item.key])

    def undecided(self, chosen: Mapping[str, str]) -> tuple[Item, ...]:
        """Return the items of which nobody has said which pass is right."""
        both = {item.key: (self.first[item.key], self.second[item.key]) for item in self.differing}
        return tuple(item for item in self.differing if chosen.get(item.key) not in both[item.key])

    def as_it_counts(self, chosen: Mapping[str, str], *, boxes: bool) -> Mapping[str, str]:
        """Return what was typed, of what is not decided the higher one: an answer that asks for help is not lost by a slip."""
        first, second = (typed(self.definition, one, boxes=boxes).values for one in (self.first, self.second))
        higher = {
            item.key: self.first[item.key]
            if _height(first[item.key]) > _height(second[item.key])
            else self.second[item.key]
            for item in self.undecided(chosen)
        }
        return {**self.second, **{key: chosen[key] for key in self.definition.keys if key in chosen}, **higher}

    def told(self, kept: Mapping[str, int | None], *, boxes: bool) -> tuple[Differed, ...]:
        """Return what both passes said where they differ, as scores, and what was kept."""
        first, second = (typed(self.definition, one, boxes=boxes).values for one in (self.first, self.second))
        return tuple(
            Differed(item.number, *(field_of(one[item.key]) for one in (first, second, kept)))
            for item in self.differing
        )


def read_passes(definition: Instrument, first: str, second: str) -> Passes:
    """Return two passes as a page holds them; what is missing of one was left empty."""
    keys = definition.keys
    one, other = (
        dict.fromkeys(keys, "") | dict(zip(keys, each.split(SEPARATOR), strict=False)) for each in (first, second)
    )
    return Passes(definition, one, other)


def written(definition: Instrument, fields: Mapping[str, str]) -> str:
    """Return one pass as a page holds it."""
    return SEPARATOR.join(fields.get(key, "").strip() for key in definition.keys)


def _height(value: int | None) -> int:
    return -1 if value is None or value == NOT_APPLICABLE else value
