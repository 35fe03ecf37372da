"""Answers came in: its check-ins are answered, and a course that goes the wrong way becomes somebody's task at once."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from firstlight.clinical import instruments
from firstlight.clinical.evidence import sources, text
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import finish, join, note_on, one_at_a_time, open_about, open_task, raise_again
from firstlight.journey.dosing.models import Session
from firstlight.journey.response.models import CheckIn, Standing
from firstlight.journey.response.selectors import LOOKING
from firstlight.journey.response.tracks import Call, Suggestion, Track, comparable, days_between, track, tracks
from firstlight.journey.response.values import definition_in
from firstlight.journey.response.worsening import worse_words
from firstlight.journey.screening.corrections import stands_for_another
from firstlight.journey.screening.holdbacks import dose_near
from firstlight.journey.screening.models import QuestionSet, Result
from firstlight.journey.screening.series import totals_in
from firstlight.journey.screening.sets import followed_in

CHECK_IN = "check-in"


@write
def follow(*, question_set: QuestionSet, by: Actor, at: datetime) -> None:
    """Note that check-ins were answered, and how each followed instrument stands now.

    Follows "screening.completed" and "screening.paper_taken_back". A course that goes the wrong way, or further that way,
    opens a task or raises the open one: once a crossing. A check-in that has ended stays so: its answers count, and came late.
    """
    CheckIn.objects.filter(question_set=question_set, answered_at=None, ended_at=None).update(answered_at=at)
    follow_courses(question_set=question_set, by=by, at=at)


@write
def follow_courses(*, question_set: QuestionSet, by: Actor, at: datetime) -> None:
    """Look at how each followed instrument of a set stands now: follows "screening.part_scored".

    Its check-ins stay open: what followed an answer is still to be answered.
    """
    doses = _doses(question_set)
    names = [name for name in question_set.instruments if name in tracks().follows] if doses else []
    if names:
        one_at_a_time(question_set.parent_id)  # before how it stands is locked: elsewhere, too, a parent comes first
    crossed = [_follow_one(question_set, name, doses, by, at) for name in names]
    if names:
        with translation.override(settings.LANGUAGE_CODE):
            _call_or_settle(question_set, crossed=any(crossed), by=by, at=at)


@write
def follow_again(*, standing: Standing, why: str, by: Actor, at: datetime) -> None:
    """Look anew at how one followed instrument stands, by the published value that the clinic chose now.

    `why`: what stands in the task that is open, if it stands well by it: nobody's task is finished by a choice of values.
    """
    kept = Result.objects.filter(question_set__episode_id=standing.episode_id, instrument=standing.instrument)
    newest = kept.select_related("question_set__parent").order_by("-scored_at")[0].question_set
    crossed = _follow_one(newest, standing.instrument, _doses(newest), by, at)
    with translation.override(settings.LANGUAGE_CODE):
        _call_or_settle(newest, crossed=crossed, why=why, by=by, at=at)


@write
def note_answered(*, question_set: QuestionSet, by: Actor, at: datetime) -> None:
    """Note that a daily check-in was answered though what its answers brought is open: follows "screening.left_what_followed".

    A set with a questionnaire is answered when it is finished: only then it is scored.
    """
    followed = followed_in(question_set.set_name, question_set.instruments)
    if set(question_set.instruments) - followed != {CHECK_IN}:
        return
    if CheckIn.objects.filter(question_set=question_set, answered_at=None, ended_at=None).update(answered_at=at):
        detail = {"open": sorted(followed)}
        record("check_in.answered", by=by, at=at, parent=question_set.parent_id, about=question_set, detail=detail)


def _doses(question_set: QuestionSet) -> list[datetime]:
    found = Session.objects.filter(episode_id=question_set.episode_id, ended_at__isnull=False)
    ended = found.order_by("ended_at").values_list("ended_at", flat=True)
    return [ended_at for ended_at in ended if ended_at is not None]


def _follow_one(question_set: QuestionSet, name: str, doses: Sequence[datetime], by: Actor, at: datetime) -> bool:
    """Keep how one instrument stands; tell whether it went further the wrong way than ever since it last stood well."""
    totals, out_of = comparable(name, totals_in(question_set.episode_id, name), doses)
    kept = Standing.objects.select_for_update().filter(episode_id=question_set.episode_id, instrument=name)
    earlier = kept.first()
    if len(totals) < 2:
        kept.delete()  # it was worked out from answers that were entered wrongly, and from nothing else
        return False
    definition = definition_in(question_set.clinic, name)
    now, reached, last = _course(definition, totals, out_of, doses)
    stands, _made = Standing.objects.update_or_create(
        episode_id=question_set.episode_id,
        instrument=name,
        defaults={
            "clinic_id": question_set.clinic_id,
            "parent_id": question_set.parent_id,
            "state": now.state,
            "reached": reached,
            "first_at": totals[0][0],
            "first_total": totals[0][1],
            "last_at": last[0],
            "last_total": last[1],
            "since_at": earlier.since_at if earlier and earlier.state == now.state else at,
        },
    )
    detail = {"instrument": name, "state": now.state, "reached": now.reached}
    record("response.followed", by=by, at=at, parent=question_set.parent_id, about=stands, detail=detail)
    return _goes_further(earlier, now.state, reached)


def _goes_further(earlier: Standing | None, state: str, reached: int) -> bool:
    """Tell whether it went further. What was only looked at, because it was too soon to compare, is judged anew."""
    if earlier is None or (earlier.state == Standing.State.TOO_EARLY != state):
        return reached > 0
    return reached > earlier.reached


def _course(
    definition: instruments.Instrument,
    totals: Sequence[tuple[datetime, float]],
    out_of: int | None,
    doses: Sequence[datetime],
) -> tuple[Track, int, tuple[datetime, float]]:
    """Return how the last total stands, how far it went the wrong way since it last stood well, and which total that is.

    Worked out anew from all totals: one may have come from a paper of an earlier day, or have been corrected. What was not on
    track stays so beyond the published range, until it is better or worse. One too near after a dose changes nothing unless it
    is further the wrong way.
    """
    now, reached, last = Track("", 0), 0, totals[0]
    first_at, first = totals[0]
    for answered_at, total in totals[1:]:
        given = sum(dose <= answered_at for dose in doses)
        apart, since = days_between(first_at, answered_at), answered_at - doses[0]
        near = dose_near(definition.name, answered_at, doses) is not None
        found = track(
            definition,
            first,
            total,
            days_apart=apart,
            since_first_dose=since,
            doses=given,
            near_dose=near,
            from_before=first_at <= doses[0],
            out_of=out_of,
        )
        if near and now.state and found.reached <= now.reached:
            continue
        stays = found.state == Standing.State.NO_RANGE and now.state == Standing.State.NOT_ON_TRACK
        now = now if stays else found
        reached, last = max(now.reached, reached) if now.reached else 0, (answered_at, total)
    return now, reached, last


def _call_or_settle(question_set: QuestionSet, *, crossed: bool, why: str = "", by: Actor, at: datetime) -> None:
    """Bring the one task about this course up to date with how its instruments stand. `why`: no new answer, but this."""
    standings = list(Standing.objects.filter(episode_id=question_set.episode_id).order_by("-reached", "instrument"))
    off = [one for one in standings if one.reached]
    task = open_about(parent=question_set.parent, kind=LOOKING)
    if crossed:
        task = _call(off, question_set, task, by, at)
        Standing.objects.filter(id__in=[one.id for one in off]).update(task=task)
    elif task is not None and off:
        join(task=task, note=_figures_text(off), by=by, at=at)
    elif task is not None:
        corrected = question_set.superseded_at is not None or stands_for_another(question_set)
        _settle(standings, task, by, at, why=why or (_("A paper form was corrected.") if corrected else ""))


def _call(off: Sequence[Standing], question_set: QuestionSet, task: Task | None, by: Actor, at: datetime) -> Task:
    title, call = _words_of(off, question_set.parent.name)
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
        kind=LOOKING,
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


def _words_of(off: Sequence[Standing], name: str) -> tuple[str, Call]:
    """Return the headline of the task and its rule, of what is furthest off."""
    worse = [one for one in off if one.state == Standing.State.WORSE]
    if any(map(_is_from_before, worse)):
        return _("%(name)s is worse than before the first dose") % {"name": name}, tracks().worse
    if worse:
        return _("%(name)s is worse than in the first answers") % {"name": name}, tracks().worse
    if any(one.state == Standing.State.NOT_ON_TRACK for one in off):
        return _("%(name)s: not on track") % {"name": name}, tracks().not_on_track
    return _("%(name)s gave worse answers, too soon to compare") % {"name": name}, tracks().same_days


def _settle(standings: Sequence[Standing], task: Task, by: Actor, at: datetime, *, why: str) -> None:
    """Say that it stands well again. A task that somebody took is hers to finish; what is no new answer (`why`) finishes none."""
    words = _("No longer off track. %(figures)s") % {"figures": _figures_text(standings)}
    if why:
        note_on(task=task, note=f"{why} {words}", by=by, at=at)
    elif task.acknowledged_at is None:
        finish(task=task, outcome=words, by=Actor.system(task.clinic_id), at=at)
    else:
        join(task=task, note=words, by=by, at=at)


def _reason(off: Sequence[Standing], call: Call) -> str:
    talk = [f"– {text(one.words, settings.LANGUAGE_CODE)} ({_basis(one)})" for one in call.suggestions]
    return "\n".join([_figures_text(off), text(call.note, settings.LANGUAGE_CODE), _("To talk about:"), *talk])


def _basis(suggestion: Suggestion) -> str:
    """Name what a suggestion comes from, by what stands before the first comma of each title; what has no source is ours."""
    return "; ".join(sources()[key].title.partition(",")[0] for key in suggestion.sources) or _("ours, no source")


def _figures_text(standings: Sequence[Standing]) -> str:
    return " ".join(_figures_of(one) for one in standings)


def _figures_of(standing: Standing) -> str:
    title = text(instruments.instrument(standing.instrument).title, settings.LANGUAGE_CODE)
    figures = {"title": title, "first": standing.first_total, "last": standing.last_total}
    if _is_from_before(standing):
        words = _("%(title)s: %(first)s before the first dose, %(last)s now.") % figures
    else:
        words = (
            _("%(title)s: %(first)s in the first answers after a dose (none are from before), %(last)s now.") % figures
        )
    return (
        f"{words} {worse_words(definition_in(standing.clinic, standing.instrument), settings.LANGUAGE_CODE)}"
        if standing.state == Standing.State.WORSE
        else words
    )


def _is_from_before(standing: Standing) -> bool:
    """Tell whether it counts from answers of before the first dose."""
    earlier = Session.objects.filter(episode_id=standing.episode_id, ended_at__lt=standing.first_at)
    return not earlier.exists()
