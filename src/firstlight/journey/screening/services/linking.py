"""Check-in links: a secret in an address that opens one set, for writing. Each message has one of its own."""

import secrets
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.people.steps import LEFT
from firstlight.journey.screening.links import digest_of
from firstlight.journey.screening.models import LinkEnded, LinkPurpose, QuestionSet, SetLink, SetLinkEnd
from firstlight.journey.screening.services.openness import locked_open

LINK_ROLE = "link"


@write
def link_for(*, question_set: QuestionSet, by: Actor, at: datetime) -> str:
    """Return one more address under which this one set can be answered without signing in. Earlier ones go on working.

    Only a digest of the token is stored. Raises Refused for a set that is finished or expired.
    """
    current = locked_open(question_set, at)
    token = secrets.token_urlsafe(24)
    told_before = SetLink.objects.filter(question_set=current).exists()
    purpose = LinkPurpose.REMINDER if told_before else LinkPurpose.FIRST
    SetLink.objects.create(
        clinic_id=current.clinic_id, question_set=current, digest=digest_of(token), purpose=purpose, made_at=at
    )
    record(
        "screening.link_made", by=by, at=at, parent=current.parent_id, about=current, detail={"purpose": str(purpose)}
    )
    return reverse("screening:link", args=[token])


@write
def end_links(*, parent: Parent, by: Actor, at: datetime) -> int:
    """End every link that a parent was sent, because she wants it; return how many. The sets stay open on her own pages."""
    return _end_of(parent, QuestionSet.objects.filter(parent=parent), LinkEnded.WISH, by, at)


@write
def end_links_of_address(*, parent: Parent, by: Actor, at: datetime) -> None:
    """End every link that went to an earlier email address, which may be a stranger's: follows "email.changed"."""
    _end_of(parent, QuestionSet.objects.filter(parent=parent), LinkEnded.ADDRESS, by, at)


@write
def end_links_at_the_end(*, episode: Episode, by: Actor, at: datetime) -> None:
    """End every link of an episode whose care is over: follows "episode.moved".

    After a stop what is still asked for safety keeps its links; what the stop takes back loses them with its set.
    """
    if episode.state in LEFT:
        _end_of(episode.parent, QuestionSet.objects.filter(episode=episode), LinkEnded.CARE_OVER, by, at)


def end_links_with_set(question_set: QuestionSet, at: datetime) -> None:
    """End every link of a set that is being closed. The set is locked, and the event of its closing tells of both."""
    _end(QuestionSet.objects.filter(id=question_set.id), LinkEnded.CLOSED, at)


def link_actor(question_set: QuestionSet) -> Actor:
    """Return who acts through a check-in link: nobody known, who may write this one set and reach nothing else."""
    return Actor(role=LINK_ROLE, clinic_id=question_set.clinic_id)


def _end_of(parent: Parent, sets: QuerySet[QuestionSet], why: LinkEnded, by: Actor, at: datetime) -> int:
    """End the links to some sets of a parent. The sets are locked first: who ends the same links at once comes after."""
    list(sets.filter(id__in=_working(sets).values("question_set_id")).select_for_update(of=("self",)).order_by("id"))
    count = _end(sets, why, at)
    if count:
        detail = {"why": str(why), "count": count}
        record("screening.links_ended", by=by, at=at, parent=parent.id, about=parent, detail=detail)
    return count


def _working(sets: QuerySet[QuestionSet]) -> QuerySet[SetLink]:
    return SetLink.objects.filter(end__isnull=True, question_set__in=sets)


def _end(sets: QuerySet[QuestionSet], why: LinkEnded, at: datetime) -> int:
    ended = [SetLinkEnd(clinic_id=link.clinic_id, link=link, why=why, at=at) for link in _working(sets)]
    return len(SetLinkEnd.objects.bulk_create(ended))
