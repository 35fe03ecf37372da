"""The picture that an authenticator app reads, drawn here: no secret leaves the machine for it."""

import base64
from textwrap import wrap
from urllib.parse import quote

import segno
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# Apps read dark on light, whatever the screen's theme is.
DARK, LIGHT = "#22262F", "#FFFDF9"
QUIET_MODULES = 4  # ISO/IEC 18004: the free edge around the picture
MODULE_PIXELS = 5


def enrolment_address(email: str, secret: str) -> str:
    """Return the address that the picture holds (the format of Google Authenticator's key URIs)."""
    issuer = settings.OTP_TOTP_ISSUER
    label = quote(f"{issuer}:{email}")
    return f"otpauth://totp/{label}?secret={_base32(secret)}&issuer={quote(issuer)}&digits=6&period=30"


def enrolment_picture(email: str, secret: str) -> SafeString:
    """Return the picture as inline SVG without styles or scripts."""
    rows = [
        list(row) for row in segno.make(enrolment_address(email, secret), error="m").matrix_iter(border=QUIET_MODULES)
    ]
    size = len(rows)
    return format_html(
        '<svg role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
        '<path fill="{}" d="M0 0h{}v{}H0z"/><path fill="{}" d="{}"/></svg>',
        *(_("Picture for your authenticator app"), size * MODULE_PIXELS, size * MODULE_PIXELS, size, size),
        *(LIGHT, size, size, DARK, "".join(_squares(rows))),
    )


def _squares(rows: list[list[int]]) -> list[str]:
    return [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]


def secret_in_groups(secret: str) -> str:
    """Return the secret for typing, in groups of four."""
    return " ".join(wrap(_base32(secret), 4))


def _base32(secret: str) -> str:
    return base64.b32encode(bytes.fromhex(secret)).decode()
