import uuid
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Max

ROWS_AT_ONCE = 1_000


def keep_links(apps: Any, schema_editor: Any) -> None:
    """A set knew the digest of its newest link alone: each becomes a row, made when the audit says, which goes on working."""
    alias = schema_editor.connection.alias
    sets = apps.get_model('screening', 'QuestionSet')._base_manager.using(alias)
    links = apps.get_model('screening', 'SetLink')
    events = apps.get_model('audit', 'AuditEvent')._base_manager.using(alias).filter(action='screening.link_made')
    made_at = dict(events.values_list('about_id').annotate(Max('at')).order_by())
    found = sets.filter(link_digest__isnull=False).order_by('id')
    links._base_manager.using(alias).bulk_create(
        [
            links(
                clinic_id=clinic_id,
                question_set_id=set_id,
                digest=digest,
                purpose='unknown',
                made_at=made_at.get(str(set_id), assigned_at),
            )
            for set_id, clinic_id, digest, assigned_at in found.values_list('id', 'clinic_id', 'link_digest', 'assigned_at')
        ],
        batch_size=ROWS_AT_ONCE,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_the_moment_is_passed_in'),
        ('people', '0006_the_moment_is_passed_in'),
        ('screening', '0011_what_two_passes_said'),
    ]

    operations = [
        migrations.CreateModel(
            name='SetLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('purpose', models.CharField(choices=[('first', 'the first message'), ('reminder', 'a later message'), ('unknown', 'a message of before this was kept')], max_length=10)),
                ('made_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.clinic')),
                ('question_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.questionset')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SetLinkEnd',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('why', models.CharField(choices=[('address', 'the email address was changed'), ('care-over', 'care here ended'), ('closed', 'the questions were closed'), ('wish', 'the parent ended it')], max_length=10)),
                ('at', models.DateTimeField()),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.clinic')),
                ('link', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='screening.setlink')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RunPython(keep_links, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='questionset',
            name='link_digest',
        ),
    ]
