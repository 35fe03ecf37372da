from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models.clinics import Clinic, ClinicEntry
from firstlight.ground.people.permissions import Role
from firstlight.ground.vault.fields import SealedTextField
from firstlight.ground.vault.keyring import blind_index
from firstlight.ground.vault.services import make_key


class AccountManager(BaseUserManager["Account"]):
    def make(self, *, email: str, name: str, password: str | None, at: datetime) -> "Account":
        """Make an account; without a password it can only be entered by a code."""
        account = self.model(email=email.strip(), name=name, email_index=blind_index(email), made_at=at)
        account.set_password(password)
        make_key(owner_id=account.id, at=at)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, email: str | None) -> "Account":
        return self.get(email_index=blind_index(email or ""))


class Account(AbstractBaseUser):
    """Somebody who can sign in. Name and address are sealed; the address is found by its keyed digest.

    `pin` (hashed) and `pin_minutes` are a parent's lock for an idle phone, `wrong_pins` how many were wrong in a row on
    any of her phones. Sessions that began before `signed_out_at` have ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email_index = models.CharField(max_length=64, unique=True)
    email = SealedTextField()
    name = SealedTextField()
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    pin = models.CharField(max_length=128, blank=True)
    pin_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    wrong_pins = models.PositiveSmallIntegerField(default=0)
    signed_out_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email_index"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pin="", pin_minutes__isnull=True) | ~models.Q(pin="") & models.Q(pin_minutes__gt=0),
                name="people_pin_with_its_minutes",
            )
        ]

    @property
    def sealed_under(self) -> UUID:
        return self.id


class Membership(models.Model):
    """An account's place in one clinic. `denied` takes permissions away from its role; deny wins."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    title = models.CharField(max_length=80)
    public_name = models.CharField(max_length=120)
    denied = models.JSONField(default=list, blank=True)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Membership"]]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "clinic"],
                condition=models.Q(until_at__isnull=True),
                name="people_one_place_a_clinic",
            )
        ]

    def __str__(self) -> str:
        return f"{self.public_name}, {self.title}"

    def current(self, at: datetime) -> bool:
        """Tell whether this person works in the clinic at a moment."""
        return self.since_at <= at and (self.until_at is None or at < self.until_at)


class PermissionChange(AppendOnly, ClinicEntry):
    """A permission that was taken from one member, or given back, with the reason. `Membership.denied` says what holds."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    permission = models.CharField(max_length=40)
    denied = models.BooleanField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]


class Credential(models.Model):
    """A licence or certificate that somebody of the clinic looked up, with its end."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80)
    number = models.CharField(max_length=40)
    region = models.CharField(max_length=40)
    expires_date = models.DateField()
    checked_date = models.DateField()
    checked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["Credential"]]
