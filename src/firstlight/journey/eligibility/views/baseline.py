"""The clinical baseline: what the clinic asked, measured and wrote down."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.eligibility import services
from firstlight.journey.eligibility.baseline import blocks
from firstlight.journey.eligibility.describing import words_of
from firstlight.journey.eligibility.facts import Facts
from firstlight.journey.eligibility.forms import FORMS, EntryForm, ReasonForm
from firstlight.journey.eligibility.kinds import NOTHING_ELSE
from firstlight.journey.eligibility.reporting import asked_again, fact_words
from firstlight.journey.eligibility.selectors import baseline_for, entries_about, entry_for, facts_for, standing


@staff(Permission.RECORD_READ)
@require_GET
def baseline(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show everything that was entered, with a small form for each kind."""
    return _page(request, parent_id)


@staff(Permission.BASELINE_WRITE)
@require_POST
def enter(request: ClinicRequest, parent_id: UUID, kind: str) -> HttpResponse:
    """Enter one fact, or say that nothing else is known."""
    whose = parent_for(request.actor, parent_id)
    form_class = FORMS.get(kind)  # type: ignore[call-overload]  # a text that is no kind finds nothing
    if form_class is None:
        raise Http404
    form: EntryForm = form_class(request.POST, auto_id=f"{kind}_%s")
    closing = "nothing_else" in request.POST

    def act() -> HttpResponse:
        if not closing and not form.is_valid():
            return _page(request, parent_id, form)
        value = NOTHING_ELSE if closing else form.value()
        try:
            services.record_baseline(parent=whose, kind=kind, value=value, by=request.actor, at=request.now)
        except Refused as refused:
            return _page(request, parent_id, refused.onto(form))
        return see_other(f"{reverse('eligibility:baseline', args=[parent_id])}#{kind}")

    return once(request, act)


@staff(Permission.BASELINE_WRITE)
@require_http_methods(["GET", "POST"])
def correct(request: ClinicRequest, parent_id: UUID, entry_id: UUID) -> HttpResponse:
    """Correct an entry, or withdraw it, with a reason. The old entry stays readable."""
    entry = entry_for(request.actor, parent_id, entry_id)
    form_class = FORMS[entry.kind]  # type: ignore[index]  # a stored kind is a kind
    closing = bool(entry.value.get("nothing_else"))
    if request.method == "GET":
        initial = {} if closing else form_class.initial_of(entry.value)
        return _correction(request, entry, form_class(initial=initial, auto_id="entry_%s"), ReasonForm())
    form = form_class(request.POST, auto_id="entry_%s")
    reason = ReasonForm(request.POST)

    def act() -> HttpResponse:
        withdrawing = "withdraw" in request.POST
        if not reason.is_valid() or not (withdrawing or form.is_valid()):
            return _correction(request, entry, form, reason, refused_form=not withdrawing)
        try:
            _amend(request, entry, None if withdrawing else form.value(), reason.cleaned_data["reason"])
        except Refused as refused:
            refused.onto(reason if refused.field == "reason" else form)
            return _correction(request, entry, form, reason, refused_form=True)
        return see_other(f"{reverse('eligibility:baseline', args=[parent_id])}#{entry.kind}")

    return once(request, act)


def _amend(request: ClinicRequest, entry: Any, value: dict[str, Any] | None, reason: str) -> None:
    by, at = request.actor, request.now
    if value is None:
        services.withdraw_entry(entry=entry, reason=reason, by=by, at=at)
    else:
        services.record_baseline(
            parent=entry.parent, kind=entry.kind, value=value, by=by, at=at, amends=entry, reason=reason
        )


def _page(request: ClinicRequest, parent_id: UUID, wrong: EntryForm | None = None) -> HttpResponse:
    whose = parent_for(request.actor, parent_id)
    entries = entries_about(request.actor, parent_id)
    request.open_record(parent_id, "baseline")
    shown = {kind: form(auto_id=f"{kind}_%s") for kind, form in FORMS.items()}
    if wrong is not None:
        shown[wrong.kind] = wrong
    facts = facts_for(parent_id, request.now, parent=whose, entries=entries)
    context = {
        "parent": whose,
        "blocks": blocks(entries, shown),
        "wrong": wrong,
        "to_ask": [_open_words(name, facts, whose.clinic.timezone) for name in facts.to_ask],
        "may_write": request.actor.may(Permission.BASELINE_WRITE),
        "zone": whose.clinic.timezone,
    }
    return render(request, "eligibility/baseline.html", context, status=422 if wrong is not None else 200)


def _open_words(name: str, facts: Facts, zone: str) -> str:
    lapsed_at = facts.lapsed.get(name)
    return f"{fact_words(name)}: {asked_again(lapsed_at, zone)}" if lapsed_at else fact_words(name)


def _correction(
    request: ClinicRequest, entry: Any, form: EntryForm, reason: ReasonForm, *, refused_form: bool = False
) -> HttpResponse:
    entries = baseline_for(request.actor, entry.parent_id)
    request.open_record(entry.parent_id, "baseline.entry")
    context = {
        "parent": entry.parent,
        "entry": entry,
        "words": words_of(entry),
        "closing": bool(entry.value.get("nothing_else")),
        "counts": entry.id in {one.id for one in standing(entries)},
        "form": form,
        "reason": reason,
        "show_errors": refused_form,
        "zone": entry.parent.clinic.timezone,
    }
    return render(request, "eligibility/correct.html", context, status=422 if reason.is_bound else 200)
