"""Promise 10: received is given, wasted, sent back, in hand or in the cabinet, whatever people do in whatever order."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from django_scopes import scope
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from firstlight.ground.ledger import services
from firstlight.ground.ledger.models import Draw, EntryKind, LedgerEntry, Lot
from firstlight.ground.ledger.selectors import balance, in_hand, waiting
from firstlight.ground.ledger.verification import verify_clinic
from firstlight.ground.people.errors import Refused
from tests.cast import NOW, House, make_house
from tests.ground.ledger.deliveries import delivery
from tests.support import scale

NUMBERS = count(1)
PEOPLE = {
    "prescriber": "Amara Okafor",
    "nurse": "Ruth Calder",
    "second_nurse": "Tomas Reyes",
    "therapist": "Ines Haddad",
    "administrator": "Lena Brandt",
    "mother": "Maya Lindqvist",
    "father": "Jonas Lindqvist",
}
STEPS = st.sampled_from(
    ["draw", "draw", "administer", "administer", "waste", "waste", "witness", "witness", "witness", "send_back", "count",
     "time_passes", "receive"]
)  # fmt: skip
ACTORS = st.sampled_from(["nurse", "second_nurse", "prescriber"])
SHARES = st.sampled_from(["0.001", "0.25", "0.5", "0.9", "1", "1", "1.001"]).map(Decimal)


@dataclass
class Page:
    """What one lot should come to, in exact milligrams."""

    lot: Lot
    moved: Counter[str] = field(default_factory=Counter)
    corrected: Decimal = Decimal(0)

    def cabinet(self) -> Decimal:
        return self.moved["receive"] - self.moved["draw"] - self.moved["return"] + self.corrected


def mg(amount_ug: int) -> Decimal:
    return Decimal(amount_ug) / 1_000


class Stock(RuleBasedStateMachine):
    """Three people and a cabinet. One rule deals every step, so that each kind of step comes up as often as it should."""

    def __init__(self) -> None:
        super().__init__()
        self.house: House = make_house("Balance Clinic", f"balance-{next(NUMBERS)}", PEOPLE)
        self.now = NOW
        self.pages: list[Page] = []
        self.hands: dict[Draw, Decimal] = {}
        self.wastes: list[LedgerEntry] = []
        self.witnessed: set[LedgerEntry] = set()
        self.receive("nurse", Decimal(1), 0)

    @rule(step=STEPS, who=ACTORS, share=SHARES, pick=st.integers(0, 11))
    def deal(self, step: str, who: str, share: Decimal, pick: int) -> None:
        getattr(self, step)(who, share, pick)

    def does(self, allowed: bool, service: Any, who: str, **named: Any) -> Any:
        """Do something that must work, or must be refused and change nothing."""
        by = self.house.actor(who)
        with scope(clinic=self.house.clinic.id):
            lines = LedgerEntry.objects.count()
            if allowed:
                return service(by=by, at=self.now, **named)
            with pytest.raises(Refused):
                service(by=by, at=self.now, **named)
            assert LedgerEntry.objects.count() == lines
            return None

    def page(self, pick: int) -> Page:
        return self.pages[pick % len(self.pages)]

    def today(self) -> date:
        return (self.now - timedelta(hours=5)).date()  # in New York

    def receive(self, who: str, share: Decimal, pick: int) -> None:
        if len(self.pages) == 3:
            return  # few lots, so that each runs short
        mg_per_ml, ml, vials = [10, 50, 100][pick % 3], [5, 10, 20][pick % 2], 1 + pick % 2
        with scope(clinic=self.house.clinic.id):
            lot = delivery(
                self.house,
                f"L{len(self.pages)}",
                concentration_ug_per_ml=mg_per_ml * 1_000,
                vial_volume_ul=ml * 1_000,
                vials=vials,
                expires_date=self.today() + timedelta(days=pick),
                at=self.now,
            )
        self.pages.append(Page(lot, Counter({"receive": Decimal(mg_per_ml * ml * vials)})))

    def draw(self, who: str, share: Decimal, pick: int) -> None:
        page = self.page(pick)
        amount_ug = int(page.lot.vial_ug * share)
        allowed = share <= 1 and mg(amount_ug) <= page.cabinet() and page.lot.expires_date >= self.today()
        made = self.does(allowed, services.draw, who, lot=page.lot, amount_ug=amount_ug, session_ref=uuid4())
        if made:
            page.moved["draw"] += mg(amount_ug)
            self.hands[made] = mg(amount_ug)

    def administer(self, who: str, share: Decimal, pick: int) -> None:
        self.use(services.administer, "administer", who, share, pick)

    def waste(self, who: str, share: Decimal, pick: int) -> None:
        made = self.use(services.waste, "waste", who, share, pick, reason="Remainder")
        if made:
            self.wastes.append(made)

    def use(self, service: Any, name: str, who: str, share: Decimal, pick: int, **named: Any) -> Any:
        """Give or waste a share of a draw."""
        if not self.hands:
            return None
        draw = list(self.hands)[-1 - pick % min(3, len(self.hands))]
        amount_ug = int(draw.amount_ug * share)
        made = self.does(0 < mg(amount_ug) <= self.hands[draw], service, who, draw=draw, amount_ug=amount_ug, **named)
        if made:
            self.hands[draw] -= mg(amount_ug)
            next(page for page in self.pages if page.lot == draw.lot).moved[name] += mg(amount_ug)
        return made

    def witness(self, who: str, share: Decimal, pick: int) -> None:
        if not self.wastes:
            return
        waste = self.wastes[-1 - pick % min(2, len(self.wastes))]
        seen_ug = waste.amount_ug + (100 if pick % 3 == 0 else 0)
        allowed = self.house.actor(who).account_id != waste.by_id and waste not in self.witnessed
        self.does(allowed, services.witness_waste, who, waste=waste, amount_ug=seen_ug)
        if allowed and seen_ug == waste.amount_ug:
            self.witnessed.add(waste)

    def send_back(self, who: str, share: Decimal, pick: int) -> None:
        page = self.page(pick)
        amount_ug = int(page.lot.received_ug * share / 4)
        allowed = mg(amount_ug) <= page.cabinet()
        self.does(allowed, services.send_back, who, lot=page.lot, amount_ug=amount_ug, recipient="Supplier")
        page.moved["return"] += mg(amount_ug) if allowed else 0

    def count(self, who: str, share: Decimal, pick: int) -> None:
        """Two people count, or one counts twice; then somebody wants to set the books."""
        page, other = self.page(pick), ["nurse", "second_nurse"][pick % 2]
        found_ug = max(0, int(page.cabinet() * 1_000) - [0, 1_000, -500][pick % 3])
        for counter in (who, other):
            self.does(True, services.count, counter, lot=page.lot, amount_ug=found_ug)
        difference = mg(found_ug) - page.cabinet()
        allowed = who != other and difference != 0
        self.does(allowed, services.adjust, who, lot=page.lot, reason="Not known")
        page.corrected += difference if allowed else 0

    def time_passes(self, who: str, share: Decimal, pick: int) -> None:
        self.now += timedelta(days=pick % 3)

    @invariant()
    def received_is_accounted_for(self) -> None:
        with scope(clinic=self.house.clinic.id):
            for page in self.pages:
                held = sum((left for draw, left in self.hands.items() if draw.lot_id == page.lot.id), Decimal(0))
                gone = page.moved["administer"] + page.moved["waste"] + page.moved["return"]
                assert mg(balance(page.lot)) == page.cabinet() >= 0
                assert page.moved["receive"] + page.corrected == gone + held + mg(balance(page.lot))
            assert {draw: mg(in_hand(draw)) for draw in self.hands} == self.hands

    @invariant()
    def no_waste_is_done_without_two_people(self) -> None:
        with scope(clinic=self.house.clinic.id):
            open_wastes = {waste.id for waste in waiting()}
            for waste in LedgerEntry.objects.filter(kind=EntryKind.WASTE).exclude(id__in=open_wastes):
                signers = LedgerEntry.objects.filter(waste=waste, amount_ug=waste.amount_ug).values_list(
                    "by", flat=True
                )
                assert len({waste.by_id, *signers}) == 2

    def teardown(self) -> None:
        with scope(clinic=self.house.clinic.id):
            assert list(verify_clinic(self.house.clinic, [])) == []


@pytest.mark.slow
def test_ledger_balances_whatever_people_do(db: None) -> None:
    examples = scale.count(reduced=4, full=200)  # 200 × 50 steps: the 10,000 that were promised
    steps = scale.count(reduced=40, full=50)
    run_state_machine_as_test(
        Stock,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not scale.FULL,
            suppress_health_check=list(HealthCheck),
        ),
    )
