"""Promise 9: what somebody does to the audit behind our back is found. Each trial works on a copy of a written log."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from firstlight.ground.audit import heads, triggers
from firstlight.ground.audit.chain import GENESIS, link
from firstlight.ground.audit.heads import SignedHead, sign
from firstlight.ground.audit.models import AuditEvent, AuditHead
from firstlight.ground.audit.services import note
from firstlight.ground.audit.verification import verify
from tests.cast import NOW, House, harbour
from tests.support import scale

EVENTS = scale.count(reduced=40, full=400)
TRIALS = scale.count(reduced=10, full=167)  # six kinds: 60 and 1,002

Row = dict[str, Any]


def written(house: House) -> tuple[list[Row], SignedHead]:
    """Write a log and sign its head as if it had left the machine."""
    people = [house.actor(name) for name in ("prescriber", "nurse", "therapist")]
    for number in range(EVENTS):
        by = people[number % 3]
        note("read.timeline", by=by, at=NOW + timedelta(minutes=number), parent=house.mother.id, detail={"n": number})
    head = AuditHead.objects.get(chain=house.clinic.id)
    rows = list(AuditEvent.objects.order_by("sequence").values())
    return rows, sign(head.chain, head.sequence, head.hash, NOW)


def chained_anew(rows: list[Row]) -> list[Row]:
    """Do what a careful forger does: number and hash everything again."""
    previous = GENESIS
    for sequence, row in enumerate(rows, start=1):
        row["sequence"], row["previous_hash"] = sequence, previous
        row["hash"] = previous = link(previous, {name: row[name] for name in AuditEvent.CHAINED})
    return rows


def edited(rows: list[Row], chance: random.Random) -> list[Row]:
    row = chance.choice(rows)
    changes: dict[str, Any] = {
        "at": row["at"] + timedelta(microseconds=1),
        "action": "read.nothing",
        "outcome": "refused",
        "account_id": uuid4(),
        "role": "administrator",
        "parent_id": None,
        "about_kind": "people.child",
        "about_id": "1",
        "detail": row["detail"] | {"n": -1},
    }
    name = chance.choice(sorted(changes))
    row[name] = changes[name]
    return rows


def deleted(rows: list[Row], chance: random.Random) -> list[Row]:
    del rows[chance.randrange(len(rows) - 1)]
    return rows


def inserted(rows: list[Row], chance: random.Random) -> list[Row]:
    place = chance.randrange(1, len(rows))
    row = dict(rows[place], id=None, action="read.planted")
    for later in rows[place:]:
        later["sequence"] += 1
    row["previous_hash"] = rows[place - 1]["hash"]
    row["hash"] = link(row["previous_hash"], {name: row[name] for name in AuditEvent.CHAINED})
    return [*rows[:place], row, *rows[place:]]


def swapped(rows: list[Row], chance: random.Random) -> list[Row]:
    first, second = chance.sample(rows, 2)
    first["sequence"], second["sequence"] = second["sequence"], first["sequence"]
    return rows


def truncated(rows: list[Row], chance: random.Random) -> list[Row]:
    return rows[: chance.randrange(1, len(rows))]


def rewritten(rows: list[Row], chance: random.Random) -> list[Row]:
    return chained_anew(edited(rows, chance))


def put(rows: list[Row]) -> None:
    """Store a log as somebody with the whole database could: triggers off, stored head made to fit."""
    chain = rows[0]["chain"]
    with connection.cursor() as cursor:
        for statement in LOOSEN[connection.vendor]:
            cursor.execute(statement)
        AuditEvent.objects.all()._raw_delete("default")  # type: ignore[attr-defined]  # Django's own fast delete
    AuditEvent.objects.bulk_create(AuditEvent(**{name: row[name] for name in row if name != "id"}) for row in rows)
    last = max(rows, key=lambda row: row["sequence"])
    AuditHead.objects.filter(chain=chain).update(sequence=last["sequence"], hash=last["hash"])
    triggers.install()


LOOSEN = {
    "sqlite": [f"DROP TRIGGER IF EXISTS append_only_audit_auditevent_{verb}" for verb in ("update", "delete")],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS append_only_audit_auditevent_{kind} ON audit_auditevent" for kind in ("row", "all")
    ],
}


@pytest.mark.parametrize(
    "tamper", [edited, deleted, inserted, swapped, truncated, rewritten], ids=lambda one: one.__name__
)
def test_every_change_is_found_with_a_head_that_left_the_machine(
    own_database: None, tamper: Callable[[list[Row], random.Random], list[Row]]
) -> None:
    rows, head = written(harbour())
    chance = random.Random(f"{tamper.__name__} 9")
    missed = []

    for trial in range(TRIALS):
        put(tamper([dict(row) for row in rows], chance))
        if not any(finding.startswith("Chain") for finding in verify([head])):
            missed.append(trial)

    assert missed == []


def test_the_untouched_log_holds_with_and_without_the_head(own_database: None) -> None:
    rows, head = written(harbour())
    put(rows)

    assert verify([head]) == []
    assert verify() == []


def test_a_careful_forger_is_found_only_by_a_head_that_left_the_machine(own_database: None) -> None:
    rows, head = written(harbour())
    put(rewritten(rows, random.Random(1)))

    assert verify() == []
    assert "whose head was signed" in " ".join(verify([head]))


def test_a_log_written_anew_and_signed_anew_does_not_fit_the_earlier_head(own_database: None) -> None:
    rows, head = written(harbour())
    put(rewritten(rows, random.Random(2)))
    stored = AuditHead.objects.get(chain=head.chain)
    later = sign(stored.chain, stored.sequence, stored.hash, NOW + timedelta(days=1))

    assert verify([head, later]) != []
    assert verify([later, head]) != []


def test_a_chain_whose_events_are_gone_is_found(own_database: None) -> None:
    rows, head = written(harbour())
    put(rows)
    with connection.cursor() as cursor:
        for statement in LOOSEN[connection.vendor]:
            cursor.execute(statement)
        AuditEvent.objects.all()._raw_delete("default")  # type: ignore[attr-defined]  # Django's own fast delete
        AuditHead.objects.all().delete()
    triggers.install()

    assert verify([head]) == [f"Chain {head.chain}: its head is known, its events are gone."]


def test_events_behind_a_stored_head_are_found(house: House) -> None:
    _rows, _head = written(house)
    AuditHead.objects.filter(chain=house.clinic.id).update(sequence=EVENTS - 1)

    assert "stored head" in " ".join(verify())


def test_a_head_file_keeps_every_head_and_reads_them_back(house: House, settings: Any, tmp_path: Any) -> None:
    settings.HEADS_FOLDER = tmp_path / "heads"
    note("one", by=house.actor("nurse"), at=NOW)
    heads.sign_all(NOW)
    note("two", by=house.actor("nurse"), at=NOW)
    heads.sign_all(NOW + timedelta(days=1))

    kept = heads.kept()
    assert [head.sequence for head in kept] == [1, 2]
    assert verify(kept) == []
    assert (settings.HEADS_FOLDER / f"{house.clinic.id}.jsonl").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("hash", "0" * 64), ("sequence", 9), ("chain", "system"), ("at", "2020-01-01T00:00:00+00:00")],
)
def test_a_head_that_somebody_changed_is_refused(house: House, name: str, value: object) -> None:
    head = sign(str(house.clinic.id), 3, "a" * 64, NOW)
    forged = SignedHead(**{**{field: getattr(head, field) for field in head.__slots__}, name: value})

    with pytest.raises(heads.HeadRefused, match="signature"):
        heads.check(forged)


def test_a_file_that_is_no_head_file_is_refused(tmp_path: Any) -> None:
    path = tmp_path / "heads.jsonl"
    path.write_text("hello\n")

    with pytest.raises(heads.HeadRefused, match=r"heads\.jsonl line 1"):
        heads.read(path)


@pytest.mark.parametrize(("content", "why"), [(None, "No such file or directory"), (b"\xff\xfe", "it is not text")])
def test_a_head_file_that_cannot_be_read_is_named_with_the_reason(
    tmp_path: Any, content: bytes | None, why: str
) -> None:
    path = tmp_path / "heads.jsonl"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(heads.HeadRefused, match=rf"heads\.jsonl cannot be read: {why}\."):
        heads.read(path)
