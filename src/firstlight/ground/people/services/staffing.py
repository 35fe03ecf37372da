"""A clinic and the people who work in it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.people.digests import new_token, token_digest
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import (
    Account,
    Authenticator,
    Clinic,
    Credential,
    Membership,
    RecoveryCode,
    StartLink,
)
from firstlight.ground.people.names import clean_email, clean_name, clean_phone
from firstlight.ground.people.permissions import Role
from firstlight.ground.people.services.inviting import check_password_strength
from firstlight.ground.people.zones import zones
from firstlight.ground.vault.keyring import blind_index
from firstlight.ground.vault.services import make_key

START_LINK_VALID = timedelta(days=3)


@write
def found_clinic(
    *, name: str, slug: str, phone: str, timezone: str = "America/New_York", region: str = "NY", address: str = "",
    at: datetime,
) -> Clinic:  # fmt: skip
    """Found a clinic. Refuses an unknown time zone, and a telephone number that nobody could call."""
    if timezone not in zones():
        raise Refused(_("This is not the name of a time zone."), field="timezone", value=timezone)
    clinic = Clinic.objects.create(
        name=clean_name(name), slug=slug, phone=clean_phone(phone), timezone=timezone, region=region, address=address
    )
    make_key(owner_id=clinic.id, at=at)
    record("clinic.founded", by=Actor.system(clinic.id), at=at, about=clinic)
    return clinic


@write
def hire(
    *, clinic: Clinic, email: str, name: str, role: str, title: str, public_name: str = "", by: Actor, at: datetime
) -> Membership:
    """Give somebody a place in a clinic. An address that signs in already keeps its account: one person, two clinics."""
    email = clean_email(email)
    if not email:
        raise Refused(_("Write the email address that this person will sign in with."), field="email")
    account = Account.objects.filter(email_index=blind_index(email)).first()
    if account is None:
        account = Account.objects.make(email=email, name=clean_name(name), password=None, at=at)
    if Membership.objects.filter(account=account, clinic=clinic, until_at=None).exists():
        raise Refused(_("This person works here already."), field="email")
    membership = Membership.objects.create(
        account=account,
        clinic=clinic,
        role=Role(role),
        title=title.strip(),
        public_name=clean_name(public_name or name),
        since_at=at,
    )
    record("staff.hired", by=by, at=at, about=membership, detail={"role": role})
    return membership


@write
def end_membership(*, membership: Membership, by: Actor, at: datetime) -> None:
    """End somebody's work in a clinic, now. What she or he wrote stays."""
    if membership.id == by.membership_id:
        raise Refused(_("You cannot end your own place. Ask another administrator."), field="membership")
    membership.until_at = at
    membership.save(update_fields=["until_at"])
    record("staff.left", by=by, at=at, about=membership)


@write
def add_credential(
    *,
    membership: Membership,
    kind: str,
    number: str,
    region: str,
    expires_date: date,
    checked_date: date,
    checked_by: Membership,
    by: Actor,
    at: datetime,
) -> Credential:
    """Note a licence or certificate that somebody of the clinic looked up at its source."""
    if checked_date > at.astimezone(ZoneInfo(membership.clinic.timezone)).date():
        raise Refused(_("The day of the check is in the future."), field="checked_date", value=checked_date)
    if expires_date < checked_date:
        raise Refused(_("This had ended when it was checked."), field="expires_date", value=expires_date)
    credential = Credential.objects.create(
        membership=membership,
        kind=kind.strip(),
        number=number.strip(),
        region=region.strip(),
        expires_date=expires_date,
        checked_date=checked_date,
        checked_by=checked_by,
    )
    record("credential.added", by=by, at=at, about=credential)
    return credential


@dataclass(frozen=True, slots=True)
class Started:
    """A start link in the one moment in which it is known. Only a digest is stored."""

    start_link: StartLink
    token: str
    link: str


@write
def send_start_link(*, membership: Membership, by: Actor, at: datetime) -> Started:
    """Send somebody the link to set a first password, or a new one and a new app when both are lost."""
    account = membership.account
    StartLink.objects.filter(account=account, ended_at=None).update(ended_at=at)
    token = new_token()
    start_link = StartLink.objects.create(
        account=account, digest=token_digest(token), made_at=at, expires_at=at + START_LINK_VALID
    )
    link = settings.PUBLIC_ADDRESS + reverse("people:staff_start", args=[token])
    record("start_link.sent", by=by, at=at, about=start_link)
    announce("staff.invited", membership=membership, link=link, by=by, at=at)
    return Started(start_link, token, link)


@write
def start(*, start_link: StartLink, password: str, by: Actor, at: datetime) -> Account:
    """Use a start link: set the password. The earlier app and codes go, and earlier sessions end."""
    kept = StartLink.objects.select_for_update().select_related("account").get(id=start_link.id)
    if kept.ended_at or kept.expires_at <= at:
        raise Refused(_("This link was used already, or is too old."), field="token")
    check_password_strength(password)
    account = kept.account
    account.set_password(password)
    account.signed_out_at = at
    account.save(update_fields=["password", "signed_out_at"])
    Authenticator.objects.filter(user=account).delete()
    RecoveryCode.objects.filter(account=account).delete()
    kept.ended_at = at
    kept.save(update_fields=["ended_at"])
    record("start_link.used", by=by, at=at, about=account)
    return account
