"""What a parent is told: before each instrument's first question, and when an answer asks for help.

Plain words. Titles name no illness.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import instruments
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.sets import SETS, question_sets


@dataclass(frozen=True, slots=True)
class Preface:
    """`minutes` is an estimate of ours: about eight seconds a question, rounded up.

    `note` warns of heavy content; `ahead` does so one question before it, where the note speaks of more than one.
    """

    title: str | Promise
    why: str | Promise
    minutes: int
    note: str | Promise = ""
    ahead: str | Promise = ""


SECONDS_A_QUESTION = 8
NOT_FOR_ME = _("Does not apply to me")
UNNAMED = Preface(_("Questions"), _("Your care team asked for these answers."), 2)
HEAVY = _("Some of these questions can be hard to read.")

PREFACES = {
    "asq": Preface(
        _("Staying safe"),
        _("We ask everyone these first, so that no one has to bring it up alone."),
        1,
        note=_("These questions are about wishing to be dead and about suicide."),
    ),
    "phq-9": Preface(
        _("Your last two weeks"),
        _("These questions show how low or tired you have felt. Later answers show if care helps."),
        2,
        note=_("The last question here is about being better off dead or hurting yourself."),
    ),
    "gad-7": Preface(
        _("Worry"),
        _("Worry and low mood often come together. Care can differ for each."),
        1,
    ),
    "health-10": Preface(
        _("Your health"),
        _("Some health problems make this treatment unsafe. A person talks through every yes with you."),
        2,
    ),
    "side-effects": Preface(
        _("Your body"),
        _("Some effects come slowly, the bladder's among them. Your team wants to know early."),
        3,
    ),
    "epds": Preface(
        _("The last seven days"),
        _("These questions were made for the time around a birth. Later answers show if care helps."),
        2,
        note=_("The last question here is about hurting yourself."),
    ),
    "pbq": Preface(
        _("You and your child"),
        _("Closeness can take time, and can hurt. Your team asks, so that you need not bring it up alone."),
        4,
        note=_("Some questions are about anger, and about harm to a child."),
        ahead=_("The next question is about harm to a child."),
    ),
    "city-bits": Preface(
        _("The birth"),
        _("A birth can stay with you for a long time. Your team wants to know how much it still does."),
        4,
        note=_("These questions are about a birth that was hard."),
    ),
    "pc-ptsd-5": Preface(
        _("Hard experiences"),
        _("What happened earlier in life can weigh on you now. You do not have to say what it was."),
        1,
        note=_("These questions are about frightening things that happened."),
    ),
    "pcl-5": Preface(
        _("The last month"),
        _("They show how much a hard experience still weighs on you."),
        3,
        note=_("These questions are about a frightening thing that happened."),
    ),
    "phq-2": Preface(
        _("Your last two weeks"),
        _("Two questions show if it is worth asking more."),
        1,
    ),
    "wsas": Preface(
        _("Your days"),
        _("What gets in the way at work, at home and with people tells more than a mood alone."),
        1,
    ),
    "daily-life": Preface(
        _("Your days"),
        _("How your days go tells more than a mood alone. Later answers show if care helps."),
        1,
    ),
    "other-parent": Preface(
        _("You and your child"),
        _("Who did not give birth is often not asked. Your team asks you too, so that you need not bring it up alone."),
        2,
        note=_("Two questions are about harm to a child, and two about the other parent."),
        ahead=_("The next question is about harm to a child."),
    ),
    "mdq": Preface(
        _("Times of high energy"),
        _("For some people this treatment needs another plan. Your team asks before it begins."),
        2,
    ),
    "check-in": Preface(
        _("How you are"),
        _("Your team sees how the hours after a visit go, not only the visit."),
        1,
        note=_("The last question is about an urge to harm yourself."),
    ),
}


ITEM_NAMES: dict[str, str | Promise] = {
    "anxiety": _("Worry"),
    "tension": _("Tension"),
    "sleep": _("Sleep"),
    "closeness": _("Closeness"),
    "energy": _("Energy"),
}


def item_name(key: str) -> str | Promise:
    """Return the short name of an item that can be chosen; nothing for one that has none."""
    return ITEM_NAMES.get(key, "")


def preface_of(instrument: str) -> Preface:
    """Return the words for an instrument; for one without words of its own the general ones, with minutes by its questions."""
    known = PREFACES.get(instrument)
    if known is not None or instrument not in instruments():
        return known or UNNAMED
    definition = instruments()[instrument]
    return replace(UNNAMED, minutes=minutes_for(len(definition.items)), note=HEAVY if definition.watched else "")


def minutes_for(questions: int) -> int:
    """Return how many minutes some questions take, rounded up."""
    return -(-questions * SECONDS_A_QUESTION // 60)


def minutes_of(names: Iterable[str]) -> int:
    """Return how many minutes instruments take, each counted once."""
    return sum(preface_of(name).minutes for name in dict.fromkeys(names))


def set_words(set_name: str) -> tuple[str, str]:
    """Return what a parent reads about a set: what it is, and what skipping it stops. Nothing for a set of the past."""
    plan, language = SETS.get(set_name), get_language() or "en"
    return (text(plan.ask, language), text(plan.skipping, language)) if plan else ("", "")


def set_title(set_name: str) -> str:
    """Return what the clinic calls a set."""
    plan = SETS.get(set_name)
    return text(plan.title, get_language() or "en") if plan else set_name


def follows_because(question_set: QuestionSet, instrument: str) -> str:
    """Return why an instrument was added to a set by earlier answers; nothing when the set began with it."""
    plan, names = SETS.get(question_set.set_name), question_set.instruments
    if plan is None or instrument in plan.instruments:
        return ""
    found = next((one for one in question_sets().follows if one.then == instrument and one.after in names), None)
    return text(found.says, get_language() or "en") if found else ""


@dataclass(frozen=True, slots=True)
class HelpWords:
    """Full-screen help. `call` is the number of the one lit button; `emergency_only` shows no talking line."""

    title: str | Promise
    lead: str | Promise
    call: str
    emergency_only: bool = False


TALK = HelpWords(
    _("This was hard to answer. Do you want to talk with someone now?"),
    _("You can call or text at any hour. You do not need to give a reason."),
    "988",
)

HELP = {
    "acute_safety_assessment": HelpWords(
        _("Please do not stay alone with this."),
        _("If you might act on these thoughts, call 911 now. Ask someone near you to stay with you."),
        "911",
    ),
    "urgent_medical_review": HelpWords(
        _("Please get medical help for this."),
        _(
            "A new bad headache, changed sight, chest pain or trouble breathing can be an emergency. "
            "If it is strong, or gets worse, call 911 now."
        ),
        "911",
        emergency_only=True,
    ),
}


def help_words(action: str) -> HelpWords:
    """Return the words for what a safety rule asks for; talking with someone is what fits all others."""
    return HELP.get(action, TALK)
