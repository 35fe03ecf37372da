from datetime import date
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models.accounts import Account
from firstlight.ground.people.models.clinics import ClinicEntry, ClinicRecord
from firstlight.ground.vault.fields import SealedTextField


class Relation(models.TextChoices):
    """What a parent is to the child, in her or his own words for it."""

    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    PARTNER = "partner", _("Partner")
    ADOPTIVE = "adoptive", _("Adoptive parent")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Not said")


class FeedingWay(models.TextChoices):
    """How a child is fed. It decides whether milk matters to a plan."""

    BREAST = "breast", _("Breast milk only")
    MIXED = "mixed", _("Breast milk and formula")
    FORMULA = "formula", _("Formula only")
    SOLIDS = "solids", _("Solid food, with some breast milk")
    NO_MILK = "no-milk", _("No breast milk")
    UNKNOWN = "unknown", _("Not known")


class Family(ClinicRecord):
    """Parents and children who live a life together. A loss recorded once holds for everyone in it."""

    @property
    def silent_about_baby(self) -> bool:
        """Tell whether a loss was recorded: then nothing asks or speaks about the baby, to either parent."""
        return Loss.objects.filter(family=self).exists()


class Child(ClinicRecord):
    """A child of the family. Only what care needs: when born, how fed now (each change is a `Feeding`)."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    birth_date = models.DateField()
    fed_how = models.CharField(max_length=20, choices=FeedingWay.choices, default=FeedingWay.UNKNOWN)
    born_preterm = models.BooleanField(null=True)


class Feeding(AppendOnly, ClinicEntry):
    """How a child was fed, as somebody said on a day."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    fed_how = models.CharField(max_length=20, choices=FeedingWay.choices)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")


class Loss(AppendOnly, ClinicRecord):
    """A loss in the family. Append-only; nothing of it is shown to the family."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")


class Parent(ClinicRecord):
    """A mother, father, partner or adoptive parent in care, or asking for it.

    The two indexes are keyed digests by which the same person is noticed; they hold no address and no number.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    account = models.OneToOneField(Account, on_delete=models.PROTECT, null=True, related_name="parent")
    name = SealedTextField()
    birth_date = SealedTextField(default="")
    phone = SealedTextField(default="")
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    email = SealedTextField(default="")
    email_index = models.CharField(max_length=64, blank=True, db_index=True)
    address = SealedTextField(default="")
    relation = models.CharField(max_length=20, choices=Relation.choices, default=Relation.MOTHER)
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


class Detail(models.TextChoices):
    """What can be set or corrected of a parent."""

    NAME = "name", _("Name")
    BIRTH_DATE = "birth_date", _("Date of birth")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("Email")
    ADDRESS = "address", _("Address")
    RELATION = "relation", _("Relation")
    GAVE_BIRTH_DATE = "gave_birth_date", _("Gave birth on")
    TIMEZONE = "timezone", _("Time zone")
    HAND = "hand", _("Hand")


class DetailChange(AppendOnly, ClinicEntry):
    """One detail of a parent that was set or corrected: what stood there, what stands there now."""

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=20, choices=Detail.choices)
    before = SealedTextField()
    after = SealedTextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]

    @property
    def sealed_under(self) -> UUID:
        return self.parent_id
