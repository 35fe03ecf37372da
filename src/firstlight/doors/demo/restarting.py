"""A demo that was left alone: the session that was running then is brought to its end, and today's is opened."""

from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django_scopes import scope

from firstlight.doors.demo.building import SEED
from firstlight.doors.demo.cast import cast
from firstlight.doors.demo.house import House, house_of
from firstlight.doors.demo.sessions import close, dose
from firstlight.ground.people.models import Clinic, Episode
from firstlight.ground.visits import services as visits
from firstlight.ground.visits.models import Visit, VisitKind, VisitStatus
from firstlight.journey.dosing.models import LIVE, Session, SessionState

STALE_AFTER = timedelta(hours=12)
OPENED_BEFORE_NOW = timedelta(minutes=55)


@transaction.atomic
def bring_up_to(now: datetime, *, seed: int = SEED) -> bool:
    """Close a stale session and open a new one. False: the series is used up, and the demo has to be made anew."""
    clinic = Clinic.objects.get(slug=cast().clinic["slug"])
    with scope(clinic=clinic.id):
        house = house_of(clinic)
        stale = Session.objects.filter(state__in=LIVE, opened_at__lt=now - STALE_AFTER).select_related(
            "parent", "episode"
        )
        left = [session for session in stale if session.started_at is not None]
        for session in left:
            chance = Random(f"{seed}:{session.parent.name}:{session.number}")  # a story, not a secret
            close(session, house, cast().parent("maya"), now, chance)
        if left or not Session.objects.filter(state__in=LIVE).exists():
            return _open_next(house, now, seed)
    return True


def _open_next(house: House, now: datetime, seed: int) -> bool:
    """Play Maya's next session, whoever else was in the chair: a visitor may have dosed another parent."""
    maya = cast().parent("maya").name
    given = (
        Session.objects.exclude(state=SessionState.CANCELLED).select_related("parent", "order").order_by("-opened_at")
    )
    last = next((session for session in given if session.parent.name == maya), None)
    if last is None or last.number >= last.order.sessions:
        return False
    booked = Visit.objects.filter(parent_id=last.parent_id, status=VisitStatus.BOOKED).order_by("starts_at")
    visit = booked.filter(kind=VisitKind.DOSING).first()
    talk = booked.filter(kind=VisitKind.INTEGRATION, starts_at__gt=visit.starts_at if visit else now).first()
    if visit is None or talk is None:
        return False
    opened, nurse = now - OPENED_BEFORE_NOW, house.actor("second_nurse")
    visits.move(visit=talk, starts_at=opened + timedelta(days=1), by=nurse, at=opened - timedelta(minutes=5))
    visit = visits.move(visit=visit, starts_at=opened, by=nurse, at=opened - timedelta(minutes=5))
    episode = Episode.objects.select_related("parent__family", "clinic").get(id=last.episode_id)
    chance = Random(f"{SEED}:{maya}:{last.number + 1} opened")  # a story: each session draws ids of its own
    for _at in dose(cast().parent("maya"), house, episode, visit, last.number, now, chance):
        pass
    return True
