"""What a locked account or address is told, and whose address counts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer a sign-in from a locked account or address. Sessions in progress go on: only signing in is locked."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    response = render(request, "people/locked_out.html", {"minutes": minutes}, status=429)
    response["Cache-Control"] = "no-store"
    return response


def client_address(request: HttpRequest) -> str:
    """Return the address that failures are counted for.

    In production a proxy of the clinic stands in front (see SECURE_PROXY_SSL_HEADER): it adds the caller's address as
    the last entry. Anything before that entry was written by the caller and counts for nothing.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.PRODUCTION else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")
