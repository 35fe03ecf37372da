"""A parent's details. Each change keeps what stood there before."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Account, Detail, DetailChange, EntryCode, Invitation, Parent, Relation
from firstlight.ground.people.names import check_born, clean_email, clean_name, clean_phone, phone_digits
from firstlight.ground.people.zones import zones
from firstlight.ground.vault.keyring import blind_index

ADDRESS_LENGTH = 300
OLDEST_BIRTH_YEARS = 50


def index_contact(parent: Parent) -> None:
    """Set the digests by which the same person is noticed again."""
    parent.email_index = blind_index(parent.email) if parent.email else ""
    parent.phone_index = blind_index(phone_digits(parent.phone)) if parent.phone else ""


@write
def amend_details(
    *, parent: Parent, by: Actor, at: datetime, expected: int | None = None, **details: Any
) -> list[DetailChange]:
    """Set or correct details of a parent: any of `Detail`. What does not change is not written.

    `expected` is how many changes there were when the person looked: if somebody else made one since, it is refused.
    Refuses impossible dates, addresses that cannot be reached, and an email that somebody else signs in with.
    With the email everything ends that went to the earlier address: links, also those of questions, codes, sessions.
    """
    parent.refresh_from_db(from_queryset=Parent.objects.select_for_update())
    if expected is not None:
        _nobody_else_changed(parent, expected)
    today = at.astimezone(ZoneInfo(parent.clinic.timezone)).date()
    cleaned = {name: _clean(Detail(name), value, today) for name, value in details.items()}
    new = {name: value for name, value in cleaned.items() if value != getattr(parent, name)}
    if not new:
        return []
    if not new.get("phone", parent.phone) and not new.get("email", parent.email):
        raise Refused(_("Keep a telephone number or an email address."), field="phone")
    if "email" in new:
        _move_account(parent, new["email"], at)
    changes = [_change(parent, name, value, by, at) for name, value in new.items()]
    for name, value in new.items():
        setattr(parent, name, value)
    index_contact(parent)
    parent.save()
    DetailChange.objects.bulk_create(changes)
    record("parent.amended", by=by, at=at, parent=parent.id, about=parent, detail={"details": sorted(new)})
    if "email" in new:
        announce("email.changed", parent=parent, by=by, at=at)
    announce("parent.amended", parent=parent, by=by, at=at)
    return changes


def _nobody_else_changed(parent: Parent, expected: int) -> None:
    since = list(DetailChange.objects.filter(parent=parent).select_related("parent").order_by("at", "id"))[expected:]
    if since:
        shown = ", ".join(f"{Detail(change.name).label}: {change.after or '–'}" for change in since)
        message = _("Someone else changed this meanwhile. It now says: %(details)s. Save again if yours is right.")
        raise Refused(message % {"details": shown}, field="expected", value=expected)


def _change(parent: Parent, name: str, after: Any, by: Actor, at: datetime) -> DetailChange:
    return DetailChange(
        clinic_id=parent.clinic_id,
        parent=parent,
        name=name,
        before=str(getattr(parent, name) or ""),
        after=str(after or ""),
        at=at,
        by_id=by.account_id,
    )


def _clean(name: Detail, value: Any, today: date) -> Any:
    if name is Detail.BIRTH_DATE:
        return check_born(value, today).isoformat() if value else ""
    if name is Detail.GAVE_BIRTH_DATE:
        return _check_gave_birth(value, today)
    if name is Detail.ADDRESS and len(value) > ADDRESS_LENGTH:
        raise Refused(_("An address has at most %(most)d characters.") % {"most": ADDRESS_LENGTH}, field="address")
    cleaners = {
        Detail.NAME: clean_name,
        Detail.PHONE: clean_phone,
        Detail.EMAIL: clean_email,
        Detail.ADDRESS: lambda text: "\n".join(line.strip() for line in text.strip().splitlines()),
        Detail.RELATION: Relation,
        Detail.TIMEZONE: _check_zone,
        Detail.HAND: _check_hand,
    }
    return cleaners[name](value)


def _check_gave_birth(born: date | None, today: date) -> date | None:
    if born is None:
        return None
    if born > today:
        raise Refused(_("This day of birth is in the future."), field="gave_birth_date", value=born)
    if today.year - born.year > OLDEST_BIRTH_YEARS:
        message = _("This is more than fifty years ago. Check the year.")
        raise Refused(message, field="gave_birth_date", value=born)
    return born


def _check_zone(name: str) -> str:
    if name not in zones():
        raise Refused(_("Choose a time zone from the list."), field="timezone", value=name)
    return name


def _check_hand(hand: str) -> str:
    if hand not in {"left", "right"}:
        raise Refused(_("Choose left or right."), field="hand", value=hand)
    return hand


def _move_account(parent: Parent, email: str, at: datetime) -> None:
    """Sign in at another address from now on. The earlier one may have been a stranger's, so what went there ends."""
    Invitation.objects.filter(episode__parent=parent, used_at=None, replaced_at=None).update(replaced_at=at)
    if parent.account is None:
        return
    if not email:
        raise Refused(_("This email address is used for signing in, so it cannot be empty."), field="email")
    index = blind_index(email)
    if Account.objects.filter(email_index=index).exclude(id=parent.account.id).exists():
        raise Refused(_("Someone else signs in with this email address."), field="email", value=email)
    EntryCode.objects.filter(account=parent.account, ended_at=None).update(ended_at=at)
    parent.account.email, parent.account.email_index, parent.account.signed_out_at = email, index, at
    parent.account.save(update_fields=["email", "email_index", "signed_out_at"])
