"""The agreement as the clinic sees it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import current_episode, parent_for
from firstlight.journey.consent import services
from firstlight.journey.consent.selectors import agreement_of, edition_for, own_episode


@staff(Permission.RECORD_READ)
@require_GET
def consent(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show state, signatures, touch choices, and how the questions were answered."""
    return _page(request, parent_id)


@staff(Permission.CONSENT_WITNESS)
@require_POST
def withdraw(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Take the agreement back for a parent who says so."""
    whose = parent_for(request.actor, parent_id)
    episode = current_episode(request.actor, parent_id)

    def act() -> HttpResponse:
        try:
            services.withdraw(parent=whose, episode=episode, by=request.actor, at=request.now)
        except Refused as refused:
            return _page(request, parent_id, refused.message)
        return see_other(reverse("consent:of_parent", args=[parent_id]))

    return once(request, act)


@staff(Permission.CONSENT_WITNESS)
@require_POST
def narrow(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Take one yes about touch back for a parent who says so. Nothing can be added here."""
    parent_for(request.actor, parent_id)
    episode = current_episode(request.actor, parent_id)

    def act() -> HttpResponse:
        try:
            services.narrow_touch(episode=episode, kind=request.POST.get("kind", ""), by=request.actor, at=request.now)
        except Refused as refused:
            return _page(request, parent_id, refused.message)
        return see_other(reverse("consent:of_parent", args=[parent_id]))

    return once(request, act)


def _page(request: ClinicRequest, parent_id: UUID, refusal: str = "") -> HttpResponse:
    whose = parent_for(request.actor, parent_id)
    episode = own_episode(whose)
    if episode is None:
        raise Http404
    shown, agreement = edition_for(whose, request.now), agreement_of(episode)
    answers, done, touch = agreement.answers_about(shown), agreement.understood(shown), agreement.touch
    request.open_record(parent_id, "consent")
    context = {
        "parent": whose,
        "zone": whose.clinic.timezone,
        "shown": shown,
        "state": agreement.state(request.now),
        "consents": agreement.consents,
        "touch": [(kind, label, kind in touch.allowed) for kind, label in shown.touch_kinds],
        "touch_at": touch.at,
        "touch_count": len(agreement.touches),
        "questions": [
            (part, sum(answer.question == part.key for answer in answers), part.key in done)
            for part in shown.parts
            if part.question
        ],
        "next_part": agreement.next_part(shown),
        "may_act": request.actor.may(Permission.CONSENT_WITNESS),
        "refusal": refusal,
    }
    return render(request, "consent/of_parent.html", context, status=422 if refusal else 200)
