"""Recall periods over all that a parent was asked: her days that a question asked about already, and a dose among them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.module_loading import import_string

from firstlight.clinical.instruments import instrument, sharing
from firstlight.journey.screening.sets import question_sets


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an instrument is not asked now, and until when: a dose is too near (`dose_at`), or its days were asked about."""

    days: int
    until: datetime
    dose_at: datetime | None = None


def hold_on(
    names: Iterable[str], *, whole: Mapping[str, datetime], last_dose_at: datetime | None, now: datetime
) -> Hold | None:
    """Return what holds these instruments back longest; None when nothing does. `whole`: when each was answered last."""
    found = [hold for name in names for hold in _holds(name, whole, last_dose_at, now) if now < hold.until]
    return max(found, key=lambda hold: hold.until, default=None)


def recall_of(name: str) -> timedelta:
    """Return how far back an instrument asks."""
    return timedelta(days=instrument(name).recall_days or 0)


def asked_last(name: str, times: Mapping[str, datetime]) -> datetime | None:
    """Return when a question of an instrument was last put, in whichever form it stands; None: it was not."""
    return max((times[one] for one in sharing(name) if one in times), default=None)


def mixes(name: str, dose_at: datetime, at: datetime) -> bool:
    """Tell whether an instrument that is answered at a moment asks about the days before a dose and the hours after it alike."""
    rule = question_sets().long_recall
    return recall_of(name) >= rule.least and timedelta(0) <= at - dose_at < rule.after_dose


def dose_near(name: str, at: datetime, doses: Iterable[datetime]) -> datetime | None:
    """Return the last dose that is too near before answers to an instrument; None when no dose is."""
    return max((dose_at for dose_at in doses if mixes(name, dose_at, at)), default=None)


def too_old(name: str, answered: Iterable[tuple[str, datetime]]) -> frozenset[str]:
    """Return the items that were answered so long before the last one that they ask about other days, of those that count."""
    times = {item: at for item, at in answered if item in instrument(name).keys}
    recall, last = recall_of(name), max(times.values(), default=None)
    return frozenset(item for item, at in times.items() if last is not None and recall and last - at > recall)


def last_dose_of(parent_id: UUID) -> datetime | None:
    """Return when a parent's last dose ended, which a later stage knows."""
    found: datetime | None = import_string(settings.FIRSTLIGHT_LAST_DOSE)(parent_id)
    return found


@dataclass(frozen=True, slots=True)
class DoseOfDay:
    """When a dose of one day began, and when it ended (None: it runs)."""

    began_at: datetime
    ended_at: datetime | None


def dose_on(parent_id: UUID, day: date, zone: str) -> DoseOfDay | None:
    """Return the dose that a parent had on a day of a clinic, which a later stage knows."""
    begins = datetime.combine(day, time(), ZoneInfo(zone))
    found: tuple[datetime, datetime | None] | None = import_string(settings.FIRSTLIGHT_DOSE_BETWEEN)(
        parent_id, begins, datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    )
    return DoseOfDay(*found) if found else None


def _holds(name: str, whole: Mapping[str, datetime], last_dose_at: datetime | None, now: datetime) -> Iterator[Hold]:
    recall = recall_of(name)
    if not recall:
        return
    if (last := asked_last(name, whole)) is not None:
        yield Hold(recall.days, last + recall)
    if last_dose_at is not None and mixes(name, last_dose_at, now):
        yield Hold(recall.days, last_dose_at + question_sets().long_recall.after_dose, last_dose_at)
