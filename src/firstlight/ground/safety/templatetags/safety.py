"""Template tags of safety. `{% load safety %}`."""

from typing import Any

from django import template
from django.template import Context

from firstlight.ground.safety.cards import HelpCard, card_for

register = template.Library()


@register.simple_tag(takes_context=True)
def help_facts(context: Context, clinic: Any = None) -> HelpCard:
    """`{% help_facts as card %}`: for the person's own clinic and zone; `clinic` where nobody is signed in."""
    return card_for(context["request"], clinic)
