"""The people of the clinic, for who runs it; and everybody's own account."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from firstlight.ground.audit.services import note
from firstlight.ground.people import sessions
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.forms.access import ChangePasswordForm, CodeForm
from firstlight.ground.people.forms.staff import CredentialForm, HireForm
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest, own_account, own_clinic
from firstlight.ground.people.selectors import colleagues, membership_for, places_of, recovery_codes_left
from firstlight.ground.people.services import (
    add_credential,
    change_password,
    check_code,
    end_membership,
    hire,
    renew_recovery_codes,
    send_start_link,
    sign_out_everywhere,
)
from firstlight.ground.people.views.staff_access import answer, code_refusal


@staff(Permission.STAFF_WRITE)
def team(request: ClinicRequest) -> HttpResponse:
    """List who works here, with credentials and how they stand."""
    lines = colleagues(request.actor, request.now)
    return render(request, "people/staff.html", {"lines": lines})


@staff(Permission.STAFF_WRITE)
def hire_someone(request: ClinicRequest) -> HttpResponse:
    """Give somebody a place here, and send the link for the first sign-in."""
    form = HireForm(request.POST or None)

    def act() -> HttpResponse:
        if form.is_valid():
            try:
                hired = hire(clinic=own_clinic(request), **form.cleaned_data, by=request.actor, at=request.now)
                send_start_link(membership=hired, by=request.actor, at=request.now)
                return see_other(reverse("people:staff"))
            except Refused as refused:
                refused.onto(form)
        return answer(request, "people/hire.html", form=form)

    return once(request, act) if request.method == "POST" else act()


@staff(Permission.STAFF_WRITE)
def credential(request: ClinicRequest, membership_id: UUID) -> HttpResponse:
    """Note a credential that was looked up."""
    member = membership_for(request.actor, membership_id)
    form = CredentialForm(request.POST or None)

    def act() -> HttpResponse:
        if form.is_valid():
            try:
                own = membership_for(request.actor, request.actor.membership_id or membership_id)
                add_credential(membership=member, checked_by=own, **form.cleaned_data, by=request.actor, at=request.now)
                return see_other(reverse("people:staff"))
            except Refused as refused:
                refused.onto(form)
        return answer(request, "people/credential.html", form=form, member=member)

    return once(request, act) if request.method == "POST" else act()


@staff(Permission.STAFF_WRITE)
def member(request: ClinicRequest, membership_id: UUID) -> HttpResponse:
    """Send somebody a new start link, or end somebody's work here."""
    found = membership_for(request.actor, membership_id)

    def act() -> HttpResponse:
        try:
            if request.POST.get("do") == "link":
                send_start_link(membership=found, by=request.actor, at=request.now)
            elif request.POST.get("do") == "end":
                end_membership(membership=found, by=request.actor, at=request.now)
            return see_other(reverse("people:staff"))
        except Refused as refused:
            return answer(request, "people/member.html", member=found, refusal=refused.message)

    return once(request, act) if request.method == "POST" else answer(request, "people/member.html", member=found)


@staff()
def account(request: ClinicRequest) -> HttpResponse:
    """Show the own account: where signed in, recovery codes left, other places."""
    own = own_account(request)
    context = {
        "account": own,
        "codes_left": recovery_codes_left(own),
        "places": places_of(own, request.now),
    }
    return render(request, "people/account.html", context)


@staff()
def password(request: ClinicRequest) -> HttpResponse:
    """Change the own password; every other session ends."""
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_password(account=own_account(request), **form.cleaned_data, by=request.actor, at=request.now)
            membership_id = request.actor.membership_id
            sessions.begin_staff(request, own_account(request), request.now, membership_id=membership_id)
            return see_other(reverse("people:account"))
        except Refused as refused:
            refused.onto(form)
    return answer(request, "people/password.html", form=form)


@staff()
def recovery_codes(request: ClinicRequest) -> HttpResponse:
    """Make ten new recovery codes, after a code of the app, and show them once."""
    own = own_account(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        checked = check_code(account=own, code=code, by=request.actor, at=request.now)
        if checked.passed:
            codes = renew_recovery_codes(account=own, by=request.actor, at=request.now)
            return render(request, "people/recovery_codes.html", {"codes": codes, "goal": reverse("people:account")})
        form.add_error("code", code_refusal(checked))
    return answer(request, "people/renew_codes.html", form=form)


@staff()
def everywhere(request: ClinicRequest) -> HttpResponse:
    """Sign out on every device, this one included."""
    if request.method == "POST":
        sign_out_everywhere(account=own_account(request), by=request.actor, at=request.now)
        note("signed_out", by=request.actor, at=request.now)
        sessions.end(request)
        return see_other(reverse("people:staff_sign_in"))
    return see_other(reverse("people:account"))
