"""The second factor of staff: an authenticator app, and ten codes for the day the phone is lost."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.digests import new_recovery_code, short_digest
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Account, Authenticator, RecoveryCode

SECRET_BYTES = 20  # RFC 4226 §4: 160 bits
RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True)
class Checked:
    """How a second factor was judged. `wait_until`: too many wrong ones, so none is looked at before then.

    `recovery_codes` are there once: when an app was taken into use.
    """

    passed: bool
    wait_until: datetime | None = None
    recovery_codes: tuple[str, ...] = ()


@write
def begin_enrolment(*, account: Account, by: Actor, at: datetime) -> Authenticator:
    """Return the app that is being set up: the one begun before, else a new one. Refused when one is in use."""
    device, new = Authenticator.objects.get_or_create(
        user=account, defaults={"name": "app", "confirmed": False, "secret": secrets.token_hex(SECRET_BYTES)}
    )
    if device.confirmed:
        raise Refused(_("An app is in use already."), field="code")
    if new:
        record("second_factor.begun", by=by, at=at, about=device)
    found: Authenticator = device
    return found


@write
def finish_enrolment(*, account: Account, code: str, by: Actor, at: datetime) -> Checked:
    """Take the app into use with its first code. Returns the recovery codes, this once."""
    device = Authenticator.objects.select_for_update().get(user=account, confirmed=False)
    waiting = _waiting(device)
    if waiting or not device.accept(_figures(code), at):
        return Checked(passed=False, wait_until=waiting)
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    record("second_factor.set", by=by, at=at, about=device)
    return Checked(passed=True, recovery_codes=tuple(_new_codes(account)))


@write
def check_code(*, account: Account, code: str, by: Actor, at: datetime) -> Checked:
    """Check a code of the app. A wrong one doubles the wait until the next is looked at."""
    device, refusal = _device_of(account)
    if device is None:
        return refusal
    passed = device.accept(_figures(code), at)
    if not passed:
        record("second_factor.wrong", by=by, at=at, about=device, outcome="refused")
    return Checked(passed)


@write
def use_recovery_code(*, account: Account, code: str, by: Actor, at: datetime) -> Checked:
    """Check and use up a recovery code. Wrong ones count together with wrong codes of the app."""
    device, refusal = _device_of(account)
    if device is None:
        return refusal
    unused = RecoveryCode.objects.filter(account=account, digest=short_digest(account.id, code), used_at=None)
    if not unused.update(used_at=at):
        device.throttle_increment()
        record("recovery_code.wrong", by=by, at=at, about=device, outcome="refused")
        return Checked(passed=False)
    device.throttle_reset()
    record("recovery_code.used", by=by, at=at, about=device, detail={"left": codes_left(account)})
    return Checked(passed=True)


def _device_of(account: Account) -> tuple[Authenticator | None, Checked]:
    device: Authenticator | None = (
        Authenticator.objects.select_for_update().filter(user=account, confirmed=True).first()
    )
    if device is None:
        return None, Checked(passed=False)
    waiting = _waiting(device)
    return (None, Checked(passed=False, wait_until=waiting)) if waiting else (device, Checked(passed=True))


def _waiting(device: Authenticator) -> datetime | None:
    """Return until when no code is looked at; None when the next one is."""
    allowed, why = device.verify_is_allowed()
    return None if allowed else why["locked_until"]


@write
def renew_recovery_codes(*, account: Account, by: Actor, at: datetime) -> list[str]:
    """Make ten new recovery codes; the old ones stop working. Returns them this once."""
    record("recovery_codes.renewed", by=by, at=at, about=account)
    return _new_codes(account)


def codes_left(account: Account) -> int:
    """Return how many recovery codes still work."""
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


def _new_codes(account: Account) -> list[str]:
    RecoveryCode.objects.filter(account=account).delete()
    codes = [new_recovery_code() for _number in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account=account, digest=short_digest(account.id, code)) for code in codes
    )
    return codes


def _figures(code: str) -> str:
    return "".join(code.split())
