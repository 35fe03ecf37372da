from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import ClinicRecord, Membership, Parent
from firstlight.ground.people.permissions import Role
from firstlight.ground.vault.fields import SealedJSONField, SealedTextField


class Urgency(models.TextChoices):
    """How soon somebody must have seen a task; `now` pages people."""

    ROUTINE = "routine", _("Routine")
    TODAY = "today", _("Today")
    NOW = "now", _("Now")


class Task(ClinicRecord):
    """Something that a person must do, with an owner and a clock. What was done to it stands in its events."""

    kind = models.CharField(max_length=40)
    title = SealedTextField()
    reason = SealedTextField(default="")
    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    urgency = models.CharField(max_length=8, choices=Urgency.choices)
    opened_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    # Escalation: counted from `clock_began_at`, `page_minutes` first, then at the urgency's own interval.
    clock_began_at = models.DateTimeField()
    page_minutes = models.JSONField(default=list)
    step = models.PositiveSmallIntegerField(default=0)
    escalates_at = models.DateTimeField(null=True)
    first_page_at = models.DateTimeField(null=True)  # set while the first page waits for somebody who answers
    pages_until_taken = models.BooleanField(default=False)  # people are asked until one takes it, urgent or not
    not_before_at = models.DateTimeField(
        null=True
    )  # what is done earlier does not count: who finishes it then says why
    for_everyone = models.BooleanField(default=False)
    cleared_by = models.JSONField(default=list)  # the roles that may finish it; none: whoever has tasks
    finished_at = models.DateTimeField(null=True)
    outcome = SealedTextField(default="")
    link_name = models.CharField(max_length=80, blank=True)
    link_id = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["clinic", "finished_at", "acknowledge_by"]),
            models.Index(fields=["escalates_at"]),
            models.Index(fields=["parent", "kind"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | models.Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="worklist_acknowledged_by_someone",
            ),
        ]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id or self.clinic_id

    @property
    def is_urgent(self) -> bool:
        """Tell whether somebody must take it now, and nobody has."""
        return self.urgency == Urgency.NOW and self.acknowledged_at is None and self.finished_at is None


class TaskEvent(AppendOnly, ClinicRecord):
    """One step in a task's life: who, when, what. Pages name the people by id in `detail`."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        PAGED = "paged", _("Page sent")
        ACKNOWLEDGED = "acknowledged", _("Taken")
        HANDED_OVER = "handed-over", _("Handed over")
        ESCALATED = "escalated", _("Not taken in time: passed on")
        JOINED = "joined", _("The same came in again")
        NOTED = "noted", _("Note")
        RAISED = "raised", _("Something new: clock started again")
        FINISHED = "finished", _("Finished")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    note = SealedTextField(default="")
    detail = models.JSONField(default=dict)

    if TYPE_CHECKING:
        task_id: UUID

    class Meta:
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["task", "sequence"], name="worklist_one_event_a_place")]

    @property
    def sealed_under(self) -> UUID:
        return self.task.sealed_under


class OutboxMessage(ClinicRecord):
    """A message on its way out, written in the transaction that wants it sent. Its id is the id of the e-mail."""

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, null=True, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="+")
    to = SealedTextField()
    template = models.CharField(max_length=120)
    context = SealedJSONField()
    language = models.CharField(max_length=10, default="en")
    key = models.CharField(max_length=160, null=True)  # noqa: DJ001 - no key is no key: empty ones would collide
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    urgent = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["sent_at", "dead_at", "due_at"])]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "key"], name="worklist_one_message_a_key"),
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(dead_at__isnull=True),
                name="worklist_sent_or_dead",
            ),
        ]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id or self.clinic_id


class DeliveryAddress(ClinicRecord):
    """The clinic's own mailbox, to which each day's test message goes."""

    address = SealedTextField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic"], name="worklist_one_address_a_clinic")]

    @property
    def sealed_under(self) -> UUID:
        return self.clinic_id


class Lease(models.Model):
    """Who does the background work, and until when. Whoever holds it renews it; whoever dies loses it."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField()

    objects: ClassVar[models.Manager["Lease"]]


class PeriodicJob(models.Model):
    """When a job of the background worker runs next, and how its last runs ended."""

    path = models.CharField(max_length=200, primary_key=True)
    due_at = models.DateTimeField()
    ran_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager["PeriodicJob"]]
