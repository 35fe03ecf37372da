"""A write: one transaction, its events in it and last, its reactions in it too."""

from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from firstlight.ground.audit import verification
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.chain import GENESIS
from firstlight.ground.audit.models import AuditEvent, AuditHead
from firstlight.ground.audit.services import announce, note, record, write
from firstlight.ground.people.models import Child, Family
from tests.cast import NOW, House, harbour

heard: list[str] = []


@write
def add_family(*, clinic_id: object, fail: bool = False, by: Actor, at: object) -> Family:
    """Write one fact, record it, and fail afterwards if told so."""
    record("family.added", by=by, at=NOW)
    family = Family.objects.create(clinic_id=clinic_id)
    if fail:
        raise IntegrityError("refused by a later rule")
    return family


def hear(*, word: str, by: Actor) -> None:
    """React to an event by recording another fact."""
    heard.append(word)
    record("heard", by=by, at=NOW, detail={"word": word})


def events(action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()


def test_a_write_leaves_its_fact_and_its_event(house: House) -> None:
    nurse = house.actor("nurse")
    with scope(clinic=house.clinic.id):
        add_family(clinic_id=house.clinic.id, by=nurse, at=NOW)

    event = AuditEvent.objects.get(action="family.added")
    assert (event.chain, event.account_id, event.role) == (str(house.clinic.id), nurse.account_id, "nurse")


def test_a_write_that_fails_leaves_neither_fact_nor_event(house: House) -> None:
    with scope(clinic=house.clinic.id):
        before = Family.objects.count()
        with pytest.raises(IntegrityError):
            add_family(clinic_id=house.clinic.id, fail=True, by=house.actor("nurse"), at=NOW)

        assert Family.objects.count() == before
    assert events("family.added") == 0


def test_a_step_that_fails_takes_its_rows_and_events_with_it_when_the_write_goes_on(house: House) -> None:
    nurse = house.actor("nurse")

    @write
    def two_steps(*, by: Actor, at: object) -> None:
        record("began", by=by, at=NOW)
        with pytest.raises(IntegrityError):
            add_family(clinic_id=house.clinic.id, fail=True, by=by, at=at)
        add_family(clinic_id=house.clinic.id, by=by, at=at)

    with scope(clinic=house.clinic.id):
        before = Family.objects.count()
        two_steps(by=nurse, at=NOW)

        assert Family.objects.count() == before + 1
    assert (events("began"), events("family.added")) == (1, 1)


def test_events_are_the_last_statements_of_the_transaction(house: House) -> None:
    with (
        scope(clinic=house.clinic.id),
        CaptureQueriesContext(
            connection,
        ) as captured,
    ):
        add_family(clinic_id=house.clinic.id, by=house.actor("nurse"), at=NOW)

    written = [query["sql"] for query in captured if query["sql"].startswith(("INSERT", "UPDATE"))]
    tables = [
        next(name for name in ("audit_auditevent", "audit_audithead", "people_family") if name in sql)
        for sql in written
    ]
    assert tables.index("people_family") < tables.index("audit_auditevent")
    assert set(tables[tables.index("people_family") + 1 :]) == {"audit_auditevent", "audit_audithead"}


def test_recording_outside_a_write_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="outside a write"):
        record("alone", by=Actor.nobody(), at=NOW)


def test_announcing_outside_a_write_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="outside a write"):
        announce("loss.recorded")


def test_a_reaction_runs_in_the_same_transaction(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "firstlight.ground.audit.services.import_string", lambda path: {"said": ["hear"]} if "." in path else hear
    )
    heard.clear()

    @write
    def say(*, fail: bool, by: Actor, at: object) -> None:
        announce("said", word="first", by=by)
        if fail:
            raise IntegrityError

    with pytest.raises(IntegrityError):
        say(fail=True, by=house.actor("nurse"), at=NOW)
    assert events("heard") == 0
    say(fail=False, by=house.actor("nurse"), at=NOW)

    assert heard == ["first", "first"]
    assert events("heard") == 1


def test_each_clinic_has_its_own_chain_and_what_has_none_goes_to_the_system_chain(
    house: House, other_house: House
) -> None:
    note("one", by=house.actor("nurse"), at=NOW)
    note("two", by=other_house.actor("nurse"), at=NOW)
    note("three", by=Actor.nobody(), at=NOW)

    chains = {event.action: event.chain for event in AuditEvent.objects.all()}
    assert chains == {"one": str(house.clinic.id), "two": str(other_house.clinic.id), "three": "system"}
    assert {event.previous_hash for event in AuditEvent.objects.all()} == {GENESIS}
    assert verification.verify() == []


def test_a_chain_counts_without_gaps_and_its_head_is_its_last_link(house: House) -> None:
    for number in range(5):
        note("step", by=house.actor("nurse"), at=NOW + timedelta(seconds=number))

    chain = list(AuditEvent.objects.order_by("sequence"))
    head = AuditHead.objects.get(chain=house.clinic.id)
    assert [event.sequence for event in chain] == [1, 2, 3, 4, 5]
    assert (head.sequence, head.hash) == (5, chain[-1].hash)


def test_an_event_holds_ids_and_never_a_name(house: House) -> None:
    with scope(clinic=house.clinic.id):
        child = Child.objects.get(family=house.mother.family)

    @write
    def touch(*, by: Actor, at: object) -> None:
        record("child.touched", by=by, at=NOW, parent=house.mother.id, about=child)

    touch(by=house.actor("nurse"), at=NOW)

    event = AuditEvent.objects.get(action="child.touched")
    assert (event.parent_id, event.about_kind, event.about_id) == (house.mother.id, "people.child", str(child.id))
    assert "Ruth" not in str(event.columns())


def test_a_value_that_cannot_be_chained_is_refused(house: House) -> None:
    with pytest.raises(TypeError, match="cannot stand"):
        note("odd", by=house.actor("nurse"), at=NOW, detail={"what": object()})
    assert events("odd") == 0


def test_an_id_in_the_detail_survives_the_round_trip_through_the_database(house: House) -> None:
    note("with.id", by=house.actor("nurse"), at=NOW, detail={"ids": [str(uuid4())], "count": 3})

    assert verification.verify() == []


def test_writers_at_the_same_time_make_one_chain(own_database: None) -> None:
    nurse = harbour().actor("nurse")

    def write_some() -> None:
        try:
            for _number in range(10):
                note("step", by=nurse, at=NOW)
        finally:
            connection.close()

    threads = [Thread(target=write_some) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert list(AuditEvent.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 41))
    assert verification.verify() == []
