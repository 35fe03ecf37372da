import os
import uuid
from typing import Any

from django.db import migrations, models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from firstlight.ground.vault import keyring


def make_keys_of_clinics(apps: Any, schema_editor: Any) -> None:
    """A clinic's key used to be made with its first task, and is made with the clinic now: make those that are missing."""
    keys = apps.get_model('vault', 'PersonKey').objects.using(schema_editor.connection.alias)
    clinics = apps.get_model('people', 'Clinic').objects.using(schema_editor.connection.alias)
    for clinic in clinics.exclude(Exists(keys.filter(owner_id=OuterRef('id')))):
        key_id, ring_id = uuid.uuid4(), keyring.newest_ring_id()
        place = f'vault_personkey.{key_id}'
        wrapped = keyring.seal(keyring.ring()[ring_id], os.urandom(32), place)
        keys.create(id=key_id, owner_id=clinic.id, ring_id=ring_id, wrapped=wrapped, made_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_the_order_of_writing'),
        ('vault', '0003_the_moment_is_passed_in'),
    ]

    operations = [
        # The moment is set before it reaches the database: no table changes.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='account',
                    name='made_at',
                    field=models.DateTimeField(),
                ),
            ],
        ),
        migrations.RunPython(make_keys_of_clinics, migrations.RunPython.noop),
    ]
