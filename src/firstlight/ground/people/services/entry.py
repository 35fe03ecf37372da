"""A parent's way in by six figures sent to her email address."""

from datetime import datetime, timedelta

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.people.digests import new_entry_code, short_digest
from firstlight.ground.people.models import Account, EntryCode
from firstlight.ground.vault.keyring import blind_index

VALID = timedelta(minutes=10)
TRIES = 5
CODES_AN_HOUR = 5


@write
def want_code(*, email: str, by: Actor, at: datetime) -> None:
    """Send a code, if the address is a parent's and not over five an hour. Says nothing of whether it did."""
    account = Account.objects.filter(email_index=blind_index(email), is_active=True, parent__isnull=False).first()
    if account is None:
        record("code.wanted", by=by, at=at, outcome="refused", detail={"known": False})
        return
    hour = EntryCode.objects.filter(account=account, made_at__gt=at - timedelta(hours=1))
    if hour.count() >= CODES_AN_HOUR:
        record("code.wanted", by=by, at=at, about=account, outcome="refused")
        return
    EntryCode.objects.filter(account=account, ended_at=None).update(ended_at=at)
    code = new_entry_code()
    EntryCode.objects.create(account=account, digest=short_digest(account.id, code), made_at=at, expires_at=at + VALID)
    record("code.wanted", by=by, at=at, about=account)
    announce("code.wanted", account=account, code=code, at=at)


@write
def use_code(*, email_index: str, code: str, at: datetime) -> Account | None:
    """Return whose code this is, and use it up. None for a wrong, old or used one; after five wrong tries it is dead."""
    kept = (
        EntryCode.objects.select_for_update()
        .filter(account__email_index=email_index, account__is_active=True, ended_at=None, expires_at__gt=at)
        .order_by("-made_at")
        .first()
    )
    if kept is None:
        return None
    kept.tries += 1
    right = kept.digest == short_digest(kept.account_id, code)
    if right or kept.tries >= TRIES:
        kept.ended_at = at
    kept.save(update_fields=["tries", "ended_at"])
    return kept.account if right else None
