"""A prescriber chooses by which of several published values a change is judged."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from firstlight.clinical import instruments
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Clinic, EpisodeState
from firstlight.ground.people.permissions import Permission
from firstlight.journey.response.models import ReliableChangeChoice, Standing
from firstlight.journey.response.services.following import follow_again
from firstlight.journey.response.values import choosable, conflicting, definition_in

REASON_LENGTH = 500
GOES_ON = (EpisodeState.ACTIVE, EpisodeState.PAUSED)


@write
def choose_reliable_change(
    *, clinic: Clinic, instrument: str, points: int, reason: str, by: Actor, at: datetime
) -> ReliableChangeChoice | None:
    """Judge an instrument by another of its published reliable changes from now on; None when it is judged so already.

    Courses that are under way are judged anew at once: one that is worse by the value chosen becomes somebody's task, and no
    task is finished by it. Raises Refused.
    """
    if by.membership_id is None or not by.may(Permission.ASSESS):
        raise Refused(_("Only somebody who decides on treatment chooses this."), field="by", value=by.role)
    current = Clinic.objects.select_for_update().get(id=clinic.id)  # two at once judge nobody by both
    definition = _current(current, instrument)
    published = [one.points for one in choosable(definition)]
    if points not in published:
        known = ", ".join(f"{one:g}" for one in sorted(published))
        raise Refused(
            _("Choose one of the published values: %(known)s.") % {"known": known}, field="points", value=points
        )
    if definition.reliable_change is not None and definition.reliable_change.points == points:
        return None
    why = reason.strip()
    if not 0 < len(why) <= REASON_LENGTH:
        raise Refused(_("Say why, in at most %(most)d letters.") % {"most": REASON_LENGTH}, field="reason")
    choice = ReliableChangeChoice.objects.create(
        clinic=clinic, instrument=instrument, points=points, reason=why, at=at, by_id=by.membership_id
    )
    current.reliable_changes = {**current.reliable_changes, instrument: points}
    current.save(update_fields=["reliable_changes"])
    record("response.value_chosen", by=by, at=at, about=choice, detail={"instrument": instrument, "points": points})
    _judge_again(clinic, instrument, points, by, at)
    return choice


def _current(clinic: Clinic, name: str) -> instruments.Instrument:
    if name not in {one.name for one in conflicting()}:
        raise Refused(
            _("Several values are published of no questionnaire of this name."), field="instrument", value=name
        )
    return definition_in(clinic, name)


def _judge_again(clinic: Clinic, instrument: str, points: int, by: Actor, at: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        why = _("This clinic now calls a change reliable from %(points)s points on.") % {"points": f"{points:g}"}
    going_on = Standing.objects.filter(clinic=clinic, instrument=instrument, episode__state__in=GOES_ON)
    for standing in going_on:
        follow_again(standing=standing, why=why, by=by, at=at)
