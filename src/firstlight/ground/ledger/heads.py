"""Signed heads of the journals, kept outside the database beside those of the audit."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from firstlight.ground.audit import heads
from firstlight.ground.audit.heads import SignedHead
from firstlight.ground.ledger.models import LedgerHead


def folder() -> Path:
    """Return where the journals' heads are kept."""
    where: Path = settings.HEADS_FOLDER / "ledger"
    return where


def chain_of(clinic_id: UUID) -> str:
    """Return the name of a clinic's journal in signed heads."""
    return f"ledger-{clinic_id}"


def sign_all(now: datetime) -> list[Path]:
    """Sign and keep the heads of all journals. Runs daily."""
    last = LedgerHead.objects.order_by("clinic_id")
    signed = [heads.sign(chain_of(head.clinic_id), head.sequence, head.hash, now) for head in last]
    return heads.keep(signed, folder())


def kept() -> list[SignedHead]:
    """Return every head of a journal that was kept."""
    return heads.kept(folder())
