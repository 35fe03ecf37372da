"""Answers came in: its check-ins are answered, and a course that goes the wrong way becomes somebody's task at once."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from firstlight.clinical import instruments
from firstlight.clinical.evidence import text
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import finish, join, open_task, raise_again
from firstlight.journey.dosing.models import Session
from firstlight.journey.response.models import CheckIn, Standing
from firstlight.journey.response.tracks import Call, baseline, track, tracks
from firstlight.journey.screening.models import QuestionSet, Result

KIND = "response"
Total = tuple[datetime, int]


@write
def follow(*, question_set: QuestionSet, by: Actor, at: datetime) -> None:
    """Note that check-ins were answered, and how each followed instrument stands now: follows "screening.completed".

    A course that goes the wrong way, or further that way, opens a task or raises the open one: once a crossing.
    """
    CheckIn.objects.filter(question_set=question_set, answered_at=None).update(answered_at=at)
    doses = _doses(question_set)
    names = [name for name in question_set.instruments if name in tracks().follows] if doses else []
    crossed = [_follow_one(question_set, name, doses, by, at) for name in names]
    if names:
        with translation.override(settings.LANGUAGE_CODE):
            _call_or_settle(question_set, crossed=any(crossed), by=by, at=at)


def _doses(question_set: QuestionSet) -> list[datetime]:
    found = Session.objects.filter(episode_id=question_set.episode_id, ended_at__isnull=False)
    ended = found.order_by("ended_at").values_list("ended_at", flat=True)
    return [ended_at for ended_at in ended if ended_at is not None]


def _follow_one(question_set: QuestionSet, name: str, doses: Sequence[datetime], by: Actor, at: datetime) -> bool:
    """Keep how one instrument stands; tell whether it went further the wrong way than ever since it last stood well."""
    totals = _totals(question_set, name)
    first = baseline(totals, doses[0])
    if first is None or totals[-1][0] <= doses[0]:
        return False
    last = totals[-1]
    now = track(name, first[1], last[1], since_first_dose=last[0] - doses[0], doses=len(doses))
    earlier = Standing.objects.select_for_update().filter(episode_id=question_set.episode_id, instrument=name).first()
    reached = earlier.reached if earlier else 0
    stands, _made = Standing.objects.update_or_create(
        episode_id=question_set.episode_id,
        instrument=name,
        defaults={
            "clinic_id": question_set.clinic_id,
            "parent_id": question_set.parent_id,
            "state": now.state,
            "reached": max(now.reached, reached) if now.reached else 0,
            "first_at": first[0],
            "first_total": first[1],
            "last_at": last[0],
            "last_total": last[1],
            "since_at": earlier.since_at if earlier and earlier.state == now.state else at,
        },
    )
    detail = {"instrument": name, "state": now.state, "reached": now.reached}
    record("response.followed", by=by, at=at, parent=question_set.parent_id, about=stands, detail=detail)
    return now.reached > reached


def _totals(question_set: QuestionSet, name: str) -> list[Total]:
    """Return this parent's totals of one instrument in this episode, oldest first."""
    found = Result.objects.filter(
        question_set__episode_id=question_set.episode_id, instrument=name, complete=True, total__isnull=False
    )
    rows = found.order_by("scored_at").values_list("scored_at", "total")
    return [(scored_at, total) for scored_at, total in rows if total is not None]


def _call_or_settle(question_set: QuestionSet, *, crossed: bool, by: Actor, at: datetime) -> None:
    """Bring the one task about this course up to date with how its instruments stand."""
    standings = list(Standing.objects.filter(episode_id=question_set.episode_id).order_by("-reached", "instrument"))
    off = [one for one in standings if one.reached]
    task = Task.objects.filter(parent_id=question_set.parent_id, kind=KIND, finished_at=None).first()
    if crossed:
        task = _call(off, question_set, task, by, at)
        Standing.objects.filter(id__in=[one.id for one in off]).update(task=task)
    elif task is not None and off:
        join(task=task, note=_figures_text(off), by=by, at=at)
    elif task is not None:
        _settle(standings, task, by, at)


def _call(off: Sequence[Standing], question_set: QuestionSet, task: Task | None, by: Actor, at: datetime) -> Task:
    worse = off[0].state == Standing.State.WORSE
    call = tracks().worse if worse else tracks().not_on_track
    name = {"name": question_set.parent.name}
    title = _("%(name)s is worse than before the first dose") % name if worse else _("%(name)s: not on track") % name
    reason, by_when = _reason(off, call), at + call.take_within
    if task is not None:
        return raise_again(
            task=task,
            title=title,
            reason=reason,
            role=call.role,
            acknowledge_by=by_when,
            urgency=call.urgency,
            by=by,
            at=at,
        )
    return open_task(
        clinic_id=question_set.clinic_id,
        parent=question_set.parent,
        kind=KIND,
        title=title,
        reason=reason,
        role=call.role,
        acknowledge_by=by_when,
        urgency=call.urgency,
        link_name="response:of_parent",
        link_id=question_set.parent_id,
        by=by,
        at=at,
    )


def _settle(standings: Sequence[Standing], task: Task, by: Actor, at: datetime) -> None:
    """Say that it stands well again. A task that somebody took is hers to finish."""
    words = _("No longer off track. %(figures)s") % {"figures": _figures_text(standings)}
    if task.acknowledged_at is None:
        finish(task=task, outcome=words, by=Actor.system(task.clinic_id), at=at)
    else:
        join(task=task, note=words, by=by, at=at)


def _reason(off: Sequence[Standing], call: Call) -> str:
    talk = [f"– {text(one.words, settings.LANGUAGE_CODE)}" for one in call.suggestions]
    return "\n".join([_figures_text(off), text(call.note, settings.LANGUAGE_CODE), _("To talk about:"), *talk])


def _figures_text(standings: Sequence[Standing]) -> str:
    return " ".join(_figures_of(one) for one in standings)


def _figures_of(standing: Standing) -> str:
    title = text(instruments.instrument(standing.instrument).title, settings.LANGUAGE_CODE)
    figures = {"title": title, "first": standing.first_total, "last": standing.last_total}
    return _("%(title)s: %(first)s before the first dose, %(last)s now.") % figures
