from collections.abc import Iterator
from typing import Any, ClassVar

from django.apps import apps
from django.db import models

SYSTEM_CHAIN = "system"


class AppendOnly(models.Model):
    """Mixin: rows are added, never changed or removed. Triggers on both engines hold it (see `triggers`)."""

    class Meta:
        abstract = True


def append_only_models() -> Iterator[type[models.Model]]:
    """Yield every model whose table carries the triggers."""
    yield from (model for model in apps.get_models() if issubclass(model, AppendOnly))


def append_only_tables() -> Iterator[str]:
    """Yield every table that carries the triggers."""
    yield from (model._meta.db_table for model in append_only_models())


class AuditEvent(AppendOnly):
    """One thing that somebody did, saw or was refused. Holds ids and numbers, never health data or names."""

    chain = models.CharField(max_length=36)
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10, default="done")
    account_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20)
    parent_id = models.UUIDField(null=True)
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects: ClassVar[models.Manager["AuditEvent"]]

    CHAINED = (
        "chain", "sequence", "at", "action", "outcome", "account_id", "role", "parent_id", "about_kind", "about_id", "detail",
    )  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_one_event_a_place")]
        indexes = [models.Index(fields=["parent_id", "at"]), models.Index(fields=["chain", "at"])]

    def columns(self) -> dict[str, Any]:
        """Return what the hash covers: every column but the two hashes and the row number."""
        return {name: getattr(self, name) for name in self.CHAINED}


class AuditHead(models.Model):
    """The last link of one chain. Locked while a link is added, so a chain has one order."""

    chain = models.CharField(max_length=36, primary_key=True)
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    moved_at = models.DateTimeField()

    objects: ClassVar[models.Manager["AuditHead"]]
