from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('worklist', '0005_not_before'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='pages_until_taken',
            field=models.BooleanField(default=False),
        ),
    ]
