"""What is kept of forms, so that none is done twice and none is lost."""

from typing import ClassVar
from uuid import UUID, uuid4

from django.db import models

from firstlight.ground.people.models.accounts import Account
from firstlight.ground.vault.fields import SealedJSONField


class Submission(models.Model):
    """A form that was sent once already. Sending it again leads to the same place and does nothing."""

    key = models.UUIDField(primary_key=True)
    sender = models.CharField(max_length=64)
    path = models.CharField(max_length=300)
    body_digest = models.CharField(max_length=64)
    location = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Submission"]]


class Held(models.Model):
    """A form that met an expired session. Kept sealed for an hour, for the same account, and offered for sending."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    once = models.UUIDField()
    path = models.CharField(max_length=300)
    body = SealedJSONField()
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Held"]]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "once"], name="people_held_once")]

    @property
    def sealed_under(self) -> UUID:
        return self.account_id
