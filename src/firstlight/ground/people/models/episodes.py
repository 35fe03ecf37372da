from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstlight.ground.audit.models import AppendOnly
from firstlight.ground.people.models.accounts import Account
from firstlight.ground.people.models.clinics import ClinicEntry, ClinicRecord
from firstlight.ground.people.models.families import Parent
from firstlight.ground.vault.fields import SealedTextField


class EpisodeState(models.TextChoices):
    """From the first call to the end of care."""

    LOGGED = "logged", _("Logged")
    CONTACTED = "contacted", _("Contacted")
    DECLINED = "declined", _("Declined")
    INVITED = "invited", _("Invited")
    ASSESSED = "assessed", _("Assessed")
    ACTIVE = "active", _("In treatment")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")
    TRANSFERRED = "transferred", _("Transferred")
    CLOSED = "closed", _("Closed")


class Source(models.TextChoices):
    """How somebody came to the clinic's door."""

    CALL = "call", _("Called")
    REFERRAL = "referral", _("Referred")
    SELF = "self", _("Asked for a call online")


class Episode(ClinicRecord):
    """One course of care of one parent, from referral or call to its end."""

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=EpisodeState.choices, default=EpisodeState.LOGGED)
    source = models.CharField(max_length=20, choices=Source.choices)
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


class EpisodeEvent(AppendOnly, ClinicEntry):
    """One step of an episode, with its reason."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=EpisodeState.choices)
    reason = SealedTextField(default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]

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
