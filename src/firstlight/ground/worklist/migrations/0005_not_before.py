from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('worklist', '0004_the_first_page_may_wait'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='not_before_at',
            field=models.DateTimeField(null=True),
        ),
    ]
