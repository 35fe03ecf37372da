"""A form that is sent twice is done once."""

from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect

from firstlight.ground.people.models import Submission
from firstlight.ground.people.requests import ClinicRequest


class _NotDone(Exception):
    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def once(request: ClinicRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Run `act` for the first arrival of this form; later arrivals are led to where the first one led.

    `act` returns a redirect when it wrote, anything else (a form with errors) when it did not.
    """
    try:
        key = UUID(request.POST.get("once", ""))
    except ValueError:
        return act()
    sender = str(request.actor.account_id or request.META.get("REMOTE_ADDR", ""))
    try:
        with transaction.atomic():
            submission, first = Submission.objects.get_or_create(
                key=key, defaults={"sender": sender, "path": request.path[:300], "body_digest": "", "at": request.now}
            )
            if not first:
                return _again(submission, sender, act)
            response = act()
            if response.status_code not in {302, 303}:
                raise _NotDone(response)
            submission.location = response["Location"]
            submission.save(update_fields=["location"])
            return response
    except _NotDone as not_done:
        return not_done.response
    except IntegrityError:
        submission_done = Submission.objects.filter(key=key).first()
        if submission_done is None:
            raise
        return _again(submission_done, sender, act)


def _again(submission: Submission, sender: str, act: Callable[[], HttpResponse]) -> HttpResponse:
    if submission.sender != sender:
        return act()
    return see_other(submission.location)


def see_other(location: str) -> HttpResponse:
    """Redirect after a POST, so that reloading the next page sends nothing again."""
    response = redirect(location)
    response.status_code = 303
    return response
