from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from firstlight.ground.people.models import Account


class EmailBackend(BaseBackend):
    """Password sign-in. `username` is the keyed digest of the address, so that no list of attempts holds addresses."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **kwargs: Any
    ) -> Account | None:
        account = Account.objects.filter(email_index=username).first()
        if account is None or not account.has_usable_password():
            make_password(password)  # as slow as a real check, so that timing does not tell who has an account
            return None
        return account if account.check_password(password) and account.is_active else None

    def get_user(self, user_id: Any) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()
