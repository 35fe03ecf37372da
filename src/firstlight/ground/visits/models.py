from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import Account, ClinicRecord, Membership, Parent
from firstlight.ground.vault.fields import SealedTextField
from firstlight.ground.worklist.models import Task


class Room(ClinicRecord):
    """A room of the clinic, for one visit at a time."""

    name = models.CharField(max_length=60)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["clinic", "name"], name="visits_one_room_a_name")]

    def __str__(self) -> str:
        return self.name


class VisitKind(models.TextChoices):
    """What a visit is for."""

    PREPARATION = "preparation", _("Preparation")
    DOSING = "dosing", _("Dosing")
    INTEGRATION = "integration", _("Integration")
    TALK = "talk", _("Talk")


class VisitStatus(models.TextChoices):
    """How a visit stands."""

    BOOKED = "booked", _("Booked")
    HAPPENED = "happened", _("Happened")
    MISSED = "missed", _("Missed")
    CANCELLED = "cancelled", _("Cancelled")


class Visit(ClinicRecord):
    """One parent with one member of staff, for some minutes. Without a room it is a call.

    Says how things stand; what happened to it, and why, stands in its events.
    """

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=VisitKind.choices)
    status = models.CharField(max_length=10, choices=VisitStatus.choices, default=VisitStatus.BOOKED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["clinic", "starts_at"]), models.Index(fields=["parent", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="visits_end_after_their_start"
            )
        ]

    def place(self, starts_at: datetime, minutes: int) -> None:
        """Set start, length and end together."""
        self.starts_at, self.minutes = starts_at, minutes
        self.ends_at = starts_at + timedelta(minutes=minutes)


class VisitEvent(AppendOnly, ClinicRecord):
    """One thing that was done to a visit: the whole of it afterwards, and why."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10)
    staff = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    reason = SealedTextField(default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at"]

    @property
    def sealed_under(self) -> UUID:
        return self.visit.parent_id


class AskAgain(ClinicRecord):
    """What the clinic asks a parent again at the next visit, after a concern of low risk was finished. Ended by whoever asked."""

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="+")  # the concern that was finished
    says = SealedTextField()
    opened_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    asked_in = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="+")
    answer = SealedTextField(default="")

    if TYPE_CHECKING:
        parent_id: UUID

    class Meta:
        ordering = ["opened_at"]
        indexes = [models.Index(fields=["parent", "asked_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(asked_at__isnull=True, asked_by__isnull=True, asked_in__isnull=True)
                | models.Q(asked_at__isnull=False, asked_by__isnull=False, asked_in__isnull=False),
                name="visits_asked_again_by_someone_in_a_visit",
            )
        ]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id
