"""The horizon line: the one line of a page, and on it the lamp that shows how far a person has got."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

PLAIN = SafeString('<div class="horizon-line" aria-hidden="true"></div>')
LIT = (
    '<svg class="horizon-lamp" role="img" aria-label="{}" height="13" width="100%">'
    '<line x1="0" x2="100%" y1="6.5" y2="6.5" class="m-edge"/><line x1="0" x2="{}%" y1="6.5" y2="6.5" class="m-lit"/>'
    '<circle cx="{}%" cy="6.5" r="5.5" class="m-lamp"/></svg>'
)


def horizon_line(done: int = 0, total: int = 0) -> SafeString:
    """Return the line; with a `total`, a lamp stands at `done`. A count outside 0..total raises ValueError."""
    if not total:
        return PLAIN
    if not 0 <= done <= total:
        raise ValueError(f"{done} of {total} is no progress.")
    share = round(2 + 96 * done / total, 2)
    words = _("%(done)d of %(total)d") % {"done": done, "total": total}
    return format_html(LIT, words, share, share)
