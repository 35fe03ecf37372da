from django.db import migrations

import firstlight.ground.vault.fields


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0010_rated_by_a_clinician'),
    ]

    operations = [
        migrations.AddField(
            model_name='paperform',
            name='differed',
            field=firstlight.ground.vault.fields.SealedJSONField(null=True),
        ),
    ]
