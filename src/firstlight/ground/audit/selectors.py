"""What the audit itself is asked by the code that writes it."""

from datetime import datetime, timedelta
from typing import Any

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.models import SYSTEM_CHAIN, AuditEvent


def noted_lately(action: str, *, by: Actor, at: datetime, within: timedelta, detail: dict[str, Any]) -> bool:
    """Tell whether the same person caused the same event, with the same detail, a short while ago."""
    chain = str(by.clinic_id or SYSTEM_CHAIN)
    found = AuditEvent.objects.filter(chain=chain, at__gt=at - within, account_id=by.account_id, action=action)
    return any(event == detail for event in found.values_list("detail", flat=True))
