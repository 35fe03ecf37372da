"""What the stories of the response share: check-ins that open at their moment, answers, and doses that lie behind."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from firstlight.ground.audit.actors import Actor
from firstlight.journey.response import services
from firstlight.journey.response.models import CheckIn
from firstlight.journey.response.selectors import hours_of
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.services import assign, complete
from tests.journey.dosing.telling import Chair
from tests.journey.screening.telling import answer_all

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def check_in(chair: Chair, rule: str) -> CheckIn:
    """Return the latest check-in of a rule."""
    return chair.scoped(lambda: _rows().filter(rule=rule).order_by("-due_at")[0])


def check_ins(chair: Chair) -> dict[str, CheckIn]:
    """Return every check-in by its rule."""
    return {one.rule: one for one in chair.scoped(lambda: list(_rows()))}


def _rows() -> QuerySet[CheckIn]:
    return CheckIn.objects.select_related("question_set__parent__family", "session")


def moment_of(chair: Chair, rule: str) -> datetime:
    """Return when a check-in opens in Maya's hours, as far as nothing else holds it back."""
    due_at = check_in(chair, rule).due_at
    hours = chair.scoped(lambda: hours_of(chair.house.mother).hours)
    return hours.next_moment(due_at, ZoneInfo(chair.house.mother.timezone))


def opened_at(chair: Chair, at: datetime) -> QuestionSet | None:
    """Open what is due for Maya at a moment."""
    by = Actor.system(chair.house.clinic.id)
    return chair.scoped(lambda: services.open_check_ins(parent=chair.house.mother, by=by, at=at))


def opened(chair: Chair, rule: str) -> QuestionSet:
    """Let a check-in open at its moment, or when a recall or a dose no longer holds it back."""
    at, last = moment_of(chair, rule), check_in(chair, rule).open_by
    while (found := opened_at(chair, at)) is None and at < last:
        at += HOUR
    assert found is not None
    return found


def answered(chair: Chair, question_set: QuestionSet, at: datetime, values: Mapping[str, int] | None = None) -> None:
    """Let Maya answer a set to its end, calmly or with these values."""
    question_set.parent = chair.house.mother
    answer_all(chair.house, question_set, values, at=at)
    chair.scoped(lambda: complete(question_set=question_set, by=chair.by("mother"), at=at + timedelta(minutes=5)))


def answered_check_in(chair: Chair, rule: str, values: Mapping[str, int] | None = None) -> datetime:
    """Let a check-in open, and let Maya answer it an hour later; return when."""
    question_set = opened(chair, rule)
    at = question_set.assigned_at + HOUR
    answered(chair, question_set, at, values)
    return at


def first_answers(chair: Chair, values: Mapping[str, int] | None = None, *, days_before: float = 3) -> None:
    """Let Maya have answered the first questions some days before."""
    house, at = chair.house, chair.now - days_before * DAY
    first = chair.scoped(
        lambda: assign(parent=house.mother, episode=house.episode, set_name="first", by=chair.by("nurse"), at=at)
    )
    answered(chair, first, at, values)


def phq(total: int) -> dict[str, int]:
    """Return answers to PHQ-9 with this total, none of them about self-harm."""
    full, rest = divmod(total, 3)
    values = [3] * full + ([rest] if rest else [])
    return {f"phq-9:q{number}": value for number, value in enumerate(values + [0] * (9 - len(values)), 1)}
