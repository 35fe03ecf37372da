"""A clinic that was founded before keys were made with their owners gets its key when the database is migrated."""

from importlib import import_module

from django.apps import apps
from django.db import connection

from firstlight.ground.vault import services
from firstlight.ground.vault.models import PersonKey
from tests.cast import House

migration = import_module("firstlight.ground.people.migrations.0006_the_moment_is_passed_in")


def test_clinic_without_a_key_gets_one_and_every_other_key_stays(house: House) -> None:
    PersonKey.objects.filter(owner_id=house.clinic.id).delete()
    before = set(PersonKey.objects.values_list("owner_id", "id"))

    migration.make_keys_of_clinics(apps, connection.schema_editor())

    added = set(PersonKey.objects.values_list("owner_id", "id")) - before
    assert [owner for owner, _key in added] == [house.clinic.id]
    key_id, key = services.key_of(house.clinic.id)
    assert services.open_key(key_id) == key
