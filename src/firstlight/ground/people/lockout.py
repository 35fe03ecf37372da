from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer a sign-in from a locked account or address. Sessions in progress go on: only signing in is locked."""
    return render(request, "people/locked_out.html", status=429)
