from typing import ClassVar
from uuid import uuid4

from django.db import models


class PersonKey(models.Model):
    """The key that seals everything of one person, itself wrapped by a key of the ring. Destroying it is erasure."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner_id = models.UUIDField(unique=True)
    ring_id = models.CharField(max_length=20)
    wrapped = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["PersonKey"]]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=True, destroyed_at__isnull=False)
                | models.Q(wrapped__isnull=False, destroyed_at__isnull=True),
                name="vault_key_is_there_or_destroyed",
            )
        ]


class KeyPair(models.Model):
    """A key pair of one owner: the public half goes out, the private half is wrapped by a key of the ring."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner_id = models.UUIDField(db_index=True)
    ring_id = models.CharField(max_length=20)
    public = models.BinaryField()
    wrapped = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["KeyPair"]]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner_id"], condition=models.Q(replaced_at__isnull=True), name="vault_one_newest_pair_an_owner"
            ),
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=True, destroyed_at__isnull=False)
                | models.Q(wrapped__isnull=False, destroyed_at__isnull=True),
                name="vault_pair_is_there_or_destroyed",
            ),
        ]
