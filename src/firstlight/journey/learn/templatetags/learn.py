"""Template tags of the front door. `{% load learn %}`."""

from typing import Any

from django import template
from django.utils.translation import get_language

from firstlight.clinical.evidence import Claim, Words, text

register = template.Library()


@register.filter
def said(words: Words) -> str:
    """`{{ step.text|said }}`: words of a data file in the language of the page."""
    return text(words, get_language() or "en")


@register.simple_tag
def filled(words: Words, **figures: str) -> str:
    """`{% filled line.pays late=late %}`: words of a data file with the clinic's own figure in place."""
    return said(words).format(**figures)


@register.inclusion_tag("learn/_claim.html")
def claim(one: Claim, level: int = 2) -> dict[str, Any]:
    """`{% claim one %}`: a claim with its chip, its sources and the day on which its words were last checked."""
    return {"claim": one, "level": level}
