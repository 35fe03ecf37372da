"""By which published values a clinic judges a change, for the person who answers for it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import Instrument, published_changes, short_name
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest, own_clinic
from firstlight.journey.response.forms import ValueForm
from firstlight.journey.response.services import choose_reliable_change
from firstlight.journey.response.values import chosen_by, conflicting, history_in


@require_http_methods(["GET", "POST"])
@staff(Permission.ASSESS)
def values(request: ClinicRequest) -> HttpResponse:
    """Show where published values conflict, which one judges here, and the form to choose another."""
    if request.method == "POST":
        return once(request, lambda: _choose(request))
    return _page(request)


def _choose(request: ClinicRequest) -> HttpResponse:
    found = next((one for one in conflicting() if one.name == request.POST.get("instrument")), None)
    if found is None:
        raise Http404
    form = ValueForm(request.POST, definition=found)
    if form.is_valid():
        try:
            choose_reliable_change(
                clinic=own_clinic(request),
                instrument=found.name,
                points=form.cleaned_data["points"],
                reason=form.cleaned_data["reason"],
                by=request.actor,
                at=request.now,
            )
            return see_other(reverse("response:values"))
        except Refused as refused:
            refused.onto(form)
    return _page(request, form)


def _page(request: ClinicRequest, refused: ValueForm | None = None) -> HttpResponse:
    clinic = own_clinic(request)
    chosen = chosen_by(clinic)
    context = {
        "instruments": [_row(chosen.definition(one.name), refused) for one in conflicting()],
        "history": [(short_name(one), row) for one in conflicting() for row in history_in(clinic.id, one.name)],
    }
    return render(request, "response/values.html", context, status=422 if refused else 200)


def _row(definition: Instrument, refused: ValueForm | None) -> dict[str, object]:
    """Return one instrument, each of its published values with whether it judges, and its form."""
    used, mine = definition.reliable_change, refused is not None and refused.definition.name == definition.name
    initial = {"points": f"{used.points:g}"} if used else None
    return {
        "name": definition.name,
        "title": text(definition.title),
        "values": [(value, text(value.tag.meaning)) for value in published_changes(definition)],
        "used": used,
        "form": refused if mine else ValueForm(definition=definition, initial=initial),
    }
