from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID, uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django_scopes import ScopedManager

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.permissions import Role
from firstlight.ground.vault.fields import SealedTextField
from firstlight.ground.vault.keyring import blind_index


class Clinic(models.Model):
    """One clinic. Its zone is where its walls stand; a parent has a zone of her own."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    timezone = models.CharField(max_length=40, default="America/New_York")
    region = models.CharField(max_length=2, default="NY")
    phone = models.CharField(max_length=30)
    address = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager["Clinic"]]

    def __str__(self) -> str:
        return self.name


class ClinicRecord(models.Model):
    """Base of everything that belongs to one clinic. A query outside that clinic's scope raises."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager[Self]] = models.Manager()
    else:
        objects = ScopedManager(clinic="clinic")

    class Meta:
        abstract = True


class AccountManager(BaseUserManager["Account"]):
    def make(self, *, email: str, name: str, password: str | None) -> "Account":
        """Make an account; without a password it can only be entered by a code."""
        account = self.model(email=email.strip(), name=name, email_index=blind_index(email))
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, email: str | None) -> "Account":
        return self.get(email_index=blind_index(email or ""))


class Account(AbstractBaseUser):
    """Somebody who can sign in. Name and address are sealed; the address is found by its keyed digest."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email_index = models.CharField(max_length=64, unique=True)
    email = SealedTextField()
    name = SealedTextField()
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email_index"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountManager] = AccountManager()

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


class Family(ClinicRecord):
    """Parents and children who live a life together. A loss recorded once holds for everyone in it."""

    @property
    def silent_about_baby(self) -> bool:
        """Tell whether a loss was recorded: then nothing asks or speaks about the baby, to either parent."""
        return Loss.objects.filter(family=self).exists()


class Child(ClinicRecord):
    """A child of the family. Only what care needs: when born, how fed."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    birth_date = models.DateField()
    fed_how = models.CharField(max_length=20, default="unknown")
    born_preterm = models.BooleanField(null=True)


class Loss(AppendOnly, ClinicRecord):
    """A loss in the family. Append-only; nothing of it is shown to the family."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")


class Parent(ClinicRecord):
    """A mother, father, partner or adoptive parent in care, or asking for it."""

    RELATIONS = ("mother", "father", "partner", "adoptive", "other")

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    account = models.OneToOneField(Account, on_delete=models.PROTECT, null=True, related_name="parent")
    name = SealedTextField()
    birth_date = SealedTextField(default="")
    phone = SealedTextField(default="")
    email = SealedTextField(default="")
    address = SealedTextField(default="")
    relation = models.CharField(max_length=20, default="mother")
    gave_birth_date = models.DateField(null=True, blank=True)
    timezone = models.CharField(max_length=40, default="America/New_York")
    language = models.CharField(max_length=10, default="en")
    hand = models.CharField(max_length=5, default="right")
    made_at = models.DateTimeField()

    @property
    def sealed_under(self) -> UUID:
        return self.id

    @property
    def born_on(self) -> date | None:
        """Return the date of birth; None when it is not known or was erased."""
        try:
            return date.fromisoformat(self.birth_date)
        except ValueError:
            return None

    def age_on(self, day: date) -> int | None:
        """Return the age in whole years on a day."""
        born = self.born_on
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class EpisodeState(models.TextChoices):
    """From the first call to the end of care."""

    LOGGED = "logged"
    CONTACTED = "contacted"
    DECLINED = "declined"
    INVITED = "invited"
    ASSESSED = "assessed"
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    TRANSFERRED = "transferred"
    CLOSED = "closed"


class Episode(ClinicRecord):
    """One course of care of one parent, from referral or call to its end."""

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=EpisodeState.choices, default=EpisodeState.LOGGED)
    source = models.CharField(max_length=20)
    referred_by = SealedTextField(default="")
    concern = SealedTextField(default="")
    best_time = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["clinic", "state"])]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id


class EpisodeEvent(AppendOnly, ClinicRecord):
    """One step of an episode, with its reason."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=EpisodeState.choices)
    reason = SealedTextField(default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at"]

    @property
    def sealed_under(self) -> UUID:
        return self.episode.parent_id


class Invitation(ClinicRecord):
    """A single-use link for a parent. Only its digest is stored."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)


class Submission(models.Model):
    """A form that was sent once already. Sending it again leads to the same place and does nothing."""

    key = models.UUIDField(primary_key=True)
    sender = models.CharField(max_length=64)
    path = models.CharField(max_length=300)
    location = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Submission"]]
