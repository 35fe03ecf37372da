"""Which questions a set asks, in which order, given the answers so far. Pure: no database, no clock."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from firstlight.clinical.evidence import Words
from firstlight.clinical.instruments import Answers, Audience, Instrument, Item, Shown, asked_items, instrument

Given = Mapping[str, Answers]  # answers by instrument, then by item


class UnknownQuestion(LookupError):
    """A key that names no question of the set."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question in its place. `position` counts from 1; `part` is the instrument's place in the set."""

    instrument: Instrument
    item: Item
    position: int
    total: int
    part: int
    parts: int
    opens_part: bool

    @property
    def key(self) -> str:
        """Return the name under which this question is answered, such as "phq-9:q9"."""
        return f"{self.instrument.name}:{self.item.key}"

    @property
    def stem(self) -> Words | None:
        """Return the words above it: its own, or those of all items."""
        return self.item.stem or (self.instrument.stem if self.item in self.instrument.items else None)

    @property
    def is_last(self) -> bool:
        return self.position == self.total


def questions(
    names: Sequence[str],
    given: Given,
    *,
    asked_of: Collection[Audience],
    silent_about_baby: bool,
    chosen: str = "",
    known: Given | None = None,
    unscored: bool = False,
    definition_of: Callable[[str], Instrument] = instrument,
) -> tuple[Question, ...]:
    """Return every question to ask, in order: those that concern this person. After a loss none is about the child.

    `chosen`: of the items of which one is chosen, only this one is asked. Once another one was answered, that one is.
    `known`: answers that are not asked for again; what depends on them is asked all the same. `unscored`: what a form asks after
    its items is asked too.
    """
    held = known or {}
    found = [
        (part, definition, item)
        for part, definition in enumerate(map(definition_of, names), 1)
        for item in asked_items(
            definition, {**held.get(definition.name, {}), **given.get(definition.name, {})}, unscored=unscored
        )
        if item.asked_of in asked_of
        and not (silent_about_baby and item.about_child)
        and item.key not in held.get(definition.name, {})
        and not (chosen and _left_out(item, definition, given, chosen))
    ]
    opened = [place == 0 or found[place - 1][0] != part for place, (part, _, _) in enumerate(found)]
    return tuple(
        Question(definition, item, position, len(found), part, len(names), opens)
        for position, ((part, definition, item), opens) in enumerate(zip(found, opened, strict=True), 1)
    )


def _left_out(item: Item, definition: Instrument, given: Given, chosen: str) -> bool:
    """Tell whether an item of which one is chosen is not the one that is asked in this sitting."""
    if item.shown is not Shown.CHOICE:
        return False
    answered = [
        one.key for one in definition.items if one.shown is Shown.CHOICE and one.key in given.get(definition.name, {})
    ]
    return item.key not in (answered or [chosen])


def decides_on_more(question: Question, asked: Sequence[Question]) -> bool:
    """Tell whether its answer decides if another question of the same form is asked that is not asked yet."""
    own = {one.item.key for one in asked if one.instrument.name == question.instrument.name}
    others = [one for key, one in question.instrument.by_key.items() if key not in own]
    return any(one.asked_when and question.item.key in one.asked_when.any_of for one in others)


def is_answered(question: Question, given: Given) -> bool:
    """Tell whether a question has an answer, or was passed over."""
    return question.item.key in given.get(question.instrument.name, {})


def leaves_no_total(question: Question) -> bool:
    """Tell whether passing over a question leaves its instrument without a total."""
    definition = question.instrument
    return definition.total is not None and question.item in definition.items


def next_open(asked: Sequence[Question], given: Given) -> Question | None:
    """Return the first question without an answer; None when all have one."""
    return next((question for question in asked if not is_answered(question, given)), None)


def find(
    names: Sequence[str], key: str, definition_of: Callable[[str], Instrument] = instrument
) -> tuple[Instrument, Item]:
    """Return instrument and item of a key such as "phq-9:q9". Raises UnknownQuestion when the set has no such one."""
    name, _, item_key = key.partition(":")
    if name not in names:
        raise UnknownQuestion(key)
    definition = definition_of(name)
    if item_key not in definition.by_key:
        raise UnknownQuestion(key)
    return definition, definition.item(item_key)


def offers_refusal(definition: Instrument) -> bool:
    """Tell whether "I do not want to answer" is one of the instrument's own answers, so that no pass is needed."""
    return definition.name == "asq"
