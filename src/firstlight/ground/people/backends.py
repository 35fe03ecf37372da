"""Ways to sign in. `username` is the keyed digest of the address, so that no list of attempts holds addresses."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from firstlight.ground.people.models import Account
from firstlight.ground.people.services.entry import use_code


class EmailBackend(BaseBackend):
    """Sign-in with a password. Also loads the account of every session."""

    def authenticate(  # type: ignore[override]  # only these credentials are ours
        self, request: HttpRequest | None, username: str, password: str
    ) -> Account | None:
        account = Account.objects.filter(email_index=username).first()
        if account is None or not account.has_usable_password():
            make_password(password)  # as slow as a real check, so that timing does not tell who has an account
            return None
        return account if account.check_password(password) and account.is_active else None

    def get_user(self, user_id: Any) -> Account | None:
        try:
            return Account.objects.filter(pk=UUID(str(user_id)), is_active=True).first()
        except ValueError:
            return None


class CodeBackend(BaseBackend):
    """Sign-in of a parent with the six figures that were sent to her address."""

    def authenticate(  # type: ignore[override]  # likewise
        self, request: HttpRequest, username: str, code: str
    ) -> Account | None:
        return use_code(email_index=username, code=code, at=request.now)  # type: ignore[attr-defined]  # set by our middleware
