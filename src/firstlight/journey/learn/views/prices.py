"""The clinic's prices, for the administrator."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest, own_clinic
from firstlight.journey.learn.forms import PriceForm
from firstlight.journey.learn.selectors import day_in, price_list, prices_set
from firstlight.journey.learn.services import set_price


@staff(Permission.PRICES_WRITE)
def prices(request: ClinicRequest) -> HttpResponse:
    """Show what parents read, what was set when, and the form for the next price."""
    if request.method == "POST":
        return once(request, lambda: _set(request))
    return _page(request, PriceForm(initial={"from_date": _today(request)}))


def _set(request: ClinicRequest) -> HttpResponse:
    form = PriceForm(request.POST)
    if form.is_valid():
        values = dict(form.cleaned_data)
        cents = values.pop("amount")
        try:
            set_price(clinic=own_clinic(request), amount_cents=cents, **values, by=request.actor, at=request.now)
            return see_other(reverse("learn:prices"))
        except Refused as refused:
            refused.onto(form)
    return _page(request, form, status=422)


def _page(request: ClinicRequest, form: PriceForm, status: int = 200) -> HttpResponse:
    clinic = own_clinic(request)
    context = {"form": form, "prices": price_list(clinic, request.now), "history": prices_set(clinic)}
    return render(request, "learn/prices.html", context, status=status)


def _today(request: ClinicRequest) -> date:
    return day_in(own_clinic(request), request.now)
