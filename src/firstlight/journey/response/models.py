"""When and why a parent is asked, in which hours, and where her answers stand. The answers themselves stand in screening."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import Account, ClinicEntry, ClinicPart, ClinicRecord, Episode, Membership, Parent
from firstlight.ground.worklist.models import Task
from firstlight.journey.dosing.models import Session


class CheckIn(ClinicPart):
    """Questions that a dose or an episode brings with it. They become a set of their own on the day they open.

    `due_at`: counted from the anchor; `open_by`: the last moment to open. Several may open together as one set.
    `answered_at`: its own questions; what their answers brought, in the same sitting, may still be open.
    `ended_at`: it never opened, was taken back before anybody began, or somebody of the clinic says why it was not asked
    (`not_asked`). `skipped`: what was left out, and why.
    """

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    open_by = models.DateTimeField()
    question_set = models.ForeignKey("screening.QuestionSet", on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    messages = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=20, blank=True)
    skipped = models.JSONField(default=dict)
    not_asked = models.ForeignKey("screening.NotAsked", on_delete=models.PROTECT, null=True, related_name="+")

    if TYPE_CHECKING:
        parent_id: UUID
        question_set_id: UUID | None

    class Meta:
        ordering = ["due_at"]
        indexes = [
            models.Index(
                fields=["clinic", "due_at"],
                condition=Q(question_set__isnull=True, ended_at__isnull=True),
                name="response_waiting",
            ),
            models.Index(
                fields=["clinic", "expires_at"],
                condition=Q(question_set__isnull=False, answered_at__isnull=True, ended_at__isnull=True),
                name="response_unanswered",
            ),
            models.Index(fields=["parent", "answered_at"], name="response_answered"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["session", "rule"], name="response_one_check_in_a_rule"),
            models.UniqueConstraint(
                fields=["episode", "rule"],
                condition=Q(session__isnull=True),
                name="response_one_check_in_an_episode",
            ),
            models.CheckConstraint(
                condition=Q(question_set__isnull=True, opened_at__isnull=True, expires_at__isnull=True)
                | Q(question_set__isnull=False, opened_at__isnull=False, expires_at__isnull=False),
                name="response_opened_with_a_set",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="") | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="response_ended_for_a_reason",
            ),
        ]


class SentSet(ClinicPart):
    """A set that somebody of the clinic sent, when the parent was told of it (None: not yet), and when reminded last."""

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    question_set = models.OneToOneField("screening.QuestionSet", on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["clinic"], condition=Q(told_at__isnull=True), name="response_sent_untold"),
            models.Index(fields=["clinic", "told_at"], name="response_sent_lately"),
            models.Index(fields=["parent", "told_at"], name="response_sent_told"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reminded_at__isnull=True, reminders=0)
                | Q(reminded_at__isnull=False, told_at__isnull=False, reminders__gt=0),
                name="response_reminded_after_it_was_told",
            )
        ]

    @property
    def messages(self) -> int:
        """Return how many messages went out about it."""
        return self.reminders + (self.told_at is not None)


class AskingHours(ClinicRecord):
    """When a parent wants to be asked: parts of her day, without a quiet time. `messages_off_at`: no messages at all."""

    parent = models.OneToOneField(Parent, on_delete=models.PROTECT, related_name="+")
    parts = models.JSONField(default=list)
    quiet_from = models.PositiveSmallIntegerField(null=True)
    quiet_to = models.PositiveSmallIntegerField(null=True)
    messages_off_at = models.DateTimeField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_from__lte=23, quiet_to__isnull=False, quiet_to__lte=23),
                name="response_quiet_from_and_to",
            )
        ]


class WishAfterStop(AppendOnly, ClinicEntry):
    """What a parent wants to be asked after her treatment was stopped, by her or entered for her. The latest one holds."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    wish = models.CharField(max_length=8)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["episode", "at"], name="response_wish_after_stop")]


class ReliableChangeChoice(AppendOnly, ClinicEntry):
    """Which published reliable change judges an instrument in a clinic, where several are published. The latest one holds."""

    instrument = models.CharField(max_length=40)
    points = models.PositiveSmallIntegerField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]


class Standing(ClinicRecord):
    """Where one instrument stands since the first dose, as of the last answers: what the clinic's lists are read from.

    `reached` is how far it went the wrong way since it last stood well; only going further raises a task again.
    """

    class State(models.TextChoices):
        WORSE = "worse", _("Worse")
        NOT_ON_TRACK = "not-on-track", _("Not on track")
        ON_TRACK = "on-track", _("On track")
        TOO_EARLY = "too-early", _("Too early to tell")
        NO_RANGE = "no-range", _("Not worse; no published range")
        NO_BASELINE = "no-baseline", _("Not worse; none from before")

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State.choices)
    reached = models.PositiveSmallIntegerField(default=0)
    first_total = models.IntegerField()
    last_total = models.IntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    since_at = models.DateTimeField()
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "instrument"], name="response_one_standing_an_instrument")
        ]
        indexes = [
            models.Index(
                fields=["clinic", "state", "since_at"],
                condition=Q(state__in=["worse", "not-on-track"]),
                name="response_off_track",
            )
        ]
