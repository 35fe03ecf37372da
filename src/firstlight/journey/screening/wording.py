"""What a parent is told: before each instrument's first question, and when an answer asks for help.

Plain words. Titles name no illness.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Preface:
    """`minutes` is an estimate of ours: about eight seconds a question, rounded up. `note` warns of heavy content."""

    title: str | Promise
    why: str | Promise
    minutes: int
    note: str | Promise = ""


UNNAMED = Preface(_("Questions"), _("Your care team asked for these answers."), 2)

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
    """Return the words for an instrument; for an imported one the general words."""
    return PREFACES.get(instrument, UNNAMED)


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
