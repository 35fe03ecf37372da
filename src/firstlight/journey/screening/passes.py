"""What lets a phone send sealed taps of one set, also after the sign-in ended or the link was used up.

A pass stands in the page. It names the set and when the page was made, signed by this installation; it opens nothing for
reading, and what comes with it is taken only as long as answers to the set are.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.http import Http404
from django_scopes import scopes_disabled

from firstlight.journey.screening.models import QuestionSet

_SIGNER = "firstlight.screening.pass"
_OPENED = "firstlight.screening.opened"


@dataclass(frozen=True, slots=True)
class Pass:
    """A set that may be written to, and when the page with the pass was made: no tap is older."""

    set_id: UUID
    made_at: datetime


def pass_for(question_set: QuestionSet, at: datetime) -> str:
    """Return the pass of a set for a page that is made now."""
    return signing.Signer(salt=_SIGNER).sign_object({"set": question_set.id.hex, "at": at.isoformat()})


def read_pass(signed: str) -> Pass:
    """Return what a pass says. One that was not made here is an unknown page."""
    try:
        said = signing.Signer(salt=_SIGNER).unsign_object(signed)
    except signing.BadSignature:
        raise Http404 from None
    return Pass(UUID(said["set"]), datetime.fromisoformat(said["at"]))


def opened_by(token: str, question_set: QuestionSet) -> str:
    """Return what shows, in a page that a link opened, that this link opened this set: the link itself may end meanwhile."""
    return signing.Signer(salt=f"{_OPENED}:{token}").sign(question_set.id.hex)


def set_opened_by(token: str, signed: str) -> UUID:
    """Return the set that a link once opened, as a page of it says. Raises Http404 for a page that this link never opened."""
    try:
        return UUID(signing.Signer(salt=f"{_OPENED}:{token}").unsign(signed))
    except signing.BadSignature:
        raise Http404 from None


def clinic_of_pass(set_id: UUID) -> UUID:
    """Return the clinic to enter for the set of a pass. Says nothing about the set."""
    with scopes_disabled():
        found = QuestionSet.objects.filter(id=set_id).values_list("clinic_id", flat=True).first()
    if found is None:
        raise Http404
    return found


def set_of_pass(set_id: UUID) -> QuestionSet:
    """Return the set of a pass, whatever its state: what is too late is refused by the services, with words."""
    return QuestionSet.objects.select_related("parent__family", "clinic", "episode").get(id=set_id)
