from firstlight.ground.people.models.accounts import Account, Credential, Membership, PermissionChange
from firstlight.ground.people.models.clinics import Clinic, ClinicEntry, ClinicPart, ClinicRecord
from firstlight.ground.people.models.episodes import Episode, EpisodeEvent, EpisodeState, Invitation, Source
from firstlight.ground.people.models.families import (
    Child,
    Detail,
    DetailChange,
    Family,
    Feeding,
    FeedingWay,
    Loss,
    Parent,
    Relation,
)
from firstlight.ground.people.models.forms import Held, Submission
from firstlight.ground.people.models.keys import Authenticator, EntryCode, RecoveryCode, StartLink

__all__ = [
    "Account",
    "Authenticator",
    "Child",
    "Clinic",
    "ClinicEntry",
    "ClinicPart",
    "ClinicRecord",
    "Credential",
    "Detail",
    "DetailChange",
    "EntryCode",
    "Episode",
    "EpisodeEvent",
    "EpisodeState",
    "Family",
    "Feeding",
    "FeedingWay",
    "Held",
    "Invitation",
    "Loss",
    "Membership",
    "Parent",
    "PermissionChange",
    "RecoveryCode",
    "Relation",
    "Source",
    "StartLink",
    "Submission",
]
