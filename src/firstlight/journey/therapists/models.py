from django.db import models

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import Account, ClinicEntry, ClinicRecord, Episode, Membership


class TherapistProfile(ClinicRecord):
    """What parents read about a therapist of the clinic. Shown only after somebody else of the clinic vetted it."""

    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="+")
    works_with = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    perinatal_training = models.CharField(max_length=200, blank=True)
    about = models.CharField(max_length=600, blank=True)
    changed_at = models.DateTimeField()
    vetted_date = models.DateField(null=True)
    vetted_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(vetted_date__isnull=True, vetted_by__isnull=True)
                | models.Q(vetted_date__isnull=False, vetted_by__isnull=False),
                name="therapists_vetted_by_someone",
            )
        ]


class TherapistChoice(AppendOnly, ClinicEntry):
    """A choice of therapist in an episode. The latest one holds; none needs a reason."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    therapist = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["episode", "at"])]
