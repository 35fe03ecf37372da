import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from firstlight.ground.audit.chain import canonical
from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models import Account, ClinicRecord, Parent
from firstlight.ground.vault.fields import SealedJSONField, SealedTextField

Block = dict[str, Any]


class Document(AppendOnly, ClinicRecord):
    """Something written down for good. A correction is a new document; what somebody signed never moves.

    The digest covers the plain content and a salt, so it outlives a change of keys, and says nothing once the key is gone.
    """

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    title = SealedTextField()
    body = SealedJSONField()
    salt = SealedTextField()
    digest = models.CharField(max_length=64)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["parent", "filed_at"])]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id

    @property
    def blocks(self) -> list[Block]:
        """Return the content: blocks of `heading`, `paragraphs` and `table` (`columns`, `rows`); none once erased."""
        blocks: list[Block] = self.body.get("blocks", [])
        return blocks

    @property
    def released_at(self) -> datetime | None:
        """Return when the parent was given this; None while she was not."""
        return self.release.at if hasattr(self, "release") else None

    def content(self) -> dict[str, Any]:
        """Return what the digest covers."""
        return {
            "id": self.id,
            "parent": self.parent_id,
            "kind": self.kind,
            "title": self.title,
            "body": self.body,
            "salt": self.salt,
            "filed_at": self.filed_at,
        }

    def content_digest(self) -> str:
        """Return the SHA-256 of the content as it reads now."""
        return hashlib.sha256(canonical(self.content())).hexdigest()


class Signature(AppendOnly, ClinicRecord):
    """One person's signature under one document, bound to the digest of what was shown."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    name = SealedTextField()
    role = models.CharField(max_length=20)
    meaning = models.CharField(max_length=80)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["document", "account", "meaning"], name="documents_one_signature_each")
        ]

    @property
    def sealed_under(self) -> UUID:
        return self.document.parent_id


class Release(AppendOnly, ClinicRecord):
    """A named member of the clinic gave a document to the parent. From then on she can read it."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="release")
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
