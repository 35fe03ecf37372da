"""The daily check-in: every question on one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import Item, instrument
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.safety.selectors import has_plan
from firstlight.journey.screening.asking import Given, Question, is_answered
from firstlight.journey.screening.flow import Flow
from firstlight.journey.screening.selectors import is_short
from firstlight.journey.screening.settling import CHECK_IN, is_to_choose, items_to_choose
from firstlight.journey.screening.views.choices import Choice, choices_of, is_scale
from firstlight.journey.screening.wording import TALK, item_name, preface_of


@dataclass(frozen=True, slots=True)
class Ask:
    """One question as a step shows it. `name`: what it is called where it can be asked instead of another."""

    item: Item
    key: str
    name: str | Promise
    stem: str
    text: str
    choices: tuple[Choice, ...]

    @property
    def scale(self) -> bool:
        return is_scale(self.choices)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four: the question that is asked, and those that can be asked instead. `note`: what the next is about."""

    number: int
    asks: tuple[Ask, ...]
    answered: bool
    note: str | Promise


def stands_on_one_page(flow: Flow, question: Question) -> bool:
    """Tell whether a question is one of the four taps. What follows them has a page each, as in every other set."""
    return is_short(flow.question_set) and question.instrument.name == CHECK_IN


def one_page(request: ClinicRequest, flow: Flow, asked: Sequence[Question], given: Given) -> dict[str, Any]:
    """Return what `screening/check_in.html` shows beside the question of one page each."""
    taps = [question for question in asked if stands_on_one_page(flow, question)]
    further = [question for question in asked if question not in taps and not is_answered(question, given)]
    return {
        "steps": _steps(flow, taps, given),
        "further": bool(further),
        "words": TALK,
        "has_plan": not flow.by_link and has_plan(flow.question_set.parent_id),
    }


def others_to_choose(flow: Flow, question: Question) -> list[Ask]:
    """Return what can be asked instead of a question; nothing where there is no choice."""
    if not is_to_choose(question.instrument.name, question.item.key):
        return []
    silent = flow.question_set.parent.family.silent_about_baby
    return [_ask(item) for item in items_to_choose(silent_about_baby=silent) if item != question.item]


def _steps(flow: Flow, asked: Sequence[Question], given: Given) -> list[Step]:
    heavy = [_is_heavy(question) for question in asked]
    ahead = [*heavy[1:], False]
    return [
        Step(
            number=question.position,
            asks=(_ask(question.item), *others_to_choose(flow, question)),
            answered=is_answered(question, given),
            note=preface_of(CHECK_IN).note if next_heavy and not own else "",
        )
        for question, own, next_heavy in zip(asked, heavy, ahead, strict=True)
    ]


def _ask(item: Item) -> Ask:
    definition = instrument(CHECK_IN)
    return Ask(
        item=item,
        key=f"{CHECK_IN}:{item.key}",
        name=item_name(item.key) or text(item.text, get_language() or "en"),
        stem=_stem(item),
        text=text(item.text, get_language() or "en"),
        choices=tuple(choices_of(definition, item, None, get_language() or "en")),
    )


def _is_heavy(question: Question) -> bool:
    return any(choice.asks_help for choice in choices_of(question.instrument, question.item, None, "en"))


def _stem(item: Item) -> str:
    stem = item.stem or instrument(CHECK_IN).stem
    return text(stem, get_language() or "en") if stem else ""
