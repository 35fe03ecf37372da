"""Filing, signing and releasing documents."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.documents.letters import declined
from firstlight.ground.documents.models import Block, Document, Release, Signature
from firstlight.ground.documents.selectors import intact
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, Parent

Body = str | Mapping[str, Any] | Sequence[Mapping[str, Any]]
PARTS = {"heading", "paragraphs", "table"}


@write
def file_document(
    *, kind: str, parent: Parent, title: str, body: Body, by: Actor, at: datetime, release_now: bool = False
) -> Document:
    """File a document. `body` is plain text, one block, or a list of blocks of `heading`, `paragraphs` and `table`.

    A table has `columns` and `rows` of text. Raises ValueError for anything else in a block.
    """
    document = Document(
        clinic_id=parent.clinic_id,
        parent=parent,
        kind=kind,
        title=title,
        body={"blocks": blocks_of(body)},
        salt=secrets.token_hex(16),
        filed_at=at,
        filed_by_id=by.account_id,
    )
    document.digest = document.content_digest()
    document.save(force_insert=True)
    record("document.filed", by=by, at=at, parent=parent.id, about=document, detail={"kind": kind})
    if release_now:
        release(document=document, by=by, at=at)
    return document


@write
def sign(*, document: Document, meaning: str, by: Actor, at: datetime) -> Signature:
    """Sign a document as the person who is signed in, bound to the digest of its content.

    Refused when the content is not what was filed, and when the same person signed with the same meaning before.
    """
    if by.account_id is None:
        raise Refused(_("Only a person who is signed in can sign."), field="by", value=by.role)
    if not intact(document):
        raise Refused(
            _("This document is not what was filed. It cannot be signed."), field="document", value=document.id
        )
    if Signature.objects.filter(document=document, account_id=by.account_id, meaning=meaning).exists():
        raise Refused(_("You have signed this already."), field="meaning", value=meaning)
    signature = Signature.objects.create(
        clinic_id=document.clinic_id,
        document=document,
        account_id=by.account_id,
        name=by.name,
        role=by.role,
        meaning=meaning,
        at=at,
        digest=document.digest,
    )
    record(
        "document.signed",
        by=by,
        at=at,
        parent=document.parent_id,
        about=document,
        detail={"meaning": meaning, "digest": document.digest},
    )
    return signature


@write
def release(*, document: Document, by: Actor, at: datetime) -> Release:
    """Give a document to the parent: from now on she can read it. Doing it again changes nothing."""
    given, new = Release.objects.get_or_create(
        document=document, defaults={"clinic_id": document.clinic_id, "at": at, "by_id": by.account_id}
    )
    if new:
        record("document.released", by=by, at=at, parent=document.parent_id, about=document)
    return given


@write
def decline_letter(
    *,
    episode: Episode,
    reason: str,
    by: Actor,
    at: datetime,
    alternatives: Sequence[str] = (),
    at_risk: bool = False,
) -> Document:
    """Write, sign and give the letter for somebody whom the clinic does not treat. Follows the event episode.declined."""
    document = file_document(
        kind="decline_letter",
        parent=episode.parent,
        title=_("Our answer to your request"),
        body=declined(episode=episode, reason=reason, alternatives=alternatives, at_risk=at_risk),
        by=by,
        at=at,
        release_now=True,
    )
    if by.account_id is not None:
        sign(document=document, meaning="signed the letter", by=by, at=at)
    return document


def blocks_of(body: Body) -> list[Block]:
    """Return a body as a list of plain blocks. Raises ValueError for a part that no document has."""
    if isinstance(body, str):
        return [_block({"paragraphs": [part.strip() for part in body.split("\n\n") if part.strip()]})]
    if isinstance(body, Mapping):
        return blocks_of(body["blocks"]) if "blocks" in body else [_block(body)]
    return [_block(block) for block in body]


def _block(given: Mapping[str, Any]) -> Block:
    if unknown := set(given) - PARTS:
        raise ValueError(f"A block has heading, paragraphs and table, not {', '.join(sorted(unknown))}.")
    block: Block = {}
    if given.get("heading"):
        block["heading"] = str(given["heading"])
    if given.get("paragraphs"):
        block["paragraphs"] = [str(paragraph) for paragraph in given["paragraphs"]]
    if given.get("table"):
        table = given["table"]
        columns = [str(column) for column in table["columns"]]
        rows = [[str(cell) for cell in row] for row in table["rows"]]
        if any(len(row) != len(columns) for row in rows):
            raise ValueError("Every row of a table has one cell for each column.")
        block["table"] = {"columns": columns, "rows": rows}
    return block
