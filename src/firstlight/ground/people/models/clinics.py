from typing import TYPE_CHECKING, ClassVar, Self
from uuid import uuid4

from django.db import models
from django_scopes import ScopedManager

from firstlight.ground.people.ids import next_id


class Clinic(models.Model):
    """One clinic. Its zone is where its walls stand; a parent has a zone of her own.

    `reliable_changes`: by how many published points it judges a questionnaire, where it chose (see response).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    timezone = models.CharField(max_length=40, default="America/New_York")
    region = models.CharField(max_length=2, default="NY")
    phone = models.CharField(max_length=30)
    address = models.CharField(max_length=200, blank=True)
    reliable_changes = models.JSONField(default=dict, blank=True)

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


class ClinicEntry(ClinicRecord):
    """Base of what is written again and again, and of which the newest counts: ids grow in the order of writing.

    Order by moment, then by id: two entries of one moment have their order on every engine.
    """

    id = models.UUIDField(primary_key=True, default=next_id, editable=False)

    class Meta:
        abstract = True


class ClinicPart(ClinicRecord):
    """Base of rows that are many, and always reached through what they are part of: a set, a session, a parent.

    Their clinic has no index: every query names it, and SQLite, which counts no rows by itself, takes it for narrow and
    reads the whole clinic.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True
