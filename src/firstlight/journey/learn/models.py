from typing import ClassVar

from django.db import models

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import Account, ClinicRecord, Membership, Parent


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


class ReportingText(AppendOnly, ClinicRecord):
    """What a clinic says it must report and what not, checked against the law of its state by a person. The newest counts."""

    must = models.TextField()
    must_not = models.TextField()
    must_not_child = models.TextField(blank=True)  # about a baby: left out for a family with a loss
    region = models.CharField(max_length=2)
    digest = models.CharField(max_length=64)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["reviewed_at"]


class ReportingSeen(AppendOnly, ClinicRecord):
    """That a parent was shown these words before questions about harm, and when: they have no page of their own again."""

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parent", "digest"], name="learn_reporting_seen_once")]


class Asking(models.Model):
    """That somebody at an internet address asked for a call: a keyed digest of the address, for an hour, to limit abuse."""

    digest = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager["Asking"]]
