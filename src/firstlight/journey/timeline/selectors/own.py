"""A parent's own line: one measure, her doses, nothing else."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical import instruments
from firstlight.ground.audit.actors import Actor
from firstlight.ground.design.charts.model import Answer, ParentLine
from firstlight.ground.people.models import Parent
from firstlight.journey.dosing.selectors import given_in, sessions_of
from firstlight.journey.response.gaps import closed_about
from firstlight.journey.response.selectors import Measure, Point, change_of
from firstlight.journey.screening.series import totals_about
from firstlight.journey.timeline.selectors.course import doses_of
from firstlight.journey.timeline.wording import parent_figures, parent_sentence

MEASURE = "phq-9"


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A parent's own line, its first and last figure in words, and whether it went up by more than chance."""

    line: ParentLine
    figures: str
    worse: bool

    @property
    def gaps(self) -> bool:
        """Tell whether an answer is missing on it."""
        return any(answer.value is None for answer in self.line.answers)


def own_line_of(actor: Actor, parent: Parent, now: datetime) -> OwnLine:
    """Return a parent's own line: a check-in that closed without an answer stands on it as a gap."""
    sessions = [session for session in sessions_of(actor, parent.id) if session.started_at]
    doses = doses_of(sessions, given_in(sessions))
    measure = _measure(actor, parent, now)
    change = change_of(measure, doses[0].at if doses else None)
    line = ParentLine(
        title=parent_sentence(change),
        doubt=_("Many things move this line, not only the medicine."),
        name=_("Your two-week questions"),
        low=measure.low,
        high=measure.high,
        direction=_("lower means fewer hard days"),
        now=now,
        zone=ZoneInfo(parent.timezone),
        answers=tuple(Answer(point.at, point.value) for point in measure.points),
        doses=doses,
    )
    worse = change is not None and bool(change.reliable) and change.direction == "worse"
    return OwnLine(line, parent_figures(line), worse)


def _measure(actor: Actor, parent: Parent, now: datetime) -> Measure:
    definition = instruments.instrument(MEASURE)
    points = [Point(one.at, one.value) for one in totals_about(actor, parent, [MEASURE])]
    points += [Point(gap.at, None) for gap in closed_about(actor, parent, now).gaps if MEASURE in gap.instruments]
    return Measure(
        key=MEASURE,
        title="",
        low=definition.min or 0,
        high=definition.max or 0,
        lower_is_better=True,
        validated=True,
        points=tuple(sorted(points, key=lambda point: point.at)),
    )
