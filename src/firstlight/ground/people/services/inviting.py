"""A parent's way in: a link that works once, and the account that she or he makes with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.people.digests import new_token, token_digest
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Account, Episode, EpisodeState, Invitation, Parent
from firstlight.ground.people.services.episodes import move
from firstlight.ground.people.steps import IN_CARE
from firstlight.ground.vault.keyring import blind_index


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation, and the one moment in which its link is known. Only a digest is stored."""

    invitation: Invitation
    token: str
    link: str


@write
def invite(*, episode: Episode, by: Actor, at: datetime, expected: str | None = None) -> Invited:
    """Invite a parent, or send the link anew: then the earlier link stops working.

    Announces "episode.invited" with the link, for a neutral message. Refuses a parent without an email address.
    """
    parent = episode.parent
    if not parent.email:
        raise Refused(_("Write an email address into the details first: the link goes there."), field="email")
    if Account.objects.filter(email_index=blind_index(parent.email)).exclude(parent=parent).exists():
        raise Refused(_("Someone else signs in with this email address. Ask for another one."), field="email")
    state = Episode.objects.select_for_update().get(id=episode.id).state
    if state not in IN_CARE or expected not in {None, state}:
        move(episode=episode, to=EpisodeState.INVITED, by=by, at=at, expected=expected)
    Invitation.objects.filter(episode__parent=parent, used_at=None, replaced_at=None).update(replaced_at=at)
    token = new_token()
    invitation = Invitation.objects.create(
        clinic_id=episode.clinic_id,
        episode=episode,
        digest=token_digest(token),
        made_at=at,
        expires_at=at + timedelta(days=settings.INVITATION_DAYS),
    )
    link = settings.PUBLIC_ADDRESS + reverse("people:invitation", args=[token])
    record("invitation.sent", by=by, at=at, parent=parent.id, about=invitation)
    announce("episode.invited", episode=episode, link=link, by=by, at=at)
    return Invited(invitation, token, link)


@write
def accept(*, invitation: Invitation, password: str | None, by: Actor, at: datetime) -> Parent:
    """Use an invitation: make the account, or open it anew with another way in. `password` None means codes by email.

    An earlier PIN is dropped and earlier sessions end: whoever holds the link may have lost the phone.
    """
    kept = Invitation.objects.select_for_update().get(id=invitation.id)
    if kept.used_at or kept.replaced_at or kept.expires_at <= at:
        raise Refused(_("This link was used already, or is too old."), field="token")
    parent = Parent.objects.select_related("account", "clinic").get(id=invitation.episode.parent_id)
    if password is not None:
        check_password_strength(password)
    if parent.account is None:
        if Account.objects.filter(email_index=blind_index(parent.email)).exists():
            raise Refused(_("This email address signs somebody else in. Please call the clinic."), field="email")
        parent.account = Account.objects.make(email=parent.email, name=parent.name, password=password, at=at)
        parent.save(update_fields=["account"])
    else:
        parent.account.set_password(password)
        parent.account.pin, parent.account.pin_minutes, parent.account.signed_out_at = "", None, at
        parent.account.save()
    kept.used_at = at
    kept.save(update_fields=["used_at"])
    record("invitation.used", by=by, at=at, parent=parent.id, about=kept, detail={"password": password is not None})
    return parent


def check_password_strength(password: str, field: str = "password") -> None:
    """Refuse a password of under 15 characters, or one that is known to be common."""
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field=field) from error
