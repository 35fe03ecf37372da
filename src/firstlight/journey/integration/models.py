from uuid import UUID

from django.db import models

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import ClinicRecord, Membership, Parent
from firstlight.ground.vault.fields import SealedTextField


class Note(AppendOnly, ClinicRecord):
    """What therapist and parent agreed on in a visit, for the team and for the parent. Not a psychotherapy note.

    A correction is a new note that amends the old one; both stay.
    """

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey("visits.Visit", on_delete=models.PROTECT, null=True, related_name="+")
    text = SealedTextField()
    shared = models.BooleanField(default=True)
    amends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="amended_by")
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["parent", "at"])]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id
