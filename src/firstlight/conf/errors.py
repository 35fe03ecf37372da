"""Error pages. They carry no data of the request."""

from typing import Any, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from firstlight.conf.uploads import FileSent
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.middleware import realm_of
from firstlight.ground.people.once import see_other
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.returning import kept_from_before

BYTES_IN_A_MEGABYTE = 1_000_000
FAILED = 500


def _page(request: HttpRequest, status: int, title: str, *texts: str, back: bool = False) -> HttpResponse:
    """Render an error page. `back`: the page before it holds what was typed, and the way there is the main action.

    Signed-in staff keep the frame of the clinic, except when we failed: then nothing is asked of the database.
    """
    context = {"error_title": title, "error_texts": texts, "status": status, "goes_back": back}
    works_here = realm_of(request.path) == "/clinic/" and _actor_of(request).membership_id is not None
    page = "design/clinic_error.html" if works_here and status < FAILED else "design/error.html"
    return render(request, page, context, status=status)


def _actor_of(request: HttpRequest) -> Actor:
    """Return who asked; nobody where the request failed before that was known."""
    found: Actor | None = getattr(request, "actor", None)
    return found or Actor.nobody()


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say what was wrong with a request; of a form that was too large: the limit, and that nothing typed is lost."""
    if isinstance(exception, FileSent):
        return _too_large(request, _("No page takes a file."), _("Leave the file out, and send the form again."))
    if isinstance(exception, RequestDataTooBig):
        return _too_large(
            request, _("That was too long to send."), _size(request), _("Shorten it, or send it in parts.")
        )
    if isinstance(exception, TooManyFieldsSent):
        most = _("At most %(most)s fields can be sent at once. Send fewer, in parts.")
        return _too_large(
            request, _("That had too many fields."), most % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}
        )
    return _page(
        request,
        400,
        _("We could not read that."),
        _("Something in what was sent is not in a form we know. Nothing was changed."),
    )


def _too_large(request: HttpRequest, title: str, *texts: str) -> HttpResponse:
    kept = _("Nothing was changed. What you typed still stands on the page before this one: go back to it.")
    return _page(request, 413, title, *texts, kept, back=True)


def _size(request: HttpRequest) -> str:
    """Tell the limit, and the size as the browser gave it. Rounded up: what is over the limit never reads as the limit."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    given = request.headers.get("Content-Length", "")
    tenths = -(-int(given) * 10 // BYTES_IN_A_MEGABYTE) if given.isdecimal() else 0
    sizes = {"limit": number_format(limit / BYTES_IN_A_MEGABYTE, 0), "size": number_format(tenths / 10, 1)}
    if not tenths:
        return _("A form can hold at most %(limit)s MB.") % sizes
    return _("A form can hold at most %(limit)s MB; this one held %(size)s MB.") % sizes


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
        request,
        403,
        _("This form is too old."),
        _("Nothing was sent. Go back, reload the page, and send it again."),
        back=True,
    )
