from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_initial'),
    ]

    operations = [
        # The moment is set before it reaches the database: no table changes.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='audithead',
                    name='moved_at',
                    field=models.DateTimeField(),
                ),
            ],
        ),
    ]
