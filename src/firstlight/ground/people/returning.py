"""Where somebody goes after signing in, and what happens to a form that met an ended session."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from firstlight.ground.people import sessions
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import held_form
from firstlight.ground.people.services.holding import hold

CARRIED = {"csrfmiddlewaretoken"}
NEVER_HELD = ("password", "pin", "code", "old", "new")
LONGEST_PATH = 300
ENTRANCES = ("sign-in", "sign-out", "lock", "leave", "i", "start")


def safe_next(request: HttpRequest, realm: str) -> str:
    """Return where the caller wanted to go, if that is a page of this site and this realm; else the realm's home."""
    wanted = request.POST.get("next") or request.GET.get("next") or request.session.get("next", "")
    plain = wanted.isprintable() and "\\" not in wanted and "/../" not in wanted
    inside = plain and wanted.startswith(realm)
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    entrance = wanted.removeprefix(realm).split("?")[0].split("/")[0] in ENTRANCES
    return wanted if inside and ours and not entrance else realm


def destination(request: HttpRequest, account_id: UUID, realm: str) -> str:
    """Return where to go after signing in: to a form that was kept, else to where the caller wanted."""
    held = held_form(account_id, realm, request.now)  # type: ignore[attr-defined]  # set by our middleware
    if held is None:
        return safe_next(request, realm)
    return reverse("people:held_parent" if realm == "/me/" else "people:held_staff", args=[held.id])


def hold_form(request: ClinicRequest) -> bool:
    """Keep a form that met an ended or locked session, if its sender is known and it can be sent twice without harm.

    Returns whether it was kept.
    """
    account_id = request.account.id if request.account else sessions.expired_account(request)
    try:
        once = UUID(request.POST.get("once", ""))
    except ValueError:
        return False
    path = request.get_full_path()
    if account_id is None or request.FILES or len(path) > LONGEST_PATH or set(NEVER_HELD) & set(request.POST):
        return False
    body = [(name, value) for name, values in request.POST.lists() for value in values if name not in CARRIED]
    hold(account_id=account_id, once=once, path=path, body=[(name, str(value)) for name, value in body], at=request.now)
    return True


def kept_from_before(request: ClinicRequest, realm: str) -> str | None:
    """Keep a form of our own page whose secret is an earlier sign-in's; return where it is offered, None when it is not.

    Only a browser can write the Origin of its page, so a form of another site never comes as ours. It is not acted on
    here: its sender sees what was typed and sends it once more.
    """
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return None
    if request.account is None or not hold_form(request):
        return None
    return destination(request, request.account.id, realm)
