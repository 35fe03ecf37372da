"""Who acts, and the words that they give: what every write here checks."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.errors import Refused

LONGEST_REASON = 2_000


def membership_of(by: Actor) -> UUID:
    """Return the membership under which somebody acts. Refused for anyone but staff."""
    if by.membership_id is None:
        raise Refused(_("Only staff of the clinic can do this."), field="by", value=by.role)
    return by.membership_id


def reason_of(text: str) -> str:
    """Return a reason without blanks at its ends. Refused when it is missing or too long."""
    text = text.strip()
    if not text:
        raise Refused(_("Give the reason in a few words."), field="reason", value="")
    check_length({"reason": text})
    return text


def check_length(texts: Mapping[str, str]) -> None:
    """Refuse a text that is too long, by its field."""
    for field, text in texts.items():
        if len(text) > LONGEST_REASON:
            words = {"given": len(text), "longest": LONGEST_REASON}
            message = _("%(given)d characters are too many. Use at most %(longest)d.") % words
            raise Refused(message, field=field, value=len(text))
