"""What somebody may change about the own account, and how an account is noted as used."""

from datetime import datetime
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Account
from firstlight.ground.people.services.entry import TRIES
from firstlight.ground.people.services.inviting import check_password_strength

PIN_LENGTHS = range(4, 7)
PIN_MINUTES = (1, 5, 15)
EASY_STEPS = ({0}, {1}, {-1})  # 1111, 1234, 4321


@write
def change_password(*, account: Account, old: str, new: str, by: Actor, at: datetime) -> None:
    """Change the password. Refuses a wrong old one and a weak new one. Other sessions end."""
    if not account.check_password(old):
        raise Refused(_("The present password is not this one."), field="old")
    check_password_strength(new, field="new")
    account.set_password(new)
    account.signed_out_at = at
    account.save(update_fields=["password", "signed_out_at"])
    record("password.changed", by=by, at=at, about=account)


@write
def set_pin(*, account: Account, pin: str, minutes: int, by: Actor, at: datetime) -> None:
    """Lock an idle phone with a PIN of 4 to 6 figures, asked for after some minutes. Refuses one that is guessed first."""
    if not pin.isdecimal() or not pin.isascii() or len(pin) not in PIN_LENGTHS:
        raise Refused(_("A PIN has 4 to 6 figures."), field="pin")
    if {int(after) - int(before) for before, after in pairwise(pin)} in EASY_STEPS:
        raise Refused(_("This PIN is easy to guess. Choose another one."), field="pin")
    if minutes not in PIN_MINUTES:
        raise Refused(_("Choose 1, 5 or 15 minutes."), field="minutes", value=minutes)
    account.pin, account.pin_minutes, account.wrong_pins = make_password(pin), minutes, 0
    account.save(update_fields=["pin", "pin_minutes", "wrong_pins"])
    record("pin.set", by=by, at=at, about=account)


@write
def drop_pin(*, account: Account, by: Actor, at: datetime) -> None:
    """Ask for no PIN any more."""
    account.pin, account.pin_minutes = "", None
    account.save(update_fields=["pin", "pin_minutes"])
    record("pin.dropped", by=by, at=at, about=account)


@write
def open_lock(*, account: Account, pin: str, began_at: datetime, by: Actor, at: datetime) -> int | None:
    """Open a locked phone: return None when this PIN is right, else how many tries are left.

    Tries are counted in the account, one after the other, so that sending many at once gains nothing. With none left
    every session of the account has ended; one that began before (`began_at`) has no tries.
    """
    kept = Account.objects.select_for_update().get(id=account.id)
    if kept.signed_out_at is not None and began_at < kept.signed_out_at:
        return 0
    if kept.pin and check_password(pin, kept.pin):
        kept.wrong_pins = 0
        kept.save(update_fields=["wrong_pins"])
        return None
    record("pin.wrong", by=by, at=at, about=account, outcome="refused")
    kept.wrong_pins += 1
    left = TRIES - kept.wrong_pins
    if not left:
        kept.wrong_pins, kept.signed_out_at = 0, at
    kept.save(update_fields=["wrong_pins", "signed_out_at"])
    return left


@write
def sign_out_everywhere(*, account: Account, by: Actor, at: datetime) -> None:
    """End every session of an account, on every device."""
    account.signed_out_at = at
    account.save(update_fields=["signed_out_at"])
    record("signed_out.everywhere", by=by, at=at, about=account)
