"""What stands on a page for somebody who needs help: who answers now, the clinic, and whether somebody reads this page."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django_scopes import scope

from firstlight.ground.people.models import Parent
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
    silent: bool = False


def card_for(request: HttpRequest, clinic: Any = None) -> HelpCard:
    """Return the card for the asking person's own clinic and zone; `clinic` where nobody is signed in.

    After a loss it leaves out the lines that speak of birth in their names.
    """
    asked = clinic or getattr(request, "clinic", None) or only_clinic()
    if asked is None:
        return HelpCard(helplines(), "", [], watched=False)
    now = request.now  # type: ignore[attr-defined]  # set by our middleware
    parent = getattr(request, "parent", None)
    notice = watch_notice(asked, now)
    zone = ZoneInfo(parent.timezone if parent else asked.timezone)
    silent = parent is not None and _silent(parent)
    lines = tuple(line for line in helplines() if not (silent and line.kind == "support"))
    return HelpCard(lines, asked.phone, sentences(notice, now, zone), notice.watched, silent)


def _silent(parent: Parent) -> bool:
    with scope(clinic=parent.clinic_id):  # a page behind a link has a reader, but no scope
        return parent.family.silent_about_baby
