"""The session page's own clock."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def minutes_since(context: Any, since: datetime, until: datetime | None = None) -> SafeString:
    """`{% minutes_since session.started_at session.left_at %}`: whole minutes, running on until there is an end."""
    minutes = int(((until or context["request"].now) - since).total_seconds() // 60)
    if until is not None:
        return format_html("{}", max(minutes, 0))
    return format_html('<time datetime="{}" data-count="minutes">{}</time>', since.isoformat(), max(minutes, 0))
