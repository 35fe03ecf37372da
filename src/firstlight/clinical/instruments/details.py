"""What makes single values of a definition wrong: codes, words, limits and sources. One sentence each."""

import re
from collections.abc import Iterator, Sequence

from firstlight.clinical.evidence import Record, Tag, sources
from firstlight.clinical.instruments.definitions import Better, Instrument, Item, Option, Scoring, Tier
from firstlight.clinical.instruments.rules import Basis, Condition, Cut, ImportantDifference, ReliableChange, SafetyRule

HIGHEST_STEP = "L4"
LOINC = re.compile(r"(\d{1,7})-(\d)")
DATED = re.compile(r"\d{4}-\d{2}-\d{2}, \S")
PLAIN = {"Yes", "No"}  # words that belong to nobody
CODE_NAMES = {"panel", "total"}


def check_details(instrument: Instrument, record: Record) -> None:
    """Raise DataError with the first thing that is wrong, in a sentence."""
    for problem in _problems(instrument):
        raise record.error(problem)


def _problems(instrument: Instrument) -> Iterator[str]:
    yield from _said(instrument)
    yield from _codes(instrument)
    for item in (*instrument.items, *instrument.unscored):
        yield from _options(item, ordered=instrument.scoring is Scoring.SUM)
    yield from _asking(instrument)
    yield from _safety(instrument)
    yield from _outcomes(instrument)
    if instrument.max is not None and instrument.min is not None:
        yield from _limits(instrument, instrument.min, instrument.max)
        yield from _differences(instrument, instrument.max - instrument.min)
    yield from _sources(instrument)


def _said(instrument: Instrument) -> Iterator[str]:
    if not (instrument.licence.strip() and instrument.citation.strip()):
        yield "licence and citation are never empty"
    if instrument.recall_days is not None and instrument.recall_days < 1:
        yield "recall_days is 1 or more, or left out"
    if instrument.validated == (instrument.tier is Tier.OURS):
        yield "what is ours is not validated, and what is published is"
    if len(_distinct([band.label for band in instrument.bands])) != len(instrument.bands):
        yield "two bands have the same words"
    texts = [item.text for item in instrument.items if item.worded]
    if instrument.worded and set(instrument.languages) != set.intersection(*(set(text) for text in texts)):
        yield "languages are those in which every item has its text"
    if not instrument.worded and instrument.languages:
        yield "languages are named where text ships, and here none does"
    if len(_distinct(texts)) != len(texts):
        yield "two items have the same text"
    if instrument.licensed and any(not _is_number(option) for item in instrument.items for option in item.options):
        yield f"tier {instrument.tier.value} ships no words of options"
    places = instrument.wording_checked
    if instrument.tier is Tier.A and (
        len({place for place in places if DATED.match(place)}) < 2 or len(set(places)) < len(places)
    ):
        yield "wording was checked in two different places, each with its day first"


def _is_number(option: Option) -> bool:
    return all(label.isdigit() or label in PLAIN for label in option.label.values())


def _codes(instrument: Instrument) -> Iterator[str]:
    unknown = set(instrument.codes) - CODE_NAMES
    if unknown:
        yield f"codes are {' and '.join(sorted(CODE_NAMES))}, not {', '.join(sorted(unknown))}"
    items = [item.code for item in (*instrument.items, *instrument.unscored) if item.code]
    for code in (*instrument.codes.values(), *items):
        if not is_loinc(code):
            yield f"{code} is no LOINC code: its check digit is wrong"
    if len(set(items)) != len(items):
        yield "two items have the same code"


def is_loinc(code: object) -> bool:
    """Tell whether a code ends in the check digit that LOINC gives it: the Luhn sum of the digits before it, modulo 10."""
    found = LOINC.fullmatch(code) if isinstance(code, str) else None
    if found is None:
        return False
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(found[1]))]
    return -sum(value - 9 if value > 9 else value for value in doubled) % 10 == int(found[2])


def _options(item: Item, *, ordered: bool) -> Iterator[str]:
    codes = [option.code for option in item.options if option.code]
    if ordered and list(item.values) not in (sorted(item.values), sorted(item.values, reverse=True)):
        yield f"the values of {item.key} run up or down as they are printed"
    if len(_distinct([option.label for option in item.options])) != len(item.options):
        yield f"two options of {item.key} have the same words"
    if len(set(codes)) != len(codes):
        yield f"two options of {item.key} have the same code"


def _distinct(words: Sequence[object]) -> set[str]:
    return {repr(one) for one in words}


def _asking(instrument: Instrument) -> Iterator[str]:
    known: set[str] = set()
    for item in (*instrument.items, *instrument.unscored):
        if item.asked_when and set(item.asked_when.any_of) - known:
            yield f"{item.key} is asked after the items that decide about it"
        known.add(item.key)


def _safety(instrument: Instrument) -> Iterator[str]:
    for rule in instrument.safety:
        if rule.level == HIGHEST_STEP and rule.quiet:
            yield f"{rule.rule} is danger now ({HIGHEST_STEP}), and that is never quiet"
        for condition in (rule.condition, *rule.also):
            yield from _fires(instrument, rule.rule, condition)
    for condition in (one for finding in instrument.findings for one in finding.conditions):
        if condition.how_many < 1 and condition.no_more_than is None:
            yield "a finding needs at least one answer"


def _fires(instrument: Instrument, name: str, condition: Condition) -> Iterator[str]:
    if len(set(condition.any_of)) != len(condition.any_of):
        yield f"{name} names an item twice"
    if condition.how_many < 1:
        yield f"{name} needs at least one answer"
    if any(least <= min(instrument.item(key).values) for key, least in condition.least):
        yield f"{name} would fire at every answer: its value is above the lowest one"


def _outcomes(instrument: Instrument) -> Iterator[str]:
    """An outcome whose conditions hold only where those of an earlier one do is never reached."""
    for place, outcome in enumerate(instrument.outcomes):
        known = (*outcome.conditions, *_asked_first(instrument, outcome.conditions))
        for earlier in instrument.outcomes[:place]:
            if outcome.label == earlier.label:
                yield "two outcomes have the same words"
            if all(any(_implies(own, other) for own in known) for other in earlier.conditions):
                yield f"outcome {place + 1} is never reached: an earlier one holds whenever it does"


def _asked_first(instrument: Instrument, conditions: Sequence[Condition]) -> Iterator[Condition]:
    """What must hold before the items of these conditions are asked at all."""
    for condition in conditions:
        gates = [instrument.item(key).asked_when for key in condition.any_of]
        if gates[0] is not None and all(gate == gates[0] for gate in gates):
            yield gates[0]


def _implies(own: Condition, other: Condition) -> bool:
    """Tell whether the first holds only where the second does, as far as a look at their items shows."""
    if other.no_more_than is not None or own.how_many < other.how_many:
        return False
    others = dict(other.least)
    return all(key in others and least >= others[key] for key, least in own.least)


def _limits(instrument: Instrument, least: int, most: int) -> Iterator[str]:
    if instrument.response_percent and not 1 <= instrument.response_percent.points <= 100:
        yield "response_percent is from 1 to 100"
    points, lower = instrument.remission.points if instrument.remission else None, instrument.better is Better.LOWER
    if points is not None and not (least < points <= most if lower else least <= points < most):
        yield "remission lies on the better side of a total that is possible"
    for part in instrument.subscales:
        if part.cut_off and not part.total.least < part.cut_off.points <= part.total.most:
            yield f"the cut-off of {part.name} is outside its range"


def _differences(instrument: Instrument, span: int) -> Iterator[str]:
    judged = (
        instrument.reliable_change,
        instrument.important_difference,
        instrument.response_percent,
        instrument.remission,
    )
    if instrument.better is Better.NEITHER and any(judged):
        yield "where neither way is better, no change is judged"
    used, noticed = instrument.reliable_change, instrument.important_difference
    for reliable in (used, *used.others) if used else ():
        if reliable.published is not None and (reliable.sd is not None or reliable.retest_r is not None):
            yield "a reliable change is published, or computed from sd and r, never both"
        elif not 0 < reliable.points <= span:
            yield f"a reliable change is above 0 and at most {span}"
    for points in (noticed.better, noticed.worse) if noticed else ():
        if points is not None and not 0 < points <= span:
            yield f"an important difference is above 0 and at most {span}"


def _sources(instrument: Instrument) -> Iterator[str]:
    """V2 names two sources; or one that was itself found in two places; or says in a note where else it was found."""
    found = [(rule.sources, rule.tag, rule.note) for rule in _based(instrument)]
    if instrument.bands_tag is not None:
        found.append((instrument.bands_sources, instrument.bands_tag, instrument.bands_note))
    for keys, tag, note in found:
        twice = len(keys) > 1 or any(sources()[key].tag is Tag.TWO_SOURCES for key in keys)
        if tag is Tag.TWO_SOURCES and not (twice or (keys and note)):
            yield f"tag V2 stands for two sources, and {', '.join(keys) or 'none'} was read in one place"
        if tag is Tag.ONE_SOURCE and not keys:
            yield "tag V stands for a source, and none is named"


def _based(instrument: Instrument) -> Iterator[Basis | Cut | SafetyRule | ReliableChange | ImportantDifference]:
    for part in instrument.subscales:
        yield part.basis
        if part.cut_off:
            yield part.cut_off
    yield from (finding.basis for finding in instrument.findings)
    yield from instrument.safety
    used = instrument.reliable_change
    yield from (used, *used.others) if used else ()
    for rule in (
        instrument.scoring_basis,
        instrument.important_difference,
        instrument.response_percent,
        instrument.remission,
    ):
        if rule:
            yield rule
