"""The modified Aldrete of a session in words. It supports the decision to let go; no rule of leaving asks for it."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstlight.clinical.evidence import Words, text
from firstlight.clinical.instruments import Instrument, instrument, score
from firstlight.ground.design.clocks import time_text
from firstlight.journey.dosing.basis import basis
from firstlight.journey.dosing.models import RecoveryScore
from firstlight.journey.dosing.selectors import Sheet

NAME = "aldrete"


@dataclass(frozen=True, slots=True)
class ShownScore:
    """The score that stands, as a person reads it. `band` has a source; what it means for leaving is no rule."""

    total: str
    band: str
    band_basis: str
    at: str
    who: str


def definition() -> Instrument:
    """Return the observation table with its rows, levels and citation."""
    return instrument(NAME)


def said(words: Words) -> str:
    """Return words of the table in the reader's language."""
    return text(words, get_language() or "en")


def row_names() -> list[str]:
    """Return what the five rows are called, in printed order."""
    return [said(item.text) for item in definition().items]


def total_text(row: RecoveryScore) -> str:
    """Return the total with the most that can be reached."""
    found = score(NAME, row.values())
    return _("%(total)d of %(most)d") % {"total": found.total, "most": found.max}


def score_text(row: RecoveryScore) -> str:
    """Return a score in one line: the total first, then each row."""
    parts = "; ".join(f"{said(item.text)}: {row.values()[item.key]}" for item in definition().items)
    return _("Modified Aldrete %(total)s (%(rows)s)") % {"total": total_text(row), "rows": parts}


def latest_shown(sheet: Sheet) -> ShownScore | None:
    """Return the last score that stands; None when there is none."""
    if not sheet.standing_scores:
        return None
    row, table = sheet.standing_scores[-1], definition()
    band = score(NAME, row.values()).band_words
    return ShownScore(
        total=total_text(row),
        band=said(band) if band else "",
        band_basis=basis(table.bands_tag, table.bands_sources) if table.bands_tag else "",
        at=time_text(row.happened_at, sheet.session.clinic.timezone),
        who=row.by.name,
    )
