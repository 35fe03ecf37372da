"""Entering what was filled in on paper: one digit an item, the total beside it, twice if somebody wants to be sure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import Instrument, Item
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import current_episode, parent_for
from firstlight.journey.screening.forms import PaperDetailsForm
from firstlight.journey.screening.holding import instrument_for
from firstlight.journey.screening.paper import Typed, on_paper, possible_fields, typed
from firstlight.journey.screening.reading import ACTIONS
from firstlight.journey.screening.services import enter_paper

if TYPE_CHECKING:
    from firstlight.ground.people.models import Parent

SEPARATOR = ","


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the grid. `first` is what was typed the first time, where the second time differs."""

    item: Item
    words: str
    field: str
    wrong: str
    scores: Sequence[str]
    boxes: Sequence[str]
    first: str | None


@require_GET
@staff(Permission.ANSWERS_ENTER)
def papers(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """List what can have been filled in on paper, the usual one first."""
    parent = parent_for(request.actor, parent_id)
    request.open_record(parent.id, "paper")
    return render(request, "screening/papers.html", {"parent": parent, "instruments": on_paper()})


@require_http_methods(["GET", "POST"])
@staff(Permission.ANSWERS_ENTER)
def paper(request: ClinicRequest, parent_id: UUID, instrument: str) -> HttpResponse:
    """Show the grid of one paper form; compare a second pass with the first; keep it."""
    parent, definition = parent_for(request.actor, parent_id), _definition(request, instrument)
    if request.method == "GET":
        request.open_record(parent.id, "paper")
        return _page(request, parent, definition, PaperDetailsForm(), typed(definition, {}, boxes=False))
    form = PaperDetailsForm(request.POST)
    entered = typed(definition, request.POST, boxes=form.boxes)
    return once(request, lambda: _enter(request, parent, form, entered))


@require_POST
@staff(Permission.ANSWERS_ENTER)
def count(request: ClinicRequest, parent_id: UUID, instrument: str) -> HttpResponse:
    """Say what the digits typed so far come to. Nothing is kept."""
    parent_for(request.actor, parent_id)
    definition = _definition(request, instrument)
    entered = typed(definition, request.POST, boxes=PaperDetailsForm(request.POST).boxes)
    return render(request, "screening/_count.html", _count(entered))


def _definition(request: ClinicRequest, name: str) -> Instrument:
    if request.actor.clinic_id is None or all(name != one.name for one in on_paper()):
        raise Http404
    return instrument_for(request.actor.clinic_id, name)


def _enter(request: ClinicRequest, parent: "Parent", form: PaperDetailsForm, entered: Typed) -> HttpResponse:
    definition = entered.definition
    if not form.is_valid() or entered.wrong:
        return _page(request, parent, definition, form, entered, status=422)
    fields = SEPARATOR.join(request.POST.get(item.key, "").strip() for item in definition.items)
    first = request.POST.get("first", "")
    if form.cleaned_data["twice"] and not first:
        blank = typed(definition, {}, boxes=form.boxes)
        return _page(request, parent, definition, form, blank, first=fields, status=200)
    settled = not first or first == fields or request.POST.get("settled") == "1"
    if not settled:
        return _page(request, parent, definition, form, entered, first=first, differing=True, status=200)
    return _keep(request, parent, form, entered, first)


def _keep(request: ClinicRequest, parent: "Parent", form: PaperDetailsForm, entered: Typed, first: str) -> HttpResponse:
    try:
        kept = enter_paper(
            episode=current_episode(request.actor, parent.id),
            instrument=entered.definition.name,
            values=entered.values,
            filled_in_date=form.cleaned_data["filled_in_date"],
            handed_in_by=form.cleaned_data["handed_in_by"],
            entered_twice=bool(first),
            by=request.actor,
            at=request.now,
        )
    except Refused as refused:
        return _page(request, parent, entered.definition, refused.onto(form), entered, first=first, status=422)
    return see_other(f"{reverse('screening:answers', args=[parent.id])}#set-{kept.id}")


def _page(
    request: ClinicRequest,
    parent: "Parent",
    definition: Instrument,
    form: PaperDetailsForm,
    entered: Typed,
    *,
    first: str = "",
    differing: bool = False,
    status: int = 200,
) -> HttpResponse:
    before = dict(zip(definition.keys, first.split(SEPARATOR), strict=False)) if first else {}
    shown = (
        {} if first and not differing and status == 200 else {key: request.POST.get(key, "") for key in definition.keys}
    )
    rows = [_row(item, shown, entered, before if differing else {}) for item in definition.items]
    context = {
        "parent": parent,
        "definition": definition,
        "title": text(definition.title, get_language() or "en"),
        "form": form,
        "rows": rows,
        "first": first,
        "second": bool(first),
        "differing": differing,
        "reversed": any(item.values != tuple(sorted(item.values)) for item in definition.items),
    }
    return render(request, "screening/paper.html", context | _count(entered), status=status)


def _row(item: Item, shown: Mapping[str, str], entered: Typed, before: Mapping[str, str]) -> Row:
    field = shown.get(item.key, "")
    first = before.get(item.key)
    return Row(
        item=item,
        words=text(item.text, get_language() or "en") if item.worded else "",
        field=field,
        wrong=entered.wrong.get(item.key, ""),
        scores=possible_fields(item, boxes=False),
        boxes=possible_fields(item, boxes=True),
        first=first if first is not None and first != field.strip() else None,
    )


def _count(entered: Typed) -> dict[str, Any]:
    """Return what `_count.html` shows: how many items, the total and its band, what asks for help, what cannot be."""
    score, language = entered.score(), get_language() or "en"
    return {
        "entered": entered,
        "items": len(entered.definition.items),
        "score": score,
        "band_words": text(score.band_words, language) if score.band_words else "",
        "flags": [(flag.number, ACTIONS.get(flag.action, flag.action)) for flag in score.flags],
        "wrong": list(entered.wrong.values()),
    }
