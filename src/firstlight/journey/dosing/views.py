"""The clinic's pages of a session: the day's board, the live session, and one small form a step."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from firstlight.ground.ledger.selectors import lot_for
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import membership_for
from firstlight.ground.visits.selectors import visit_for
from firstlight.journey.dosing import forms, services
from firstlight.journey.dosing.pages import (
    live_context,
    lot_choices,
    mark_choices,
    page_context,
    people_choices,
)
from firstlight.journey.dosing.selectors import Sheet, day_board, notice_for, session_for, sheet_of

Do = Callable[[Any], object]
AGES_EVERY_SECONDS = 10
"""How often a value's age and the amount given are shown anew when nothing was charted."""


@staff(Permission.SESSION_READ)
def board(request: ClinicRequest) -> HttpResponse:
    """Who is in the chair now, and who comes today."""
    request.open_record(None, "sessions")
    found = day_board(request.actor, request.now)
    return render(
        request, "dosing/board.html", {"board": found, "may_open": request.actor.may(Permission.SESSION_CHART)}
    )


@staff(Permission.SESSION_CHART)
@require_POST
def open_session(request: ClinicRequest, visit_id: UUID) -> HttpResponse:
    """Open the session of a visit, or go to it when it is open."""

    def act() -> HttpResponse:
        visit = visit_for(request.actor, visit_id)
        try:
            session = services.open_session(visit=visit, by=request.actor, at=request.now)
        except Refused as refused:
            context = {"board": day_board(request.actor, request.now), "refused": refused.message, "may_open": True}
            request.open_record(None, "sessions")
            return render(request, "dosing/board.html", context, status=422)
        return _to(session.id)

    return once(request, act)


@staff(Permission.SESSION_READ)
def session(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """The live session."""
    return _page(request, sheet_of(session_for(request.actor, session_id)), {})


@staff(Permission.SESSION_READ, poll=True)
def live(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """What changed: asked every second, answered only when something did (ETag from the session's version)."""
    found = session_for(request.actor, session_id)
    etag = f'"{found.version}.{int(request.now.timestamp()) // AGES_EVERY_SECONDS}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    context = live_context(sheet_of(found), request.now) | {"may_chart": request.actor.may(Permission.SESSION_CHART)}
    response = render(request, "dosing/_live.html", context)
    response["ETag"] = etag
    response["X-Session-State"] = found.state
    return response


@staff(Permission.SESSION_CHART)
@require_POST
def chart(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Write one set of values."""
    form = forms.ChartForm(request.POST)
    return _step(
        request,
        session_id,
        "chart",
        form,
        lambda found: services.chart(
            session=found,
            client_id=form.cleaned_data["client_id"],
            values=form.values(),
            by=request.actor,
            at=request.now,
        ),
    )


@staff(Permission.SESSION_CHART)
@require_POST
def mark(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Note something that happened."""
    form = forms.MarkForm(request.POST, kinds=mark_choices())
    return _step(
        request,
        session_id,
        "mark",
        form,
        lambda found: services.mark(session=found, **form.cleaned_data, by=request.actor, at=request.now),
    )


@staff(Permission.SESSION_CHART)
@require_POST
def acknowledge(request: ClinicRequest, notice_id: UUID) -> HttpResponse:
    """Say that a notice was seen, and what was done."""
    notice = notice_for(request.actor, notice_id)
    form = Form(request.POST)
    return _step(
        request,
        notice.session_id,
        "acknowledge",
        form,
        lambda _found: services.acknowledge_notice(
            notice=notice, action=request.POST.get("action", ""), by=request.actor, at=request.now
        ),
    )


@staff(Permission.SESSION_CHART)
@require_POST
def second(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Name the second person on site."""
    sheet = sheet_of(session_for(request.actor, session_id))
    form = forms.SecondPersonForm(request.POST, people=people_choices(sheet, request.now))

    def do(found: Any) -> object:
        person = membership_for(request.actor, UUID(form.cleaned_data["second"]))
        return services.join(session=found, second=person, by=request.actor, at=request.now)

    return _step(request, session_id, "second", form, do)


@staff(Permission.SESSION_PRESCRIBE)
@require_POST
def override(request: ClinicRequest, session_id: UUID, gate: str) -> HttpResponse:
    """Open a closed gate in the prescriber's own name."""
    form = forms.ReasonForm(request.POST)
    return _step(
        request,
        session_id,
        "gate",
        form,
        lambda found: services.override_gate(
            session=found, gate=gate, reason=form.cleaned_data["reason"], by=request.actor, at=request.now
        ),
    )


@staff(Permission.STOCK_WRITE)
@require_POST
def prepare(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Draw the syringe from a lot."""
    form = forms.PrepareForm(request.POST, lots=lot_choices(request.actor, request.now))

    def do(found: Any) -> object:
        lot = lot_for(request.actor, UUID(form.cleaned_data["lot"]))
        drawn_ul = _microlitres(form.cleaned_data["drawn_ml"])
        return services.prepare(session=found, lot=lot, drawn_ul=drawn_ul, by=request.actor, at=request.now)

    return _step(request, session_id, "prepare", form, do)


@staff(Permission.SESSION_CHART)
@require_POST
def check(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Enter the second person's own reading of the syringe."""
    form = forms.SecondCheckForm(request.POST)
    return _step(
        request,
        session_id,
        "check",
        form,
        lambda found: services.second_check(
            session=found, volume_ul=_microlitres(form.cleaned_data["volume_ml"]), by=request.actor, at=request.now
        ),
    )


@staff(Permission.SESSION_CHART)
@require_POST
def pump(request: ClinicRequest, session_id: UUID, verb: str) -> HttpResponse:
    """Start, pause, resume or end the infusion."""
    if verb not in {"start", "pause", "resume", "end"}:
        raise Http404
    form = forms.ReasonForm(request.POST)

    def do(found: Any) -> object:
        how = {"session": found, "by": request.actor, "at": request.now}
        reason = form.cleaned_data["reason"]
        if verb == "pause":
            return services.pause_infusion(**how, reason=reason)
        if verb == "end":
            return services.end_infusion(**how, reason=reason)
        return {"start": services.start_infusion, "resume": services.resume_infusion}[verb](**how)

    return _step(request, session_id, verb, form, do)


@staff(Permission.SESSION_CHART)
@require_POST
def rate(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Change the pump's rate."""
    form = forms.RateForm(request.POST)
    return _step(
        request,
        session_id,
        "rate",
        form,
        lambda found: services.change_rate(
            session=found,
            rate_ug_per_min=int(form.cleaned_data["rate_mg_per_min"] * 1000),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=request.now,
        ),
    )


@staff(Permission.SESSION_CHART)
@require_POST
def leave(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Let the parent go with the escort."""
    form = forms.LeaveForm(request.POST)
    return _step(
        request,
        session_id,
        "leave",
        form,
        lambda found: services.leave(
            session=found,
            escort_name=form.cleaned_data["escort_name"],
            gait_steady=form.answer("gait"),
            oriented=form.answer("oriented"),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=request.now,
        ),
    )


@staff(Permission.SESSION_CHART)
@require_POST
def cancel(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Call the session off before anything was given."""
    form = forms.ReasonForm(request.POST)
    return _step(
        request,
        session_id,
        "cancel",
        form,
        lambda found: services.cancel(
            session=found, reason=form.cleaned_data["reason"], by=request.actor, at=request.now
        ),
    )


def _step(request: ClinicRequest, session_id: UUID, name: str, form: Form, do: Do) -> HttpResponse:
    def act() -> HttpResponse:
        found = session_for(request.actor, session_id)
        if form.is_valid():
            try:
                do(found)
            except Refused as refused:
                refused.onto(form)
            else:
                return _to(session_id)
        return _page(request, sheet_of(session_for(request.actor, session_id)), {name: form}, status=422)

    return once(request, act)


def _page(request: ClinicRequest, sheet: Sheet, bound: dict[str, Form], status: int = 200) -> HttpResponse:
    request.open_record(sheet.session.parent_id, "session")
    refused = next(iter(bound.values()), None)
    context = page_context(sheet, request.actor, request.now, bound) | {"refused_form": refused}
    return render(request, "dosing/session.html", context, status=status)


def _to(session_id: UUID) -> HttpResponse:
    return see_other(reverse("dosing:session", args=[session_id]))


def _microlitres(millilitres: Decimal) -> int:
    return int(millilitres * 1000)
