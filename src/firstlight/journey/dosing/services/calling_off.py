"""What an ended episode leaves in the calendar: no dose to come, and no talk that belonged to one."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode
from firstlight.ground.people.steps import ENDED
from firstlight.ground.visits import services as visits
from firstlight.ground.visits.models import Visit, VisitKind, VisitStatus
from firstlight.journey.dosing.models import LIVE, Session, SessionState
from firstlight.journey.planning.defaults import defaults

IN_THE_CHAIR = (SessionState.INFUSING, SessionState.PAUSED, SessionState.RECOVERING)


def keep_while_in_the_chair(*, episode: Episode, by: Actor, at: datetime) -> None:
    """Refuse the end of an episode while ketamine runs or its effect is watched: first the session, then the care."""
    if episode.state not in ENDED:
        return
    running = (
        Session.objects.filter(parent_id=episode.parent_id, state__in=IN_THE_CHAIR).select_related("nurse").first()
    )
    if running is not None:
        message = _("%(nurse)s has this person in the chair. Stop the infusion there and let her or him leave first.")
        raise Refused(message % {"nurse": running.nurse.public_name}, field="to", value=episode.state)


@write
def call_off_rest(*, episode: Episode, by: Actor, at: datetime) -> None:
    """Cancel the doses to come of an episode that has ended, and the talks around them.

    A talk within the hours that the series keeps for it after a dose that was given stays booked: nobody is left alone
    with a session. A session under way stays as it is.
    """
    if episode.state not in ENDED:
        return
    under_way = Session.objects.filter(parent_id=episode.parent_id, state__in=LIVE).values("visit_id")
    booked = Visit.objects.filter(parent_id=episode.parent_id, status=VisitStatus.BOOKED, ends_at__gt=at)
    given = _given(episode)
    for visit in booked.exclude(kind=VisitKind.TALK).exclude(id__in=under_way):
        if visit.kind == VisitKind.DOSING or (visit.starts_at > at and not _follows(visit, given)):
            visits.cancel(visit=visit, reason=_("Treatment has ended."), by=by, at=at)


def _given(episode: Episode) -> list[datetime]:
    """Return when the visits ended, or are to end, in which a dose was begun."""
    begun = Session.objects.filter(parent_id=episode.parent_id, started_at__isnull=False)
    return list(begun.values_list("visit__ends_at", flat=True))


def _follows(visit: Visit, given: list[datetime]) -> bool:
    within = timedelta(hours=defaults().integration_within_hours)
    return any(timedelta(0) <= visit.starts_at - ended_at <= within for ended_at in given)
