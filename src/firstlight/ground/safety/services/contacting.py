"""A concern was finished: where its level asks for it, somebody calls the parent once more."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django_scopes import scope

from firstlight.clinical.evidence import text
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.design.clocks import date_text, local, time_text
from firstlight.ground.people.models import Parent
from firstlight.ground.safety.following import CONTACT, followed
from firstlight.ground.safety.ladder import ContactAgain, Level, ladder
from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.selectors import covered
from firstlight.ground.worklist.models import Task, Urgency
from firstlight.ground.worklist.services import open_task


@write
def contact_again(*, task: Task, by: Actor, at: datetime) -> Task | None:
    """Open the dated task to call a parent again after the concern that somebody finished; once for each. Follows task.finished.

    The strongest of what the task still rests on decides. Nothing where that asks for no second contact, where nothing is left of
    it, or where care has ended.
    """
    with scope(clinic=task.clinic_id):
        concern = followed(task)
        level = ladder().levels[concern.level] if concern else None
        if concern is None or level is None or level.contact_again is None:
            return None
        parent = Parent.objects.select_for_update(of=("self",)).select_related("clinic").get(id=concern.parent_id)
        opened = Task.objects.filter(parent=parent, kind=CONTACT, link_id=str(task.id)).first()
        return opened or _open(task, concern, parent, level, level.contact_again, by, at)


def _open(
    task: Task, concern: Concern, parent: Parent, level: Level, contact: ContactAgain, by: Actor, at: datetime
) -> Task:
    earliest, latest = at + timedelta(hours=contact.not_before_hours), at + timedelta(hours=contact.due_hours)
    somebody_answers = covered(parent.clinic_id, earliest, 0)
    zone = parent.clinic.timezone
    asks = _("Not before %(moment)s.") % {"moment": _moment(earliest, zone)}
    does = text(contact.does_words, settings.LANGUAGE_CODE)
    return open_task(
        clinic_id=parent.clinic_id,
        parent=parent,
        kind=CONTACT,
        title=_("Safety: call again by %(moment)s") % {"moment": _moment(latest, zone)},
        reason=f"{asks} {does}\n{concern.reason}",
        role=level.role,
        cleared_by=level.cleared_by,
        acknowledge_by=latest,
        urgency=Urgency.ROUTINE,
        page_at=somebody_answers[0] if somebody_answers else earliest,
        link_name="worklist:task",
        link_id=task.id,
        by=by,
        at=at,
    )


def _moment(at: datetime, zone: str) -> str:
    return _("%(day)s, %(time)s") % {"day": date_text(local(at, zone).date()), "time": time_text(at, zone)}
