"""What every page's shell needs: who acts, where the shell leads, and where a quick exit goes."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from firstlight.conf.navigation import NAVIGATION


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the shells; works for error pages, which have no actor."""
    actor = getattr(request, "actor", None)
    items = {
        name: [item for item in entries if item.permission is None or (actor and actor.may(item.permission))]
        for name, entries in NAVIGATION.items()
    }
    return {
        "actor": actor,
        "clinic": getattr(request, "clinic", None),
        "navigation": items,
        "demo": settings.DEMO,
        "quick_exit_address": settings.QUICK_EXIT_ADDRESS,
    }
