"""Check-ins are arranged when a dose is complete, and the parent is told when one opens."""

from datetime import datetime
from uuid import UUID

from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Clinic, Episode, EpisodeState, Parent
from firstlight.ground.worklist.services import absolute, send
from firstlight.journey.dosing.models import Session
from firstlight.journey.response.models import CheckIn
from firstlight.journey.response.schedule import Rule, rules
from firstlight.journey.screening.services import assign, link_for

MESSAGE = "response/check_in.txt"
OVER = (EpisodeState.TRANSFERRED, EpisodeState.CLOSED)
"""Who is in somebody else's care, or in nobody's, is not written to any more."""


@write
def arrange_check_ins(*, session_id: UUID, parent: Parent, episode: Episode, by: Actor, at: datetime) -> list[CheckIn]:
    """Arrange what the schedule asks after this dose: follows "dose.completed". Counted from the end of the infusion.

    What was arranged for this dose before is left as it is.
    """
    session = Session.objects.get(id=session_id)
    standing = set(CheckIn.objects.filter(session=session).values_list("rule", flat=True))
    wanted = [
        rule for rule in rules() if rule.key not in standing and not (rule.first_dose_only and session.number > 1)
    ]
    arranged = [_arrange(rule, session, parent, episode, by, at) for rule in wanted]
    record("check_ins.arranged", by=by, at=at, parent=parent.id, about=session, detail={"count": len(arranged)})
    return arranged


def _arrange(rule: Rule, session: Session, parent: Parent, episode: Episode, by: Actor, at: datetime) -> CheckIn:
    due_at, expires_at = rule.due_at(at), rule.expires_at(at)
    question_set = assign(
        parent=parent,
        episode=episode,
        set_name=rule.set_name,
        by=by,
        at=at,
        due_at=due_at,
        expires_at=expires_at,
        anchor=f"dose:{session.id}:{rule.key}",
    )
    return CheckIn.objects.create(
        clinic_id=session.clinic_id,
        parent=parent,
        session=session,
        rule=rule.key,
        question_set=question_set,
        due_at=due_at,
        expires_at=expires_at,
    )


def remind_due(now: datetime) -> None:
    """Tell parents that a check-in is open: once each, in every clinic. Runs in the background."""
    for clinic in Clinic.objects.all():
        with scope(clinic=clinic.id):
            waiting = CheckIn.objects.filter(reminded_at__isnull=True, due_at__lte=now, expires_at__gt=now)
            waiting = waiting.filter(question_set__completed_at__isnull=True).exclude(session__episode__state__in=OVER)
            for check_in in waiting.select_related("parent", "question_set"):
                remind(check_in=check_in, by=Actor.system(clinic.id), at=now)


@write
def remind(*, check_in: CheckIn, by: Actor, at: datetime) -> CheckIn:
    """Send one neutral message with a link that needs no sign-in. Twice is once, and what is answered needs none."""
    found = CheckIn.objects.select_for_update(of=("self",)).select_related("parent", "question_set")
    check_in = found.get(id=check_in.id)
    answered = check_in.question_set.completed_at is not None
    if check_in.reminded_at is not None or answered or not check_in.parent.email:
        return check_in
    link = link_for(question_set=check_in.question_set, by=by, at=at)
    send(
        clinic_id=check_in.clinic_id,
        to=check_in.parent.email,
        template=MESSAGE,
        context={"link": absolute(link)},
        by=by,
        at=at,
        parent=check_in.parent,
        key=f"check-in:{check_in.id}",
    )
    check_in.reminded_at = at
    check_in.save(update_fields=["reminded_at"])
    record("check_in.reminded", by=by, at=at, parent=check_in.parent_id, about=check_in)
    return check_in
