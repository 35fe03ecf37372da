from datetime import datetime
from uuid import UUID

from django.db import models

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import Account, ClinicEntry, ClinicRecord, Episode, Membership, Parent
from firstlight.ground.vault.fields import SealedJSONField, SealedTextField


class Order(AppendOnly, ClinicEntry):
    """A prescriber's signed order. Doses in micrograms, weight in grams, time in minutes; the newest order counts."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    medicine = models.CharField(max_length=40, default="ketamine, racemic")
    route = models.CharField(max_length=20)
    ug_per_kg = models.PositiveIntegerField()
    minutes = models.PositiveSmallIntegerField()
    sessions = models.PositiveSmallIntegerField()
    weeks = models.PositiveSmallIntegerField()
    weight = models.ForeignKey("eligibility.BaselineEntry", on_delete=models.PROTECT, related_name="+")
    weight_g = models.PositiveIntegerField()
    dose_ug = models.PositiveIntegerField()
    reason = SealedTextField(default="")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["episode", "at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dose_ug__gt=0, ug_per_kg__gt=0, minutes__gt=0, sessions__gt=0, weeks__gt=0),
                name="planning_an_order_has_amounts",
            )
        ]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id


class OrderStop(AppendOnly, ClinicRecord):
    """The end of an order that nothing replaces."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="stopped_by")
    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    reason = SealedTextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id


class DayPlan(AppendOnly, ClinicEntry):
    """What stands for one dosing day. Each change is a new row; the newest counts."""

    visit = models.ForeignKey("visits.Visit", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    escort_name = SealedTextField(default="")
    escort_phone = SealedTextField(default="")
    escort_is_adult = models.BooleanField(default=False)
    no_children = models.BooleanField(default=False)
    childcare_name = SealedTextField(default="")
    childcare_until = models.DateTimeField(null=True)
    feeding = SealedTextField(default="")
    feeds = SealedJSONField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["visit", "at"])]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id

    @property
    def feeds_at(self) -> tuple[datetime, ...]:
        """Return about when the baby would feed after the dose, earliest first."""
        return tuple(map(datetime.fromisoformat, self.feeds or ()))


class FeedingRelease(AppendOnly, ClinicEntry):
    """Words about feeding that a named clinician released to one parent, in one episode. The newest counts."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    text = SealedTextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["episode", "at"])]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id
