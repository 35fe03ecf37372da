"""Rules under headings, in the order in which a prescriber has to deal with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.forms import Form
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.protocols import Action, State
from firstlight.journey.eligibility.reporting import Outcome


@dataclass(frozen=True, slots=True)
class Heading:
    """A group of rules: which ones stand under it, and the shape that marks them."""

    title: str | Promise
    hint: str | Promise
    shape: str
    action: Action
    state: State
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One rule on the page, with the field for its reason when it asks for one, or the reason given."""

    outcome: Outcome
    field: BoundField | None
    reason: str


@dataclass(frozen=True, slots=True)
class Group:
    heading: Heading
    rows: tuple[Row, ...]


HEADINGS = (
    Heading(_("Blocks"), _("Cleared only by new facts."), "stop", Action.BLOCK, State.FIRES),
    Heading(_("To decide"), _("Each needs your reason before “suitable”."), "look", Action.REVIEW, State.FIRES),
    Heading(
        _("Blocks that could not be checked"),
        _("Enter the missing facts, or give a reason before “suitable”."),
        "unknown",
        Action.BLOCK,
        State.UNKNOWN,
    ),
    Heading(
        _("Not known"),
        _("These lack a fact. They do not hold a decision up."),
        "unknown",
        Action.REVIEW,
        State.UNKNOWN,
        folded=True,
    ),
    Heading(_("To watch"), _("No decision needed; watch during treatment."), "info", Action.MONITOR, State.FIRES),
    Heading(_("To watch, not known"), _("These lack a fact."), "unknown", Action.MONITOR, State.UNKNOWN, folded=True),
)


def groups(outcomes: Sequence[Outcome], form: Form | None, reasons: Mapping[str, str]) -> list[Group]:
    """Put outcomes under their headings; a heading without rules is left out."""
    found = []
    for heading in HEADINGS:
        chosen = [one for one in outcomes if (one.action, one.state) == (heading.action, heading.state)]
        if chosen:
            found.append(Group(heading, tuple(_row(one, form, reasons) for one in chosen)))
    return found


def _row(outcome: Outcome, form: Form | None, reasons: Mapping[str, str]) -> Row:
    name = f"review-{outcome.rule}"
    return Row(outcome, form[name] if form and name in form.fields else None, reasons.get(outcome.rule, ""))
