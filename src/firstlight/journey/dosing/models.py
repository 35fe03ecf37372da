from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.protocols import vitals
from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import Account, ClinicPart, ClinicRecord, Episode, Membership, Parent
from firstlight.ground.vault.fields import SealedJSONField, SealedTextField


class SessionState(models.TextChoices):
    """From the chair being ready to the parent having left."""

    GATES = "gates", _("Before the start")
    PREPARED = "prepared", _("Syringe prepared")
    INFUSING = "infusing", _("Infusing")
    PAUSED = "paused", _("Paused")
    RECOVERING = "recovering", _("Recovering")
    LEFT = "left", _("Gone home")
    CANCELLED = "cancelled", _("Called off")


LIVE = (
    SessionState.GATES,
    SessionState.PREPARED,
    SessionState.INFUSING,
    SessionState.PAUSED,
    SessionState.RECOVERING,
)


DISCARDED = "syringe_discarded"


class Session(ClinicRecord):
    """One dosing visit under way or over.

    `number` counts the sessions of the episode, `place` those of the order. `version` counts what was written, so that
    screens can ask "anything new?".
    """

    visit = models.OneToOneField("visits.Visit", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey("planning.Order", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
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
            ),
            models.UniqueConstraint(
                fields=["parent"], condition=models.Q(state__in=LIVE), name="dosing_one_live_session_a_parent"
            ),
        ]

    @property
    def live(self) -> bool:
        """Tell whether the parent is still in the clinic's care for this session."""
        return self.state in LIVE


class SessionEntry(AppendOnly, ClinicPart):
    """Base of everything charted: who wrote it, when it happened and when it was written.

    `sequence` is the session's version that the entry made: it orders what happened in one moment.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField()
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

    client_id = models.UUIDField(unique=True)
    sbp = models.PositiveSmallIntegerField(null=True)
    dbp = models.PositiveSmallIntegerField(null=True)
    hr = models.PositiveSmallIntegerField(null=True)
    spo2 = models.PositiveSmallIntegerField(null=True)
    rr = models.PositiveSmallIntegerField(null=True)
    moaas = models.PositiveSmallIntegerField(null=True)
    dissociation = models.PositiveSmallIntegerField(null=True)
    nausea = models.PositiveSmallIntegerField(null=True)
    amends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="amended_by")
    reason = SealedTextField(default="")

    class Meta:
        ordering = ["happened_at", "sequence"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sbp__isnull=True, dbp__isnull=True)
                | models.Q(sbp__isnull=False, dbp__isnull=False, sbp__gt=models.F("dbp")),
                name="dosing_systolic_above_diastolic",
            )
        ]

    def values(self) -> dict[str, int]:
        """Return what was charted, without what was not."""
        return {kind: value for kind in self.KINDS if (value := getattr(self, kind)) is not None}


class RecoveryScore(SessionEntry):
    """The modified Aldrete as somebody observed it after the dose: five rows, as `clinical/instruments` defines them."""

    ROWS = ("activity", "respiration", "circulation", "consciousness", "oxygen")

    client_id = models.UUIDField(unique=True)
    activity = models.PositiveSmallIntegerField()
    respiration = models.PositiveSmallIntegerField()
    circulation = models.PositiveSmallIntegerField()
    consciousness = models.PositiveSmallIntegerField()
    oxygen = models.PositiveSmallIntegerField()
    amends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="amended_by")
    reason = SealedTextField(default="")

    class Meta:
        ordering = ["happened_at", "sequence"]

    def values(self) -> dict[str, int]:
        """Return the five rows as they were charted."""
        return {row: getattr(self, row) for row in self.ROWS}


class RightNow(SessionEntry):
    """What the parent said of this moment when staff asked aloud: our own items, as `clinical/instruments` defines them.

    Before the dose and about two hours after its start. None is a question that was not asked, or not answered. It stands on a
    set without values of its own, so that whoever reads the values of a session has read it too.
    """

    ITEMS = ("mood", "anxiety", "tension", "side_effects", "harm")

    observation = models.OneToOneField(Observation, on_delete=models.PROTECT, related_name="right_now")
    client_id = models.UUIDField(unique=True)
    mood = models.PositiveSmallIntegerField(null=True)
    anxiety = models.PositiveSmallIntegerField(null=True)
    tension = models.PositiveSmallIntegerField(null=True)
    side_effects = models.PositiveSmallIntegerField(null=True)
    harm = models.PositiveSmallIntegerField(null=True)
    amends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="amended_by")
    reason = SealedTextField(default="")

    class Meta:
        ordering = ["happened_at", "sequence"]

    def values(self) -> dict[str, int]:
        """Return what was answered, without what was not."""
        return {item: value for item in self.ITEMS if (value := getattr(self, item)) is not None}


class Preparation(SessionEntry):
    """A syringe drawn for this session, from one lot. Checked by a second person who enters the amount unseen."""

    draw_id = models.UUIDField(unique=True)
    lot_number = models.CharField(max_length=40)
    concentration_ug_per_ml = models.PositiveIntegerField()
    vial_ug = models.PositiveBigIntegerField()
    dose_ug = models.PositiveBigIntegerField()
    volume_ul = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["sequence"]


class SecondCheck(SessionEntry):
    """Another person's own reading of a prepared syringe, and of the vial's strength."""

    preparation = models.ForeignKey(Preparation, on_delete=models.PROTECT, related_name="+")
    volume_ul = models.PositiveBigIntegerField()
    concentration_ug_per_ml = models.PositiveIntegerField(null=True)
    agrees = models.BooleanField()

    class Meta:
        ordering = ["sequence"]


class InfusionStep(SessionEntry):
    """A change of the pump: start, rate, pause, resume or end. Rate in micrograms a minute from this moment on."""

    KINDS = ("start", "rate", "pause", "resume", "end")

    kind = models.CharField(max_length=8)
    rate_ug_per_min = models.PositiveIntegerField()
    reason = SealedTextField(default="")

    class Meta:
        ordering = ["happened_at", "sequence"]


class Mark(SessionEntry):
    """Something that happened: a symptom, a medicine given, a call, a touch. The words are sealed."""

    kind = models.CharField(max_length=30)
    words = SealedTextField(default="")

    class Meta:
        ordering = ["happened_at", "sequence"]


class Notice(SessionEntry):
    """A charted value out of the plan's range. Raised by a rule, shown until somebody acknowledges it."""

    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, null=True, related_name="+")
    mark = models.ForeignKey(Mark, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    rule = models.CharField(max_length=60)
    level = models.CharField(max_length=12)
    limit = models.IntegerField()
    recheck_minutes = models.PositiveSmallIntegerField(null=True)
    value = models.CharField(max_length=20)
    tag = models.CharField(max_length=10)
    sources = models.JSONField(default=list)
    recheck_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sequence", "kind"]

    @property
    def words(self) -> str:
        """Return the rule's sentence with the limit that counted then."""
        return vitals.sentence(self.rule, self.limit, self.recheck_minutes)


class Acknowledgement(SessionEntry):
    """Who saw a notice, and what she or he did."""

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="acknowledgement")
    action = models.CharField(max_length=30)


class GateOverride(SessionEntry):
    """A gate that a named prescriber opened, with the reason.

    `about`: what stood at the gate then, where that can become more: one that came up later is not opened by it.
    """

    gate = models.CharField(max_length=30)
    reason = SealedTextField()
    about = SealedJSONField(null=True)


class Departure(SessionEntry):
    """The parent left: with whom, what the readiness criteria said, and why a prescriber let go before all was met."""

    escort_name = SealedTextField()
    readiness = SealedJSONField()
    reason = SealedTextField(default="")


class Summary(SessionEntry):
    """A session written down for good, from charted facts alone. What is corrected later makes a new one."""

    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["sequence"]
