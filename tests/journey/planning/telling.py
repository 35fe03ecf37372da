"""What the stories of assessment, agreement and plan share: Maya, brought as far along as a story needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django_scopes import scope

from firstlight.ground.people.models import Credential
from firstlight.ground.visits.models import Room, Visit
from firstlight.ground.visits.services import add_room
from firstlight.journey.consent import services as consent
from firstlight.journey.consent.models import Consent
from firstlight.journey.consent.selectors import edition_for
from firstlight.journey.eligibility import services as eligibility
from firstlight.journey.eligibility.models import Assessment, Decision
from firstlight.journey.eligibility.selectors import outcomes_of
from firstlight.journey.planning import services as planning
from firstlight.journey.planning.models import Order
from firstlight.journey.therapists import services as therapists
from tests.cast import NOW, House

MINUTE = timedelta(minutes=1)
FIRST_DOSE = date(2026, 11, 26)

HEALTHY: Mapping[str, Mapping[str, Any]] = {
    "indication": {"diagnosis": "Major depressive disorder, peripartum onset", "severity": "severe"},
    "treatment_trial": {
        "treatment": "Sertraline 100 mg",
        "group": "ssri_snri",
        "weeks": 10,
        "adequate": True,
        "outcome": "none",
    },
    "problem": {"nothing_else": True},
    "medicine": {"nothing_else": True},
    "allergy": {"nothing_else": True},
    "blood_pressure": {"sbp": 118, "dbp": 76},
    "weight": {"weight_g": 70_000},
    "height": {"height_cm": 168},
    "pregnancy_test": {"result": "negative", "test_date": "2026-11-22"},
    "obstetric": {
        "hypertensive_disorder": False,
        "preeclampsia_this_pregnancy": False,
        "preeclampsia_current": False,
        "clearance": False,
    },
}


@dataclass
class Story:
    """Harbour Clinic with Maya, and a clock that each step moves on by a minute."""

    house: House
    now: datetime = NOW

    def tick(self) -> datetime:
        """Let a minute pass."""
        self.now += MINUTE
        return self.now

    def enter(self, kind: str, **value: Any) -> None:
        """Let the nurse enter one fact."""
        with scope(clinic=self.house.clinic.id):
            eligibility.record_baseline(
                parent=self.house.mother, kind=kind, value=value, by=self.house.actor("nurse"), at=self.tick()
            )

    def baseline(self, **instead: Mapping[str, Any] | None) -> None:
        """Enter the facts of a healthy mother; `instead` gives other values by kind, None leaves a kind out."""
        for kind, value in {**HEALTHY, **instead}.items():
            if value is not None:
                self.enter(kind, **value)

    def run(self) -> Assessment:
        """Let the prescriber run the rules."""
        with scope(clinic=self.house.clinic.id):
            by = self.house.actor("prescriber")
            return eligibility.assess_now(episode=self.house.episode, by=by, at=self.tick())

    def decide(self, outcome: str = "suitable", run: Assessment | None = None) -> Decision:
        """Let the prescriber decide, with a reason wherever one is asked for."""
        run = run or self.run()
        with scope(clinic=self.house.clinic.id):
            reviews = {one.rule: "Weighed with the parent." for one in outcomes_of(run) if one.needs_reason}
            return eligibility.decide(
                assessment=run,
                outcome=outcome,
                reason="Severe, no change after sertraline.",
                reviews=reviews,
                by=self.house.actor("prescriber"),
                at=self.tick(),
            )

    def agree(self, **touch: bool) -> Consent:
        """Let Maya answer every question right, choose about touch, and sign."""
        with scope(clinic=self.house.clinic.id):
            mother = self.house.mother
            at = self.tick()
            right = {part: question.right for part, question in edition_for(mother, at).questions.items()}
            return consent.sign(
                parent=mother,
                episode=self.house.episode,
                touch=touch,
                teach_back=right,
                by=self.house.actor("mother"),
                at=at,
            )

    def order(self, mg_per_kg: str = "0.5", **more: Any) -> Order:
        """Let the prescriber sign an order."""
        with scope(clinic=self.house.clinic.id):
            return planning.sign_order(
                episode=self.house.episode,
                mg_per_kg=mg_per_kg,
                by=self.house.actor("prescriber"),
                at=self.tick(),
                **more,
            )

    def choose_therapist(self) -> None:
        """Vet Ines, and let Maya choose her."""
        house = self.house
        with scope(clinic=house.clinic.id):
            Credential.objects.create(
                membership=house.therapist,
                kind="licence",
                number="PSY-10442",
                region="NY",
                expires_date=date(2027, 5, 1),
                checked_date=date(2026, 11, 1),
                checked_by=house.administrator,
            )
            by, at = house.actor("administrator"), self.tick()
            profile = therapists.write_profile(
                membership=house.therapist, works_with=["Depression after birth"], languages=["English"], by=by, at=at
            )
            therapists.vet(profile=profile, on=date(2026, 11, 20), vetted_by=house.administrator, by=by, at=at)
            therapists.choose(episode=house.episode, therapist=house.therapist, by=house.actor("mother"), at=at)

    def rooms(self) -> tuple[Room, Room]:
        """Open a room for doses and one for talks."""
        with scope(clinic=self.house.clinic.id):
            by, at, clinic = self.house.actor("administrator"), self.tick(), self.house.clinic.id
            return (
                add_room(clinic_id=clinic, name="Room 1", by=by, at=at),
                add_room(clinic_id=clinic, name="Room 2", by=by, at=at),
            )

    def propose(self, first: date = FIRST_DOSE) -> list[planning.Proposal]:
        """Let the nurse ask for dates."""
        dosing, therapy = self.rooms()
        with scope(clinic=self.house.clinic.id):
            return planning.propose_series(
                episode=self.house.episode,
                nurse=self.house.nurse,
                first_date=first,
                dosing_room=dosing,
                therapy_room=therapy,
                at=self.tick(),
            )

    def book(self, visits: list[planning.Proposal]) -> list[Visit]:
        """Let the nurse book a series."""
        with scope(clinic=self.house.clinic.id):
            by = self.house.actor("nurse")
            return planning.book_series(episode=self.house.episode, visits=visits, by=by, at=self.tick())

    def up_to_series(self) -> list[Visit]:
        """Bring Maya from the baseline to booked dates; return the dosing visits."""
        self.baseline()
        self.decide()
        self.order()
        self.choose_therapist()
        return [visit for visit in self.book(self.propose()) if visit.kind == "dosing"]
