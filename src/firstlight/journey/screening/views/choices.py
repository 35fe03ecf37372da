"""The answers of one question as a page offers them."""

from collections.abc import Sequence
from dataclasses import dataclass

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import NOT_APPLICABLE, Instrument, Item, flags
from firstlight.journey.screening.wording import NOT_FOR_ME

MOST_OPTIONS_AS_ROWS = 6  # more of them are a scale of numbers


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer on the page. `asks_help`: tapping it shows help, even when the phone has no connection."""

    value: int
    label: str
    chosen: bool
    asks_help: bool


def choices_of(definition: Instrument, item: Item, chosen: int | None, language: str) -> list[Choice]:
    """Return the answers in printed order; `chosen` is the value that was given."""
    return [
        Choice(
            value=option.value,
            label=text(option.label, language),
            chosen=option.value == chosen,
            asks_help=any(not flag.quiet for flag in flags(definition, {item.key: option.value})),
        )
        for option in item.options
    ]


def does_not_apply(item: Item, chosen: int | None) -> Choice | None:
    """Return the answer that stands below the others where the item may not apply to somebody."""
    if not item.optional:
        return None
    return Choice(NOT_APPLICABLE, str(NOT_FOR_ME), chosen == NOT_APPLICABLE, asks_help=False)


def is_scale(choices: Sequence[Choice]) -> bool:
    """Tell whether the answers are a scale of numbers, set in a grid."""
    return len(choices) > MOST_OPTIONS_AS_ROWS
