"""What stands on a page for somebody who needs help: who answers now, the clinic, and whether somebody reads this page."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from firstlight.ground.people.selectors import only_clinic
from firstlight.ground.safety.helplines import Helpline, helplines
from firstlight.ground.safety.selectors import watch_notice
from firstlight.ground.safety.wording import sentences


@dataclass(frozen=True, slots=True)
class HelpCard:
    """Lines, the clinic's telephone, and the sentences about who reads what is written here."""

    lines: tuple[Helpline, ...]
    phone: str
    watch: list[str]
    watched: bool


def card_for(request: HttpRequest, clinic: Any = None) -> HelpCard:
    """Return the card for the asking person's own clinic and zone; `clinic` where nobody is signed in."""
    asked = clinic or getattr(request, "clinic", None) or only_clinic()
    if asked is None:
        return HelpCard(helplines(), "", [], watched=False)
    now = request.now  # type: ignore[attr-defined]  # set by our middleware
    parent = getattr(request, "parent", None)
    notice = watch_notice(asked, now)
    zone = ZoneInfo(parent.timezone if parent else asked.timezone)
    return HelpCard(helplines(), asked.phone, sentences(notice, now, zone), notice.watched)
