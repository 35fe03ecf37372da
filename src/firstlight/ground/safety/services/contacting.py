"""A concern was finished: where its level asks for it, somebody calls the parent once more."""

from datetime import datetime, timedelta
from typing import TypedDict

from django.conf import settings
from django.utils.translation import gettext as _
from django_scopes import scope

from firstlight.clinical.evidence import text
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.design.clocks import date_text, local, time_text
from firstlight.ground.people.models import Parent
from firstlight.ground.safety.following import AFTER, CONTACT, call_after, followed
from firstlight.ground.safety.ladder import ContactAgain, Level, ladder
from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.selectors import covered
from firstlight.ground.worklist import services as worklist
from firstlight.ground.worklist.models import Task, Urgency


@write
def contact_again(*, task: Task, by: Actor, at: datetime) -> Task | None:
    """Open the dated task to call a parent again after the concern that somebody finished; once for each. Follows task.finished.

    One call at a time: where one is open, it does for this concern too, and its dates hold for both. The strongest of what the
    task still rests on decides. Nothing where that asks for no second contact, where nothing is left of it, or where care has
    ended.
    """
    with scope(clinic=task.clinic_id):
        concern = followed(task)
        level = ladder().levels[concern.level] if concern else None
        if concern is None or level is None or level.contact_again is None:
            return None
        parent = Parent.objects.select_related("clinic").get(id=concern.parent_id)
        worklist.one_at_a_time(parent.id)
        if (call := call_after(task)) is not None:
            return call
        standing = worklist.open_about(parent=parent, kind=CONTACT)
        if standing is not None:
            return _join(standing, task, concern, parent, level.contact_again, by, at)
        return _open(task, concern, parent, level, level.contact_again, by, at)


def _open(
    task: Task, concern: Concern, parent: Parent, level: Level, contact: ContactAgain, by: Actor, at: datetime
) -> Task:
    dates = _dates(parent, at + timedelta(hours=contact.not_before_hours), at + timedelta(hours=contact.due_hours))
    return worklist.open_task(
        clinic_id=parent.clinic_id,
        parent=parent,
        kind=CONTACT,
        title=_title(parent, dates),
        reason=f"{text(contact.does_words, settings.LANGUAGE_CODE)}\n{concern.reason}",
        role=level.role,
        cleared_by=level.cleared_by,
        urgency=Urgency.ROUTINE,
        link_name="worklist:task",
        link_id=task.id,
        by=by,
        at=at,
        **dates,
    )


def _join(
    standing: Task, task: Task, concern: Concern, parent: Parent, contact: ContactAgain, by: Actor, at: datetime
) -> Task:
    """Let the call that is open do for one more concern, finished now: between the hours that hold for both.

    From the time at which that call may be made, finishing a concern was a contact of its own: the hours count from there.
    """
    earliest, latest = at + timedelta(hours=contact.not_before_hours), at + timedelta(hours=contact.due_hours)
    if standing.not_before_at is not None and at < standing.not_before_at:
        latest = standing.not_before_at + timedelta(hours=contact.due_hours - contact.not_before_hours)
    dates = _dates(parent, earliest, latest)
    known = concern.reason in standing.reason.splitlines()
    return worklist.join_dated(
        task=standing,
        title=_title(parent, dates),
        reason=standing.reason if known else f"{standing.reason}\n{concern.reason}",
        note=_joined(standing, parent),
        by=by,
        at=at,
        detail={AFTER: str(task.id)},
        **dates,
    )


def _joined(standing: Task, parent: Parent) -> str:
    """Return what is said of a call that takes in one more concern, with the dates that stood before."""
    said = _("One more concern was finished: this call does for both.")
    if standing.not_before_at is None:
        return said
    zone = parent.clinic.timezone
    earliest, latest = _moment(standing.not_before_at, zone), _moment(standing.acknowledge_by, zone)
    before = _("It said before: from %(earliest)s to %(latest)s.") % {"earliest": earliest, "latest": latest}
    return f"{said} {before}"


class _Dates(TypedDict):
    not_before_at: datetime
    acknowledge_by: datetime
    page_at: datetime


def _dates(parent: Parent, earliest: datetime, latest: datetime) -> _Dates:
    """Return from when and until when somebody calls; the first page waits until somebody answers."""
    somebody_answers = covered(parent.clinic_id, earliest, 0)
    page_at = somebody_answers[0] if somebody_answers else earliest
    return _Dates(not_before_at=earliest, acknowledge_by=latest, page_at=page_at)


def _title(parent: Parent, dates: _Dates) -> str:
    return _("Safety: call again by %(moment)s") % {"moment": _moment(dates["acknowledge_by"], parent.clinic.timezone)}


def _moment(at: datetime, zone: str) -> str:
    return _("%(day)s, %(time)s") % {"day": date_text(local(at, zone).date()), "time": time_text(at, zone)}
