"""What a file does with a question besides asking it: hides it, asks it only sometimes, answers it ahead of the parent."""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firstlight.clinical.instruments import Condition, Instrument, Item
from firstlight.doors.fhir.binding import Pair
from firstlight.doors.fhir.choices import Choice
from firstlight.doors.fhir.languages import STRUCTURE, extensions
from firstlight.doors.fhir.options import Answers, published
from firstlight.doors.fhir.positions import Node, Problem
from firstlight.doors.fhir.shapes import SDC

HIDDEN = f"{STRUCTURE}questionnaire-hidden"
BY_EXPRESSION = f"{SDC}enableWhenExpression"
FILLED_IN = f"{SDC}initialExpression"
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
_OF_NUMBERS = {">", "<", ">=", "<="}


@dataclass(frozen=True, slots=True)
class Bound:
    """Every bound question with its answers, so that a condition about one can be read."""

    definition: Instrument
    pairs: Sequence[Pair]
    answers: Mapping[str, Answers]


def changed_questions(bound: Bound, pairs: Iterable[Pair]) -> Iterator[Problem]:
    """Yield whatever would ask one of these questions otherwise than it is asked here."""
    for pair in pairs:
        what = f"item {pair.item.number}"
        yield from _answered_ahead(pair, what)
        for holder in (*pair.leaf.around, pair.leaf.node):
            yield from _hidden(holder, what)
            yield from _asked_sometimes(bound, pair, holder)


def changed_text(node: Node, what: str) -> Iterator[Problem]:
    """Yield why a text above the questions is not always read."""
    yield from _hidden(node, what)
    found = node.get("enableWhen")
    if found is not None:
        yield found.problem(f"{what} is shown only under a condition (enableWhen); it is always shown here")


def filled_in(pairs: Iterable[Pair]) -> Node | None:
    """Return the first place where a file would fill in an answer from elsewhere, which nothing here does."""
    found = (one for pair in pairs for one in extensions(pair.leaf.node, {FILLED_IN}))
    return next(found, None)


def _answered_ahead(pair: Pair, what: str) -> Iterator[Problem]:
    node = pair.leaf.node
    fields = node.value if isinstance(node.value, Mapping) else {}
    for name, found in fields.items():
        if name.startswith("initial") and found.value != ():
            yield found.problem(f"{what} comes with an answer ({name}); every question is asked without one")
    for option in node.each("answerOption"):
        chosen = option.get("initialSelected")
        if chosen is not None and chosen.value is not False:
            yield chosen.problem(f"{what} comes with an answer (initialSelected); every question is asked without one")


def _hidden(holder: Node, what: str) -> Iterator[Problem]:
    for one in extensions(holder, {HIDDEN}):
        flag = one.get("valueBoolean")
        if flag is None or flag.value is not False:
            yield (flag or one).problem(f"{what} is hidden (questionnaire-hidden); it is always shown here")
    for one in extensions(holder, {BY_EXPRESSION}):
        yield one.problem(f"{what} is shown only under an expression (enableWhenExpression), which is not known here")


def _asked_sometimes(bound: Bound, pair: Pair, holder: Node) -> Iterator[Problem]:
    found = holder.get("enableWhen")
    if found is None or found.value == ():
        return
    what, rule = f"item {pair.item.number}", pair.item.asked_when
    if rule is None:
        yield found.problem(f"{what} is asked only under a condition (enableWhen); it is asked of everybody")
    elif not _same_rule(bound, rule, holder):
        yield found.problem(f"{what} is asked under another condition (enableWhen); {_said(bound, rule)} is expected")


def _same_rule(bound: Bound, rule: Condition, holder: Node) -> bool:
    """Tell whether conditions of which any is enough are those of our own rule, answer by answer."""
    entries = list(holder.each("enableWhen"))
    if rule.how_many != 1 or rule.no_more_than is not None or not entries:
        return False
    if len(entries) > 1 and holder.string("enableBehavior") not in {"any", ""}:
        return False
    stated: set[tuple[str, int]] = set()
    for entry in entries:
        one = _stated(bound, entry)
        if one is None:
            return False
        stated |= one
    return stated == {(key, value) for key, least in rule.least for value in _offered(bound, key) if value >= least}


def _stated(bound: Bound, entry: Node) -> set[tuple[str, int]] | None:
    """Return which answers to which item one condition means; None where that cannot be told."""
    asked = entry.string("question")
    pair = next((one for one in bound.pairs if one.leaf.link_id == asked), None)
    compare = _COMPARED.get(entry.string("operator"))
    fields = entry.value if isinstance(entry.value, Mapping) else {}
    given = [name for name in fields if name.startswith("answer")]
    if pair is None or compare is None or len(given) != 1:
        return None
    wanted = fields[given[0]]
    if entry.string("operator") in _OF_NUMBERS and _kind(wanted.value) is not float:
        return None
    right = wanted.string("code") if given[0] == "answerCoding" else wanted.value
    meant = _meant(bound, pair, given[0], wanted)
    found = {value for value, said in meant.items() if _kind(said) is _kind(right) and compare(said, right)}
    return {(pair.item.key, value) for value in found} if found else None


def _kind(value: object) -> type:
    """Return of which kind a plain value is; whole numbers and others are one kind, true and false are none."""
    return float if type(value) in {int, float} else type(value)


def _meant(bound: Bound, pair: Pair, name: str, wanted: Node) -> dict[int, object]:
    """Return under what a condition would name each answer of an item."""
    if pair.leaf.kind == "boolean":
        return {value: value == 1 for value in _offered(bound, pair.item.key)}
    choices = bound.answers[pair.item.key].choices
    if all(choice is None for choice in choices):
        return {value: value for value in pair.item.values}
    return {
        option.value: choice.coding.code if name == "answerCoding" and choice.coding else choice.plain
        for option, choice in zip(pair.item.options, choices, strict=True)
        if choice is not None and _of_system(choice, name, wanted)
    }


def _of_system(choice: Choice, name: str, wanted: Node) -> bool:
    if name != "answerCoding" or choice.coding is None:
        return True
    return not (wanted.string("system") and choice.coding.system) or wanted.string("system") == choice.coding.system


def _offered(bound: Bound, key: str) -> tuple[int, ...]:
    """Return the values of an item that the file lets somebody choose."""
    item = bound.definition.item(key)
    answers = bound.answers.get(key)
    if answers is None:
        return item.values
    here = [option.value for option, one in zip(item.options, answers.choices, strict=True) if one is not None]
    return tuple(here) or tuple(option.value for option in published(item))


def _said(bound: Bound, rule: Condition) -> str:
    items: list[Item] = [bound.definition.item(key) for key, _least in rule.least]
    numbers = ", ".join(str(item.number) for item in items)
    least = sorted({least for _key, least in rule.least})
    return f"{rule.how_many} or more of items {numbers} answered with {' or '.join(map(str, least))} or more"
