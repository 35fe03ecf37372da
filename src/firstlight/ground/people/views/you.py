"""What a parent sets for herself: hand, PIN, time zone, where she is signed in."""

from django.http import HttpResponse
from django.urls import reverse

from firstlight.ground.people import sessions
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.forms.access import PinForm
from firstlight.ground.people.forms.care import YouForm
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.policies import parent
from firstlight.ground.people.requests import ClinicRequest, own_account, own_record
from firstlight.ground.people.services import amend_details, drop_pin, set_pin, sign_out_everywhere
from firstlight.ground.people.views.staff_access import answer


@parent()
def you(request: ClinicRequest) -> HttpResponse:
    """Show and change the own settings."""
    person, account = own_record(request), own_account(request)
    form = YouForm(request.POST or None, initial={"hand": person.hand, "timezone": person.timezone})

    def act() -> HttpResponse:
        if form.is_valid():
            try:
                amend_details(parent=person, by=request.actor, at=request.now, **form.cleaned_data)
                return see_other(reverse("people:you"))
            except Refused as refused:
                refused.onto(form)
        return answer(request, "people/you.html", form=form, person=person, account=account)

    request.open_record(person.id, "you")
    return once(request, act) if request.method == "POST" else act()


@parent()
def pin(request: ClinicRequest) -> HttpResponse:
    """Set the PIN that an idle phone asks for, or drop it."""
    account = own_account(request)
    form = PinForm(request.POST or None if request.POST.get("do") != "drop" else None)

    def act() -> HttpResponse:
        if request.POST.get("do") == "drop":
            drop_pin(account=account, by=request.actor, at=request.now)
            return see_other(reverse("people:you"))
        if form.is_valid():
            try:
                set_pin(account=account, **form.cleaned_data, by=request.actor, at=request.now)
                return see_other("/me/")
            except Refused as refused:
                refused.onto(form)
        return answer(request, "people/pin.html", form=form, account=account)

    return once(request, act) if request.method == "POST" else act()


@parent()
def everywhere(request: ClinicRequest) -> HttpResponse:
    """Sign out on every device, this one included."""
    if request.method == "POST":
        sign_out_everywhere(account=own_account(request), by=request.actor, at=request.now)
        sessions.end(request)
        return see_other(reverse("people:parent_sign_in"))
    return see_other(reverse("people:you"))
