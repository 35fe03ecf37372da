"""Sealed fields: never in clear on the disk, never searched, gone when the person's key is gone."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django_scopes import scope

from firstlight.ground.people.models import Account, Episode, Held, Parent
from firstlight.ground.vault import services
from firstlight.ground.vault.fields import ERASED
from firstlight.ground.vault.keyring import SealBroken
from firstlight.ground.vault.models import PersonKey
from tests.cast import NOW, House, harbour

CANARY = "quartz-canary-1993"


def stored_name(parent: Parent) -> str:
    """Return what stands in the column itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM people_parent WHERE id = %s", [raw(parent.id)])
        return str(cursor.fetchone()[0])


def raw(value: object) -> object:
    """Return an id as the engine keeps it."""
    return value.hex if connection.vendor == "sqlite" else value  # type: ignore[attr-defined]  # ids alone come here


def test_text_is_sealed_in_its_column_and_opens_again(house: House) -> None:
    with scope(clinic=house.clinic.id):
        assert Parent.objects.get(id=house.mother.id).name == "Maya Lindqvist"
    assert "Maya" not in stored_name(house.mother)


def test_the_same_text_is_sealed_differently_each_time(house: House) -> None:
    before = stored_name(house.mother)
    house.mother.save()

    assert stored_name(house.mother) != before


def test_two_people_never_share_a_key(house: House) -> None:
    with scope(clinic=house.clinic.id):
        keys = {stored_name(parent).partition(".")[0] for parent in Parent.objects.all()}

    assert len(keys) == 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the database's file")
def test_nothing_sealed_stands_in_the_database_file(own_database: None) -> None:
    house = harbour()
    with scope(clinic=house.clinic.id):
        house.mother.name = house.mother.address = CANARY
        house.mother.save()
        Episode.objects.filter(id=house.episode.id).first().save()
        house.episode.concern = CANARY
        house.episode.save()
        Held.objects.create(
            account=house.mother.account,
            once=house.episode.id,
            path="/me/",
            body=[["text", CANARY]],
            held_at=NOW,
            expires_at=NOW + timedelta(hours=1),
        )
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = Path(connection.settings_dict["NAME"]).parent

    on_disk = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())

    assert b"Harbour Clinic" in on_disk
    assert CANARY.encode() not in on_disk
    assert b"Lindqvist" not in on_disk
    assert b"maya@" not in on_disk


@pytest.mark.parametrize(
    "lookup", ["", "__exact", "__contains", "__icontains", "__startswith", "__in", "__gt", "__regex"]
)
def test_a_sealed_field_refuses_to_be_searched(house: House, lookup: str) -> None:
    value = ["Maya"] if lookup == "__in" else "Maya"

    with scope(clinic=house.clinic.id), pytest.raises(TypeError, match="sealed"):
        list(Parent.objects.filter(**{f"name{lookup}": value}))


def test_a_sealed_field_refuses_a_bulk_update(house: House) -> None:
    with scope(clinic=house.clinic.id), pytest.raises(TypeError, match="sealed"):
        Parent.objects.update(name="Somebody")


def test_a_sealed_field_can_still_be_asked_whether_it_is_empty(house: House) -> None:
    with scope(clinic=house.clinic.id):
        assert Parent.objects.filter(name__isnull=True).count() == 0


def test_sealed_text_moved_to_another_column_does_not_open(house: House) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_parent SET address = name WHERE id = %s", [raw(house.mother.id)])

    with scope(clinic=house.clinic.id), pytest.raises(SealBroken, match=r"people_parent\.address"):
        Parent.objects.get(id=house.mother.id)


def test_sealed_text_that_somebody_changed_does_not_open(house: House) -> None:
    sealed = stored_name(house.mother)
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_parent SET name = %s WHERE id = %s", [changed, raw(house.mother.id)])

    with scope(clinic=house.clinic.id), pytest.raises(SealBroken):
        Parent.objects.get(id=house.mother.id)


def test_destroying_a_key_erases_one_person_and_nobody_else(house: House) -> None:
    services.destroy_key(owner_id=house.mother.id, at=NOW)

    with scope(clinic=house.clinic.id):
        mother, father = Parent.objects.get(id=house.mother.id), Parent.objects.get(id=house.father.id)
        assert (mother.name, mother.phone, mother.born_on) == (ERASED, ERASED, None)
        assert Episode.objects.get(id=house.episode.id).concern == ERASED
        assert father.name == "Jonas Lindqvist"


def test_an_erased_form_reads_as_empty(house: House) -> None:
    account = house.mother.account
    assert account is not None
    held = Held.objects.create(
        account=account, once=house.episode.id, path="/me/", body=[["a", "b"]], held_at=NOW, expires_at=NOW
    )

    services.destroy_key(owner_id=account.id, at=NOW)

    assert Held.objects.get(id=held.id).body == {}


def test_nothing_more_can_be_written_to_an_erased_person(house: House) -> None:
    services.destroy_key(owner_id=house.mother.id, at=NOW)

    with scope(clinic=house.clinic.id):
        mother = Parent.objects.get(id=house.mother.id)
        mother.name = "Back again"
        with pytest.raises(SealBroken, match="erased"):
            mother.save()


def test_a_destroyed_key_is_gone_from_its_row(house: House) -> None:
    services.destroy_key(owner_id=house.mother.id, at=NOW)

    row = PersonKey.objects.get(owner_id=house.mother.id)
    assert (row.wrapped, row.destroyed_at) == (None, NOW)


def test_an_account_is_found_by_its_address_however_it_is_spelled(house: House) -> None:
    assert Account.objects.get_by_natural_key("  MAYA@harbour-families.example ") == house.mother.account
