"""Promise 10: received is given, wasted, sent back, in hand or in the cabinet, whatever people do in whatever order."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from django_scopes import scope
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from firstlight.ground.ledger import services
from firstlight.ground.ledger.models import Draw, EntryKind, LedgerEntry, Lot
from firstlight.ground.ledger.selectors import balance, in_hand, waiting
from firstlight.ground.ledger.verification import verify_clinic
from firstlight.ground.people.errors import Refused
from tests.cast import NOW, House, make_house
from tests.ground.ledger.deliveries import delivery
from tests.support import scale

STEPS = 50
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
ACTORS = st.sampled_from(["nurse", "second_nurse", "prescriber"])
SHARES = st.sampled_from(["0.001", "0.1", "0.25", "0.5", "0.9", "1", "1.001", "3"]).map(Decimal)


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
    """Three people and a cabinet."""

    lots: Bundle[Page] = Bundle("lots")
    draws: Bundle[tuple[Page, Draw]] = Bundle("draws")
    wastes: Bundle[tuple[Page, LedgerEntry]] = Bundle("wastes")

    def __init__(self) -> None:
        super().__init__()
        self.house: House = make_house("Balance Clinic", f"balance-{next(NUMBERS)}", PEOPLE)
        self.now = NOW
        self.pages: list[Page] = []
        self.hands: dict[Draw, Decimal] = {}
        self.witnessed: set[Any] = set()

    def does(self, allowed: bool, service: Any, **named: Any) -> Any:
        """Do something that must work, or must be refused and change nothing."""
        with scope(clinic=self.house.clinic.id):
            lines = LedgerEntry.objects.count()
            if allowed:
                return service(at=self.now, **named)
            with pytest.raises(Refused):
                service(at=self.now, **named)
            assert LedgerEntry.objects.count() == lines
            return None

    @rule(target=lots, mg_per_ml=st.sampled_from([10, 50, 100]), ml=st.sampled_from([5, 10, 20]), vials=st.integers(1, 4),
          days=st.integers(0, 20))  # fmt: skip
    def receive(self, mg_per_ml: int, ml: int, vials: int, days: int) -> Page:
        with scope(clinic=self.house.clinic.id):
            lot = delivery(
                self.house,
                f"L{len(self.pages)}",
                concentration_ug_per_ml=mg_per_ml * 1_000,
                vial_volume_ul=ml * 1_000,
                vials=vials,
                expires_date=(self.now - timedelta(hours=5)).date() + timedelta(days=days),
                at=self.now,
            )
        page = Page(lot, Counter({"receive": Decimal(mg_per_ml * ml * vials)}))
        self.pages.append(page)
        return page

    @rule(target=draws, page=lots, share=SHARES, who=ACTORS)
    def draw(self, page: Page, share: Decimal, who: str) -> Any:
        amount_ug = int(page.lot.vial_ug * share)
        expired = page.lot.expires_date < (self.now - timedelta(hours=5)).date()
        allowed = amount_ug <= page.lot.vial_ug and mg(amount_ug) <= page.cabinet() and not expired
        actor = self.house.actor(who)
        made = self.does(allowed, services.draw, lot=page.lot, amount_ug=amount_ug, session_ref=uuid4(), by=actor)
        if made is None:
            return multiple()
        page.moved["draw"] += mg(amount_ug)
        self.hands[made] = mg(amount_ug)
        return page, made

    @rule(held=draws, share=SHARES, who=ACTORS)
    def administer(self, held: tuple[Page, Draw], share: Decimal, who: str) -> None:
        page, draw = held
        amount_ug = int(draw.amount_ug * share)
        allowed = 0 < mg(amount_ug) <= self.hands[draw]
        self.does(allowed, services.administer, draw=draw, amount_ug=amount_ug, by=self.house.actor(who))
        if allowed:
            self.hands[draw] -= mg(amount_ug)
            page.moved["administer"] += mg(amount_ug)

    @rule(target=wastes, held=draws, share=SHARES, who=ACTORS)
    def waste(self, held: tuple[Page, Draw], share: Decimal, who: str) -> Any:
        page, draw = held
        amount_ug = int(draw.amount_ug * share)
        allowed = 0 < mg(amount_ug) <= self.hands[draw]
        by = self.house.actor(who)
        made = self.does(allowed, services.waste, draw=draw, amount_ug=amount_ug, reason="Remainder", by=by)
        if made is None:
            return multiple()
        self.hands[draw] -= mg(amount_ug)
        page.moved["waste"] += mg(amount_ug)
        return page, made

    @rule(wasted=wastes, who=ACTORS, off_by=st.sampled_from([0, 0, 100]))
    def witness(self, wasted: tuple[Page, LedgerEntry], who: str, off_by: int) -> None:
        _, waste = wasted
        by = self.house.actor(who)
        allowed = by.account_id != waste.by_id and waste.id not in self.witnessed
        self.does(allowed, services.witness_waste, waste=waste, amount_ug=waste.amount_ug + off_by, by=by)
        if allowed and not off_by:
            self.witnessed.add(waste.id)

    @rule(page=lots, share=SHARES, who=ACTORS)
    def send_back(self, page: Page, share: Decimal, who: str) -> None:
        amount_ug = int(page.lot.received_ug * share / 4)
        allowed = 0 < mg(amount_ug) <= page.cabinet()
        by = self.house.actor(who)
        self.does(allowed, services.send_back, lot=page.lot, amount_ug=amount_ug, recipient="Supplier", by=by)
        if allowed:
            page.moved["return"] += mg(amount_ug)

    @rule(page=lots, short_ug=st.sampled_from([0, 1_000, 5_000]), first=ACTORS, second=ACTORS)
    def count_and_adjust(self, page: Page, short_ug: int, first: str, second: str) -> None:
        found_ug = max(0, int(page.cabinet() * 1_000) - short_ug)
        for who in (first, second):
            self.does(True, services.count, lot=page.lot, amount_ug=found_ug, by=self.house.actor(who))
        difference = mg(found_ug) - page.cabinet()
        allowed = first != second and difference != 0
        self.does(allowed, services.adjust, lot=page.lot, reason="Not known", by=self.house.actor(first))
        if allowed:
            page.corrected += difference

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

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
    examples = scale.count(reduced=6, full=200)  # 200 × 50 steps: the 10,000 that were promised
    steps = scale.count(reduced=25, full=STEPS)
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
