from uuid import UUID

from django.db import models

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import Account, ClinicEntry, Episode, Parent
from firstlight.ground.vault.fields import SealedJSONField, SealedTextField


class ParentRecord(ClinicEntry):
    """Base of what one parent did about her agreement in one episode."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id


class TeachBackAnswer(AppendOnly, ParentRecord):
    """One answer to one question about what was read. A wrong one stays beside the later right one."""

    template = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=40)
    answer = SealedTextField()
    right = models.BooleanField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["episode", "version"])]


class TouchChoice(AppendOnly, ParentRecord):
    """Which touch a parent agreed to while sober: one by one, none unless she said so. The latest row counts."""

    choices = SealedJSONField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["episode", "at"])]


class Consent(AppendOnly, ParentRecord):
    """A signature under one version of the agreement. The document holds every word that was signed."""

    template = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    signed_name = SealedTextField()
    touch = models.OneToOneField(TouchChoice, on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["episode", "at"])]


class Withdrawal(AppendOnly, ParentRecord):
    """An agreement taken back. No reason is asked for."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="withdrawal")

    class Meta:
        ordering = ["at", "id"]
