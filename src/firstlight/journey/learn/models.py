from typing import ClassVar

from django.db import models

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import Account, ClinicRecord


class Price(AppendOnly, ClinicRecord):
    """What something costs in one clinic from a day on. A new price is a new row; of one day the latest row counts."""

    item = models.CharField(max_length=40)
    amount_cents = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, default="USD")
    note = models.CharField(max_length=200, blank=True)
    from_date = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["from_date", "set_at"]
        indexes = [models.Index(fields=["clinic", "item", "from_date"])]


class Asking(models.Model):
    """That somebody at an internet address asked for a call: a keyed digest of the address, for an hour, to limit abuse."""

    digest = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager["Asking"]]
