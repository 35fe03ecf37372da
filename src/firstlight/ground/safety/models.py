from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import ClinicEntry, ClinicRecord, Membership, Parent
from firstlight.ground.vault.fields import SealedJSONField, SealedTextField
from firstlight.ground.worklist.models import Task


class Weekday(models.IntegerChoices):
    """Days as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Rank(models.IntegerChoices):
    """In which order people of the same hours are asked."""

    FIRST = 1, _("First")
    SECOND = 2, _("Second")


class RosterSlot(ClinicRecord):
    """Hours of each week in which somebody answers, by the clocks on the clinic's walls.

    An end that is not after the start lies on the next day. A slot is ended, never removed: who answered when stays known.
    """

    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.TimeField()
    ends = models.TimeField()
    rank = models.PositiveSmallIntegerField(choices=Rank.choices, default=Rank.FIRST)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="safety_slot_ended_by_someone",
            )
        ]


class SafetyPlan(AppendOnly, ClinicRecord):
    """What a parent does when it gets worse, as somebody of the clinic wrote it down with her. `texts`: of the filled steps.

    A new version takes the place of the one before; each stays as it was written.
    """

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    texts = SealedJSONField()
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    if TYPE_CHECKING:
        parent_id: UUID

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parent", "number"], name="safety_plan_one_of_each_number")]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id


class Came(models.TextChoices):
    """What a concern did: it opened a task, raised the open one again, or was known and joined it.

    Lowered: what it rests on was entered wrongly. A task that is open stays open; the same, said indeed, is new.
    """

    OPENED = "opened", _("New")
    RAISED = "raised", _("New or stronger")
    JOINED = "joined", _("Known, unchanged")
    LOWERED = "lowered", _("Entered wrongly")


class Concern(AppendOnly, ClinicEntry):
    """A sign that a parent may not be safe, and the task that somebody answers it with.

    `said_in`: the answers that it rests on, by an opaque id. A lowered one names the same: what it rested on counts as its own
    `strength` from then on, in the open task as in the safety plan.
    """

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=2)
    source = models.CharField(max_length=40)
    # Which question was answered, and how strongly, so that the same again is known from something stronger. Empty and 0:
    # only the words tell.
    asked = models.CharField(max_length=80, blank=True)
    strength = models.PositiveSmallIntegerField(default=0)
    said_in = models.UUIDField(null=True)
    eased = models.BooleanField(default=False)  # it had gone in between, and came back with this answer
    came = models.CharField(max_length=8, choices=Came.choices, blank=True)  # empty: before this was noted
    known_in = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, null=True, related_name="+")
    reason = SealedTextField()
    at = models.DateTimeField()

    if TYPE_CHECKING:
        parent_id: UUID
        task_id: UUID
        known_in_id: UUID | None

    class Meta:
        indexes = [models.Index(fields=["parent", "at"])]

    @property
    def is_new(self) -> bool:
        """Tell whether it says what neither the open task nor the safety plan held."""
        return self.came != Came.JOINED and self.known_in_id is None

    @property
    def fills_screen(self) -> bool:
        """Tell whether help fills the screen for it now: it is new, or known from nothing but a task that nobody has taken."""
        unread = self.known_in_id is None and self.task.acknowledged_at is None
        return self.is_new or (self.came == Came.JOINED and unread)

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id
