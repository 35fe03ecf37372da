"""Secrets that are handed out once, and what is stored of them."""

import hashlib
import secrets

from firstlight.ground.vault.keyring import blind_index

# No letters or figures that are read as one another.
RECOVERY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
RECOVERY_GROUPS, RECOVERY_LETTERS = 3, 4


def new_token() -> str:
    """Return 256 random bits for a link."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return what is stored of a link's secret. It has 256 bits, so no salt and no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_entry_code() -> str:
    """Return six random figures."""
    return f"{secrets.randbelow(1_000_000):06}"


def new_recovery_code() -> str:
    """Return a code of three groups, as in 7KMQ-2FXA-9TRB (58 bits)."""
    groups = (
        "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LETTERS)) for _ in range(RECOVERY_GROUPS)
    )
    return "-".join(groups)


def short_digest(owner: object, code: str) -> str:
    """Return what is stored of a short code: keyed with a key that is not in the database, and bound to its owner."""
    spelled = "".join(letter for letter in code.upper() if letter.isalnum())
    return blind_index(f"{owner}:{spelled}")
