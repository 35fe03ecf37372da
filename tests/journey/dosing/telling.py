"""What the stories of a dosing day share: Maya in the chair at Harbour Clinic, as far along as a story needs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import transaction
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.ledger import services as ledger
from firstlight.ground.ledger.models import Lot
from firstlight.ground.visits import services as visits
from firstlight.ground.visits.models import Visit, VisitKind
from firstlight.journey.dosing import services
from firstlight.journey.dosing.conditions import Gate
from firstlight.journey.dosing.entries import Entry, entries
from firstlight.journey.dosing.gates import gates
from firstlight.journey.dosing.models import Notice, Observation, RecoveryScore, RightNow, Session
from firstlight.journey.dosing.selectors import Sheet, session_for, sheet_of
from firstlight.journey.planning import services as planning
from firstlight.journey.planning.selectors import day_plan_of
from firstlight.journey.screening import services as screening
from firstlight.journey.screening.models import QuestionSet
from tests.journey.planning.telling import Story

T = TypeVar("T")
DAY = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
"""Ten o'clock in Albany, on the first dosing day."""
CALM = {"sbp": 118, "dbp": 76, "hr": 72, "spo2": 98, "rr": 14, "moaas": 5, "dissociation": 0, "nausea": 0}

SAYS = {"mood": 3, "anxiety": 7, "tension": 6, "side_effects": 0, "harm": 0}
AWAKE = dict.fromkeys(RecoveryScore.ROWS, 2)


@dataclass
class Chair(Story):
    """A dosing day. `now` is the moment of the next step; `after` moves it on by minutes."""

    visits: list[Visit] = field(default_factory=list)
    lots: dict[int, Lot] = field(default_factory=dict)
    session: Session | None = None

    def scoped(self, run: Callable[[], T]) -> T:
        """Run something inside the clinic."""
        with scope(clinic=self.house.clinic.id):
            return run()

    def after(self, minutes: float) -> "Chair":
        """Let minutes pass."""
        self.now += timedelta(minutes=minutes)
        return self

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back what happens in the block, so that many courses begin at the same moment of one session."""
        before = self.now
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        self.now = before

    def by(self, name: str) -> Actor:
        """Return somebody of the house."""
        return self.house.actor(name)

    @property
    def open(self) -> Session:
        """Return the session as it stands in the database."""
        assert self.session is not None
        session_id = self.session.id
        return self.scoped(lambda: session_for(self.by("nurse"), session_id))

    @property
    def sheet(self) -> Sheet:
        """Return the chart as it stands."""
        return self.scoped(lambda: sheet_of(self.open))

    def told(self, tell: Callable[[Sheet], T]) -> T:
        """Say something about the chart as it stands."""
        return self.scoped(lambda: tell(self.sheet))

    def told_entries(self) -> list[Entry]:
        """Return everything charted, in words."""
        return self.told(entries)

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Return every gate as it stands now."""
        return self.scoped(lambda: gates(self.sheet, self.now))

    @property
    def closed(self) -> list[str]:
        """Return the gates that are closed."""
        return [gate.key for gate in self.gates if gate.state == "closed"]

    def gate(self, key: str) -> str:
        """Return how one gate stands, with its sentence."""
        found = {gate.key: gate for gate in self.gates}
        return f"{found[key].state}: {found[key].sentence}" if key in found else "none"

    # Before the day

    def agreed(self) -> "Chair":
        """Bring Maya to a signed agreement, order, therapist and booked series, with everything in place for day one."""
        self.visits = self.up_to_series()
        self.agree(hand=True)
        self.prepared_for()
        return self

    def prepared_for(self) -> None:
        """Let the preparation visit happen, and plan the first dosing day."""
        house = self.house
        with scope(clinic=house.clinic.id):
            preparation = Visit.objects.filter(kind=VisitKind.PREPARATION).get()
            visits.mark_happened(visit=preparation, by=self.by("therapist"), at=preparation.ends_at)
            planning.release(
                episode=house.episode, text="Feed before you come.", by=self.by("prescriber"), at=preparation.ends_at
            )
            self.plan_day()
        self.now = self.first.starts_at

    def plan_day(self, **instead: Any) -> None:
        """Let Maya plan her first day, or a minute later plan it anew; `instead` gives other values."""
        earlier = self.scoped(lambda: day_plan_of(self.first))
        at = earlier.at + timedelta(minutes=1) if earlier else self.first.starts_at - timedelta(hours=20)
        morning = (self.first.starts_at + timedelta(days=1)).replace(hour=14, minute=0, second=0, microsecond=0)
        plan: dict[str, Any] = {
            "escort_name": "Jonas Lindqvist",
            "escort_phone": "+1 518 555 0143",
            "escort_is_adult": True,
            "childcare_name": "Grandmother Vera",
            "childcare_until": morning,
        }
        self.scoped(
            lambda: planning.set_day_plan(
                parent=self.house.mother,
                visit=self.first,
                **{**plan, **instead},
                by=self.by("mother"),
                at=at,
            )
        )

    @property
    def first(self) -> Visit:
        """Return the first dosing visit."""
        return self.visits[0]

    def another_dosing_visit(self) -> Visit:
        """Book Jonas for a dose with the second nurse, now."""
        return self.scoped(
            lambda: visits.book(
                kind=VisitKind.DOSING,
                parent=self.house.father,
                staff=self.house.second_nurse,
                room=None,
                starts_at=self.now,
                minutes=180,
                by=self.by("nurse"),
                at=self.now,
            )
        )

    def lot(self, mg_per_ml: int = 10) -> Lot:
        """Receive a lot of this strength once: ten vials of 20 mL, or of 5 mL when strong."""
        if mg_per_ml not in self.lots:
            self.lots[mg_per_ml] = self.scoped(
                lambda: ledger.receive(
                    clinic_id=self.house.clinic.id,
                    lot_number=f"H-{mg_per_ml}",
                    ndc="42023-113-10",
                    concentration_ug_per_ml=mg_per_ml * 1000,
                    vial_volume_ul=20_000 if mg_per_ml == 10 else 10_000 if mg_per_ml == 50 else 5_000,
                    vials=10,
                    supplier="Harbor Medical Supply",
                    invoice="HM-1",
                    expires_date=date(2027, 12, 31),
                    by=self.by("nurse"),
                    at=self.house.episode.opened_at,
                )
            )
        return self.lots[mg_per_ml]

    # On the day

    def opened(self, by: str = "nurse") -> "Chair":
        """Open the session of the first visit."""
        if not self.visits:
            self.agreed()
        self.session = self.scoped(lambda: services.open_session(visit=self.first, by=self.by(by), at=self.now))
        return self

    def ready(self) -> "Chair":
        """Open every gate the usual way: second person, the question about safety, a resting pressure."""
        if self.session is None:
            self.opened()
        self.join("second_nurse")
        self.mark("safety_asked")
        self.chart()
        return self

    def join(self, name: str) -> None:
        """Name the second person."""
        person = getattr(self.house, name)
        self.scoped(lambda: services.join(session=self.open, second=person, by=self.by("nurse"), at=self.now))

    def mark(self, kind: str, words: str = "", **more: Any) -> None:
        """Note something."""
        self.scoped(
            lambda: services.mark(session=self.open, kind=kind, words=words, by=self.by("nurse"), at=self.now, **more)
        )

    def chart(self, *, by: str = "nurse", **values: Any) -> Observation:
        """Chart a set: calm values with the given ones in their place (None leaves one out)."""
        entered = {kind: value for kind, value in {**CALM, **values}.items() if value is not None}
        return self.only(by=by, **entered)

    def only(
        self, *, by: str = "nurse", client_id: Any = None, event_at: datetime | None = None, **values: Any
    ) -> Observation:
        """Chart these values and no others."""
        return self.scoped(
            lambda: services.chart(
                session=self.open,
                client_id=client_id or uuid4(),
                values=values,
                by=self.by(by),
                at=self.now,
                event_at=event_at,
            )
        )

    def score(self, *, by: str = "nurse", client_id: Any = None, **values: Any) -> RecoveryScore:
        """Chart a modified Aldrete: the best of each row with the given ones in their place (None leaves one out)."""
        rows = {row: value for row, value in {**AWAKE, **values}.items() if value is not None}
        return self.scoped(
            lambda: services.score_recovery(
                session=self.open, client_id=client_id or uuid4(), values=rows, by=self.by(by), at=self.now
            )
        )

    def drawn(self, *, mg_per_ml: int = 10, drawn_ul: int = 5_000) -> "Chair":
        """Open the gates, and let the nurse draw."""
        self.ready()
        lot = self.lot(mg_per_ml)
        self.scoped(
            lambda: services.prepare(session=self.open, lot=lot, drawn_ul=drawn_ul, by=self.by("nurse"), at=self.now)
        )
        return self

    def checked(self, **drawn: int) -> "Chair":
        """Let the second nurse read the same."""
        self.drawn(**drawn)
        preparation = self.sheet.preparation
        assert preparation is not None
        self.scoped(
            lambda: services.second_check(
                session=self.open,
                volume_ul=preparation.volume_ul,
                concentration_ug_per_ml=preparation.concentration_ug_per_ml,
                by=self.by("second_nurse"),
                at=self.now,
            )
        )
        return self

    def infusing(self) -> "Chair":
        """Start the pump."""
        self.checked()
        self.scoped(lambda: services.start_infusion(session=self.open, by=self.by("nurse"), at=self.now))
        return self

    def recovering(self) -> "Chair":
        """Let the whole dose run in: 35 mg in 40 minutes."""
        self.infusing().after(40)
        self.scoped(lambda: services.end_infusion(session=self.open, by=self.by("nurse"), at=self.now))
        return self

    def recovering_from_here(self, *, baseline: bool = True) -> "Chair":
        """Go on from wherever the morning stands: draw and check if that is open, then let the dose run in."""
        if self.open.state == "gates":
            self.drawn_here(baseline=baseline)
            self.checked_here()
        self.scoped(lambda: services.start_infusion(session=self.open, by=self.by("nurse"), at=self.now))
        self.after(40)
        self.scoped(lambda: services.end_infusion(session=self.open, by=self.by("nurse"), at=self.now))
        return self

    # Steps from wherever the day stands, for stories that stop to look in between

    def drawn_here(self, *, baseline: bool = True) -> None:
        """Open the gates and draw; without a baseline pressure when it stands already."""
        self.join("second_nurse")
        self.mark("safety_asked")
        if baseline:
            self.chart()
        lot = self.lot()
        by = self.by("nurse")
        self.scoped(lambda: services.prepare(session=self.open, lot=lot, drawn_ul=3_500, by=by, at=self.now))

    def checked_here(self) -> None:
        """Let the second nurse read."""
        by = self.by("second_nurse")
        self.scoped(lambda: services.second_check(session=self.open, volume_ul=3_500, by=by, at=self.now))

    def started_here(self) -> None:
        """Start the pump, and chart once."""
        self.scoped(lambda: services.start_infusion(session=self.open, by=self.by("nurse"), at=self.now))
        self.after(9).chart(sbp=134, dbp=84, hr=88, dissociation=3)

    def alarmed_here(self) -> None:
        """Chart what raises a notice of each level."""
        self.after(5).chart(sbp=201, dbp=104, hr=112, dissociation=6)
        self.mark("headache")

    def stopped_here(self) -> None:
        """See every notice, end the infusion early, and chart."""
        while self.sheet.open_notices:
            self.see(action="prescriber_called")
        by = self.by("nurse")
        self.scoped(lambda: services.end_infusion(session=self.open, reason="Pressure.", by=by, at=self.now))
        self.after(20).chart(sbp=138, dbp=86)

    def stopped_quietly(self) -> None:
        """End an infusion whose syringe is empty."""
        self.scoped(lambda: services.end_infusion(session=self.open, by=self.by("nurse"), at=self.now))

    def rest_and_leave(self) -> None:
        """Rest until two hours after the start, and leave."""
        self.after(80).chart()
        self.leave()

    def rested(self) -> "Chair":
        """Let her rest until two hours after the start, with calm values."""
        self.recovering().after(40)
        self.chart()
        self.after(40)
        self.chart()
        return self

    def ask(self, *, by: str = "nurse", client_id: UUID | None = None, **instead: int | None) -> RightNow:
        """Ask Maya how it is right now; `instead` gives other answers, None for one that she did not give."""
        values = {key: value for key, value in {**SAYS, **instead}.items() if value is not None}
        return self.scoped(
            lambda: services.chart_right_now(
                session=self.open, client_id=client_id or uuid4(), values=values, by=self.by(by), at=self.now
            )
        )

    def leave(self, *, by: str = "nurse", **instead: Any) -> None:
        """Let her go with Jonas; `instead` gives other answers at the door."""
        door = {"escort_name": "Jonas Lindqvist", "gait_steady": True, "oriented": True, **instead}
        self.scoped(lambda: services.leave(session=self.open, **door, by=self.by(by), at=self.now))

    def left(self) -> "Chair":
        """Bring the whole day to its end."""
        self.rested().leave()
        return self

    def second_dose(self) -> None:
        """Come again for the second dose, a few days later, and let it run in."""
        self.visits.pop(0)
        self.now = self.first.starts_at
        self.plan_day()
        self.session = None
        self.opened().recovering_from_here()

    def answer_one(self, question_set: QuestionSet, key: str, value: int, at: datetime) -> None:
        """Let Maya give one answer and put the phone down."""
        question_set.parent = self.house.mother
        self.scoped(
            lambda: screening.answer(question_set=question_set, item=key, value=value, by=self.by("mother"), at=at)
        )

    # What stands

    @property
    def notices(self) -> list[Notice]:
        """Return every notice, in order."""
        return list(self.sheet.notices)

    @property
    def waiting(self) -> list[str]:
        """Return what is open: kind and level of each notice that nobody saw."""
        return sorted(f"{notice.kind} {notice.level}" for notice in self.sheet.open_notices)

    def see(self, notice: Notice | None = None, action: str = "rechecked", by: str = "nurse") -> None:
        """Acknowledge a notice (not given: the newest one that is open)."""
        seen = notice or self.sheet.open_notices[0]
        self.scoped(lambda: services.acknowledge_notice(notice=seen, action=action, by=self.by(by), at=self.now))
