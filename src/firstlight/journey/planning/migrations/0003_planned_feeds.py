import firstlight.ground.vault.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0002_the_order_of_writing'),
    ]

    operations = [
        migrations.AddField(
            model_name='dayplan',
            name='feeds',
            field=firstlight.ground.vault.fields.SealedJSONField(null=True),
        ),
    ]
