from typing import Any

from django.db import migrations
from django.db.models import F, OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    """Say of every check-in so far what it belongs to, and that it was open from its hour on."""
    check_ins = apps.get_model("response", "CheckIn")
    sessions = apps.get_model("dosing", "Session").objects.filter(id=OuterRef("session_id"))
    sets = apps.get_model("screening", "QuestionSet").objects.filter(id=OuterRef("question_set_id"))
    check_ins.objects.update(
        episode_id=Subquery(sessions.values("episode_id")[:1]),
        open_by=F("due_at"),
        opened_at=F("due_at"),
        answered_at=Subquery(sets.values("completed_at")[:1]),
    )
    check_ins.objects.filter(reminded_at__isnull=False).update(messages=1)


class Migration(migrations.Migration):
    dependencies = [("response", "0002_check_ins_open_later")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
