from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _install_triggers(**kwargs: Any) -> None:
    from firstlight.ground.audit import triggers

    triggers.install()


class AuditConfig(AppConfig):
    name = "firstlight.ground.audit"
    label = "audit"

    def ready(self) -> None:
        # Django's own hook after a migrate, not a domain event: those stand in conf/reactions.py.
        post_migrate.connect(_install_triggers, sender=self, dispatch_uid="append-only triggers")
