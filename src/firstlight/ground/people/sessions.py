"""Beginning and ending sessions. Whoever signs in gets a new session key."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.middleware.csrf import CSRF_SESSION_KEY
from django.utils.crypto import constant_time_compare

from firstlight.ground.people.lasting import End, lasting

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

    from firstlight.ground.people.models import Account, Parent

BACKEND = "firstlight.ground.people.backends.EmailBackend"
HALFWAY = timedelta(minutes=10)


def new_session(key: str | None = None) -> "SessionBase":
    """Return the session of a key, or a new one. The cookie's name and path are the realm's."""
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return store(key)


def saved_key(request: HttpRequest) -> str:
    """Save the session now and return its key."""
    request.session.save()
    return cast("str", request.session.session_key)


def begin_halfway(request: HttpRequest, account: "Account", now: datetime) -> None:
    """Remember for ten minutes that the password was right and the second factor is to come."""
    forget(request)
    request.session.cycle_key()
    password = account.get_session_auth_hash()
    request.session["halfway"] = {"account": str(account.pk), "at": now.isoformat(), "password": password}


def halfway(request: HttpRequest, now: datetime) -> UUID | None:
    """Return whose password was right, while the second factor is to come."""
    kept: dict[str, str] | None = request.session.get("halfway")
    if kept is None or now - datetime.fromisoformat(kept["at"]) > HALFWAY:
        return None
    return UUID(kept["account"])


def password_still_right(request: HttpRequest, account: "Account") -> bool:
    """Tell whether the password that was given halfway is the account's password now."""
    return constant_time_compare(request.session["halfway"].get("password", ""), account.get_session_auth_hash())


def begin_staff(request: HttpRequest, account: "Account", now: datetime, *, membership_id: UUID | None = None) -> None:
    """Sign a staff member in after the second factor."""
    _begin(request, account, now)
    request.session["second_factor"] = True
    if membership_id:
        request.session["membership_id"] = str(membership_id)


def begin_parent(request: HttpRequest, parent: "Parent", now: datetime) -> None:
    """Sign a parent in."""
    account = parent.account
    if account is None:
        raise ValueError("A parent without an account cannot be signed in.")
    _begin(request, account, now)
    request.session["clinic_id"] = str(parent.clinic_id)


def _begin(request: HttpRequest, account: "Account", now: datetime) -> None:
    forget(request)
    login(request, account, backend=BACKEND)
    request.session["began_at"] = request.session["seen_at"] = now.isoformat()


def forget(request: HttpRequest) -> None:
    """Drop what earlier steps or an ended session left behind; the form secret stays."""
    kept = request.session.get(CSRF_SESSION_KEY)
    request.session.clear()
    if kept:
        request.session[CSRF_SESSION_KEY] = kept


def end_of(session: "SessionBase", realm: str) -> End | None:
    """Return when a session of a realm ends, if nobody touches its page again; None for one that never began."""
    began, seen = session.get("began_at"), session.get("seen_at")
    if not began or not seen:
        return None
    return lasting()[realm].end(began_at=datetime.fromisoformat(began), seen_at=datetime.fromisoformat(seen))


def end(request: HttpRequest) -> None:
    """End the session and everything in it."""
    logout(request)


def expire(request: HttpRequest) -> None:
    """End a session that was idle too long or is too old.

    Its form secret survives, so that a form which was open meanwhile is recognised as ours and can be held.
    """
    account_id, secret = str(request.user.pk), request.session.get(CSRF_SESSION_KEY)
    logout(request)
    request.session["expired_account"] = account_id
    if secret:
        request.session[CSRF_SESSION_KEY] = secret


def expired_account(request: HttpRequest) -> UUID | None:
    """Return whose session ended by itself in this browser."""
    found: Any = request.session.get("expired_account")
    return UUID(found) if found else None
