"""What one member may do here: permissions of the role, those taken away, and why."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.forms.staff import PermissionForm
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import Permissions, membership_for, permissions_of
from firstlight.ground.people.services import deny, lift
from firstlight.ground.people.views.staff_access import answer

CHANGES = {"deny": deny, "lift": lift}


@staff(Permission.STAFF_WRITE)
def permissions(request: ClinicRequest, membership_id: UUID) -> HttpResponse:
    """Show somebody's permissions; take one away or give it back."""
    member = membership_for(request.actor, membership_id)
    held = permissions_of(request.actor, member)
    forms = {verb: _form(request, held, verb) for verb in CHANGES}

    def act() -> HttpResponse:
        verb = request.POST.get("do", "")
        form = forms.get(verb)
        if form is not None and form.is_valid():
            try:
                CHANGES[verb](membership=member, **form.cleaned_data, by=request.actor, at=request.now)
                return see_other(reverse("people:permissions", args=[member.id]))
            except Refused as refused:
                refused.onto(form)
        own = member.id == request.actor.membership_id
        return answer(request, "people/permissions.html", member=member, held=held, forms=forms, own=own)

    return once(request, act) if request.method == "POST" else act()


def _form(request: ClinicRequest, held: Permissions, verb: str) -> PermissionForm:
    """Return the form of one verb, bound only when it is the one that was sent."""
    lines = [line for line in held.lines if (line.denial is None) == (verb == "deny")]
    sent = request.POST if request.POST.get("do") == verb else None
    choices = [(line.permission.value, line.name) for line in lines]
    return PermissionForm(sent, choices=choices, auto_id=f"{verb}_%s")
