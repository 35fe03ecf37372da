"""Fills a scratch database with answers of many parents: in bulk, through the models, which only a benchmark may.

Parents differ as they do: most answered for some weeks, a few every day for more than a year. Each day brings a check-in of
eight items, each fortnight PHQ-9 and GAD-7; about one in seven is left unanswered. Each parent has a course of doses with
charted values. Orders and stock are the demo's: no list reads them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from firstlight.clinical import instruments
from firstlight.clinical.protocols import vitals
from firstlight.ground.people.models import Clinic, Episode, EpisodeState, Family, Membership, Parent
from firstlight.ground.vault.services import make_key
from firstlight.ground.visits.models import Visit
from firstlight.ground.worklist.models import Task
from firstlight.journey.dosing.models import InfusionStep, Observation, Preparation, Session
from firstlight.journey.planning.models import Order
from firstlight.journey.response.models import CheckIn
from firstlight.journey.screening.models import Answer, QuestionSet, Result

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SEED = 20_261
UNANSWERED = 1 / 7
DOSES = 6
TASK_EVERY = 20  # parents
BATCH = 5_000
FORTNIGHTLY = ("phq-9", "gad-7")
DAYS = (14, 28, 42, 42, 90, 90, 180, 400)
"""For how long parents were asked, of each eight: half of them for six weeks or less."""


@dataclass(frozen=True)
class Place:
    """Whom and what the new rows belong to."""

    clinic: Clinic
    nurse: Membership
    order: Order
    now: datetime


class Filler:
    """Adds parents until there are enough answers. `made` has their ids with the number of their answers."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.random = Random(SEED)
        self.answers = 0
        self.made: list[tuple[UUID, int]] = []
        self.deck: list[int] = []
        self.waiting: dict[type[Any], list[Any]] = {}

    def up_to(self, target: int) -> None:
        """Add parents until the database holds `target` answers."""
        self.answers = Answer.objects.count()
        while self.answers < target:
            if not self.deck:
                self.deck = self.random.sample(DAYS, len(DAYS))
            self._parent(self.deck.pop())
            if sum(map(len, self.waiting.values())) > BATCH:
                self.flush()
        self.flush()

    def flush(self) -> None:
        """Write what was collected, what others point to in front."""
        for model in ORDER_OF_WRITING:
            model.objects.bulk_create(self.waiting.pop(model, []), batch_size=BATCH)

    def _keep(self, *rows: Any) -> None:
        for row in rows:
            self.waiting.setdefault(type(row), []).append(row)

    def _parent(self, days: int) -> None:
        before, number, clinic = self.answers, len(self.made) + 1, self.place.clinic
        begin = self.place.now - (days + self.random.randrange(1, 30)) * DAY
        family = Family(clinic=clinic)
        parent = Parent(
            clinic=clinic, family=family, name=f"Parent {number:05}", birth_date="1991-05-04", made_at=begin
        )
        episode = Episode(
            clinic=clinic, parent=parent, state=EpisodeState.ACTIVE, source="call", opened_at=begin, moved_at=begin
        )
        make_key(owner_id=parent.id, at=begin)
        self._keep(family, parent, episode)
        sessions = [self._session(parent, episode, begin + place * 3 * DAY, place) for place in range(DOSES)]
        for day in range(days):
            asked = ("check-in", *FORTNIGHTLY) if day % 14 == 0 else ("check-in",)
            for name in asked:
                self._set(parent, episode, sessions[0], begin + day * DAY + 24 * HOUR, name)
        if number % TASK_EVERY == 0:
            self._keep(self._task(parent))
        self.made.append((parent.id, self.answers - before))

    def _session(self, parent: Parent, episode: Episode, at: datetime, place: int) -> Session:
        shared = {"clinic": self.place.clinic}
        visit = Visit(**shared, parent=parent, staff=self.place.nurse, kind="dosing", status="happened", starts_at=at,
                      ends_at=at + 3 * HOUR, minutes=180)  # fmt: skip
        session = Session(**shared, visit=visit, parent=parent, episode=episode, order=self.place.order, number=place + 1,
                          place=place + 1, state="left", vitals_profile=vitals.DEFAULT, nurse=self.place.nurse, opened_at=at,
                          started_at=at, ended_at=at + 40 * timedelta(minutes=1), left_at=at + 3 * HOUR)  # fmt: skip
        self._keep(visit, session, *self._charted(session, at))
        return session

    def _charted(self, session: Session, at: datetime) -> Iterator[Any]:
        account = self.place.nurse.account_id
        entry: dict[str, Any] = {"clinic": self.place.clinic, "session": session, "by_id": account}
        yield Preparation(**entry, sequence=1, happened_at=at, written_at=at, draw_id=uuid4(), lot_number="B1",
                          concentration_ug_per_ml=10_000, vial_ug=200_000, dose_ug=35_000, volume_ul=3_500)  # fmt: skip
        for kind, minute, rate in (("start", 0, 875), ("end", 40, 0)):
            when = at + minute * timedelta(minutes=1)
            yield InfusionStep(**entry, sequence=2 + minute, happened_at=when, written_at=when, kind=kind,
                               rate_ug_per_min=rate)  # fmt: skip
        for minute in range(0, 120, 10):
            when = at + minute * timedelta(minutes=1)
            rise = max(0, 30 - abs(40 - minute)) + self.random.randrange(12)
            yield Observation(**entry, sequence=50 + minute, happened_at=when, written_at=when, client_id=uuid4(),
                              sbp=116 + rise, dbp=74 + rise // 2, dissociation=min(10, rise // 5))  # fmt: skip

    def _set(self, parent: Parent, episode: Episode, session: Session, at: datetime, name: str) -> None:
        answered = at + self.random.randrange(10, 300) * timedelta(minutes=1)
        done = self.random.random() > UNANSWERED and answered < self.place.now
        set_name = "day-full" if name == "check-in" else "week"
        question_set = QuestionSet(
            clinic=self.place.clinic,
            parent=parent,
            episode=episode,
            set_name=set_name,
            instruments=[name],
            anchor=f"{at:%y%m%d}:{name}",
            assigned_at=at,
            due_at=at,
            expires_at=at + DAY,
            completed_at=answered if done else None,
        )
        self._keep(question_set, check_in_of(question_set, session, f"{at:%y%m%d}:{name}"[:20]))
        if done:
            self._answers(question_set, name, answered)

    def _answers(self, question_set: QuestionSet, name: str, at: datetime) -> None:
        definition, given = instruments.instrument(name), dict[str, int | None]()
        for item in definition.items:
            value = self.random.choice(item.values) if item.key not in {"q9", "harm"} else min(item.values)
            given[item.key] = value
            self._keep(Answer(clinic=self.place.clinic, question_set=question_set, instrument=name, item=item.key,
                              value=value, answered_at=at))  # fmt: skip
            self.answers += 1
        scored = instruments.score(definition, given)
        total = None if scored.total is None else round(scored.total)
        self._keep(Result(clinic=self.place.clinic, question_set=question_set, instrument=name, version="1", total=total,
                          maximum=scored.max, band=scored.band or "", complete=scored.complete,
                          subscales=dict(scored.subscales), scored_at=at))  # fmt: skip

    def _task(self, parent: Parent) -> Task:
        opened = self.place.now - self.random.randrange(1, 96) * HOUR
        return Task(clinic=self.place.clinic, kind="read-answers", title="Read the first answers", parent=parent,
                    role="prescriber", urgency="routine", opened_at=opened, acknowledge_by=opened + 48 * HOUR,
                    clock_began_at=opened)  # fmt: skip


def check_in_of(question_set: QuestionSet, session: Session, rule: str) -> CheckIn:
    """Return the check-in that brought a set."""
    return CheckIn(
        clinic=question_set.clinic,
        parent=question_set.parent,
        episode=question_set.episode,
        session=session,
        rule=rule,
        due_at=question_set.assigned_at,
        open_by=question_set.assigned_at + DAY,
        question_set=question_set,
        opened_at=question_set.assigned_at,
        expires_at=question_set.assigned_at + DAY,
        reminded_at=question_set.assigned_at,
        messages=1,
        answered_at=question_set.completed_at,
    )


ORDER_OF_WRITING: Sequence[type[Any]] = (
    Family, Parent, Episode, Visit, Session, Preparation, InfusionStep, Observation, QuestionSet, CheckIn, Answer, Result,
    Task,
)  # fmt: skip
