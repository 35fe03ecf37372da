"""One parent's response, as the clinic reads it: each instrument beside what is published, and each check-in with its fate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from firstlight.clinical import instruments
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Parent
from firstlight.journey.dosing.charted import Charted as Values
from firstlight.journey.dosing.charted import SaidNow, charted_in
from firstlight.journey.dosing.models import Session
from firstlight.journey.dosing.right_now import left_before
from firstlight.journey.dosing.selectors import sessions_of
from firstlight.journey.response.curves import Published, published_for
from firstlight.journey.response.models import CheckIn, SentSet, Standing
from firstlight.journey.response.schedule import StaffChart, schedule
from firstlight.journey.response.selectors.series import (
    Measure,
    Point,
    Reports,
    baseline_of,
    change_of,
    reports_of,
    score_measure,
)
from firstlight.journey.response.selectors.stopping import limits_of, opens
from firstlight.journey.response.selectors.waiting import check_ins_about
from firstlight.journey.response.stopping import Stopped
from firstlight.journey.response.tracks import tracks
from firstlight.journey.response.values import chosen_by
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.paper import is_rated
from firstlight.journey.screening.selectors import begun_of

DAY_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Line:
    """One instrument: first and last total, the change as far as published values allow a word, the published range.

    `as_measured`: a change of it is never called an effect. `standing` is None before the first dose, or where not followed.
    """

    measure: Measure
    first: Point
    last: Point
    change: instruments.Change | None
    before_first_dose: bool
    as_measured: bool
    published: Published | None
    standing: Standing | None

    @property
    def tells(self) -> bool:
        """Tell whether a change may be read as a response: counted from before the first dose, of what may be an effect."""
        return self.before_first_dose and not self.as_measured


@dataclass(frozen=True, slots=True)
class Charted:
    """What staff charted themselves at one point around a dose, and when they asked how it was; None: it was not charted.

    `skipped`: the parent had gone home before, so that nobody could.
    """

    chart: StaffChart
    at: datetime | None
    asked_at: datetime | None
    skipped: bool


@dataclass(frozen=True, slots=True)
class DoseLine:
    """One dose, and what staff charted around it."""

    session: Session
    charted: tuple[Charted, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """Everything on the page. `stops`: the episodes whose treatment was stopped, and what is asked in them since.

    `limits`: also those in which it rests.
    `begun`: of the sets that are not finished, those in which something was answered.
    """

    lines: tuple[Line, ...]
    doses: tuple[DoseLine, ...]
    check_ins: tuple[CheckIn, ...]
    sent: tuple[SentSet, ...]
    stops: Mapping[UUID, Stopped] = field(default_factory=dict)
    begun: frozenset[UUID] = frozenset()
    limits: Mapping[UUID, Stopped] = field(default_factory=dict)

    @property
    def stopped(self) -> Stopped | None:
        """Return how the newest episode with a check-in was stopped; None where it was not."""
        newest = max(self.check_ins, key=lambda one: (one.episode.opened_at, one.episode_id), default=None)
        return self.stops.get(newest.episode_id) if newest else None

    def last_if_wanted(self, now: datetime) -> datetime | None:
        """Return until when check-ins would come if she wanted them to go on; None when none is left."""
        left = [
            one for one in self.check_ins if one.question_set_id is None and one.ended_at is None and one.open_by > now
        ]
        return max((one.due_at for one in left if one.episode_id in self.stops), default=None)

    def has_answers(self, question_set: QuestionSet | None) -> bool:
        """Tell whether there is something to read in a set; None: it never opened."""
        return question_set is not None and (question_set.completed_at is not None or question_set.id in self.begun)

    def opens(self, waiting: CheckIn) -> bool:
        """Tell whether a waiting check-in opens, as far as a stop or a pause decides it."""
        return opens(waiting, self.limits.get(waiting.episode_id))


def course_of(actor: Actor, parent: Parent, now: datetime) -> Course:
    """Read one parent's response for somebody who may read answers."""
    check_ins = check_ins_about(actor, parent)
    sessions = [one for one in sessions_of(actor, parent.id) if one.started_at is not None]
    ended = sorted(one.ended_at for one in sessions if one.ended_at is not None)
    sent = tuple(SentSet.objects.filter(parent=parent).select_related("question_set"))
    asked = [*(one.question_set for one in check_ins), *(one.question_set for one in sent)]
    episodes = list({one.episode_id: one.episode for one in check_ins}.values())
    limits = limits_of(episodes)
    return Course(
        lines=_lines(reports_of(actor, parent.id, check_ins), parent, ended, now),
        doses=_dose_lines(sessions),
        check_ins=tuple(check_ins),
        sent=sent,
        stops={one: limit for one, limit in limits.items() if not limit.rests},
        limits=limits,
        begun=begun_of(one for one in asked if one is not None and one.completed_at is None),
    )


def _lines(reports: Reports, parent: Parent, doses: Sequence[datetime], now: datetime) -> tuple[Line, ...]:
    first_dose_at = doses[0] if doses else None
    standings = {one.instrument: one for one in Standing.objects.filter(parent=parent).order_by("last_at")}
    measured = dict.fromkeys(one.instrument for one in reports.results if one.total is not None)
    # What a clinician rates around one dose stands beside that dose on the timeline: from first to last it says nothing.
    names = [name for name in measured if not is_rated(name)]
    chosen = chosen_by(parent.clinic)
    measures = (score_measure(reports, name, now, doses, chosen=chosen) for name in names)
    return tuple(
        line for measure in measures if (line := _line(measure, first_dose_at, standings.get(measure.key))) is not None
    )


def _line(measure: Measure, first_dose_at: datetime | None, standing: Standing | None) -> Line | None:
    first = baseline_of(measure, first_dose_at)
    if first is None:
        return None
    last = measure.answered[-1]
    as_measured = measure.key in tracks().as_measured.instruments
    change = change_of(measure, first_dose_at)
    days = (last.at - first_dose_at).total_seconds() / DAY_SECONDS if first_dose_at is not None else -1
    return Line(
        measure=measure,
        first=first,
        last=last,
        change=change,
        before_first_dose=first_dose_at is not None and first.at <= first_dose_at,
        as_measured=as_measured,
        published=None if as_measured or (change and not change.judged) else published_for(measure.key, days),
        standing=standing,
    )


def _dose_lines(sessions: Sequence[Session]) -> tuple[DoseLine, ...]:
    sheets = charted_in(sessions, ())
    return tuple(
        DoseLine(
            one, tuple(_charted(chart, one, sheets.rows[one.id], sheets.said) for chart in schedule().staff_charts)
        )
        for one in sorted(sessions, key=lambda one: one.number, reverse=True)
    )


def _charted(chart: StaffChart, session: Session, rows: Iterable[Values], said: Iterable[SaidNow]) -> Charted:
    begin = session.started_at
    if begin is None:
        return Charted(chart, None, None, skipped=False)
    fitting = [row for row in rows if chart.point.holds(row.happened_at, begin)]
    whole = [row.happened_at for row in fitting if all(getattr(row, value) is not None for value in chart.values)]
    asked = [one.at for one in said if one.session_id == session.id and chart.point.holds(one.at, begin)]
    return Charted(chart, whole[-1] if whole else None, asked[-1] if asked else None, left_before(session, chart.point))
