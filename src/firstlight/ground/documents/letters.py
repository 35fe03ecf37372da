"""The words of letters that the clinic sends. Plain, without promises; they say what happens next and who helps now."""

from collections.abc import Sequence
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from firstlight.ground.documents.models import Block
from firstlight.ground.people.models import Episode


class Helpline(Protocol):
    """A line that answers; safety keeps them."""

    @property
    def kind(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def says(self) -> str: ...

    @property
    def shown_number(self) -> str: ...


def declined(*, episode: Episode, reason: str, alternatives: Sequence[str], at_risk: bool) -> list[Block]:
    """Return the letter for somebody whom the clinic does not treat. Help comes first for somebody at risk.

    After a loss nothing in it speaks of birth or a baby.
    """
    silent = episode.parent.family.silent_about_baby
    answer: Block = {
        "paragraphs": [
            _("Dear %(name)s,") % {"name": episode.parent.name},
            _("You asked us for treatment. We cannot offer it to you now. This says why, and what else can help."),
        ]
    }
    why: Block = {"heading": _("Why"), "paragraphs": [reason]}
    others: Block = {"heading": _("What else can help"), "paragraphs": list(alternatives) or _alternatives(episode)}
    help_now = _help_now(silent)
    parts = [answer, help_now, why, others] if at_risk else [answer, why, others, help_now]
    return [*parts, _closing(episode)]


def _alternatives(episode: Episode) -> list[str]:
    return [
        _("Your own doctor. Tell them what you told us. They know other treatments and can send you to somebody."),
        _("Talking treatment with a psychologist, a counselor or a clinical social worker near you."),
        _("Another opinion. You can ask another clinic, and we send them what you want them to have."),
        _("Us again. When something changes, call %(phone)s. You do not need a new referral.")
        % {"phone": episode.clinic.phone},
    ]


def _help_now(silent: bool) -> Block:
    lines: Sequence[Helpline] = import_string(settings.FIRSTLIGHT_HELPLINES)()
    shown = [line for line in lines if not (silent and line.kind == "support")]
    return {
        "heading": _("If you need help now"),
        "table": {
            "columns": [_("Who"), _("Number"), _("What for")],
            "rows": [[line.name, line.shown_number, line.says] for line in shown],
        },
    }


def _closing(episode: Episode) -> Block:
    words = {"clinic": episode.clinic.name, "phone": episode.clinic.phone}
    return {"paragraphs": [_("If anything here is not clear, call us: %(clinic)s, %(phone)s.") % words]}
