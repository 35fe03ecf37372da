"""What signing in needs to know: before anybody is somebody."""

from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django_scopes import scopes_disabled

from firstlight.ground.people.digests import token_digest
from firstlight.ground.people.models import (
    Account,
    Authenticator,
    Episode,
    EpisodeState,
    Held,
    Invitation,
    Membership,
    Parent,
    RecoveryCode,
    StartLink,
)


def account_by_id(account_id: UUID) -> Account | None:
    """Return an active account."""
    return Account.objects.filter(id=account_id, is_active=True).first()


def places_of(account: Account, now: datetime) -> list[Membership]:
    """Return where somebody works now, the longest-held place first."""
    current = Q(until_at__isnull=True) | Q(until_at__gt=now)
    found = Membership.objects.filter(current, account=account, since_at__lte=now)
    return list(found.select_related("clinic", "account").order_by("since_at"))


def parent_of(account: Account, clinic_id: UUID | None = None) -> Parent | None:
    """Return the parent whose account this is, in one clinic if it is named, with the state of her care."""
    with scopes_disabled():
        latest = Episode.objects.filter(parent=OuterRef("pk")).order_by("-opened_at", "-id").values("state")[:1]
        found = Parent.objects.filter(account=account).select_related("clinic", "account", "family")
        found = found.filter(clinic_id=clinic_id) if clinic_id else found
        return found.annotate(latest_state=Subquery(latest)).first()


def authenticator_of(account: Account) -> Authenticator | None:
    """Return the app that shows the codes of an account, in use or still being set up."""
    found: Authenticator | None = Authenticator.objects.filter(user=account).first()
    return found


def recovery_codes_left(account: Account) -> int:
    """Return how many recovery codes still work."""
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


def invitation_by(token: str, now: datetime) -> Invitation | None:
    """Return the invitation that a link opens: unused, not replaced, not too old, of an enquiry that was not closed.

    Who was declined may still come in: her letter, with other places that can help, lies there.
    """
    with scopes_disabled():
        found = Invitation.objects.filter(
            digest=token_digest(token), used_at=None, replaced_at=None, expires_at__gt=now
        ).exclude(episode__state=EpisodeState.CLOSED)
        return found.select_related("clinic", "episode__parent__account").first()


def start_link_by(token: str, now: datetime) -> StartLink | None:
    """Return the start link of a staff member: unused and not too old."""
    found = StartLink.objects.filter(digest=token_digest(token), ended_at=None, expires_at__gt=now)
    return found.select_related("account").first()


def held_form(account_id: UUID, realm: str, now: datetime, held_id: UUID | None = None) -> Held | None:
    """Return the latest form that was kept for an account in a realm, or a certain one of them."""
    found = Held.objects.filter(account_id=account_id, path__startswith=realm, expires_at__gt=now)
    return (found.filter(id=held_id) if held_id else found).order_by("-held_at").first()
