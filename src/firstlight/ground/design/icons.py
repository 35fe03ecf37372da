"""Names of the symbols in `design/_sprite.html`. The drawings are ours: 24 grid, 1.75 stroke, round ends, no fill."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

# fmt: off
ICONS = frozenset(
    [
        "ok", "look", "stop", "info", "unknown", "due", "next", "back", "plus", "minus", "close", "home", "person",
        "people", "task", "calendar", "phone", "message", "help", "leave", "lock", "pen", "note", "download",
        "search", "dose", "line", "vitals", "vial", "sun", "moon", "lamp", "bell", "undo", "offline", "book",
        "strong", "limited", "none", "conflicting",
    ]
)
# fmt: on

STATE_WORDS = {
    "ok": _("In order"),
    "look": _("Look"),
    "stop": _("Stop"),
    "info": _("Note"),
    "unknown": _("Not known"),
    "due": _("Due"),
}

STRENGTH_WORDS = {
    "strong": _("Strong evidence"),
    "limited": _("Limited evidence"),
    "none": _("No evidence yet"),
    "conflicting": _("Studies disagree"),
}


def icon(name: str) -> SafeString:
    """Return the inline symbol, hidden from screen readers: a word is beside it. An unknown name raises KeyError."""
    if name not in ICONS:
        raise KeyError(f"No icon is called {name!r}. There are: {', '.join(sorted(ICONS))}.")
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', name)


def state(kind: str, text: object = "") -> SafeString:
    """Return shape and word for one of the six states; without `text` its own word. An unknown kind raises KeyError."""
    words = text or STATE_WORDS[kind]
    return format_html('<span class="state state-{}">{}<span>{}</span></span>', kind, icon(kind), words)


def chip(strength: str) -> SafeString:
    """Return the chip that says how well a claim is supported. An unknown strength raises KeyError."""
    words = STRENGTH_WORDS[strength]
    return format_html('<span class="chip chip-{}">{}<span>{}</span></span>', strength, icon(strength), words)
