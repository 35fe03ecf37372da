from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.ids import next_id
from firstlight.ground.people.models import ClinicEntry, ClinicPart, ClinicRecord
from firstlight.ground.vault.fields import SealedJSONField, SealedTextField


class QuestionSet(ClinicPart):
    """Questions that one parent was asked to answer: which, since when, until when, and why now.

    `superseded_at`: a paper form that was entered wrongly. Its answers stay readable, and count nowhere (see `COUNTS`).
    `left_seen_at`: when what she left unfinished was looked at; None again once she taps on. `told_open`: which questions about
    harm that she passed over somebody was told of.
    """

    parent = models.ForeignKey("people.Parent", on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey("people.Episode", on_delete=models.PROTECT, related_name="+")
    set_name = models.CharField(max_length=20)
    instruments = models.JSONField()
    # What the set belongs to, such as "dose:<uuid>+24h". Empty: nothing but the episode.
    anchor = models.CharField(max_length=80, blank=True)
    assigned_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    left_seen_at = models.DateTimeField(null=True, blank=True)
    told_open = models.JSONField(default=list)

    if TYPE_CHECKING:
        parent_id: UUID
        episode_id: UUID

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "set_name", "anchor"],
                condition=~Q(anchor="") & Q(superseded_at__isnull=True),
                name="screening_one_set_an_anchor",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(completed_at__isnull=False),
                name="screening_superseded_after_it_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("assigned_at")),
                name="screening_expires_after_it_was_assigned",
            ),
        ]
        indexes = [
            models.Index(fields=["parent", "assigned_at"]),
            models.Index(
                fields=["clinic", "expires_at"],
                condition=Q(completed_at__isnull=True, left_seen_at__isnull=True),
                name="screening_left_unseen",
            ),
        ]


class LinkPurpose(models.TextChoices):
    """Which message about a set carried a link."""

    FIRST = "first", _("the first message")
    REMINDER = "reminder", _("a later message")
    UNKNOWN = "unknown", _("a message of before this was kept")


class SetLink(AppendOnly, ClinicPart):
    """The link of one message: what it opens, and a digest of its secret. The secret itself is kept nowhere.

    It works until the set is answered or over, or the link is ended, whatever other messages say (see `SetLinkEnd`).
    """

    question_set = models.ForeignKey(QuestionSet, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=10, choices=LinkPurpose.choices)
    made_at = models.DateTimeField()

    if TYPE_CHECKING:
        question_set_id: UUID


class LinkEnded(models.TextChoices):
    """Why a link opens nothing any more though its secret is right."""

    ADDRESS = "address", _("the email address was changed")
    CARE_OVER = "care-over", _("care here ended")
    CLOSED = "closed", _("the questions were closed")
    WISH = "wish", _("the parent ended it")


class SetLinkEnd(AppendOnly, ClinicPart):
    """That a link was ended before its set was answered or over: when, and why. It never works again."""

    link = models.OneToOneField(SetLink, on_delete=models.PROTECT, related_name="end")
    why = models.CharField(max_length=10, choices=LinkEnded.choices)
    at = models.DateTimeField()


COUNTS = Q(superseded_at__isnull=True)
IN_A_SET_THAT_COUNTS = Q(question_set__superseded_at__isnull=True)
"""For sets, and for answers and results: leaves out what was entered wrongly."""


class Answer(AppendOnly, ClinicPart):
    """One tap. `value` is None for a question that was passed over. A changed answer is a new row that amends the old."""

    id = models.UUIDField(primary_key=True, default=next_id, editable=False)  # in the order of writing
    question_set = models.ForeignKey(QuestionSet, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=40)
    item = models.CharField(max_length=40)
    value = models.IntegerField(null=True, blank=True)
    answered_at = models.DateTimeField()
    # Who was signed in. Nobody: the answer came through a check-in link, or sealed from a phone.
    answered_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    amends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="amended_by")

    if TYPE_CHECKING:
        question_set_id: UUID

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question_set", "instrument", "item"],
                condition=Q(amends__isnull=True),
                name="screening_one_first_answer_an_item",
            )
        ]
        # By set and instrument in one index: SQLite, which counts no rows by itself, else takes the one by clinic.
        indexes = [models.Index(fields=["question_set", "instrument", "item"], name="screening_answers_of_a_set")]
        ordering = ["answered_at", "id"]


class Result(AppendOnly, ClinicPart):
    """What the answers to one instrument came to, under the version of the instrument that scored them.

    It is scored when all of its questions are answered while what followed it stands open, and when the set is sent. A row
    that comes out otherwise then, since an answer was changed meanwhile, amends the one before (see `STANDS`).

    `total` is its whole part, `thousandths` the rest: a percentage may not be whole, and the database holds integers.
    """

    question_set = models.ForeignKey(QuestionSet, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    total = models.IntegerField(null=True, blank=True)
    thousandths = models.PositiveSmallIntegerField(default=0)
    maximum = models.IntegerField(null=True, blank=True)
    band = models.CharField(max_length=60, blank=True)
    complete = models.BooleanField()
    flags = models.JSONField(default=list)
    subscales = models.JSONField(default=dict)
    scored_at = models.DateTimeField()
    amends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="amended_by")

    if TYPE_CHECKING:
        question_set_id: UUID

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question_set", "instrument"],
                condition=Q(amends__isnull=True),
                name="screening_one_first_result_an_instrument",
            ),
        ]
        ordering = ["scored_at"]


STANDS = Q(amended_by__isnull=True)
"""For results and reasons: leaves out what a later one amends."""


class ItemChoice(AppendOnly, ClinicEntry):
    """Which item a parent wants the daily check-in to ask, from a moment on. The last one counts."""

    parent = models.ForeignKey("people.Parent", on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=40)
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["parent", "chosen_at"])]


class SealedTap(AppendOnly, ClinicRecord):
    """One tap that came sealed from a phone, under the id that the phone gave it: the same box again changes nothing.

    `told_at` is what the phone's clock said at the tap, `clock_ahead_seconds` how far that clock was ahead of ours when it
    sent, `tapped_at` what follows from both, `arrived_at` our own clock. Without an answer: it came too late to count, and
    the clinic was told of it because it asks for help.
    """

    question_set = models.ForeignKey(QuestionSet, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pair_id = models.UUIDField()
    box_digest = models.CharField(max_length=64)
    told_at = models.DateTimeField()
    clock_ahead_seconds = models.IntegerField()
    tapped_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    asks_help = models.BooleanField()

    if TYPE_CHECKING:
        question_set_id: UUID
        answer_id: UUID | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tapped_at__lte=F("arrived_at")), name="screening_tapped_before_it_arrived"
            ),
        ]
        ordering = ["arrived_at"]


class HeldWording(ClinicRecord):
    """The words of one instrument that one clinic may use, and who allowed it. Words of others, no health data.

    A newer import of the same language takes the place of the one before, which is kept: answers were given under it.
    """

    instrument = models.CharField(max_length=40)
    language = models.CharField(max_length=20)
    stem = models.TextField(blank=True)
    items = models.JSONField()  # by item: its text, and its answers in printed order
    source = models.CharField(max_length=300, blank=True)  # the file's own address and version, "url|version"
    copyright = models.TextField(blank=True)
    permission = models.TextField()
    holder = models.CharField(max_length=120)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    if TYPE_CHECKING:
        imported_by_id: UUID
        withdrawn_by_id: UUID | None

    @property
    def address(self) -> str:
        """Where the file says that it comes from; "" when it says nothing."""
        return self.source.partition("|")[0]

    @property
    def version(self) -> str:
        """Which version the file says that it is; "" when it says nothing."""
        return self.source.partition("|")[2]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "instrument", "language"],
                condition=Q(withdrawn_at__isnull=True),
                name="screening_one_wording_a_language",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="screening_wording_withdrawn_by_somebody",
            ),
        ]


class HandedIn(models.TextChoices):
    """By whom a paper form came to the clinic."""

    PARENT = "parent", _("the parent")
    PARTNER = "partner", _("the partner")
    POST = "post", _("post or email")
    PRACTICE = "practice", _("another practice")
    OTHER = "other", _("somebody else")
    CLINICIAN = "clinician", _("the clinician who rated")


class BesideDose(models.TextChoices):
    """Whether a paper form was filled in before or after the dose of its day."""

    BEFORE = "before", _("Before the dose")
    AFTER = "after", _("After the dose")


class PaperForm(AppendOnly, ClinicRecord):
    """That the answers of a set stood on paper: since when, who handed it in, who typed it, and whether twice.

    `rated_by` and `rated_at`: what a clinician rates about a parent, at a time of its own. A parent fills in none of it.
    `differed`: the items of which two passes said something else, with both and what was kept. `beside_dose`: asked for a day
    with a dose; empty on other days, and where it was entered before that was asked.
    """

    question_set = models.OneToOneField(QuestionSet, on_delete=models.PROTECT, related_name="paper")
    filled_in_date = models.DateField()
    handed_in_by = models.CharField(max_length=20, choices=HandedIn.choices)
    entered_twice = models.BooleanField()
    entered_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    rated_by = models.ForeignKey("people.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    rated_at = models.DateTimeField(null=True)
    differed = SealedJSONField(null=True)
    beside_dose = models.CharField(max_length=6, choices=BesideDose.choices, blank=True)

    if TYPE_CHECKING:
        question_set_id: UUID
        entered_by_id: UUID
        rated_by_id: UUID | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rated_by__isnull=True, rated_at__isnull=True)
                | Q(rated_by__isnull=False, rated_at__isnull=False),
                name="screening_rated_by_somebody_at_a_time",
            )
        ]

    @property
    def sealed_under(self) -> UUID:
        return self.question_set.parent_id


class PaperCorrection(AppendOnly, ClinicRecord):
    """That a paper form was entered wrongly: who says so, why, and which form stands in its place; none: taken back."""

    parent = models.ForeignKey("people.Parent", on_delete=models.PROTECT, related_name="+")
    form = models.OneToOneField(PaperForm, on_delete=models.PROTECT, related_name="correction")
    replacement = models.OneToOneField(PaperForm, on_delete=models.PROTECT, null=True, related_name="corrects")
    reason = SealedTextField()
    by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    if TYPE_CHECKING:
        parent_id: UUID

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id


class NotAsked(AppendOnly, ClinicEntry):
    """That questions which were due were not put to a parent, and why: what a missing answer does not say.

    A row that amends another stands in its place. `withdrawn`: it holds no more, and they are due as before.
    """

    parent = models.ForeignKey("people.Parent", on_delete=models.PROTECT, related_name="+")
    set_name = models.CharField(max_length=20)
    instruments = models.JSONField()
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=20)
    words = SealedTextField(default="")
    amends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="amended_by")
    withdrawn = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")

    if TYPE_CHECKING:
        parent_id: UUID

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(amends__isnull=False), name="screening_withdrawn_after_it_was_said"
            )
        ]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id
