from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from firstlight.ground.people.policies import unguarded_routes


@register()
def every_route_has_a_policy(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start while a route has no declared policy."""
    return [
        Error(
            f"The route {route} has no policy.",
            hint="Decorate its view with staff, parent, link or anyone.",
            id="firstlight.E001",
        )
        for route in unguarded_routes()
    ]
