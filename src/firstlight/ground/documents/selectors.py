"""The one door to documents. Staff need the record's permission; a parent sees her own, once released."""

from uuid import UUID

from django.http import Http404

from firstlight.ground.audit.actors import Actor
from firstlight.ground.documents.models import Document, Signature
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors import parent_for


def document_for(actor: Actor, document_id: UUID) -> Document:
    """Return a document that the actor may read; unknown and forbidden look alike."""
    found = Document.objects.select_related("parent__family", "clinic", "filed_by", "release")
    document = found.filter(id=document_id).first()
    if document is None:
        raise Http404
    parent_for(actor, document.parent_id)
    if not _may_read(actor, document):
        raise Http404
    return document


def documents_of(actor: Actor, parent_id: UUID) -> list[Document]:
    """Return a parent's documents that the actor may read, newest first."""
    parent_for(actor, parent_id)
    found = Document.objects.filter(parent_id=parent_id).select_related("parent", "release")
    return [document for document in found.order_by("-filed_at", "-id") if _may_read(actor, document)]


def signatures_of(document: Document) -> list[Signature]:
    """Return who signed, first signature first."""
    return list(Signature.objects.filter(document=document).select_related("document"))


def intact(document: Document) -> bool:
    """Tell whether the content still is what was filed. An erased document is not."""
    return document.content_digest() == document.digest


def _may_read(actor: Actor, document: Document) -> bool:
    if actor.role == "parent":
        return actor.parent_id == document.parent_id and document.released_at is not None
    return actor.role == "system" or actor.may(Permission.RECORD_READ)
