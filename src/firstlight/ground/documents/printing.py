"""Documents on paper: PDF with tags for screen readers (PDF/UA-1), made from data that is never read as markup."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from unicodedata import category

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstlight.ground.design.clocks import date_text, local, time_text
from firstlight.ground.documents.models import Document
from firstlight.ground.documents.selectors import signatures_of

TEMPLATE = Path(__file__).parent / "typst" / "document.typ"


def pdf(document: Document) -> bytes:
    """Return a document with its signatures as PDF. The same document gives the same bytes."""
    data = json.dumps(printed(document), ensure_ascii=False)
    try:
        return _compiled(data, document.filed_at, standard="ua-1")
    except typst.TypstError:
        # PDF/UA-1 forbids letters that no font of this machine has. A paper with a gap is better than none.
        return _compiled(data, document.filed_at, standard="1.7")


def _compiled(data: str, at: datetime, *, standard: Literal["ua-1", "1.7"]) -> bytes:
    made: bytes = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        sys_inputs={"data": data},
        pdf_standards=standard,
        timestamp=at.replace(microsecond=0),  # a PDF's date has whole seconds, and typst refuses any other
    )
    return made


def _printable(value: Any) -> Any:
    """Return text, or text in lists and mappings, without the control characters that no paper can show."""
    if isinstance(value, str):
        return "".join(letter for letter in value if letter == "\n" or category(letter) != "Cc")
    if isinstance(value, list):
        return [_printable(entry) for entry in value]
    return {name: _printable(entry) for name, entry in value.items()}


def printed(document: Document) -> dict[str, Any]:
    """Return everything that stands on the paper, as text."""
    zone = document.clinic.timezone
    filed_on = date_text(local(document.filed_at, zone).date())
    rows = [
        [
            signature.name,
            signature.meaning,
            f"{date_text(local(signature.at, zone).date())} {time_text(signature.at, zone)}",
        ]
        for signature in signatures_of(document)
    ]
    whole = {
        "language": (get_language() or "en").partition("-")[0],
        "neutral_title": _("Document of %(day)s") % {"day": filed_on},
        "clinic": {
            "name": document.clinic.name,
            "address": document.clinic.address,
            "phone": document.clinic.phone,
        },
        "filed_on": filed_on,
        "title": document.title,
        "person": document.parent.name,
        "blocks": document.blocks,
        "signatures": {"columns": [_("Name"), _("Signed as"), _("When")], "rows": rows},
        "number": str(document.id),
        "digest": document.digest,
        "words": {
            "about": _("Document"),
            "person": _("For"),
            "signatures": _("Signatures"),
            "digest": _("SHA-256 of the content:"),
        },
    }
    text: dict[str, Any] = _printable(whole)
    return text
