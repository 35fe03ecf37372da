"""Staff come in: password, second factor, and the first time also the setting up of the second factor."""

from datetime import datetime
from typing import Any

from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import note
from firstlight.ground.people import sessions
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.forms.access import CodeForm, NewPasswordForm, PasswordForm, RecoveryForm
from firstlight.ground.people.offered import refuse
from firstlight.ground.people.once import see_other
from firstlight.ground.people.policies import anyone, link, staff
from firstlight.ground.people.qr import enrolment_picture, secret_in_groups
from firstlight.ground.people.requests import ClinicRequest, own_account
from firstlight.ground.people.returning import destination, safe_next
from firstlight.ground.people.selectors import (
    account_by_id,
    authenticator_of,
    held_form,
    places_of,
    staff_actor,
    start_link_by,
)
from firstlight.ground.people.services import (
    Checked,
    begin_enrolment,
    check_code,
    finish_enrolment,
    start,
    use_recovery_code,
)
from firstlight.ground.vault.keyring import blind_index

REALM = "/clinic/"


def answer(request: ClinicRequest, template: str, **context: Any) -> HttpResponse:
    """Render a page; a form that came back is 422, so that scripts and tests see the refusal."""
    return render(request, template, context, status=422 if request.method == "POST" else 200)


@anyone("Nobody is signed in before this page.")
def sign_in(request: ClinicRequest) -> HttpResponse:
    """Ask for email and password. An unknown address, a wrong password and a place that has ended look alike."""
    if request.actor.membership_id:
        return see_other(safe_next(request, REALM))
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        index = blind_index(form.cleaned_data["email"])
        account: Any = authenticate(request, username=index, password=form.cleaned_data["password"])
        if account and places_of(account, request.now):
            return _go_halfway(request, account)
        note("sign_in.refused", by=Actor.nobody(), at=request.now, outcome="refused", detail={"realm": REALM})
        form.add_error(None, _("This email and this password do not open anything here."))
    ended = sessions.expired_account(request)
    kept = bool(ended and held_form(ended, REALM, request.now))
    return answer(request, "people/staff_sign_in.html", form=form, ended=ended is not None, kept=kept)


def _go_halfway(request: ClinicRequest, account: Any) -> HttpResponse:
    goal = safe_next(request, REALM)
    sessions.begin_halfway(request, account, request.now)
    request.session["next"] = goal
    device = authenticator_of(account)
    if device and device.confirmed:
        return see_other(reverse("people:staff_code"))
    begin_enrolment(account=account, by=_newcomer(account), at=request.now)
    return see_other(reverse("people:staff_enrol"))


def _newcomer(account: Any) -> Actor:
    return Actor(role="anyone", account_id=account.id)


def _halfway(request: ClinicRequest) -> Any:
    account_id = sessions.halfway(request, request.now)
    account = account_by_id(account_id) if account_id else None
    return account if account and sessions.password_still_right(request, account) else None


@anyone("The password was right; the second factor is to come.")
def code(request: ClinicRequest) -> HttpResponse:
    """Ask for a code of the app."""
    account = _halfway(request)
    device = authenticator_of(account) if account else None
    if device is None or not device.confirmed:
        return see_other(reverse("people:staff_sign_in"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["code"]
        checked = check_code(account=account, code=given, by=_newcomer(account), at=request.now)
        if checked.passed:
            return _enter(request, account)
        form.add_error("code", code_refusal(checked))
    return answer(request, "people/staff_code.html", form=form)


@anyone("The password was right; a recovery code stands in for the second factor.")
def recovery(request: ClinicRequest) -> HttpResponse:
    """Ask for one of the ten recovery codes."""
    account = _halfway(request)
    device = authenticator_of(account) if account else None
    if device is None or not device.confirmed:
        return see_other(reverse("people:staff_sign_in"))
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["code"]
        checked = use_recovery_code(account=account, code=given, by=_newcomer(account), at=request.now)
        if checked.passed:
            return _enter(request, account)
        form.add_error("code", code_refusal(checked, _("This is none of your codes, or it was used already.")))
    return answer(request, "people/staff_recovery.html", form=form)


def code_refusal(checked: Checked, wrong: str = "") -> str:
    """Return why a second factor was not taken, and from when the next one is looked at."""
    if checked.wait_until is None:
        return wrong or _("This code is wrong, or was used already. Wait for the next one in your app.")
    message = _("Too many wrong codes. The next one is looked at from %(time)s.")
    return message % {"time": _with_seconds(checked.wait_until)}


def _with_seconds(at: datetime) -> str:
    return date_format(localtime(at), "H:i:s")


@anyone("The password was right; the second factor is being set up.")
def enrol(request: ClinicRequest) -> HttpResponse:
    """Set up the app at the first sign-in, and show the recovery codes once."""
    account = _halfway(request)
    device = authenticator_of(account) if account else None
    if device is None or device.confirmed:
        return see_other(reverse("people:staff_sign_in"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["code"]
        checked = finish_enrolment(account=account, code=given, by=_newcomer(account), at=request.now)
        if checked.passed:
            goal = _enter(request, account)["Location"]
            return render(request, "people/recovery_codes.html", {"codes": checked.recovery_codes, "goal": goal})
        wrong = _("This code is wrong. Check that the app shows this account, and take the next code.")
        form.add_error("code", code_refusal(checked, wrong))
    picture = enrolment_picture(account.email, device.secret)
    return answer(
        request, "people/staff_enrol.html", form=form, picture=picture, secret=secret_in_groups(device.secret)
    )


def _enter(request: ClinicRequest, account: Any) -> HttpResponse:
    goal = destination(request, account.id, REALM)
    places = places_of(account, request.now)
    if not places:
        return see_other(reverse("people:staff_sign_in"))
    sessions.begin_staff(request, account, request.now, membership_id=places[0].id)
    note("signed_in", by=staff_actor(places[0]), at=request.now)
    if len(places) > 1:
        request.session["next"] = goal
        return see_other(reverse("people:staff_place"))
    return see_other(goal)


@staff()
def place(request: ClinicRequest) -> HttpResponse:
    """Choose the clinic to work in, for somebody who works in several."""
    places = places_of(own_account(request), request.now)
    if request.method == "POST":
        chosen = next((one for one in places if str(one.id) == request.POST.get("place")), None)
        if chosen:
            request.session["membership_id"] = str(chosen.id)
            note("place.chosen", by=staff_actor(chosen), at=request.now)
            return see_other(request.session.pop("next", REALM))
        refuse(request.POST.get("place"))
    return answer(request, "people/staff_place.html", places=places)


@staff()
def sign_out(request: ClinicRequest) -> HttpResponse:
    """End the session."""
    if request.method == "POST":
        note("signed_out", by=request.actor, at=request.now)
        sessions.end(request)
        return see_other(reverse("people:staff_sign_in"))
    return see_other(REALM)


@link("A start link, sent to a staff member's own address.")
def begin(request: ClinicRequest, token: str) -> HttpResponse:
    """Set a first password, or a new one after everything was lost."""
    start_link = start_link_by(token, request.now)
    if start_link is None:
        return render(request, "people/link_over.html", {"staff": True}, status=410)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            start(
                start_link=start_link,
                password=form.cleaned_data["password"],
                by=_newcomer(start_link.account),
                at=request.now,
            )
            return see_other(reverse("people:staff_sign_in"))
        except Refused as refused:
            refused.onto(form)
    return answer(request, "people/staff_start.html", form=form)
