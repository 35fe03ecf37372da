"""Sessions in the database, found by the digest of their key: a copy of the database signs nobody in."""

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone

COLUMN_LENGTH = 40  # of 64 hexadecimal figures; 160 bits are more than the key itself has to be guessed by


def digest_of(session_key: str) -> str:
    """Return what is stored of a session's key. The key has 165 random bits, so no salt and no slow hash is needed."""
    return hashlib.sha256(session_key.encode(errors="replace")).hexdigest()[:COLUMN_LENGTH]


class SessionStore(db.SessionStore):
    """Django's store, with the key itself in the cookie only."""

    def load(self) -> dict[str, Any]:
        """Return what is kept under the cookie's key; nothing, and the key forgotten, when there is no such session."""
        kept = Session.objects.filter(
            session_key=digest_of(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if kept is None:
            self._session_key = None
            return {}
        return self.decode(kept.session_data)

    def exists(self, session_key: str) -> bool:
        """Tell whether a key is in use."""
        return super().exists(digest_of(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """Return the row to be written."""
        row = super().create_model_instance(data)
        row.session_key = digest_of(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Remove a session; without a key, this one."""
        key = session_key or self.session_key
        if key:
            super().delete(digest_of(key))
