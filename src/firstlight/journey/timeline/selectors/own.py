"""A parent's own line: one measure, her doses, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.design.charts.model import ParentLine
from firstlight.ground.design.clocks import moment_text
from firstlight.ground.people.models import EpisodeState, Parent
from firstlight.ground.people.selectors import state_of_care
from firstlight.ground.people.steps import ENDED
from firstlight.ground.visits.models import Visit, VisitStatus
from firstlight.ground.visits.selectors import visits_about
from firstlight.journey.consent.selectors import own_episode
from firstlight.journey.dosing.selectors import given_in, sessions_of
from firstlight.journey.response.gaps import closed_about
from firstlight.journey.response.selectors import Measure, Point, change_of, total_point
from firstlight.journey.response.values import definition_in
from firstlight.journey.screening.series import totals_about
from firstlight.journey.therapists.selectors import therapist_of
from firstlight.journey.timeline.lanes import answers_of
from firstlight.journey.timeline.selectors.course import doses_of
from firstlight.journey.timeline.wording import harder_sentences, parent_figures, parent_sentence

MEASURE = "phq-9"


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A parent's own line, its first and last figure in words, and what is said when it went up by more than chance.

    `ended`: it has not begun, and care is over.
    """

    line: ParentLine
    figures: str
    harder: tuple[str, ...] = ()
    ended: bool = False

    @property
    def gaps(self) -> bool:
        """Tell whether an answer is missing on it."""
        return any(answer.value is None for answer in self.line.answers)

    @property
    def apart(self) -> bool:
        """Tell whether an answer stands on it that is compared with no other."""
        return any(answer.apart for answer in self.line.answers)


def own_line_of(actor: Actor, parent: Parent, now: datetime, *, visits: Sequence[Visit] | None = None) -> OwnLine:
    """Return a parent's own line: a check-in that closed without an answer stands on it as a gap.

    A caller that has loaded her visits already, earliest first, may hand them in.
    """
    sessions = [session for session in sessions_of(actor, parent.id) if session.started_at]
    doses = doses_of(sessions, given_in(sessions))
    ended_at = [session.ended_at for session in sessions if session.ended_at is not None]
    measure = _measure(actor, parent, ended_at, now)
    change = change_of(measure, doses[0].at if doses else None)
    ended = change is None and state_of_care(parent) in ENDED
    line = ParentLine(
        title=parent_sentence(change, ended=ended),
        doubt=_("Many things move this line, not only the medicine."),
        name=_("Your two-week questions"),
        low=measure.low,
        high=measure.high,
        direction=_("lower means fewer hard days"),
        now=now,
        zone=ZoneInfo(parent.timezone),
        answers=answers_of(measure),
        doses=doses,
    )
    worse = change is not None and bool(change.reliable) and change.direction == "worse"
    return OwnLine(line, parent_figures(line), tuple(_harder(parent, now, visits)) if worse else (), ended)


def _harder(parent: Parent, now: datetime, visits: Sequence[Visit] | None) -> list[str]:
    """Say whom she meets next; else who her therapist is, while care goes on."""
    zone, phone = ZoneInfo(parent.timezone), parent.clinic.phone
    known = visits_about(parent) if visits is None else visits
    coming = [one for one in known if one.status == VisitStatus.BOOKED and one.starts_at > now]
    if coming:
        when = moment_text(coming[0].starts_at, now, zone)
        return harder_sentences(coming[0].staff.public_name, when, phone)
    episode = own_episode(parent)
    goes_on = episode is not None and episode.state == EpisodeState.ACTIVE
    therapist = therapist_of(episode) if episode is not None and goes_on else None
    works_here = therapist is not None and (therapist.until_at is None or therapist.until_at > now)
    return harder_sentences(therapist.public_name if therapist and works_here else "", "", phone)


def _measure(actor: Actor, parent: Parent, doses: Sequence[datetime], now: datetime) -> Measure:
    definition = definition_in(parent.clinic, MEASURE)
    points = [total_point(MEASURE, one.at, one.value, None, doses) for one in totals_about(actor, parent, [MEASURE])]
    points += [Point(gap.at, None) for gap in closed_about(actor, parent, now).gaps if MEASURE in gap.instruments]
    return Measure(
        key=MEASURE,
        title="",
        low=definition.min or 0,
        high=definition.max or 0,
        lower_is_better=True,
        validated=True,
        points=tuple(sorted(points, key=lambda point: point.at)),
        judged_as=definition,
    )
