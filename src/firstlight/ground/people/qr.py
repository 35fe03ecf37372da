"""The picture that an authenticator app reads, drawn here: no secret leaves the machine for it."""

import base64
from textwrap import wrap
from urllib.parse import quote

import segno
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# Apps read dark on light, whatever the screen's theme is.
DARK, LIGHT = "#22262F", "#FFFDF9"


def enrolment_address(email: str, secret: str) -> str:
    """Return the address that the picture holds (the format of Google Authenticator's key URIs)."""
    issuer = settings.OTP_TOTP_ISSUER
    label = quote(f"{issuer}:{email}")
    return f"otpauth://totp/{label}?secret={_base32(secret)}&issuer={quote(issuer)}&digits=6&period=30"


def enrolment_picture(email: str, secret: str) -> SafeString:
    """Return the picture as inline SVG without styles or scripts."""
    code = segno.make(enrolment_address(email, secret), error="m")
    return SafeString(
        code.svg_inline(scale=5, border=3, dark=DARK, light=LIGHT, title=_("Picture for your authenticator app"))
    )


def secret_in_groups(secret: str) -> str:
    """Return the secret for typing, in groups of four."""
    return " ".join(wrap(_base32(secret), 4))


def _base32(secret: str) -> str:
    return base64.b32encode(bytes.fromhex(secret)).decode()
