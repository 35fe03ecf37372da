"""Time zones: which there are, and a control to choose one of them."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

COMMON = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)


@cache
def zones() -> tuple[str, ...]:
    """Return the names of all places that have a zone, those of the United States first."""
    others = {
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))
    }
    return (*COMMON, *sorted(others - set(COMMON)))


def choices() -> list[tuple[str, str]]:
    """Return what a form accepts."""
    return [(name, readable(name)) for name in zones()]


def readable(zone: str) -> str:
    """Return a zone's name for reading, as in America / New York."""
    return zone.replace("_", " ").replace("/", " / ")


class ZoneSelect(forms.Select):
    """A select of some 400 zones. Django renders a template for each option, which takes longer than all of the page."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Render common and other zones as two groups."""
        attributes = format_html_join("", ' {}="{}"', sorted(self._attributes(name, attrs).items()))
        groups = ((_("United States"), COMMON), (_("All others"), zones()[len(COMMON) :]))
        options = (
            (label, format_html_join("", "<option{}{}>{}</option>", (_option(zone, value) for zone in members)))
            for label, members in groups
        )
        inside = format_html_join("", '<optgroup label="{}">{}</optgroup>', options)
        return format_html("<select{}>{}</select>", attributes, inside)

    def _attributes(self, name: str, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {
            key: value for key, value in {**self.attrs, **(attrs or {}), "name": name}.items() if value is not False
        }


def _option(zone: str, chosen: Any) -> tuple[SafeString, str, str]:
    selected = " selected" if zone == chosen else ""
    return format_html(' value="{}"', zone), selected, readable(zone)
