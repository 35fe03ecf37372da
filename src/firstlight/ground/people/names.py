"""Names and addresses of people: how they are cleaned, compared and shown."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from firstlight.ground.people.errors import Refused

NAME_LENGTH = 120
EMAIL_LENGTH = 254
PHONE_CHARACTERS = re.compile(r"[0-9+()./ -]+")
PHONE_DIGITS = range(7, 16)  # ITU-T E.164: at most 15; local numbers have 7
OLDEST_YEARS = 110
YOUNGEST_PARENT_YEARS = 12
HOME_COUNTRY = "1"


def initials_of(name: str) -> str:
    """Return the first letters of the first and the last word of a name, as in ML. A name of one word gives one."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"


def clean_name(text: str) -> str:
    """Return a name with single spaces. Refuses an empty one, one over 120 characters, and control characters."""
    name = " ".join(text.split())
    if not name:
        raise Refused(_("Write the name."), field="name")
    if len(name) > NAME_LENGTH:
        message = _("A name has at most %(most)d characters; this has %(count)d.")
        raise Refused(message % {"most": NAME_LENGTH, "count": len(name)}, field="name")
    if not name.isprintable():
        raise Refused(_("This name has characters that cannot be shown. Type it again."), field="name")
    return name


def clean_email(text: str) -> str:
    """Return an email address, or nothing for nothing. Refuses what cannot be one."""
    email = text.strip()
    if not email:
        return ""
    try:
        if len(email) > EMAIL_LENGTH:
            raise ValidationError("too long")
        validate_email(email)
    except ValidationError as error:
        raise Refused(_("This is not an email address. It looks like name@example.com."), field="email") from error
    return email


def clean_phone(text: str) -> str:
    """Return a telephone number as it was typed, or nothing for nothing. Refuses what nobody could call."""
    phone = " ".join(text.split())
    if not phone:
        return ""
    digits = re.sub(r"\D", "", phone)
    if not PHONE_CHARACTERS.fullmatch(phone) or len(digits) not in PHONE_DIGITS:
        raise Refused(_("This is not a telephone number. It looks like +1 518 555 0100."), field="phone")
    return phone


def phone_digits(phone: str) -> str:
    """Return one spelling of a number, so that the same one is recognised however it was typed."""
    digits = re.sub(r"\D", "", phone)
    return HOME_COUNTRY + digits if len(digits) == 10 and not phone.startswith("+") else digits


def check_born(born: date, today: date, *, field: str = "birth_date") -> date:
    """Return a parent's date of birth, or refuse one that cannot be hers or his."""
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if born > today:
        raise Refused(_("This date of birth is in the future."), field=field, value=born)
    if years > OLDEST_YEARS:
        message = _("This date of birth makes the person %(years)d years old. Check the year.")
        raise Refused(message % {"years": years}, field=field, value=born)
    if years < YOUNGEST_PARENT_YEARS:
        message = _("This date of birth makes the parent %(years)d years old. Check the year.")
        raise Refused(message % {"years": years}, field=field, value=born)
    return born
