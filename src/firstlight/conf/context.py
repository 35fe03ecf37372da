"""What every page's shell needs from outside its page."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from firstlight.conf import navigation
from firstlight.ground.audit.actors import Actor
from firstlight.ground.design.navigation import Link, Shell
from firstlight.ground.people.lasting import STAFF, lasting
from firstlight.ground.people.middleware import realm_of
from firstlight.ground.people.models import Account, Parent
from firstlight.ground.people.selectors import state_of_care
from firstlight.ground.worklist.selectors import waiting


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the shell of this page; works for error pages, which have no actor."""
    actor: Actor = getattr(request, "actor", None) or Actor.nobody()
    build = {"/me/": _parent_shell, "/clinic/": _clinic_shell}.get(realm_of(request.path) or "", _public_shell)
    return {"shell": build(request, actor), "demo": settings.DEMO, "actor": actor}


def _public_shell(request: HttpRequest, actor: Actor) -> Shell:
    return Shell(home_url="/", exit_url=_address("people:leave"), help_url=_address("safety:help"))


def _parent_shell(request: HttpRequest, actor: Actor) -> Shell:
    parent: Parent | None = getattr(request, "parent", None)
    account: Account | None = getattr(request, "account", None)
    inside = actor.parent_id is not None
    state = state_of_care(parent) if parent and inside else ""
    return Shell(
        home_url=_address("portal:today") if inside else "/",
        exit_url=_address("people:leave"),
        help_url=_address("safety:parent_help" if inside else "safety:help_inside"),
        sign_out_url=_address("people:parent_sign_out") if inside else "",
        items=tuple(_links(_open_in(state, navigation.PARENT), request, actor)) if inside else (),
        account=tuple(_links(_open_in(state, navigation.PARENT_MORE), request, actor)) if inside else (),
        hand=parent.hand if parent else "right",
        lock_url=_address("people:lock"),
        worker_url=_address("portal:worker"),
        lock_after_seconds=60 * (account.pin_minutes or 0) if account else 0,
    )


def _open_in(state: str, items: Iterable[navigation.Item]) -> Iterable[navigation.Item]:
    return (item for item in items if state not in item.hidden_in)


def _clinic_shell(request: HttpRequest, actor: Actor) -> Shell:
    clinic = getattr(request, "clinic", None)
    inside, now = actor.membership_id is not None, waiting(actor)
    return Shell(
        home_url=_address("desk:today") if inside else "/",
        help_url="",
        sign_out_url=_address("people:staff_sign_out") if inside else "",
        awake_url=_address("people:awake") if inside else "",
        warn_seconds=int(lasting()[STAFF].warn.total_seconds()),
        items=tuple(_links(navigation.CLINIC, request, actor, counts={navigation.TASKS: now.count})) if inside else (),
        place=clinic.name if clinic else "",
        person=actor.name,
        alarms=tuple(Link(one.title, _address("worklist:task", one.task_id)) for one in now.ringing),
        record_links=partial(_record_links, request, actor),
    )


def _record_links(request: HttpRequest, actor: Actor, record_id: object) -> tuple[Link, ...]:
    return tuple(_links(navigation.RECORD, request, actor, record_id))


def _links(
    items: Iterable[navigation.Item],
    request: HttpRequest,
    actor: Actor,
    *args: object,
    counts: Mapping[str, int] | None = None,
) -> Iterable[Link]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    for item in items:
        if item.permission is None or actor.may(item.permission):
            current = here in {item.url, *item.also}
            count = (counts or {}).get(item.url, 0)
            yield Link(str(item.label), _address(item.url, *args), item.icon, current, count)


def _address(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
