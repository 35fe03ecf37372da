from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('vault', '0002_key_pairs'),
    ]

    operations = [
        # The moment is set before it reaches the database: no table changes.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='personkey',
                    name='made_at',
                    field=models.DateTimeField(),
                ),
            ],
        ),
    ]
