"""What every service of this app asks of its caller."""

from uuid import UUID

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.errors import Refused

LONGEST_TEXT = 2_000


def membership_of(by: Actor) -> UUID:
    """Return the membership under which somebody acts. Refused for anyone but staff."""
    if by.membership_id is None:
        raise Refused(_("Only staff of the clinic can do this."), field="by", value=by.role)
    return by.membership_id


def account_of(by: Actor) -> UUID:
    """Return who is signed in. Refused for nobody."""
    if by.account_id is None:
        raise Refused(_("Please sign in first."), field="by", value=by.role)
    return by.account_id


def text_of(field: str, given: str, *, required: bool = False, longest: int = LONGEST_TEXT) -> str:
    """Return a text without blanks at its ends. Refused when it is missing or too long."""
    text = given.strip()
    if required and not text:
        raise Refused(_("This is empty. Write it in a few words."), field=field, value="")
    if len(text) > longest:
        words = {"given": len(text), "longest": longest}
        message = _("%(given)d characters are too many. Use at most %(longest)d.") % words
        raise Refused(message, field=field, value=len(text))
    return text
