"""After a stop a parent says what she wants to be asked, or that nothing more is asked. Staff can enter it for her."""

from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.design.clocks import date_text, local
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode
from firstlight.ground.people.permissions import Permission, Role
from firstlight.ground.worklist.models import Urgency
from firstlight.ground.worklist.services import open_task
from firstlight.journey.response.models import WishAfterStop
from firstlight.journey.response.schedule import schedule
from firstlight.journey.response.selectors import stopped_of
from firstlight.journey.response.services.arranging import end_opened
from firstlight.journey.response.stopping import Stopped, Wish
from firstlight.journey.screening.services import take_back_waiting


@write
def wish_after_stop(*, episode: Episode, wish: str, by: Actor, at: datetime) -> WishAfterStop | None:
    """Keep what a parent wants to be asked after her treatment was stopped; None when that is so already.

    When nothing more is wanted, what stands open is taken back at once, begun or not. Said by herself in the weeks after her
    last dose, it opens a task: nobody would see any more in her answers that it gets harder. Raises Refused.
    """
    current = Episode.objects.select_for_update(of=("self",)).select_related("parent", "clinic").get(id=episode.id)
    _may_say(current, by)
    stopped = stopped_of(current)
    if stopped is None:
        raise Refused(_("This can be chosen once treatment was stopped."), field="wish", value=current.state)
    if wish not in set(Wish):
        raise Refused(_("Choose from the list."), field="wish", value=wish)
    if stopped.wish == wish:
        return None
    kept = WishAfterStop.objects.create(
        clinic_id=current.clinic_id, episode=current, wish=wish, at=at, by_id=by.account_id
    )
    record("asking.wish_after_stop", by=by, at=at, parent=current.parent_id, about=kept, detail={"wish": wish})
    if wish == Wish.NOTHING:
        end_opened(episode=current, by=by, at=at)
        take_back_waiting(episode=current, by=by, at=at)
        if by.parent_id is not None and stopped.watches(at):
            _tell_the_clinic(current, stopped, by, at)
    return kept


def _may_say(episode: Episode, by: Actor) -> None:
    staff = by.membership_id is not None and by.may(Permission.ANSWERS_READ)
    if by.parent_id != episode.parent_id and not staff:
        raise Refused(
            _("Only the parent, or somebody who may read the answers, can say this."), field="by", value=by.role
        )


def _tell_the_clinic(episode: Episode, stopped: Stopped, by: Actor, at: datetime) -> None:
    assert stopped.safety_until is not None  # there was a dose, not long ago
    last_dose_at = stopped.safety_until - schedule().stopping.safety
    dose = {"day": date_text(local(last_dose_at, episode.clinic.timezone).date())}
    open_task(
        clinic_id=episode.clinic_id,
        parent=episode.parent,
        kind="asked-no-more",
        title=_("%(name)s wants no more questions") % {"name": episode.parent.name},
        reason=_(
            "Treatment was stopped; the last dose was on %(day)s. Nothing more is asked, so no answer shows if it gets harder. "
            "Agree once with the parent how to keep in touch, or that you do not."
        )
        % dose,
        role=Role.NURSE,
        acknowledge_by=at + schedule().stopping.look_within,
        urgency=Urgency.TODAY,
        link_name="response:of_parent",
        link_id=episode.parent_id,
        by=by,
        at=at,
    )
