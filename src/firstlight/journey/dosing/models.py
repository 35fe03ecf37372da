from uuid import UUID, uuid4

from django.db import models

from firstlight.clinical.protocols import vitals
from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import Account, ClinicRecord, Episode, Membership, Parent
from firstlight.ground.vault.fields import SealedTextField


class SessionState(models.TextChoices):
    """From the chair being ready to the parent having left."""

    GATES = "gates"
    PREPARED = "prepared"
    INFUSING = "infusing"
    PAUSED = "paused"
    RECOVERING = "recovering"
    LEFT = "left"
    CANCELLED = "cancelled"


LIVE = (
    SessionState.GATES,
    SessionState.PREPARED,
    SessionState.INFUSING,
    SessionState.PAUSED,
    SessionState.RECOVERING,
)


class Session(ClinicRecord):
    """One dosing visit under way or over. `version` counts what was written, so that screens can ask "anything new?"."""

    visit = models.OneToOneField("visits.Visit", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey("planning.Order", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=SessionState.choices, default=SessionState.GATES)
    vitals_profile = models.CharField(max_length=30)
    nurse = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    second_person = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["clinic", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(started_at__isnull=False),
                name="dosing_end_follows_a_start",
            )
        ]

    @property
    def live(self) -> bool:
        """Tell whether the parent is still in the clinic's care for this session."""
        return self.state in LIVE


class SessionEntry(AppendOnly, ClinicRecord):
    """Base of everything charted: who wrote it, when it happened and when it was written."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def sealed_under(self) -> UUID:
        return self.session.parent_id


class Observation(SessionEntry):
    """One set of charted values. `client_id` comes from the device, so a set that is sent twice is one row."""

    KINDS = ("sbp", "dbp", "hr", "spo2", "rr", "moaas", "dissociation", "nausea")

    client_id = models.UUIDField(unique=True, default=uuid4)
    sbp = models.PositiveSmallIntegerField(null=True)
    dbp = models.PositiveSmallIntegerField(null=True)
    hr = models.PositiveSmallIntegerField(null=True)
    spo2 = models.PositiveSmallIntegerField(null=True)
    rr = models.PositiveSmallIntegerField(null=True)
    moaas = models.PositiveSmallIntegerField(null=True)
    dissociation = models.PositiveSmallIntegerField(null=True)
    nausea = models.PositiveSmallIntegerField(null=True)
    amends = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    reason = SealedTextField(default="")

    class Meta:
        ordering = ["happened_at", "written_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sbp__isnull=True, dbp__isnull=True) | models.Q(sbp__gt=models.F("dbp")),
                name="dosing_systolic_above_diastolic",
            )
        ]

    def values(self) -> dict[str, int]:
        """Return what was charted, without what was not."""
        return {kind: value for kind in self.KINDS if (value := getattr(self, kind)) is not None}


class Preparation(SessionEntry):
    """A syringe drawn for this session, from one lot. Checked by a second person who enters the amount unseen."""

    draw_id = models.UUIDField(unique=True)
    lot_number = models.CharField(max_length=40)
    concentration_ug_per_ml = models.PositiveIntegerField()
    dose_ug = models.PositiveBigIntegerField()
    volume_ul = models.PositiveBigIntegerField()


class SecondCheck(SessionEntry):
    """Another person's own reading of a prepared syringe."""

    preparation = models.ForeignKey(Preparation, on_delete=models.PROTECT, related_name="+")
    volume_ul = models.PositiveBigIntegerField()
    agrees = models.BooleanField()


class InfusionStep(SessionEntry):
    """A change of the pump: start, rate, pause, resume or end. Rate in micrograms a minute from this moment on."""

    KINDS = ("start", "rate", "pause", "resume", "end")

    kind = models.CharField(max_length=8)
    rate_ug_per_min = models.PositiveIntegerField()
    reason = SealedTextField(default="")

    class Meta:
        ordering = ["happened_at", "written_at"]


class Mark(SessionEntry):
    """Something that happened: a symptom, a medicine given, a call, a touch. The words are sealed."""

    kind = models.CharField(max_length=30)
    words = SealedTextField(default="")

    class Meta:
        ordering = ["happened_at", "written_at"]


class Notice(SessionEntry):
    """A charted value out of the plan's range. Raised by a rule, shown until somebody acknowledges it."""

    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    rule = models.CharField(max_length=60)
    level = models.CharField(max_length=12)
    limit = models.IntegerField()
    recheck_minutes = models.PositiveSmallIntegerField(null=True)
    value = models.CharField(max_length=20)
    recheck_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["written_at"]

    @property
    def words(self) -> str:
        """Return the rule's sentence with the limit that counted then."""
        return vitals.sentence(self.rule, self.limit, self.recheck_minutes)


class Acknowledgement(SessionEntry):
    """Who saw a notice, and what she or he did."""

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=30)


class GateOverride(SessionEntry):
    """A gate that a named prescriber opened, with the reason."""

    gate = models.CharField(max_length=30)
    reason = SealedTextField()


class Departure(SessionEntry):
    """The parent left: with whom, and what the readiness criteria said."""

    escort_name = SealedTextField()
    readiness = models.JSONField()
