"""What the front door shows of the clinic: its people and their licences, its prices, its ear."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.module_loading import import_string
from django_scopes import scope

from firstlight.clinical.evidence import Source, Tag, Words, sources
from firstlight.ground.people.models import Clinic, Credential, Membership
from firstlight.ground.people.permissions import Role
from firstlight.ground.people.selectors import only_clinic, staff_of
from firstlight.ground.safety.selectors import watch_notice
from firstlight.journey.learn.items import Item, items
from firstlight.journey.learn.models import Price
from firstlight.journey.learn.money import money
from firstlight.journey.learn.wording import read_by

ORDER = tuple(Role)
LICENSED = {Role.PRESCRIBER, Role.NURSE, Role.THERAPIST}


class Profile(Protocol):
    """What a later stage tells of a therapist (settings.FIRSTLIGHT_PROFILES)."""

    @property
    def membership(self) -> Membership: ...
    @property
    def works_with(self) -> Sequence[str]: ...
    @property
    def languages(self) -> Sequence[str]: ...
    @property
    def perinatal_training(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def vetted_date(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here, as a stranger may know her."""

    name: str
    title: str
    licences: tuple[Credential, ...]
    must_be_licensed: bool
    profile: Profile | None


@dataclass(frozen=True, slots=True)
class PriceLine:
    """An item with its price today (None: none is set) and the next one that is known."""

    item: Item
    price: Price | None
    coming: Price | None

    @property
    def amount(self) -> str:
        return money(self.price.amount_cents, self.price.currency) if self.price else ""

    @property
    def coming_amount(self) -> str:
        return money(self.coming.amount_cents, self.coming.currency) if self.coming else ""


@dataclass(frozen=True, slots=True)
class PriceList:
    """All lines, what a usual course costs together (nothing while a price is missing), and the newest price's day."""

    lines: tuple[PriceLine, ...]
    whole_course: str
    since: date | None

    def amount_of(self, key: str) -> str:
        """Return an item's price today, or nothing."""
        return next(line.amount for line in self.lines if line.item.key == key)


@dataclass(frozen=True, slots=True)
class Door:
    """The clinic whose front door this is, and by when a request for a call is read ("": nobody is watching)."""

    clinic: Clinic
    read_by: str


def door(now: datetime) -> Door | None:
    """Return the door; None before there is a clinic."""
    clinic = only_clinic()
    if clinic is None:
        return None
    return Door(clinic, read_by(watch_notice(clinic, now), now, ZoneInfo(clinic.timezone)))


def day_in(clinic: Clinic, now: datetime) -> date:
    """Return the date at the clinic's walls."""
    return now.astimezone(ZoneInfo(clinic.timezone)).date()


def people_here(clinic: Clinic, now: datetime) -> list[Person]:
    """Return who works in a clinic, by role; each with the licences that hold today, as last looked up."""
    with scope(clinic=clinic.id):
        members = staff_of(clinic.id, now)
        held: dict[UUID, list[Credential]] = {member.id: [] for member in members}
        found = Credential.objects.filter(membership__in=members, expires_date__gte=day_in(clinic, now))
        for credential in found.order_by("kind", "number", "-checked_date", "-expires_date"):
            if not _is_checked_again(credential, held[credential.membership_id]):
                held[credential.membership_id].append(credential)
        told = _profiles(clinic, now)
    return [_person(member, held[member.id], told) for member in sorted(members, key=_rank)]


def _is_checked_again(credential: Credential, newer: list[Credential]) -> bool:
    """Tell whether a later look at the same licence is in the list: each look is a row of its own."""
    return any((one.number, one.region) == (credential.number, credential.region) for one in newer)


def _profiles(clinic: Clinic, now: datetime) -> dict[UUID, Profile]:
    find: Callable[[UUID, datetime], Sequence[Profile]] = import_string(settings.FIRSTLIGHT_PROFILES)
    return {profile.membership.id: profile for profile in find(clinic.id, now)}


def _rank(member: Membership) -> tuple[int, str]:
    return ORDER.index(Role(member.role)), member.public_name


def _person(member: Membership, licences: list[Credential], told: Mapping[UUID, Profile]) -> Person:
    return Person(
        name=member.public_name,
        title=member.title,
        licences=tuple(licences),
        must_be_licensed=Role(member.role) in LICENSED,
        profile=told.get(member.id),
    )


def price_list(clinic: Clinic, now: datetime) -> PriceList:
    """Return a clinic's prices as they stand today."""
    today = day_in(clinic, now)
    with scope(clinic=clinic.id):
        known = list(Price.objects.all())
    lines = tuple(_line(item, [price for price in known if price.item == item.key], today) for item in items().values())
    standing = [line.price for line in lines if line.price]
    return PriceList(lines, _whole_course(lines), max((price.from_date for price in standing), default=None))


def _line(item: Item, known: list[Price], today: date) -> PriceLine:
    """Of equal days the row that was set last counts; rows come in the order of days and of setting."""
    past = [price for price in known if price.from_date <= today]
    ahead = [price for price in known if price.from_date > today]
    first_day = [price for price in ahead if price.from_date == ahead[0].from_date]
    return PriceLine(item, past[-1] if past else None, first_day[-1] if first_day else None)


def _whole_course(lines: Sequence[PriceLine]) -> str:
    counted = [(line.item.count, line.price) for line in lines if line.item.count]
    prices = [(count, price) for count, price in counted if price is not None]
    currencies = {price.currency for _count, price in prices}
    if len(prices) < len(counted) or len(currencies) != 1:
        return ""
    return money(sum(count * price.amount_cents for count, price in prices), currencies.pop())


@dataclass(frozen=True, slots=True)
class PriceSet:
    """A price that was set once: for what, how much, by whom."""

    price: Price
    name: Words
    amount: str
    by: str


def prices_set(clinic: Clinic) -> list[PriceSet]:
    """Return every price that was ever set, newest first. An item that was given up keeps its key as its name."""
    with scope(clinic=clinic.id):
        found = list(Price.objects.order_by("-set_at", "-id").select_related("set_by"))
    return [
        PriceSet(
            price=price,
            name=items()[price.item].text if price.item in items() else {"en": price.item},
            amount=money(price.amount_cents, price.currency),
            by=price.set_by.name if price.set_by else "",
        )
        for price in found
    ]


def sources_by_tag() -> list[tuple[Words, list[Source]]]:
    """Return every source under how far it was checked, the best checked first, by title."""
    ordered = sorted(sources().values(), key=lambda source: source.title.casefold())
    groups = [(tag.meaning, [source for source in ordered if source.tag is tag]) for tag in Tag]
    return [(meaning, found) for meaning, found in groups if found]
