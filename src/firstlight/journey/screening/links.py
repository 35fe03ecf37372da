"""What a check-in link opens. Unknown, ended and expired ones look alike."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.http import Http404
from django_scopes import scopes_disabled

from firstlight.ground.people.models import Clinic
from firstlight.journey.screening.models import QuestionSet, SetLink
from firstlight.journey.screening.selectors import is_expired


def digest_of(token: str) -> str:
    """Return what is stored of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def clinic_of_link(token: str) -> UUID | None:
    """Return the clinic to enter for a link; None when there is no such link. Says nothing about the set."""
    with scopes_disabled():
        found = SetLink.objects.filter(digest=digest_of(token)).values_list("clinic_id", flat=True)
        return next(iter(found), None)


def set_of_link(token: str, now: datetime) -> QuestionSet:
    """Return the set behind a link that was not ended, answered or not. Raises Http404 for any other, and once it is over."""
    found = SetLink.objects.select_related(
        "question_set__parent__family", "question_set__clinic", "question_set__episode"
    )
    link = found.filter(digest=digest_of(token), end__isnull=True).first()
    if link is None or is_expired(link.question_set, now):
        raise Http404
    return link.question_set


def clinic_named(clinic_id: UUID) -> Clinic:
    """Return a clinic, for the pages after a link, which know no more than that."""
    clinic = Clinic.objects.filter(id=clinic_id).first()
    if clinic is None:
        raise Http404
    return clinic
