"""An answer that asked for help is changed afterwards: whoever has its task reads both."""

from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import Instrument, Item, flags
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.safety.services import note_changed
from firstlight.journey.screening.models import Answer, QuestionSet


def asked_for_help(definition: Instrument, last: Answer | None) -> bool:
    """Tell whether an answer filled the screen with help; False for none."""
    return last is not None and any(not flag.quiet for flag in flags(definition, {last.item: last.value}))


@write
def note_change(
    *, question_set: QuestionSet, definition: Instrument, item: Item, value: int | None, by: Actor, at: datetime
) -> None:
    """Say what an answer was changed to first on the open task that rests on it; nothing where none does."""
    said = {"title": text(definition.title), "number": item.number, "answer": _answer(item, value)}
    note = (
        _("%(title)s, question %(number)d was changed afterwards. Answer now: %(answer)s. Every answer is kept.") % said
    )
    asked = f"{definition.name}:{item.key}"
    note_changed(parent=question_set.parent, said_in=question_set.id, asked=asked, note=note, by=by, at=at)


def _answer(item: Item, value: int | None) -> str:
    if value is None:
        return _("passed over")
    if not item.worded:
        return str(value)
    return text(next(option.label for option in item.options if option.value == value))
