"""The signed copy of an agreement: every word that was shown."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from firstlight.clinical.evidence import sources
from firstlight.journey.consent.agreements import Edition


def agreement_blocks(shown: Edition, touch: Mapping[str, bool], name: str) -> list[dict[str, Any]]:
    """Return the body of the document that is signed."""
    version = _("Version %(number)d, %(digest)s") % {"number": shown.version, "digest": shown.digest[:16]}
    summary = [paragraph.text for paragraph in shown.summary]
    blocks: list[dict[str, Any]] = [{"heading": _("In short"), "paragraphs": [*summary, version]}]
    for part in shown.parts:
        paragraphs = [_with_sources(paragraph.text, paragraph.sources) for paragraph in part.paragraphs]
        if part.question:
            right = dict(part.question.options)[part.question.right]
            paragraphs.append(
                _("Asked: %(question)s Answered: %(answer)s") % {"question": part.question.text, "answer": right}
            )
        blocks.append({"heading": part.heading, "paragraphs": paragraphs})
    rows = [[label, _("Yes") if touch.get(kind) else _("No")] for kind, label in shown.touch_kinds]
    table = {"columns": [_("Touch"), _("Chosen")], "rows": rows}
    blocks.append({"heading": shown.touch_heading, "paragraphs": [shown.touch_text], "table": table})
    signed = _("Signed on the screen by: %(name)s") % {"name": name}
    blocks.append({"heading": _("Agreement"), "paragraphs": [shown.statement, signed]})
    return blocks


def _with_sources(text: str, keys: tuple[str, ...]) -> str:
    titles = [sources()[key].title for key in keys if key in sources()]
    return _("%(text)s Sources: %(titles)s.") % {"text": text, "titles": "; ".join(titles)} if titles else text
