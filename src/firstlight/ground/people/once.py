"""A form that is sent twice is done once."""

import hashlib
import json
from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from firstlight.ground.people.models import Submission
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.services.holding import release

NOT_CONTENT = {"csrfmiddlewaretoken", "once"}


class _NotDone(Exception):
    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def once(request: ClinicRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Run `act` for the first arrival of this form; later arrivals are led to where the first one led.

    `act` returns a redirect when it wrote, anything else (a form with errors) when it did not. The same form with
    other content (gone back, changed, sent again) is not done and not dropped in silence: a page says so.
    """
    key = _key_of(request)
    if key is None:
        return act()
    try:
        with transaction.atomic():
            return _first_or_again(request, key, act)
    except _NotDone as not_done:
        return not_done.response
    except IntegrityError:  # the same form arrived twice at once, and the other one was done
        done = Submission.objects.filter(key=key).first()
        if done is None:
            raise
        return _again(request, done, act)


def _key_of(request: ClinicRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("once", ""))
    except ValueError:
        return None


def _first_or_again(request: ClinicRequest, key: UUID, act: Callable[[], HttpResponse]) -> HttpResponse:
    submission, first = Submission.objects.get_or_create(
        key=key,
        defaults={
            "sender": _sender(request),
            "path": request.path[:300],
            "body_digest": _digest(request),
            "at": request.now,
        },
    )
    if not first:
        return _again(request, submission, act)
    response = act()
    if response.status_code not in {302, 303}:
        raise _NotDone(response)
    submission.location = response["Location"]
    submission.save(update_fields=["location"])
    if request.actor.account_id:
        release(account_id=request.actor.account_id, once=key)
    return response


def _again(request: ClinicRequest, submission: Submission, act: Callable[[], HttpResponse]) -> HttpResponse:
    if (submission.sender, submission.path) != (_sender(request), request.path[:300]):
        return act()
    if submission.body_digest == _digest(request):
        return see_other(submission.location)
    return render(request, "people/sent_before.html", {"submission": submission}, status=409)


def _sender(request: ClinicRequest) -> str:
    return str(request.actor.account_id or request.META.get("REMOTE_ADDR", ""))


def _digest(request: ClinicRequest) -> str:
    content = sorted((name, values) for name, values in request.POST.lists() if name not in NOT_CONTENT)
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def see_other(location: str) -> HttpResponse:
    """Redirect after a POST, so that reloading the next page sends nothing again."""
    response = redirect(location)
    response.status_code = 303
    return response
