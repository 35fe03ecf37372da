"""Promise 9 for the stock: whoever changes, removes, adds or rewrites a line is found, with a head that left the database."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, models, transaction
from django_scopes import scopes_disabled

from firstlight.ground.audit import triggers
from firstlight.ground.audit.chain import GENESIS, link
from firstlight.ground.audit.heads import SignedHead
from firstlight.ground.ledger import heads, services
from firstlight.ground.ledger.models import Draw, LedgerEntry, LedgerHead, Lot
from firstlight.ground.ledger.verification import verify
from tests.cast import NOW, House, harbour
from tests.ground.ledger.deliveries import delivery
from tests.support import scale

LOCKED = (Lot, Draw, LedgerEntry)
Tamper = Callable[[random.Random, list[LedgerEntry]], None]


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def house(own_database: None) -> Iterator[House]:
    with scopes_disabled():
        yield harbour()


@pytest.fixture
def busy(house: House) -> House:
    """Seven doses with their remainders, wasted before a second person."""
    lot = delivery(house)
    nurse, second = house.actor("nurse"), house.actor("second_nurse")
    for day in range(7):
        at = NOW + timedelta(days=day)
        draw = services.draw(lot=lot, amount_ug=40_000, session_ref=uuid4(), by=nurse, at=at)
        services.administer(draw=draw, amount_ug=35_000, by=nurse, at=at)
        waste = services.waste(draw=draw, amount_ug=5_000, reason="Remainder", by=nurse, at=at)
        services.witness_waste(waste=waste, amount_ug=5_000, by=second, at=at)
    return house


@pytest.fixture
def signed(busy: House) -> list[SignedHead]:
    """The head that left the database, and after it the triggers: from here on somebody has the database's password."""
    heads.sign_all(NOW + timedelta(days=8))
    kept = heads.kept()
    with connection.cursor() as cursor:
        for model in LOCKED:
            table = model._meta.db_table
            for name in triggers.NAMES[connection.vendor]:
                place = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER append_only_{table}_{name}{place}")
    return [head for head in kept if head.chain == heads.chain_of(busy.clinic.id)]


def update(row: models.Model, **values: object) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def edit_amount(dice: random.Random, lines: list[LedgerEntry]) -> None:
    line = dice.choice(lines)
    update(line, amount_ug=line.amount_ug - 100, after_ug=line.after_ug - 100 * line.direction)


def edit_person(dice: random.Random, lines: list[LedgerEntry]) -> None:
    update(dice.choice(lines), by_name="Somebody Else")


def edit_time(dice: random.Random, lines: list[LedgerEntry]) -> None:
    line = dice.choice(lines)
    update(line, at=line.at + timedelta(minutes=1))


def edit_session(dice: random.Random, lines: list[LedgerEntry]) -> None:
    update(dice.choice(lines), session_ref=uuid4())


def remove(dice: random.Random, lines: list[LedgerEntry]) -> None:
    line = dice.choice(lines[1:])
    LedgerEntry.objects.filter(waste=line).delete()
    LedgerEntry.objects.filter(pk=line.pk).delete()


def swap(dice: random.Random, lines: list[LedgerEntry]) -> None:
    index = dice.randrange(len(lines) - 1)
    first, second = lines[index], lines[index + 1]
    update(first, sequence=10_000)
    update(second, sequence=first.sequence)
    update(first, sequence=second.sequence)


def cut_tail(dice: random.Random, lines: list[LedgerEntry]) -> None:
    keep = dice.randrange(1, len(lines))
    for line in reversed(lines[keep:]):
        LedgerEntry.objects.filter(pk=line.pk).delete()
    last = lines[keep - 1]
    LedgerHead.objects.update(sequence=last.sequence, hash=last.hash)


def rewrite(dice: random.Random, lines: list[LedgerEntry]) -> None:
    """Give less than was given, waste more, and make every hash fit again."""
    index = dice.choice([n for n, (line, after) in enumerate(pairwise(lines)) if after.kind == "waste"])
    given, wasted, seen = lines[index : index + 3]
    given.amount_ug, given.after_ug = given.amount_ug - 1_000, given.after_ug + 1_000
    wasted.amount_ug, wasted.before_ug, seen.amount_ug = 6_000, 6_000, 6_000
    previous = GENESIS
    for line in lines:
        line.previous_hash, line.hash = previous, link(previous, line.columns())
        previous = line.hash
        names = ("amount_ug", "before_ug", "after_ug", "previous_hash", "hash")
        update(line, **{name: getattr(line, name) for name in names})
    LedgerHead.objects.update(hash=previous)


def relabel_lot(dice: random.Random, lines: list[LedgerEntry]) -> None:
    update(lines[0].lot, lot_number=f"X{dice.randrange(99)}")


def move_draw(dice: random.Random, lines: list[LedgerEntry]) -> None:
    draw = next(line.draw for line in lines if line.draw)
    update(draw, session_ref=uuid4())


TAMPERS: list[Tamper] = [
    edit_amount, edit_person, edit_time, edit_session, remove, swap, cut_tail, rewrite, relabel_lot, move_draw,
]  # fmt: skip


def findings(signed: list[SignedHead]) -> list[str]:
    return [finding for finding in verify(signed) if "trigger" not in finding]


def test_untouched_journal_verifies(busy: House) -> None:
    heads.sign_all(NOW)

    assert verify(heads.kept()) == []


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found(signed: list[SignedHead], tamper: Tamper) -> None:
    dice = random.Random(tamper.__name__)
    for _ in range(scale.count(reduced=4, full=100)):
        with undone():
            tamper(dice, list(LedgerEntry.objects.select_related("lot", "draw").order_by("sequence")))
            assert findings(signed) != []

    assert findings(signed) == []


def test_missing_triggers_are_named(signed: list[SignedHead]) -> None:
    named = [finding for finding in verify(signed) if "trigger" in finding]

    assert len(named) == len(LOCKED) * len(triggers.NAMES[connection.vendor])


@pytest.mark.parametrize("model", LOCKED, ids=lambda model: model.__name__)
def test_database_refuses_to_change_or_remove(busy: House, model: type[models.Model]) -> None:
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)
