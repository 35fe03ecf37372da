"""Template tags of safety. `{% load safety %}`."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template import Context

from firstlight.ground.people.selectors import only_clinic
from firstlight.ground.safety.helplines import Helpline, helplines
from firstlight.ground.safety.selectors import watch_notice
from firstlight.ground.safety.wording import sentences

register = template.Library()


@dataclass(frozen=True, slots=True)
class HelpCard:
    """Who answers now, the clinic's telephone, and whether somebody reads this page."""

    lines: tuple[Helpline, ...]
    phone: str
    watch: list[str]
    watched: bool


@register.simple_tag(takes_context=True)
def help_facts(context: Context, clinic: Any = None) -> HelpCard:
    """`{% help_facts as card %}`: for the person's own clinic and zone; `clinic` where nobody is signed in."""
    request = context["request"]
    asked = clinic or getattr(request, "clinic", None) or only_clinic()
    if asked is None:
        return HelpCard(helplines(), "", [], watched=False)
    parent = getattr(request, "parent", None)
    notice = watch_notice(asked, request.now)
    zone = ZoneInfo(parent.timezone if parent else asked.timezone)
    return HelpCard(helplines(), asked.phone, sentences(notice, request.now, zone), notice.watched)
