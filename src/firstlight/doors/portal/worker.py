"""The parent's service worker, and the page that it shows without a connection. Neither holds anything about anybody."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET

from firstlight.ground.people.policies import anyone
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.safety.helplines import helplines

SCRIPT = "portal/worker.js"
OUTBOX = "design/outbox.js"
# What the page of a check-in is drawn with.
ASSETS = (
    "design/theme.js",
    "design/tokens.css",
    "design/base.css",
    "design/parent.css",
    "design/chart.css",
    "design/mark.svg",
    "design/forms.js",
    "design/counting.js",
    OUTBOX,
    "design/waiting.js",
    "design/exit.js",
    "design/sealing.js",
    "screening/flow.css",
    "screening/check-in.js",
)


@require_GET
@anyone("a browser asks for it by itself; it holds no data")
def worker(request: ClinicRequest) -> HttpResponse:
    """Give the service worker of /me/, with what it keeps and the addresses that it knows."""
    known = {
        "version": _version(),
        "assets": [static(name) for name in ASSETS],
        "outbox": static(OUTBOX),
        "offline": reverse("portal:offline"),
        "leave": reverse("people:leave"),
        "away": settings.QUICK_EXIT_ADDRESS,
    }
    script = f"const settings = {json.dumps(known)};\n{_text(SCRIPT)}"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@require_GET
@anyone("it is kept on phones and says that there is no connection; it holds no data")
def offline(request: ClinicRequest) -> HttpResponse:
    """Say that there is no connection, and whom a telephone reaches all the same."""
    return render(request, "portal/offline.html", {"lines": [line for line in helplines() if line.kind != "support"]})


@cache
def _text(name: str) -> str:
    return Path(str(finders.find(name))).read_text()


@cache
def _version() -> str:
    """Return a digest of all that is kept: a new version of any of it is a new worker."""
    return hashlib.sha256("".join(map(_text, (*ASSETS, SCRIPT))).encode()).hexdigest()[:12]
