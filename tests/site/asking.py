"""Asking the site as somebody, and seeing what came back and what the audit wrote of it."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client

from tests.support.signed_in import client_of

DENIED = {404, 405}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers and body as one text, and the actions that the audit wrote meanwhile."""

    status: int
    text: str
    leads_to: str
    audited: tuple[str, ...]

    @property
    def reads(self) -> int:
        """Count the read events."""
        return sum(action.startswith("read.") for action in self.audited)

    @property
    def refusals(self) -> int:
        """Count the refusals."""
        return self.audited.count("refused")


def browser_of(person: Any | None) -> Client:
    """Return somebody's browser; her session is tried in both realms, for a cookie proves nothing by its name."""
    client = Client(raise_request_exception=False) if person is None else client_of(person)
    client.raise_request_exception = False
    for name in ("fl_clinic", "fl_me"):
        if person is not None and name not in client.cookies:
            other = client.cookies["fl_me" if name == "fl_clinic" else "fl_clinic"].value
            client.cookies[name] = other
    return client


def ask(client: Client, method: str, address: str, data: dict[str, Any] | None = None) -> Answer:
    """Ask once, and take back whatever it did."""
    from firstlight.ground.audit.models import AuditEvent

    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        last = AuditEvent.objects.order_by("-id").values_list("id", flat=True)[0]
        response = client.generic(method, address) if data is None else client.post(address, data)
        audited = AuditEvent.objects.filter(id__gt=last).order_by("id").values_list("action", flat=True)
        answer = Answer(response.status_code, _text(response), response.get("Location", ""), tuple(audited))
        transaction.set_rollback(True)
    for name, value in cookies.items():  # a page that signs out deletes the cookie; the session itself is back
        client.cookies[name] = value
    return answer


def _text(response: Any) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return f"{headers}\n\n{response.content.decode(errors='replace')}"
