"""The grid of a paper form: one number an item, the total beside it, twice if somebody wants to be sure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import DOES_NOT_APPLY, Instrument, Item
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.screening.forms import PaperDetailsForm, RatedDetailsForm
from firstlight.journey.screening.holdbacks import last_dose_of
from firstlight.journey.screening.paper import Differed, Typed, is_rated, numbers_of, order_words, spelled, typed
from firstlight.journey.screening.raised import ACTIONS
from firstlight.journey.screening.raters import raters
from firstlight.journey.screening.typed_twice import Passes, read_passes, written

if TYPE_CHECKING:
    from firstlight.ground.people.models import Parent


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the grid. `choices`: what was typed the first and the second time, where one of the two must be chosen.

    `can_scores` and `can_boxes` are what can be typed as it is read; `length` is the most characters of it.
    """

    item: Item
    words: str
    field: str
    wrong: str
    scores: Sequence[str]
    boxes: Sequence[str]
    can_scores: str
    can_boxes: str
    choices: Sequence[str]
    undecided: bool

    @property
    def length(self) -> int:
        return max(map(len, (*self.scores, *self.boxes)))


@dataclass(frozen=True, slots=True)
class Grid:
    """One arrival of a grid: whose, what stands beside it, what was typed. `more`: what its page shows besides."""

    request: ClinicRequest
    parent: "Parent"
    form: PaperDetailsForm
    entered: Typed
    more: Mapping[str, Any] = field(default_factory=dict)

    def in_passes(self, keep: Callable[[str], HttpResponse]) -> HttpResponse:
        """Keep what was typed, after a second pass where one is asked for. `keep` is given the first pass, if any."""
        definition = self.entered.definition
        first, deciding = self.request.POST.get("first", ""), "second_pass" in self.request.POST
        if not self.form.is_valid() or self.entered.wrong:
            return self.page(first=first, status=422)
        if self.form.cleaned_data["twice"] and not first:
            return self.page({}, first=written(definition, self.request.POST))
        passes = passes_of(definition, self.request.POST)
        if passes and passes.undecided(self.request.POST if deciding else {}):
            return self.page(first=first, differing=True, status=422 if deciding else 200)
        return keep(first)

    @property
    def differed(self) -> Sequence[Differed]:
        """Return where two passes did not agree, with what was kept."""
        passes = passes_of(self.entered.definition, self.request.POST)
        return passes.told(self.entered.values, boxes=self.form.boxes) if passes else ()

    def page(
        self,
        shown: Mapping[str, str] | None = None,
        *,
        first: str = "",
        differing: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """Show the grid with what was typed, or with `shown`; `differing`: beside what the first pass said."""
        definition = self.entered.definition
        cells = self.request.POST.dict() if shown is None else shown
        deciding = shown is None and "second_pass" in self.request.POST
        differing = differing or deciding
        passes = passes_of(definition, self.request.POST) if differing else None
        undecided = passes.undecided(self.request.POST if deciding else {}) if passes else ()
        if passes:
            counted = as_it_counts(definition, self.request.POST, boxes=self.form.boxes, differing=True)
        else:
            counted = self.entered if shown is None else typed(definition, shown, boxes=self.form.boxes)
        rows = [_row(item, cells, self.entered, passes, undecided, asked=deciding) for item in definition.items]
        context = {
            "parent": self.parent,
            "definition": definition,
            "title": text(definition.title, get_language() or "en"),
            "form": self.form,
            "rated": is_rated(definition.name),
            "dosed": last_dose_of(self.parent.id) is not None,
            "rows": rows,
            "longer": any(row.length > 1 for row in rows),
            "does_not_apply": DOES_NOT_APPLY,
            "first": first,
            "second": bool(first),
            "second_pass": written(definition, passes.second) if passes else "",
            "differing": differing,
            "order": order_words(definition),
            "differing_count": len(passes.differing) if passes else 0,
            "differing_numbers": numbers_of(passes.differing) if passes else "",
            "refused_rows": [
                (f"cell-{row.item.key}", _item_name(row.item.number), row.wrong) for row in rows if row.wrong
            ],
        }
        return render(
            self.request, "screening/paper.html", {**context, **count_of(counted), **self.more}, status=status
        )


def details_form(request: ClinicRequest, definition: Instrument, data: Any = None, **more: Any) -> PaperDetailsForm:
    """Return the fields beside the values: of a parent's form, or of what a clinician rates."""
    if not is_rated(definition.name):
        return PaperDetailsForm(data, **more)
    first = {"rated_by": str(request.actor.membership_id), **more.pop("initial", {})}
    return RatedDetailsForm(data, raters=raters(request.actor.clinic_id, request.now), initial=first, **more)


def count_of(entered: Typed) -> dict[str, Any]:
    """Return what `_count.html` shows: how many items, the total and its band, what asks for help, what cannot be."""
    score, language = entered.score(), get_language() or "en"
    return {
        "entered": entered,
        "items": len(entered.definition.items),
        "score": score,
        "band_words": text(score.band_words, language) if score.band_words else "",
        "flags": [(", ".join(map(str, flag.numbers)), ACTIONS.get(flag.action, flag.action)) for flag in score.flags],
        "wrong": [(_item_name(one.number), one.short) for one in entered.wrong.values()],
    }


def passes_of(definition: Instrument, fields: Mapping[str, str]) -> Passes | None:
    """Return the two passes that a page sent, the second one as it was typed; nothing while there is one only."""
    first = fields.get("first", "")
    return read_passes(definition, first, fields.get("second_pass", written(definition, fields))) if first else None


def as_it_counts(definition: Instrument, fields: Mapping[str, str], *, boxes: bool, differing: bool = False) -> Typed:
    """Read what was typed. Where two passes differ and nobody has chosen, the higher one counts so far."""
    deciding = "second_pass" in fields
    passes = passes_of(definition, fields) if deciding or differing else None
    counted = passes.as_it_counts(fields if deciding else {}, boxes=boxes) if passes else fields
    return typed(definition, counted, boxes=boxes)


def _item_name(number: int) -> str:
    return _("Item %(number)d") % {"number": number}


def _row(
    item: Item,
    shown: Mapping[str, str],
    entered: Typed,
    passes: Passes | None,
    undecided: Sequence[Item],
    *,
    asked: bool,
) -> Row:
    typed_in = shown.get(item.key, "")
    differs = passes is not None and item in passes.differing
    missing = _("Choose which one stands on the paper.") if asked and item in undecided else ""
    scores = [str(value) for value in item.values]
    boxes = [str(place) for place in range(1, len(item.values) + 1)]
    return Row(
        item=item,
        words=text(item.text, get_language() or "en") if item.worded else "",
        field="" if item in undecided and not asked else typed_in,
        wrong=wrong.words if (wrong := entered.wrong.get(item.key)) else missing,
        scores=scores,
        boxes=boxes,
        can_scores=spelled(item, scores, " "),
        can_boxes=spelled(item, boxes, " "),
        choices=(passes.first[item.key], passes.second[item.key]) if passes and differs else (),
        undecided=item in undecided,
    )
