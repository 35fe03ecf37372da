"""What stands on a page for somebody who needs help: who answers now, the clinic, and whether somebody reads this page."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_scopes import scope

from firstlight.ground.people.models import EpisodeState, Parent
from firstlight.ground.people.selectors import only_clinic, state_of_care
from firstlight.ground.safety.helplines import Helpline, helplines
from firstlight.ground.safety.selectors import watch_notice
from firstlight.ground.safety.wording import sentences, standing_sentences

ASKED = frozenset({EpisodeState.INVITED, EpisodeState.ASSESSED, EpisodeState.ACTIVE, EpisodeState.STOPPED})


@dataclass(frozen=True, slots=True)
class HelpCard:
    """Lines, the clinic's telephone, and two kinds of sentences about who reads.

    `watch` is for a page on which an answer was given, `standing` for one from which nothing is sent.
    """

    lines: tuple[Helpline, ...]
    phone: str
    watch: list[str]
    standing: list[str]
    watched: bool
    silent: bool = False


def card_for(request: HttpRequest, clinic: Any = None) -> HelpCard:
    """Return the card for the asking person's own clinic and zone; `clinic` where nobody is signed in.

    After a loss it leaves out the lines that speak of birth in their names.
    """
    asked = clinic or getattr(request, "clinic", None) or only_clinic()
    if asked is None:
        return HelpCard(helplines(), "", [], [_unread()], watched=False)
    now = request.now  # type: ignore[attr-defined]  # set by our middleware
    parent = getattr(request, "parent", None)
    notice = watch_notice(asked, now)
    zone = ZoneInfo(parent.timezone if parent else asked.timezone)
    silent = parent is not None and _silent(parent)
    lines = tuple(line for line in helplines() if not (silent and line.kind == "support"))
    asks = parent is not None and state_of_care(parent) in ASKED
    standing = standing_sentences(notice, now, zone, asked=asks) if parent else [_unread()]
    return HelpCard(lines, asked.phone, sentences(notice, now, zone), standing, notice.watched, silent)


def _unread() -> str:
    return _("Nobody at the clinic watches this page.")


def _silent(parent: Parent) -> bool:
    with scope(clinic=parent.clinic_id):  # a page behind a link has a reader, but no scope
        return parent.family.silent_about_baby
