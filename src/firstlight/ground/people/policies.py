"""Who may use a route. Every view carries one policy; a route without one stops the start-up."""

import functools
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Concatenate, ParamSpec, Protocol, cast
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django_htmx.http import HttpResponseClientRedirect
from django_scopes import scope

from firstlight.ground.audit.selectors import noted_lately
from firstlight.ground.audit.services import note
from firstlight.ground.people.middleware import realm_of
from firstlight.ground.people.offered import looking
from firstlight.ground.people.once import see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.returning import hold_form

P = ParamSpec("P")
View = Callable[Concatenate[ClinicRequest, P], HttpResponse]
POLL_REFUSAL_EVERY = timedelta(hours=1)  # ours: one refusal for each object and person, not one a second
READING = {"GET", "HEAD", "OPTIONS"}


class Decorator(Protocol):
    """Makes a route of a view, whatever the view takes after the request."""

    def __call__(self, view: View[P], /) -> Callable[..., HttpResponse]: ...


@dataclass(frozen=True, slots=True)
class Policy:
    """What a route asks of its caller. `kind`: staff, parent, link (a secret in the address) or anyone."""

    kind: str
    permission: Permission | None = None
    poll: bool = False
    reason: str = ""

    def admits(self, request: ClinicRequest) -> bool:
        """Tell whether the caller may use the route; a missing right is the same as an unknown page."""
        if self.kind == "staff":
            return request.actor.membership_id is not None and (
                self.permission is None or request.actor.may(self.permission)
            )
        if self.kind == "parent":
            return request.actor.parent_id is not None
        return True


def staff(permission: Permission | None = None, *, poll: bool = False) -> Decorator:
    """Admit staff who hold a permission (None: any staff).

    A poll writes no read event and keeps no session awake. One that is denied writes its refusal once an hour.
    """
    return _guard(Policy("staff", permission, poll))


def parent(*, poll: bool = False) -> Decorator:
    """Admit a signed-in parent, to her own record."""
    return _guard(Policy("parent", poll=poll))


def link(reason: str) -> Decorator:
    """Admit whoever holds the secret in the address. The view checks it and enters the clinic's scope itself."""
    return _guard(Policy("link", reason=reason))


def anyone(reason: str) -> Decorator:
    """Admit everybody; say why. Outside the realms there is no cookie, so a form is checked by its origin."""
    return _guard(Policy("anyone", reason=reason))


def _guard(policy: Policy) -> Decorator:
    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def run(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return _run(policy, view, cast("ClinicRequest", request), *args, **kwargs)

        guarded = csrf_exempt(run) if policy.kind in {"anyone", "link"} else run
        guarded.policy = policy  # type: ignore[attr-defined]  # read by the start-up check and the tests
        return guarded

    return decorate


def _run(
    policy: Policy, view: Callable[..., HttpResponse], request: ClinicRequest, *args: Any, **kwargs: Any
) -> HttpResponse:
    if policy.kind in {"anyone", "link"} and not _same_origin(request):
        return HttpResponse(status=403)
    response = (
        _answer(policy, view, request, *args, **kwargs) if policy.admits(request) else _turn_away(policy, request)
    )
    if policy.kind != "anyone" or realm_of(request.path):
        add_never_cache_headers(response)
        response["Cache-Control"] = "no-store"
    return response


def _answer(
    policy: Policy, view: Callable[..., HttpResponse], request: ClinicRequest, *args: Any, **kwargs: Any
) -> HttpResponse:
    actor = request.actor
    with scope(clinic=actor.clinic_id) if policy.kind in {"staff", "parent"} else nullcontext():
        try:
            with looking() as not_offered:
                response = view(request, *args, **kwargs)
        except Http404:
            if actor.account_id:
                _note_refusal(policy, request)
            raise
        if not_offered and actor.account_id:
            _note_refusal(policy, request)
    if not policy.poll:
        for opened in request.opened:
            note(f"read.{opened.screen}", by=actor, at=request.now, parent=opened.parent_id)
    return response


def _turn_away(policy: Policy, request: ClinicRequest) -> HttpResponse:
    if request.actor.account_id:
        _note_refusal(policy, request)
        raise Http404
    if policy.poll or _in_background(request):
        return HttpResponse(status=401)
    if request.method not in READING:
        hold_form(request)
    page = "people:staff_sign_in" if policy.kind == "staff" else "people:parent_sign_in"
    address = f"{reverse('people:lock' if request.locked else page)}?{urlencode({'next': _page_of(request)})}"
    if request.htmx:
        return HttpResponseClientRedirect(address)
    return redirect(address) if request.method in READING else see_other(address)


def _in_background(request: ClinicRequest) -> bool:
    """Tell whether a script of ours asks: it gets a status, not a sign-in page in place of its answer."""
    return not request.htmx and request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


def _page_of(request: ClinicRequest) -> str:
    """Return the page that somebody was on: this address, or the one that the form stood on."""
    if request.method in READING and not request.htmx:
        return request.get_full_path()
    parts = _parts_of(request.htmx.current_url or request.headers.get("Referer", ""))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _note_refusal(policy: Policy, request: ClinicRequest) -> None:
    """Write a refusal, by itself. A script that polls what it may not see is refused each time, and noted once an hour."""
    detail = {"route": request.resolver_match.view_name if request.resolver_match else "", "method": request.method}
    if policy.poll and request.resolver_match:
        detail |= {name: str(value) for name, value in request.resolver_match.kwargs.items()}
        if noted_lately("refused", by=request.actor, at=request.now, within=POLL_REFUSAL_EVERY, detail=detail):
            return
    note("refused", by=request.actor, at=request.now, outcome="refused", detail=detail)


def _same_origin(request: HttpRequest) -> bool:
    if request.method in READING:
        return True
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or _parts_of(origin).netloc == request.get_host()


def _parts_of(address: str) -> SplitResult:
    """Split an address that a caller wrote; one that cannot be read has no parts."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def unguarded_routes() -> list[str]:
    """Name every route that carries no policy. Static files are served before routing."""
    from django.urls import URLPattern, URLResolver, get_resolver

    def walk(patterns: list[Any], prefix: str) -> list[str]:
        found = []
        for entry in patterns:
            if isinstance(entry, URLResolver):
                found += walk(entry.url_patterns, f"{prefix}{entry.pattern}")
            elif isinstance(entry, URLPattern) and not hasattr(entry.callback, "policy"):
                found.append(f"{prefix}{entry.pattern}")
        return found

    return walk(get_resolver(settings.ROOT_URLCONF).url_patterns, "/")
