from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms as django_forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstlight.ground.ledger import forms, selectors, services
from firstlight.ground.ledger.lines import lines_of
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.visits.clocktimes import bounds_of, day_of

READ_OR_WRITE = require_http_methods(["GET", "POST"])
Page = Callable[[int], HttpResponse]


@staff(Permission.STOCK_READ)
@require_GET
def stock(request: ClinicRequest) -> HttpResponse:
    """Show what stands in the cabinet, what is in hand, and what waits for a witness."""
    assert request.clinic is not None  # the policy asked for staff
    today = day_of(request.now, request.clinic.timezone)
    lots = selectors.lots_in_stock(request.actor)
    context = {
        "zone": request.clinic.timezone,
        "lots": [(stocked, stocked.expiry(today)) for stocked in lots],
        "held": selectors.open_draws(request.actor),
        "wastes": selectors.wastes_waiting(request.actor),
        "may_write": request.actor.may(Permission.STOCK_WRITE),
        "may_witness": request.actor.may(Permission.STOCK_WITNESS),
    }
    return render(request, "ledger/stock.html", context)


@staff(Permission.STOCK_WRITE)
@READ_OR_WRITE
def receive(request: ClinicRequest) -> HttpResponse:
    """Take a delivery into stock."""
    form = forms.ReceiveForm(_posted(request))
    clinic_id = request.actor.clinic_id
    assert clinic_id is not None  # the policy asked for staff

    def act() -> str:
        lot = services.receive(clinic_id=clinic_id, by=request.actor, at=request.now, **form.cleaned_data)
        return reverse("ledger:lot", args=[lot.id])

    def page(status: int = 200) -> HttpResponse:
        return render(request, "ledger/receive.html", {"form": form}, status=status)

    return _send(request, form, act, page) if request.method == "POST" else page()


@staff(Permission.STOCK_READ)
@require_GET
def lot(request: ClinicRequest, lot_id: UUID) -> HttpResponse:
    """Show one lot and its lines of the journal."""
    return _lot_page(request, lot_id)


@staff(Permission.STOCK_WRITE)
@READ_OR_WRITE
def count(request: ClinicRequest, lot_id: UUID) -> HttpResponse:
    """Enter what was counted of a lot, on a page that shows no figure of the books."""
    found = selectors.lot_for(request.actor, lot_id)
    form = forms.AmountForm(_posted(request))

    def act() -> str:
        services.count(lot=found, amount_ug=form.cleaned_data["amount_ug"], by=request.actor, at=request.now)
        return reverse("ledger:lot", args=[lot_id])

    def page(status: int = 200) -> HttpResponse:
        return render(request, "ledger/count.html", {"lot": found, "form": form}, status=status)

    return _send(request, form, act, page) if request.method == "POST" else page()


@staff(Permission.STOCK_WRITE)
@require_POST
def adjust(request: ClinicRequest, lot_id: UUID) -> HttpResponse:
    """Set the books to what two people counted."""
    found = selectors.lot_for(request.actor, lot_id)
    form = forms.AdjustForm(request.POST, auto_id="adjust_%s")

    def act() -> None:
        services.adjust(lot=found, reason=form.cleaned_data["reason"], by=request.actor, at=request.now)

    return _change_lot(request, lot_id, "adjust", form, act)


@staff(Permission.STOCK_WRITE)
@require_POST
def send_back(request: ClinicRequest, lot_id: UUID) -> HttpResponse:
    """Send part of a lot back."""
    found = selectors.lot_for(request.actor, lot_id)
    form = forms.SendBackForm(request.POST, auto_id="send_back_%s")

    def act() -> None:
        services.send_back(lot=found, by=request.actor, at=request.now, **form.cleaned_data)

    return _change_lot(request, lot_id, "send_back", form, act)


@staff(Permission.STOCK_WRITE)
@READ_OR_WRITE
def waste(request: ClinicRequest, draw_id: UUID) -> HttpResponse:
    """Waste what is left in hand of a draw."""
    draw = selectors.draw_for(request.actor, draw_id)
    form = forms.WasteForm(_posted(request))

    def act() -> str:
        services.waste(draw=draw, by=request.actor, at=request.now, **form.cleaned_data)
        return reverse("ledger:stock")

    def page(status: int = 200) -> HttpResponse:
        context = {"form": form, "draw": draw, "in_hand_ug": selectors.in_hand(draw), "zone": draw.clinic.timezone}
        return render(request, "ledger/waste.html", context, status=status)

    return _send(request, form, act, page) if request.method == "POST" else page()


@staff(Permission.STOCK_WITNESS)
@READ_OR_WRITE
def witness(request: ClinicRequest, waste_id: UUID) -> HttpResponse:
    """Let a second person enter what she saw wasted, without showing her the first figure."""
    entry = selectors.waste_for(request.actor, waste_id)
    form = forms.AmountForm(_posted(request))

    def act() -> str:
        amount_ug = form.cleaned_data["amount_ug"]
        seen = services.witness_waste(waste=entry, amount_ug=amount_ug, by=request.actor, at=request.now)
        if seen.amount_ug == entry.amount_ug:
            return reverse("ledger:stock")
        return f"{reverse('ledger:witness', args=[entry.id])}?differs={uuid4().hex[:4]}"

    def page(status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "waste": entry,
            "zone": entry.clinic.timezone,
            "own": entry.by_id == request.actor.account_id,
            "differs": "differs" in request.GET,
        }
        return render(request, "ledger/witness.html", context, status=status)

    return _send(request, form, act, page) if request.method == "POST" else page()


@staff(Permission.STOCK_READ)
@require_GET
def journal(request: ClinicRequest) -> HttpResponse:
    """Show the journal of a period, to read or to print."""
    assert request.clinic is not None  # the policy asked for staff
    zone = request.clinic.timezone
    today = day_of(request.now, zone)
    typed = request.GET or {"first": (today - timedelta(days=30)).isoformat(), "last": today.isoformat()}
    form = forms.PeriodForm(typed)
    first, last = (form.cleaned_data["first"], form.cleaned_data["last"]) if form.is_valid() else (today, today)
    entries = selectors.journal(request.actor, since=bounds_of(first, zone)[0], until=bounds_of(last, zone)[1])
    context = {
        "form": form,
        "zone": zone,
        "clinic": request.clinic,
        "lines": lines_of(entries, selectors.hidden_from(request.actor)),
    }
    return render(request, "ledger/journal.html", context, status=422 if form.errors else 200)


def _posted(request: ClinicRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _lot_page(request: ClinicRequest, lot_id: UUID, status: int = 200, **typed: django_forms.Form) -> HttpResponse:
    found = selectors.lot_for(request.actor, lot_id)
    zone = found.clinic.timezone
    on_hand_ug = selectors.balance(found)
    hidden = selectors.hidden_from(request.actor)
    context: dict[str, Any] = {
        "lot": found,
        "zone": zone,
        "on_hand_ug": on_hand_ug,
        "expiry": selectors.StockedLot(found, on_hand_ug).expiry(day_of(request.now, zone)),
        "lines": lines_of(selectors.journal(request.actor, lot=found), hidden),
        "counts": selectors.standing_counts(found),
        "hidden": hidden.entries,
        "may_adjust": selectors.agreed_difference(found) != 0,
        "may_write": request.actor.may(Permission.STOCK_WRITE),
        "adjust": forms.AdjustForm(auto_id="adjust_%s"),
        "send_back": forms.SendBackForm(auto_id="send_back_%s"),
    }
    return render(request, "ledger/lot.html", context | typed, status=status)


def _change_lot(
    request: ClinicRequest, lot_id: UUID, what: str, form: django_forms.Form, act: Callable[[], None]
) -> HttpResponse:
    def page(status: int) -> HttpResponse:
        return _lot_page(request, lot_id, status=status, **{what: form})

    def run() -> str:
        act()
        return reverse("ledger:lot", args=[lot_id])

    return _send(request, form, run, page)


def _send(request: ClinicRequest, form: django_forms.Form, act: Callable[[], str], page: Page) -> HttpResponse:
    """Do one thing once and lead on; show the page again with what is wrong."""

    def run() -> HttpResponse:
        if not form.is_valid():
            return page(422)
        try:
            return see_other(act())
        except Refused as refused:
            refused.onto(form)
            return page(422)

    return once(request, run)
