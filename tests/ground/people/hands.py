"""What people do at the sign-in pages, step by step, through the pages themselves."""

import re
import time
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django_otp.oath import TOTP

from firstlight.ground.people.models import Account, Authenticator, Membership
from firstlight.ground.people.services.second_factor import renew_recovery_codes
from tests.cast import NOW, PASSWORD, House

SECRET = "ab" * 20
SIGN_IN = "/clinic/sign-in/"
CODE = "/clinic/sign-in/code/"


def with_app(member: Membership) -> Authenticator:
    """Give somebody an app in use."""
    device: Authenticator = Authenticator.objects.create(user=member.account, name="app", secret=SECRET)
    return device


def app_code(steps: int = 0, secret: str = SECRET) -> str:
    """Read the code that the app shows now, or some steps of 30 s away."""
    clock = TOTP(bytes.fromhex(secret), drift=steps)
    clock.time = time.time()
    return f"{clock.token():06}"


def recovery_codes_of(house: House, account: Account) -> list[str]:
    """Make ten recovery codes."""
    return renew_recovery_codes(account=account, by=house.actor("nurse"), at=NOW)


def give_password(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> HttpResponse:
    """Send email and password."""
    return client.post(SIGN_IN, {"email": email, "password": password}, **extra)


def sign_in(client: Client, member: Membership) -> HttpResponse:
    """Do both steps."""
    give_password(client, member.account.email)
    return client.post(CODE, {"code": app_code()})


def once() -> dict[str, str]:
    """Return a fresh form key."""
    return {"once": str(uuid4())}


def text_of(response: HttpResponse) -> str:
    """Return a page without what differs from one rendering to the next: form keys and hidden tokens."""
    body = re.sub(r'name="(once|csrfmiddlewaretoken)" value="[^"]*"', "", response.content.decode())
    return re.sub(r"(hx-headers=)\'[^\']*\'", "", body)


def moment(text: str) -> datetime:
    """Read a moment of a session."""
    return datetime.fromisoformat(text)
