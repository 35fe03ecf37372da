"""Words of the parent's first page: the same names for visits and questions wherever she meets them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from firstlight.ground.people.models import EpisodeState
from firstlight.ground.visits.models import VisitKind
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.wording import minutes_of, set_words

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Words:
    """What a set of questions, or a state of care, is called. `coming`: as a line of what is to come.

    `timed`: how long its open questions take is said before the text.
    """

    title: Text
    text: Text
    coming: Text = ""
    timed: bool = False


SET_WORDS: Mapping[str, Words] = {
    "first": Words(
        lazy("Some questions before your first talk."),
        lazy("You can stop at any of them."),
        lazy("First questions"),
        timed=True,
    ),
    "day": Words(
        lazy("How have the last hours been?"),
        lazy("Four taps, about half a minute."),
        lazy("Four questions"),
    ),
    "day-full": Words(
        lazy("How have the last hours been?"),
        lazy("A few questions, about one minute."),
        lazy("A few questions"),
    ),
    "week": Words(
        lazy("How have the last days and weeks been?"),
        lazy("A few minutes. You can stop at any question."),
        lazy("Questions, a few minutes"),
    ),
    "month": Words(
        lazy("Some questions that come every few weeks."),
        lazy("A few minutes. You can stop at any question."),
        lazy("Questions that come every few weeks"),
    ),
}

VISIT_WORDS: Mapping[str, Text] = {
    VisitKind.PREPARATION: lazy("Talk before"),
    VisitKind.DOSING: lazy("Day at the clinic"),
    VisitKind.INTEGRATION: lazy("Talk after"),
    VisitKind.TALK: lazy("Talk"),
}

WHO_LOOKS: Mapping[str, Text] = {
    "prescriber": lazy("A prescriber"),
    "nurse": lazy("A nurse"),
    "therapist": lazy("A therapist"),
    "": lazy("Somebody at the clinic"),
}

STATE_WORDS: Mapping[str, Words] = {
    EpisodeState.PAUSED: Words(
        lazy("Treatment rests for now."),
        lazy(
            "Nothing is given until you and your prescriber agree to go on. In the weeks after a dose a few questions may still "
            "come: something can still change then. All others wait. "
            "To go on, or to ask: %(phone)s."
        ),
    ),
    EpisodeState.STOPPED: Words(
        lazy("Treatment has stopped."),
        lazy("%(questions)s If it gets harder, or you want to talk about coming back, call %(phone)s."),
    ),
    EpisodeState.TRANSFERRED: Words(
        lazy("Your care goes on elsewhere."),
        lazy(
            "No new questions come from here. If you have not heard from the other place, or want to come back, "
            "call %(phone)s."
        ),
    ),
    EpisodeState.CLOSED: Words(
        lazy("Your care here has ended."),
        lazy("No new questions come from here. If you need us again, call %(phone)s. You do not need a new referral."),
    ),
    EpisodeState.DECLINED: Words(
        lazy("There is a letter for you."),
        lazy("It says why we cannot treat you now, and what else can help. Questions: %(phone)s."),
    ),
}


def words_of_set(question_set: QuestionSet, open_instruments: Iterable[str] = ()) -> Words:
    """Return the words for a set; one that is not among these says itself what it asks, and how long it takes.

    `open_instruments`: what still has questions, where it was begun.
    """
    known = SET_WORDS.get(question_set.set_name)
    if known is not None and not known.timed:
        return known
    said = _one_at_a_time(open_instruments or question_set.instruments)
    if known is not None:
        return replace(known, text=f"{said} {known.text}")
    asks, _skipping = set_words(question_set.set_name)
    return Words(asks or _("A few questions"), said, asks or _("A few questions"))


def part_of_day(at: datetime) -> str:
    """Name weekday and part of the day of a local moment, as in Sunday evening."""
    names = {
        "night": _("%(day)s night"),
        "morning": _("%(day)s morning"),
        "afternoon": _("%(day)s afternoon"),
        "evening": _("%(day)s evening"),
    }
    hour = at.hour
    part = "night" if hour < 5 or hour >= 22 else "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"
    return names[part] % {"day": weekday(at)}


def weekday(at: datetime) -> str:
    """Name the day of the week."""
    days = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return days[at.weekday()]


def words_of_what_followed(names: Iterable[str]) -> Words:
    """Return the words for questions that an answer brought with it, once the others of the set are answered."""
    said = _(
        "They follow from an answer of yours. %(time)s You can pass over any of them, or talk with somebody instead."
    )
    return Words("", said % {"time": _one_at_a_time(names)})


def _one_at_a_time(names: Iterable[str]) -> str:
    minutes = minutes_of(names)
    said = ngettext(
        "One question at a time, about %(minutes)d minute.",
        "One question at a time, about %(minutes)d minutes.",
        minutes,
    )
    return said % {"minutes": minutes}
