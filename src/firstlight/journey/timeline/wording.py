"""Sentences of fact over the charts. They say what was measured, never why it changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstlight.clinical.instruments import Change, short_name_of
from firstlight.ground.design.charts.model import Answer, ParentLine
from firstlight.ground.design.clocks import day_text, local
from firstlight.journey.response.selectors import Measure, Point, baseline_of, change_of
from firstlight.journey.timeline.life import label_of
from firstlight.journey.timeline.models import LifeEvent

STILL_NOW = timedelta(days=14)
"""PHQ-9 and GAD-7 ask about two weeks: a total is "now" for as long."""


def course_sentence(
    measure: Measure, first_dose_at: datetime | None, now: datetime, zone: ZoneInfo, unanswered: tuple[int, int]
) -> tuple[str, str]:
    """Return title and subtitle of the clinic's chart."""
    name, begin = short_name_of(measure.key), baseline_of(measure, first_dose_at)
    change = change_of(measure, first_dose_at)
    if begin is None:
        return _("%(name)s: no answer yet.") % {"name": name}, missing_sentence(*unanswered)
    first = {"name": name, "first": begin.value}
    if change is None:
        return _once(begin, first_dose_at) % first, missing_sentence(*unanswered)
    last = measure.answered[-1]
    when = {"last": change.last, "day": day_text(last.at, now, zone)}
    ended = _("%(last)s now") % when if now - last.at <= STILL_NOW else _("%(last)s on %(day)s") % when
    title = _before(begin, first_dose_at) % {**first, "ended": ended}
    return title, " ".join(part for part in (_certainty(change), missing_sentence(*unanswered)) if part)


def _is_before(begin: Point, first_dose_at: datetime | None) -> bool:
    return first_dose_at is not None and begin.at <= first_dose_at


def _once(begin: Point, first_dose_at: datetime | None) -> str:
    if _is_before(begin, first_dose_at):
        return _("%(name)s: %(first)s before the first dose.")
    return _("%(name)s: %(first)s, measured once.")


def _before(begin: Point, first_dose_at: datetime | None) -> str:
    if _is_before(begin, first_dose_at):
        return _("%(name)s: %(first)s before the first dose, %(ended)s.")
    return _("%(name)s: %(first)s at first, %(ended)s.")


def _certainty(change: Change) -> str:
    if change.overlaps:
        return _("It asks about the same days as the one before, so no change is read from it.")
    if change.near_dose:
        return _("It asks about days on both sides of a dose, so no change is read from it.")
    if change.reliable is None:
        return _("There is no published value for a reliable change.")
    if change.reliable and change.direction == "worse":
        return _("Worse, by more than answering differently by chance would give.")
    if change.reliable:
        return _("More change than answering differently by chance would give.")
    return _("No more change than answering differently by chance could give.")


def missing_sentence(missing: int, asked: int) -> str:
    """Return how many check-ins have no answer; nothing while none is over."""
    if not asked:
        return ""
    counted = {"missing": missing, "asked": asked}
    if not missing:
        return ngettext("The one check-in is answered.", "All %(asked)d check-ins are answered.", asked) % counted
    said = ngettext(
        "%(missing)d of %(asked)d check-ins has no answer.",
        "%(missing)d of %(asked)d check-ins have no answer.",
        missing,
    )
    return said % counted


def parent_sentence(change: Change | None, *, ended: bool = False) -> str:
    """Return the one sentence over a parent's own line; `ended`: no more answers are asked for."""
    if change is None:
        return _("What you answered.") if ended else _("Your line begins here.")
    if change.overlaps:
        return _("Asked about the same days as before.")
    if change.near_dose:
        return _("The last answers came too soon to compare.")
    if not change.reliable:
        return _("About the same as when you began.")
    if change.direction == "better":
        return _("Lower than when you began.")
    return _("Your answers tell of more hard days.")


def harder_sentences(who: str, when: str, phone: str) -> list[str]:
    """Return what stands under a line that went up: no fault of hers, who sees it, and with whom she can talk about it.

    `who` with `when`: whom she meets next; `who` alone: her therapist; neither: nobody is named.
    """
    said = [_("Many things can do this, and it is no fault of yours. Your care team can see this line too.")]
    words = {"who": who, "when": when, "phone": phone}
    if when:
        return [
            *said,
            _("You meet %(who)s next: %(when)s. You can talk about it then, or call before: %(phone)s.") % words,
        ]
    if who:
        return [*said, _("Your therapist is %(who)s. To talk about it, call %(phone)s.") % words]
    return [*said, _("To talk about it, call %(phone)s.") % words]


def parent_figures(line: ParentLine) -> str:
    """Return first and last figure of a parent's own line with their days, in a sentence each."""
    answered = [answer for answer in line.answers if answer.value is not None]
    if not answered:
        return ""
    first_dose_at = line.doses[0].at if line.doses else None
    before = [answer for answer in answered if first_dose_at is not None and answer.at <= first_dose_at]
    begin, last = before[-1] if before else answered[0], answered[-1]
    said = _("%(value)s before the first dose.") if before else _("%(value)s when you first answered.")
    first = said % {"value": _out_of(begin, line)}
    if last == begin:
        return first
    ended = _("%(value)s %(day)s.") % {"value": _out_of(last, line), "day": _on(last.at, line.now, line.zone)}
    return f"{first} {ended}"


def _out_of(answer: Answer, line: ParentLine) -> str:
    """Return a figure with what it is out of: a number alone says little."""
    return _("%(value)s of %(most)s") % {"value": answer.value, "most": answer.most or line.high}


def _on(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    near = (local(now, zone).date() - local(at, zone).date()).days
    said = day_text(at, now, zone)
    return said if near in {0, 1} else _("on %(day)s") % {"day": said}


def part_of_day(now: datetime, zone: ZoneInfo) -> str:
    """Return weekday and part of the day, as in Sunday evening."""
    at = local(now, zone)
    parts = (
        (5, _("%(day)s night")),
        (12, _("%(day)s morning")),
        (18, _("%(day)s afternoon")),
        (22, _("%(day)s evening")),
    )
    part = next((words for until, words in parts if at.hour < until), _("%(day)s night"))
    return part % {"day": date_format(at, "l")}


def event_words(event: LifeEvent) -> str:
    """Return an event of her life in words, and from whom the clinic has it."""
    label = label_of(event.kind)
    said = f"{label}: {event.words}" if event.words else label
    return _("%(said)s (from the parent)") % {"said": said} if event.own else said


@dataclass(frozen=True, slots=True)
class Told:
    """An event as a page shows it."""

    id: UUID
    on_date: date
    label: str
    words: str
    own: bool
    shared: bool


def told(event: LifeEvent) -> Told:
    """Return an event as a page shows it."""
    return Told(event.id, event.on_date, label_of(event.kind), event.words, event.own, event.shared)
