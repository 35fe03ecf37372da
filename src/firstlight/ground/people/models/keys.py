"""What opens an account beside its password. Every secret is sealed or stored as a digest only."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django_otp.models import Device, DeviceManager, ThrottlingMixin
from django_otp.oath import TOTP

from firstlight.ground.people.models.accounts import Account
from firstlight.ground.vault.fields import SealedTextField

STEP_SECONDS = 30
STEPS_EITHER_SIDE = 1


class Authenticator(ThrottlingMixin, Device):  # type: ignore[misc]  # django_otp ships no types
    """An app that shows a code every 30 s (RFC 6238). A code counts once; each wrong one doubles the wait."""

    user_id: UUID
    user = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="authenticator")
    secret = SealedTextField()
    drift = models.SmallIntegerField(default=0)
    last_step = models.BigIntegerField(default=-1)

    objects: ClassVar[DeviceManager] = DeviceManager()

    @property
    def sealed_under(self) -> UUID:
        return self.user_id

    def get_throttle_factor(self) -> int:
        return 1

    def verify_token(self, token: str) -> bool:
        """Verify a code now."""
        return self.accept(token, timezone.now())

    def accept(self, token: str, at: datetime) -> bool:
        """Verify a code for a moment, and remember its step so that it never counts again."""
        if not self.verify_is_allowed()[0]:
            return False
        clock = TOTP(bytes.fromhex(self.secret), step=STEP_SECONDS, drift=self.drift)
        clock.time = at.timestamp()
        if not (token.isdecimal() and clock.verify(int(token), STEPS_EITHER_SIDE, self.last_step + 1)):
            self.throttle_increment()
            return False
        self.drift, self.last_step = clock.drift, clock.t()
        self.throttle_reset()
        return True


class RecoveryCode(models.Model):
    """One of ten codes for a lost phone. Works once."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["RecoveryCode"]]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="people_recovery_code_once")]


class EntryCode(models.Model):
    """Six digits sent by email. Short-lived, few tries, used once."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["EntryCode"]]

    class Meta:
        indexes = [models.Index(fields=["account", "made_at"])]


class StartLink(models.Model):
    """A single-use link by which a staff member sets a first or a new password. Only its digest is stored."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["StartLink"]]
