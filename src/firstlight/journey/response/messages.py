"""Messages in words: how often and until when they come, and which went out about what a clinician sent."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstlight.ground.design.clocks import span_text
from firstlight.journey.response.models import SentSet
from firstlight.journey.response.reading import CheckInRow
from firstlight.journey.response.schedule import schedule
from firstlight.journey.response.selectors import Course
from firstlight.journey.screening.selectors import is_early, is_expired, opens_at
from firstlight.journey.screening.wording import set_title


def sent_rows(course: Course, now: datetime) -> list[CheckInRow]:
    """Return what clinicians sent, the latest in front, with the messages that went out about it."""
    rows = sorted(course.sent, key=lambda one: opens_at(one.question_set), reverse=True)
    return [_sent_row(one, now, begun=course.has_answers(one.question_set)) for one in rows]


def _sent_row(one: SentSet, now: datetime, *, begun: bool) -> CheckInRow:
    asked = one.question_set
    told = ngettext("%(count)d message", "%(count)d messages", one.messages) % {"count": one.messages}
    messages = told if one.messages else _("no message yet")
    kind, words, at = _fate(one, now, begun=begun)
    return CheckInRow(
        set_title(asked.set_name),
        opens_at(asked),
        kind,
        str(words),
        at,
        (messages,),
        answers=asked.id if begun else None,
    )


def _fate(one: SentSet, now: datetime, *, begun: bool) -> tuple[str, str | Promise, datetime | None]:
    asked = one.question_set
    if asked.completed_at is not None:
        return "ok", _("Answered"), asked.completed_at
    if is_expired(asked, now):
        return "info", _("Taken back"), asked.expires_at
    if is_early(asked, now):
        return "due", _("Not yet: it opens later"), None
    return "due", _("Begun, still open") if begun else _("Not yet: open"), None


def reminding_words() -> list[str]:
    """Return how reminders follow, for the clinic: about check-ins, and about what was sent from the record."""
    apart, sent = schedule().rhythm.reminder_after, schedule().sent_sets
    of_check_ins = max(rule.reminders for rule in schedule().rules.values())
    return [
        ngettext(
            "Check-ins: %(count)d reminder at most, %(after)s after the message, while they stand open.",
            "Check-ins: %(count)d reminders at most, each %(after)s after the message before, while they stand open.",
            of_check_ins,
        )
        % {"count": of_check_ins, "after": span_text(apart)},
        ngettext(
            "Sent from the record: %(count)d reminder, %(after)s after the first message, within %(within)s of it.",
            "Sent from the record: %(count)d reminders, each %(after)s after the message before, within %(within)s of the first.",
            sent.reminders,
        )
        % {"count": sent.reminders, "after": span_text(sent.after), "within": span_text(sent.within)},
    ]


def most_reminders() -> int:
    """Return how often a parent is reminded of one thing at most."""
    return max(schedule().sent_sets.reminders, *(rule.reminders for rule in schedule().rules.values()))
