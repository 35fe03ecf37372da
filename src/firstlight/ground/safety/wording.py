"""The words in which a page says whether a human reads it: who, by when, and when nobody does."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.ground.design.clocks import day_text, moment_text, time_text
from firstlight.ground.safety.selectors import WatchNotice

EVENING, MORNING = 17, 6  # hours between which the time before the next reading is called tonight
BY_NAME_FROM_DAYS = 2


def sentences(notice: WatchNotice, now: datetime, zone: ZoneInfo) -> list[str]:
    """Return what to say, most important first, for somebody whose clock is in `zone`."""
    if notice.text_key == "closed":
        return [_("Somebody at the clinic has read it.")]
    if notice.until is None:
        return [_("Nobody at the clinic is watching this now."), _do_not_wait()]
    if notice.text_key in {"taken", "late", "called"}:
        return _of_a_task(notice, notice.until, now, zone)
    return [_reader(notice) % {"when": _by(notice.until, now, zone)}, *_until_then(notice, now, zone)]


def _of_a_task(notice: WatchNotice, until: datetime, now: datetime, zone: ZoneInfo) -> list[str]:
    """Return what to say of an answer whose task is taken, is late, or goes to somebody who is not on duty."""
    if notice.text_key == "taken":
        return [_taker(notice) % {"when": moment_text(until, now, zone)}]
    when = {"when": _by(until, now, zone)}
    if notice.text_key == "late":
        return [_("It was to be read %(when)s, and nobody has taken it yet.") % when, _do_not_wait()]
    called = _("Nobody is on duty now. Somebody is called all the same, to read it %(when)s.")
    return [called % when, _do_not_wait()]


def _do_not_wait() -> str:
    return _("Do not wait for an answer here.")


def _taker(notice: WatchNotice) -> str:
    named = {
        "nurse": _("A nurse at the clinic has seen it: %(when)s."),
        "prescriber": _("A prescriber at the clinic has seen it: %(when)s."),
        "therapist": _("A therapist at the clinic has seen it: %(when)s."),
    }
    return named.get(notice.who, _("Somebody at the clinic has seen it: %(when)s."))


def standing_sentences(notice: WatchNotice, now: datetime, zone: ZoneInfo, *, asked: bool) -> list[str]:
    """Return what a page says from which nothing is sent; `asked`: questions come to whoever reads it."""
    said = [_("Nothing is sent to the clinic from this page.")]
    if notice.until is None:
        return [*said, _("Nobody at the clinic is watching now.")]
    if not asked:
        return said
    when = _by(notice.until, now, zone)
    said.append(_("If one of your answers asks for help, somebody at the clinic reads it %(when)s.") % {"when": when})
    return [*said, *_until_then(notice, now, zone)]


def _until_then(notice: WatchNotice, now: datetime, zone: ZoneInfo) -> list[str]:
    if notice.until is None or notice.text_key != "later":
        return []
    if notice.there_until is not None:
        sooner = _("Whoever is there until %(time)s may read it sooner. After that nobody does before then.")
        return [sooner % {"time": time_text(notice.there_until, zone)}]
    return [_("Nobody reads it tonight.") if _through_the_night(notice.until, now, zone) else _meanwhile()]


def _meanwhile() -> str:
    return _("Nobody reads it before then.")


def _reader(notice: WatchNotice) -> str:
    """Name the role of whoever reads it where the roster leaves only one; never a person of the parent's own."""
    named = {
        "nurse": _("A nurse at the clinic reads this %(when)s."),
        "prescriber": _("A prescriber at the clinic reads this %(when)s."),
        "therapist": _("A therapist at the clinic reads this %(when)s."),
    }
    return named.get(notice.who if notice.only_role else "", _("Somebody at the clinic reads this %(when)s."))


def _by(until: datetime, now: datetime, zone: ZoneInfo) -> str:
    days = (until.astimezone(zone).date() - now.astimezone(zone).date()).days
    words = {"day": day_text(until, now, zone), "time": time_text(until, zone)}
    if days < BY_NAME_FROM_DAYS:
        return _("%(day)s by %(time)s") % words
    return _("on %(day)s by %(time)s") % words


def _through_the_night(until: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether it is evening or night there and nobody reads before the morning."""
    here = now.astimezone(zone)
    if not (here.hour >= EVENING or here.hour < MORNING):
        return False
    morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return until >= (morning if here.hour < MORNING else morning + timedelta(days=1))
