"""Where sealed taps arrive. No sign-in: the pass in the body opens one set, for writing."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_scopes import scope

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.policies import link
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.safety.noticing import concern_notice
from firstlight.ground.safety.wording import sentences
from firstlight.journey.screening.passes import Pass, clinic_of_pass, read_pass, set_of_pass
from firstlight.journey.screening.sealed import MOST_BYTES, Malformed, SealedBox, read_request
from firstlight.journey.screening.services import IdTaken, Receipt, TooMany, link_actor, receive

STATUS: dict[type[Refused], int] = {IdTaken: 409, TooMany: 429}


@require_POST
@link("the pass in the body opens one set of questions, for writing")
def box(request: ClinicRequest) -> JsonResponse:
    """Take one sealed tap. The answer names the box, so that a phone knows whose answer it is before it forgets it."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return _says(413, _("This is too large."))
    try:
        signed, sealed = read_request(request.body)
    except Malformed:
        return _says(400, _("This could not be read."))
    try:
        shown = read_pass(signed)
        with scope(clinic=clinic_of_pass(shown.set_id)):
            return _take(request, shown, sealed)
    except Http404:
        return _says(404, _("These questions are not known here."), sealed)


def _take(request: ClinicRequest, shown: Pass, sealed: SealedBox) -> JsonResponse:
    question_set = set_of_pass(shown.set_id)
    try:
        receipt = receive(
            question_set=question_set,
            box=sealed,
            page_made_at=shown.made_at,
            by=link_actor(question_set),
            at=request.now,
        )
    except Refused as refused:
        return _says(STATUS.get(type(refused), 422), refused.message, sealed)
    told = _told(request, question_set) if receipt.asks_help else []
    return JsonResponse(_receipt(receipt, sealed, told), status=200 if receipt.again else 201)


def _receipt(receipt: Receipt, sealed: SealedBox, told: list[str]) -> dict[str, Any]:
    return {
        "id": str(sealed.id),
        "counts": receipt.counts,
        "finished": receipt.finished,
        "further": receipt.further,
        "told": told,
    }


def _told(request: ClinicRequest, question_set: Any) -> list[str]:
    """Return who was told of an answer that asks for help, and when somebody reads it."""
    notice, zone = concern_notice(question_set.parent, request.now), ZoneInfo(question_set.parent.timezone)
    return [_("The clinic was told of your answer."), *sentences(notice, request.now, zone)]


def _says(status: int, says: str, sealed: SealedBox | None = None) -> JsonResponse:
    return JsonResponse({"id": str(sealed.id) if sealed else None, "says": says}, status=status)
