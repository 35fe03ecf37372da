"""What a page weighs on its way to a phone: the bytes that the server sends to a browser that takes them compressed."""

import re
from functools import cache
from typing import Any

from django.test import Client

TAKES = {"Accept-Encoding": "gzip"}
LOADED = re.compile(r'<(?:script|img)[^>]*\ssrc="([^"?]+)|<link rel="(?:stylesheet|icon|manifest)" href="([^"?]+)')


def sent(client: Client, address: str) -> Any:
    """Ask as a phone does."""
    return client.get(address, headers=TAKES)


def loaded_by(html: str) -> set[str]:
    """Return the addresses of what a page loads: styles, scripts, drawings, its symbol and its manifest."""
    return {script or link for script, link in LOADED.findall(html)}


@cache
def weight_of(address: str) -> int:
    """Return the bytes of a file that is the same for everybody."""
    answer = sent(Client(), address)
    assert answer.status_code == 200, address
    return len(b"".join(answer))
