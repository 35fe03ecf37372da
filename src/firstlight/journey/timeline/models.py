from uuid import UUID

from django.db import models

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import Account, ClinicRecord, Parent
from firstlight.ground.vault.fields import SealedTextField


class LifeEvent(AppendOnly, ClinicRecord):
    """A dated event in a parent's life, noted by her (`own`) or by the clinic. `shared`: the other side reads it too.

    What is shared later, kept back or taken back is a new row that amends the old one; both stay.
    """

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    kind = SealedTextField()
    words = SealedTextField(default="")
    on_date = models.DateField()
    own = models.BooleanField()
    shared = models.BooleanField()
    withdrawn = models.BooleanField(default=False)
    amends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="amended_by")
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on_date", "at"]
        indexes = [models.Index(fields=["parent", "on_date"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn=False) | models.Q(amends__isnull=False),
                name="timeline_only_an_event_is_withdrawn",
            )
        ]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id
