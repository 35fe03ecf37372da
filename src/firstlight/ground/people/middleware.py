"""Two realms with a session each, and the actor of every request."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people import sessions
from firstlight.ground.people.models import Account
from firstlight.ground.people.requests import ClinicRequest, Opened
from firstlight.ground.people.selectors import current_membership, parent_actor, parent_of, staff_actor

Respond = Callable[[HttpRequest], HttpResponse]
SEEN_EVERY_SECONDS = 30
CLOCKS_DIFFER = timedelta(minutes=1)  # ours: two servers of one clinic may be this far apart
PASSIVE_HEADER = "X-Firstlight-Poll"


def realm_of(path: str) -> str | None:
    """Return `/me/` or `/clinic/` for a path inside a realm, None for the public pages."""
    return next((realm for realm in settings.REALMS if path.startswith(realm)), None)


class RealmSessionMiddleware:
    """Sessions for the two realms, each in a cookie that never leaves it. Public pages have none at all.

    Only the request that ends a session takes its cookie away. One that finds it gone was sent before the end, and its
    answer may arrive last: it would take what the end left, such as the form secret of an open page.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        realm = realm_of(request.path)
        cookie = settings.REALMS[realm] if realm else ""
        request.session = sessions.new_session(request.COOKIES.get(cookie) if realm else None)
        response = self.get_response(request)
        if realm:
            response["Cache-Control"] = "no-store"  # of every answer: pages that refuse carry names and counts, too
            self._keep(request, response, cookie, realm)
        return response

    def _keep(self, request: HttpRequest, response: HttpResponse, cookie: str, realm: str) -> None:
        session = request.session
        if session.accessed:
            patch_vary_headers(response, ("Cookie",))
        if cookie in request.COOKIES and session.is_empty() and session.modified:
            response.delete_cookie(cookie, path=realm, samesite="Lax")
        elif session.modified and not session.is_empty() and response.status_code < 500:
            try:
                session.save()
            except UpdateError:  # ended in another window meanwhile, whose answer says what the cookie is now
                return
            response.set_cookie(
                cookie,
                cast("str", session.session_key),
                path=realm,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )


BY_ITSELF_HEADER = "Service-Worker"
"""A browser writes it when it fetches the script of a worker, at moments of its own.

Were a session to end by that, a form that is sent at the same time would find it gone, and what was typed would be lost.
"""


class ActorMiddleware:
    """Says who acts and when, in whose zone. A session that was idle too long, or is too old, ends here."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ours = cast("ClinicRequest", request)
        ours.now = timezone.now()
        ours.actor = Actor.nobody()
        ours.clinic = ours.account = ours.parent = None
        ours.locked = False
        ours.opened = []
        ours.open_record = lambda parent_id, screen: ours.opened.append(Opened(parent_id, screen))  # type: ignore[method-assign]  # bound here, once a request
        realm = realm_of(request.path)
        if realm and request.user.is_authenticated:
            self._identify(ours, realm)
        with self._zone_of(ours):
            return self.get_response(request)

    def _zone_of(self, request: ClinicRequest) -> AbstractContextManager[None]:
        place = request.parent or request.clinic
        return timezone.override(ZoneInfo(place.timezone)) if place else nullcontext()

    def _identify(self, request: ClinicRequest, realm: str) -> None:
        account = cast("Account", request.user)
        if self._ended(request.session, account, realm, request.now):
            if BY_ITSELF_HEADER not in request.headers:
                sessions.expire(request)
            return
        request.account = account
        if realm == "/clinic/":
            self._identify_staff(request, account)
        else:
            self._identify_parent(request, account)
        if PASSIVE_HEADER not in request.headers and not request.locked:
            self._seen(request.session, request.now)

    def _identify_staff(self, request: ClinicRequest, account: Account) -> None:
        if not request.session.get("second_factor"):
            return
        chosen = request.session.get("membership_id")
        membership = current_membership(account, UUID(chosen) if chosen else None, request.now)
        if membership:
            request.actor, request.clinic = staff_actor(membership), membership.clinic

    def _identify_parent(self, request: ClinicRequest, account: Account) -> None:
        idle = request.now - datetime.fromisoformat(request.session["seen_at"])
        if account.pin_minutes and (idle >= timedelta(minutes=account.pin_minutes) or "locked" in request.session):
            request.session["locked"] = True
            request.locked = True
            return
        clinic_id = request.session.get("clinic_id")
        parent = parent_of(account, UUID(clinic_id)) if clinic_id else None
        if parent:
            request.actor, request.clinic, request.parent = parent_actor(parent), parent.clinic, parent

    def _ended(self, session: Any, account: Account, realm: str, now: datetime) -> bool:
        end = sessions.end_of(session, realm)
        if end is None or now > end.at:
            return True
        began_at = datetime.fromisoformat(session["began_at"])
        if max(began_at, datetime.fromisoformat(session["seen_at"])) > now + CLOCKS_DIFFER:
            return True  # the clock was set back: such a session would outlast its limits, and a sign-out everywhere
        return account.signed_out_at is not None and began_at < account.signed_out_at

    def _seen(self, session: Any, now: datetime) -> None:
        if (now - datetime.fromisoformat(session["seen_at"])).total_seconds() > SEEN_EVERY_SECONDS:
            session["seen_at"] = now.isoformat()
