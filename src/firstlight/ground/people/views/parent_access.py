"""A parent comes in: by a code sent to her address or by a password. Leaving takes one tap."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import note
from firstlight.ground.people import sessions
from firstlight.ground.people.forms.access import CodeForm, EmailForm, ParentPasswordForm, UnlockForm
from firstlight.ground.people.once import see_other
from firstlight.ground.people.policies import anyone, parent
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.returning import destination, safe_next
from firstlight.ground.people.selectors import held_form, parent_actor, parent_of
from firstlight.ground.people.services import open_lock, want_code
from firstlight.ground.people.services.entry import TRIES
from firstlight.ground.people.views.staff_access import answer
from firstlight.ground.vault.keyring import blind_index

REALM = "/me/"


@anyone("Nobody is signed in before this page.")
def sign_in(request: ClinicRequest) -> HttpResponse:
    """Ask for the email address and send a code there. The answer is the same whether the address is known."""
    if request.actor.parent_id:
        return see_other(safe_next(request, REALM))
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        want_code(email=email, by=Actor.nobody(), at=request.now)
        goal = safe_next(request, REALM)
        sessions.forget(request)
        request.session["entry"] = {"index": blind_index(email), "tries": 0}
        request.session["next"] = goal
        return see_other(reverse("people:parent_code"))
    return answer(request, "people/parent_sign_in.html", form=form, **_ended(request))


def _ended(request: ClinicRequest) -> dict[str, Any]:
    ended = sessions.expired_account(request)
    return {
        "ended": ended is not None,
        "kept": bool(ended and held_form(ended, REALM, request.now)),
        "wrong_pins": "wrong_pins" in request.session,
    }


@anyone("A code was sent; it is to be typed.")
def code(request: ClinicRequest) -> HttpResponse:
    """Ask for the six figures that were sent."""
    entry = request.session.get("entry")
    if entry is None:
        return see_other(reverse("people:parent_sign_in"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = "".join(form.cleaned_data["code"].split())
        account: Any = authenticate(request, username=entry["index"], code=given)
        if account and (response := _enter(request, account)):
            return response
        request.session["entry"] = entry | {"tries": entry["tries"] + 1}
        note("sign_in.refused", by=Actor.nobody(), at=request.now, outcome="refused", detail={"realm": REALM})
        form.add_error("code", _wrong_code(entry["tries"] + 1))
    return answer(request, "people/parent_code.html", form=form)


def _wrong_code(tries: int) -> str:
    if tries >= TRIES:
        return _("That were five tries, so this code is over. Ask for a new one.")
    return _("This code does not fit. It may be older than 10 minutes. Use the latest one.")


@anyone("Nobody is signed in before this page.")
def password(request: ClinicRequest) -> HttpResponse:
    """Ask for email and password, for a parent who chose one."""
    if request.actor.parent_id:
        return see_other(safe_next(request, REALM))
    form = ParentPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        index = blind_index(form.cleaned_data["email"])
        account: Any = authenticate(request, username=index, password=form.cleaned_data["password"])
        if account and (response := _enter(request, account)):
            return response
        note("sign_in.refused", by=Actor.nobody(), at=request.now, outcome="refused", detail={"realm": REALM})
        form.add_error(None, _("This email and this password do not open anything here."))
    return answer(request, "people/parent_password.html", form=form)


def _enter(request: ClinicRequest, account: Any) -> HttpResponse | None:
    found = parent_of(account)
    if found is None:
        return None
    goal = destination(request, account.id, REALM)
    sessions.begin_parent(request, found, request.now)
    note("signed_in", by=parent_actor(found), at=request.now, parent=found.id)
    return see_other(goal)


@anyone("A locked phone asks for its PIN; nobody acts until it was right.")
def lock(request: ClinicRequest) -> HttpResponse:
    """Lock the phone now, or open it with the PIN. Five wrong ones end the session."""
    account = request.account
    if account is None:
        return see_other(reverse("people:parent_sign_in"))
    if not account.pin:
        return see_other(REALM)
    request.session["locked"] = True
    form = UnlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        left = open_lock(
            account=account,
            pin=form.cleaned_data["pin"],
            began_at=datetime.fromisoformat(request.session["began_at"]),
            by=Actor(role="parent", account_id=account.id),
            at=request.now,
        )
        if left is None:
            goal = destination(request, account.id, REALM)
            del request.session["locked"]
            request.session["seen_at"] = request.now.isoformat()
            return see_other(goal)
        if not left:
            sessions.end(request)
            request.session["wrong_pins"] = True
            return see_other(reverse("people:parent_sign_in"))
        form.add_error("pin", _("This PIN is wrong. Tries left: %(count)d.") % {"count": left})
    return answer(request, "people/lock.html", form=form)


@parent()
def sign_out(request: ClinicRequest) -> HttpResponse:
    """End the session."""
    if request.method == "POST":
        note("signed_out", by=request.actor, at=request.now, parent=request.actor.parent_id)
        sessions.end(request)
        return see_other(reverse("people:parent_sign_in"))
    return see_other(REALM)


@anyone("Leaving must work at once, for whoever holds the phone.")
def leave(request: ClinicRequest) -> HttpResponse:
    """End the session and go to a neutral site."""
    if request.actor.account_id:
        note("signed_out", by=request.actor, at=request.now, parent=request.actor.parent_id, detail={"quick": True})
    sessions.end(request)
    return see_other(settings.QUICK_EXIT_ADDRESS)
