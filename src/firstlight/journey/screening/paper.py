"""Questionnaires that were filled in on paper: which there are, what was typed, and for which day it counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical.instruments import (
    DOES_NOT_APPLY,
    NOT_APPLICABLE,
    Instrument,
    Item,
    Kind,
    Score,
    Tier,
    instruments,
    score,
)
from firstlight.journey.screening.holdbacks import DoseOfDay
from firstlight.journey.screening.models import BesideDose

PAPER = "paper"  # the name of a set that stood on paper
NOON = time(12)
AFTER_A_DOSE = timedelta(minutes=1)
USUAL = "epds"  # the one that clinics have on paper
LONGEST_REASON = 300


def on_paper() -> list[Instrument]:
    """Return the published questionnaires that somebody can have filled in on paper, the usual one first."""
    found = [one for one in instruments().values() if one.kind is Kind.QUESTIONNAIRE and one.validated]
    return sorted(found, key=lambda one: (one.name != USUAL, one.title["en"].lower()))


def open_to(forms: Sequence[Instrument], held: Collection[str]) -> list[Instrument]:
    """Return those of some forms that a clinic may use. `held`: of which it recorded a licence, with the words it brought.

    Of what even an electronic form without text needs the owner's licence there is no grid before that.
    """
    return [one for one in forms if one.tier is not Tier.C or one.name in held]


def rated_forms() -> list[Instrument]:
    """Return what a clinician rates about a parent and enters by its values; it is never put to a parent.

    What is charted during a session in words of its own is not among it.
    """
    found = [one for one in instruments().values() if one.kind is Kind.OBSERVATION and not one.worded]
    return sorted(found, key=lambda one: one.title["en"].lower())


def is_rated(name: str) -> bool:
    """Tell whether a form is rated by a clinician."""
    return any(one.name == name for one in rated_forms())


def enterable() -> list[Instrument]:
    """Return every form of which staff enter the values."""
    return [*on_paper(), *rated_forms()]


def filled_in_at(
    filled_in_date: date, zone: str, entered_at: datetime, dose: DoseOfDay | None = None, beside_dose: str = ""
) -> datetime:
    """Return the moment for which paper counts: noon of its day where the clinic is, never later than the entry.

    On a day with a dose it stands before or after that, as `beside_dose` says.
    """
    at = datetime.combine(filled_in_date, NOON, ZoneInfo(zone))
    if dose is not None and beside_dose == BesideDose.BEFORE:
        at = min(at, dose.began_at)
    if dose is not None and dose.ended_at is not None and beside_dose == BesideDose.AFTER:
        at = max(at, dose.ended_at + AFTER_A_DOSE)
    return min(at, entered_at)


@dataclass(frozen=True, slots=True)
class Rated:
    """Which member of the clinic rated a parent, and when."""

    by_id: UUID
    at: datetime


class Differed(NamedTuple):
    """What two passes said of one item where they differ, as scores, and what was kept of it."""

    item: int
    first: str
    second: str
    kept: str


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """What stands on one paper form: None is an item that was left empty on it. `rated`: where a clinician rates it.

    `beside_dose`: whether it was filled in before or after the dose of its day, where one was given.
    """

    instrument: str
    values: Mapping[str, int | None]
    day: date
    handed_in_by: str
    entered_twice: bool
    rated: Rated | None = None
    differed: Sequence[Differed] = ()
    beside_dose: str = ""


class Impossible(NamedTuple):
    """What was typed for an item and cannot be, with what can."""

    number: int
    field: str
    possible: str

    @property
    def short(self) -> str:
        return _("“%(field)s” cannot be.") % {"field": self.field}

    @property
    def words(self) -> str:
        return _("“%(field)s” cannot be. Use %(possible)s.") % {"field": self.field, "possible": self.possible}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for each item, checked: the values that can be, and what is wrong with the others."""

    definition: Instrument
    values: Mapping[str, int | None]
    wrong: Mapping[str, Impossible]

    @property
    def entered(self) -> int:
        """Return how many items have a value."""
        return sum(value is not None for value in self.values.values())

    def score(self) -> Score:
        """Return what the values that can be come to."""
        return score(self.definition, self.values)


def typed(definition: Instrument, fields: Mapping[str, str], *, boxes: bool) -> Typed:
    """Read what was typed: scores as keyed, or with `boxes` the place of the box that was ticked, counted from 1."""
    values: dict[str, int | None] = {}
    wrong: dict[str, Impossible] = {}
    for item in definition.items:
        field = fields.get(item.key, "").strip()
        values[item.key] = None
        if not field:
            continue
        possible = possible_fields(item, boxes=boxes)
        if field in possible:
            values[item.key] = item.answers[possible.index(field)]
        else:
            wrong[item.key] = _impossible(item, field, possible)
    return Typed(definition, values, wrong)


def possible_fields(item: Item, *, boxes: bool) -> Sequence[str]:
    """Return what can be typed for an item, in printed order; at the end the sign that it does not apply, where it may not."""
    fields = [str(place if boxes else value) for place, value in enumerate(item.values, 1)]
    return [*fields, DOES_NOT_APPLY] if item.optional else fields


def spelled(item: Item, fields: Sequence[str], between: str) -> str:
    """Return what can be typed as it is read: each one, or the ends where it is any number between them."""
    return f"{fields[0]}–{fields[-1]}" if item.is_number else between.join(fields)


def field_of(value: int | None) -> str:
    """Return what is typed for a value, as scores."""
    if value is None:
        return ""
    return DOES_NOT_APPLY if value == NOT_APPLICABLE else str(value)


def numbers_of(items: Sequence[Item]) -> str:
    """Return the numbers of items as they are read, three or more in a row joined: "2, 3, 5–10"."""
    runs: list[list[int]] = []
    for number in (item.number for item in items):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def order_words(definition: Instrument) -> str:
    """Return in which order the scores of a form are printed, in one sentence; nothing where numbers are written down."""
    chosen = [item for item in definition.items if not item.is_number]
    turned = [item for item in chosen if item.values != tuple(sorted(item.values))]
    if not chosen:
        return ""
    if not turned:
        return _("On the paper every item has its lowest score first.")
    if len(turned) == len(chosen):
        return _("On the paper every item has its highest score first.")
    said = {"numbers": numbers_of(turned)}
    if len(turned) == 1:
        return _("On the paper item %(numbers)s has its highest score first, every other one its lowest.") % said
    return _("On the paper items %(numbers)s have their highest score first, the others their lowest.") % said


def _impossible(item: Item, field: str, possible: Sequence[str]) -> Impossible:
    """Say what was typed and what can be, lowest first; the dash behind the digits."""
    in_order = sorted(possible, key=lambda one: (one == DOES_NOT_APPLY, len(one), one))
    return Impossible(item.number, field[:20], spelled(item, in_order, ", "))
