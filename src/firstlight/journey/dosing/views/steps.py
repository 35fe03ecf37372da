"""What every step of a session does with its form: once, refused beside its field, back to the session."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.dosing.forms import ChartedForm, CorrectedForm
from firstlight.journey.dosing.pages import session_context
from firstlight.journey.dosing.selectors import Sheet, session_for, sheet_of
from firstlight.journey.dosing.services import Contradicts

Do = Callable[[Any], object]


def step(request: ClinicRequest, session_id: UUID, name: str, form: Form, do: Do) -> HttpResponse:
    """Do one step. Refused: the session's page again with what was typed, 409 when it contradicts what was sent before."""

    def act() -> HttpResponse:
        found = session_for(request.actor, session_id)
        return done_or_shown(session_id, form, lambda: do(found), shown)

    def shown(status: int) -> HttpResponse:
        return page(request, sheet_of(session_for(request.actor, session_id)), {name: form}, status=status)

    return once(request, act)


def done_or_shown(
    session_id: UUID, form: Form, do: Callable[[], object], shown: Callable[[int], HttpResponse]
) -> HttpResponse:
    """Do it and go back to the session, or show the form again: 422, or 409 when it contradicts what was sent before."""
    status = 422
    if form.is_valid():
        try:
            do()
        except Refused as refused:
            refused.onto(form)
            status = 409 if isinstance(refused, Contradicts) else 422
        else:
            return to_session(session_id)
    if status == 409:
        _renew(form)
    return shown(status)


def chart_step(
    request: ClinicRequest, session_id: UUID, name: str, form: ChartedForm, write: Callable[..., object]
) -> HttpResponse:
    """Write what was charted as one row."""
    return step(request, session_id, name, form, lambda found: write(session=found, **_charted(request, form)))


@dataclass(frozen=True, slots=True)
class Correction:
    """How one kind of row is corrected. `write` takes the row beside what was entered; `shown` is what its page shows more."""

    form: type[CorrectedForm]
    write: Callable[..., object]
    template: str
    shown: Callable[[CorrectedForm, Any], dict[str, Any]]


def correct(request: ClinicRequest, session: Any, row: Any, how: Correction) -> HttpResponse:
    """Show a charted row to be corrected, or write the one that stands in its place: the old one stays readable."""

    def shown(form: CorrectedForm, status: int = 200) -> HttpResponse:
        request.open_record(session.parent_id, "session")
        context = {"session": session, "parent": session.parent, "row": row, "form": form, **how.shown(form, session)}
        return render(request, how.template, context, status=status)

    if request.method != "POST":
        return shown(how.form(initial={**row.values(), "client_id": uuid4()}))
    form = how.form(request.POST)

    def write() -> object:
        return how.write(row=row, reason=form.cleaned_data["reason"], **_charted(request, form))

    return once(request, lambda: done_or_shown(session.id, form, write, partial(shown, form)))


def _charted(request: ClinicRequest, form: ChartedForm) -> dict[str, Any]:
    client_id = form.cleaned_data["client_id"]
    return {"client_id": client_id, "values": form.values(), "by": request.actor, "at": request.now}


def _renew(form: Form) -> None:
    """Give a form that stays on the screen a device id of its own, so that sending it again can be right."""
    form.data = {**{name: form.data.get(name) for name in form.data}, "client_id": str(uuid4())}


def page(request: ClinicRequest, sheet: Sheet, bound: dict[str, Form] | None = None, status: int = 200) -> HttpResponse:
    """Show the session."""
    request.open_record(sheet.session.parent_id, "session")
    context: dict[str, Any] = session_context(sheet, request.actor, request.now, bound)
    context["refused"] = next(iter((bound or {}).values()), None)
    return render(request, "dosing/session.html", context, status=status)


def to_session(session_id: UUID) -> HttpResponse:
    """Go back to the session."""
    return see_other(reverse("dosing:session", args=[session_id]))
