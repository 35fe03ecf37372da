from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('worklist', '0003_who_may_finish'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='first_page_at',
            field=models.DateTimeField(null=True),
        ),
    ]
