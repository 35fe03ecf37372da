from typing import Any

from django.db import migrations, models

CLINICIANS = ['prescriber', 'nurse', 'therapist']


def name_who_clears_concerns(apps: Any, schema_editor: Any) -> None:
    """A concern was anybody's to finish: an urgent one that is open is a prescriber's now, any other a clinician's."""
    tasks = apps.get_model('worklist', 'Task')._base_manager.using(schema_editor.connection.alias)
    open_concerns = tasks.filter(kind='concern', finished_at__isnull=True)
    open_concerns.filter(urgency='now').update(cleared_by=['prescriber'])
    open_concerns.exclude(urgency='now').update(cleared_by=CLINICIANS)


class Migration(migrations.Migration):

    dependencies = [
        ('worklist', '0002_a_note_on_a_task'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='cleared_by',
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(name_who_clears_concerns, migrations.RunPython.noop),
    ]
