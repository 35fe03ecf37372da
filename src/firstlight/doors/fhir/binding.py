"""Which question of a file is which item of ours, and every reason why that cannot be told or is wrong."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from firstlight.clinical.instruments import Instrument, Item
from firstlight.doors.fhir.identifying import OURS
from firstlight.doors.fhir.positions import NotReadable, Problem
from firstlight.doors.fhir.shapes import CHOICES, Coding, Form, Leaf

_NUMBER = re.compile(r"(?<!\d)(\d{1,9})[.):]?$", re.ASCII)
ANSWERED = {*CHOICES, "boolean", "integer"}


@dataclass(frozen=True, slots=True)
class Pair:
    """One item of ours and the question that asks it. `by`: code, number or order."""

    item: Item
    leaf: Leaf
    by: str


def bind(form: Form, definition: Instrument) -> tuple[list[Pair], list[Leaf]]:
    """Return every item with its question, and the questions that are none of ours. Raises NotReadable."""
    asked = [leaf for leaf in form.leaves if not is_result(leaf, definition)]
    by_code = list(_by_code(asked, definition))
    pairs = _fill(form, definition, asked, by_code) if by_code else _by_place(form, definition, asked)
    used = {id(pair.leaf) for pair in pairs}
    return pairs, [leaf for leaf in form.leaves if id(leaf) not in used]


def unscored_pairs(leaves: Iterable[Leaf], definition: Instrument) -> list[Pair]:
    """Return what the form asks after its items, by their codes; each once."""
    ours = {item.code: item for item in definition.unscored if item.code}
    ours |= {code_of(definition, item): item for item in definition.unscored}
    found: dict[str, Pair] = {}
    for leaf in leaves:
        item = next((ours[one.code] for one in leaf.codings if one.code in ours), None)
        if item is not None and leaf.kind in CHOICES:
            found.setdefault(item.key, Pair(item, leaf, "code"))
    return list(found.values())


def is_result(leaf: Leaf, definition: Instrument) -> bool:
    """Tell whether an item holds a score: calculated, read-only, or a number under the code of the total."""
    total = definition.codes.get("total")
    return leaf.score or (leaf.kind not in CHOICES and any(one.code == total for one in leaf.loinc))


def code_of(definition: Instrument, item: Item) -> str:
    """Return the code of an item in our own system: for instruments that have none elsewhere."""
    return f"{definition.name}.{item.key}"


def _by_code(asked: Sequence[Leaf], definition: Instrument) -> Iterator[Pair]:
    ours = {item.code: item for item in definition.items if item.code}
    own = {code_of(definition, item): item for item in definition.items}
    for leaf in asked:
        found = [ours[one.code] for one in leaf.loinc if one.code in ours]
        found += [own[one.code] for one in leaf.codings if one.system == OURS and one.code in own]
        if found:
            yield Pair(found[0], leaf, "code")


def _fill(form: Form, definition: Instrument, asked: Sequence[Leaf], by_code: list[Pair]) -> list[Pair]:
    """Return the pairs by code, with questions without any code of their own where exactly they are missing."""
    problems = [*_twice(by_code), *_contradictions(by_code, definition)]
    if problems:
        raise NotReadable(*problems)
    problems = list(_out_of_order(by_code))
    if problems:
        raise NotReadable(*problems)
    found = {pair.item.key: pair for pair in by_code}
    places = {id(leaf): place for place, leaf in enumerate(asked)}
    for index, item in enumerate(definition.items):
        if item.key in found:
            continue
        before = [found[one.key] for one in definition.items[:index] if one.key in found]
        place = places[id(before[-1].leaf)] + 1 if before else 0
        here = asked[place] if place < len(asked) else None
        free = here is not None and all(here is not pair.leaf for pair in found.values())
        if here is not None and free and not here.loinc and here.kind in ANSWERED:
            found[item.key] = Pair(item, here, "order")
        else:
            problems.append(_missing(form, item, here if free else None, before))
    if problems:
        raise NotReadable(*problems)
    return [found[key] for key in definition.keys]


def _missing(form: Form, item: Item, here: Leaf | None, before: Sequence[Pair]) -> Problem:
    if here is not None and here.loinc:
        wrong = here.loinc[0]
        return wrong.place.problem(f"{wrong.code} stands where item {item.number} is expected; its code is {item.code}")
    place = before[-1].leaf.node if before else form.root
    where = "after this one" if before else "at the beginning"
    return place.problem(f"item {item.number} ({item.code or item.key}) is missing {where}")


def _twice(pairs: Sequence[Pair]) -> Iterator[Problem]:
    seen: dict[str, Pair] = {}
    for pair in pairs:
        before = seen.setdefault(pair.item.key, pair)
        if before is not pair:
            yield _coding(pair).place.problem(
                f"the code of item {pair.item.number} stands twice; the other one is on line {before.leaf.node.line}"
            )


def _contradictions(pairs: Sequence[Pair], definition: Instrument) -> Iterator[Problem]:
    """Yield questions whose own codes, or whose linkId, name two of our items."""
    ours = {item.code: item for item in definition.items if item.code}
    for pair in pairs:
        linked = ours.get(pair.leaf.link_id.rsplit("/", 1)[-1])
        named = {ours[one.code].number for one in pair.leaf.loinc if one.code in ours} | (
            {linked.number} if linked else set()
        )
        if len(named) > 1:
            numbers = " and ".join(map(str, sorted(named)))
            yield _coding(pair).place.problem(f"code and linkId of this question name items {numbers}")


def _out_of_order(pairs: Sequence[Pair]) -> Iterator[Problem]:
    """Yield questions that stand where another one is printed: a swapped code, or swapped questions."""
    expected = sorted(pairs, key=lambda pair: pair.item.number)
    for pair, right in zip(pairs, expected, strict=True):
        if pair is not right:
            yield _coding(pair).place.problem(
                f"{_coding(pair).code} is the code of item {pair.item.number}, but item {right.item.number} is expected here"
            )


def _coding(pair: Pair) -> Coding:
    codes = {pair.item.code}
    own = [one for one in pair.leaf.loinc if one.code in codes]
    return (own or list(pair.leaf.codings))[0]


def _by_place(form: Form, definition: Instrument, asked: Sequence[Leaf]) -> list[Pair]:
    """Return pairs by the numbers in prefix or linkId, where they run as ours do; else by order, where the count fits."""
    candidates = [leaf for leaf in asked if leaf.kind in ANSWERED]
    count = len(definition.items)
    foreign = [one for leaf in candidates for one in leaf.loinc if _known_codes(definition)]
    if foreign:
        raise NotReadable(foreign[0].place.problem(f"{foreign[0].code} is no code of an item of {definition.name}"))
    for numbers in (_numbers(candidates, "prefix"), _numbers(candidates, "link")):
        if numbers is None:
            continue
        if numbers[:count] == list(range(1, count + 1)):
            return [Pair(item, leaf, "number") for item, leaf in zip(definition.items, candidates, strict=False)]
        if any(1 <= number <= count for number in numbers):
            raise NotReadable(_break(form, definition, candidates, numbers))
    if len(candidates) != count:
        raise NotReadable(_wrong_count(form, definition, candidates))
    return [Pair(item, leaf, "order") for item, leaf in zip(definition.items, candidates, strict=True)]


def _known_codes(definition: Instrument) -> bool:
    return any(item.code for item in definition.items)


def _numbers(leaves: Sequence[Leaf], kind: str) -> list[int] | None:
    """Return the number that each question bears; None when one has none."""
    found = [_NUMBER.search(leaf.prefix if kind == "prefix" else leaf.link_id) for leaf in leaves]
    return [int(one[1]) for one in found if one] if all(found) and found else None


def _break(form: Form, definition: Instrument, leaves: Sequence[Leaf], numbers: Sequence[int]) -> Problem:
    """Return where the numbers stop running as the items do."""
    for expected, (leaf, number) in enumerate(zip(leaves, numbers, strict=True), 1):
        if number != expected:
            return leaf.node.problem(f"item {expected} is missing here; this is number {number}")
    last = leaves[-1].node if leaves else form.root
    return last.problem(f"item {len(leaves) + 1} of {len(definition.items)} is missing after this one")


def _wrong_count(form: Form, definition: Instrument, leaves: Sequence[Leaf]) -> Problem:
    count = len(definition.items)
    if len(leaves) < count:
        last = leaves[-1].node if leaves else form.root
        said = f"the file asks {len(leaves)} questions, {definition.name} has {count} items"
        return last.problem(f"{said}; which are missing cannot be told without codes or numbers")
    extra = leaves[count].node
    return extra.problem(
        f"the file asks {len(leaves)} questions, {definition.name} has {count} items; number them 1 to {count}"
    )
