"""Error pages. They carry no data of the request."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from firstlight.ground.people.middleware import realm_of
from firstlight.ground.people.once import see_other
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.returning import kept_from_before


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(
        request, "design/error.html", {"error_title": title, "error_text": text, "status": status}, status=status
    )


def bad_request(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return _page(
        request,
        400,
        _("We could not read that."),
        _("Something in what was sent is not in a form we know. Nothing was changed."),
    )


def forbidden(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return _page(request, 403, _("This is not open to you."), _("Nothing was changed."))


def not_found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return _page(
        request,
        404,
        _("There is nothing here for you."),
        _("The address may be old, or the page may belong to someone else."),
    )


def server_error(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return _page(
        request,
        500,
        _("This went wrong on our side."),
        _("What you sent was not saved. Please try again, or call the clinic."),
    )


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Offer a form from before somebody signed in again, if it is ours; refuse every other one."""
    realm = realm_of(request.path)
    offer = kept_from_before(cast("ClinicRequest", request), realm) if realm else None
    if offer:
        return see_other(offer)
    return _page(
        request, 403, _("This form is too old."), _("Nothing was sent. Go back, reload the page, and send it again.")
    )
