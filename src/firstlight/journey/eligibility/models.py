from uuid import UUID

from django.db import models

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import ClinicEntry, ClinicRecord, Episode, Membership, Parent
from firstlight.ground.vault.fields import SealedJSONField, SealedTextField


class Kind(models.TextChoices):
    """What a baseline entry is about. `kinds` says which values each of them takes."""

    WEIGHT = "weight"
    HEIGHT = "height"
    BLOOD_PRESSURE = "blood_pressure"
    PREGNANCY_TEST = "pregnancy_test"
    MEDICINE = "medicine"
    ALLERGY = "allergy"
    PROBLEM = "problem"
    TREATMENT_TRIAL = "treatment_trial"
    INDICATION = "indication"
    BREASTFEEDING = "breastfeeding"
    OBSTETRIC = "obstetric"
    LABORATORY = "laboratory"
    CLEARANCE = "clearance"


class BaselineEntry(AppendOnly, ClinicEntry):
    """One clinical fact as somebody entered it. A correction is a new row that amends this one, with its reason."""

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    value = SealedJSONField()
    amends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="amended_by")
    withdrawn = models.BooleanField(default=False)
    reason = SealedTextField(default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["parent", "kind", "at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn=False) | models.Q(amends__isnull=False),
                name="eligibility_only_an_entry_is_withdrawn",
            )
        ]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id


class Assessment(AppendOnly, ClinicEntry):
    """One run of all rules over what was known at one moment."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    facts = SealedJSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["episode", "at"])]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id


class RuleOutcome(AppendOnly, ClinicRecord):
    """What one rule said in one assessment. Whether it fired is health data, so it is sealed with the rest."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=60)
    action = models.CharField(max_length=10)
    result = SealedJSONField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["assessment", "rule"], name="eligibility_one_result_a_rule")]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id


class Decision(AppendOnly, ClinicEntry):
    """What the prescriber decided on an assessment, with the reason for each rule that asked for a decision."""

    class Outcome(models.TextChoices):
        SUITABLE = "suitable"
        NOT_NOW = "not_now"
        DECLINED = "declined"

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="decision")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = SealedTextField()
    reviews = SealedJSONField(default=dict)
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["episode", "at"])]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id
