"""Template tags about people. `{% load people %}`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template import Context

from firstlight.ground.people.names import initials_of

register = template.Library()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a record is about: what stands in the bar of every page of it."""

    name: str
    initials: str
    birth_date: date | None
    age: int | None


@register.simple_tag(takes_context=True)
def identity_of(context: Context, parent: Any) -> Identity:
    """`{% identity_of parent as who %}`: name, initials, date of birth, and age today where the clinic stands."""
    now: datetime = context["request"].now
    today = now.astimezone(ZoneInfo(parent.clinic.timezone)).date()
    return Identity(parent.name, initials_of(parent.name), parent.born_on, parent.age_on(today))
