"""Every instrument against a second, plain reading of its manual."""

from collections.abc import Iterator
from random import Random

import pytest

from firstlight.clinical.instruments import ScoringError, instrument, instruments
from firstlight.clinical.instruments.batch import RowScorer
from firstlight.clinical.instruments.scoring import Score
from tests.clinical.instruments.oracle import PRINTED, SCORED, Expected, Values
from tests.support.figures import Figure
from tests.support.scale import count

VECTORS = count(reduced=150, full=100_000)
NAMES = pytest.mark.parametrize("name", sorted(SCORED))
MAY_NOT_APPLY = {"wsas": {0}, "b-ipf": set(range(7)), "daily-life": {1, 2}, "other-parent": {8, 9}}


def vectors(name: str, random: Random) -> Iterator[tuple[list[int], Values]]:
    """Random answers as printed positions and as item scores; low, high and mixed ones, so that every band is met."""
    ordered = [sorted(options) for options in PRINTED[name]]
    for _ in range(VECTORS):
        leaning = random.choice((0.25, 1, 4))
        values = [options[int(random.random() ** leaning * len(options))] for options in ordered]
        yield [options.index(value) for options, value in zip(PRINTED[name], values, strict=True)], values


def found(result: Score) -> Expected:
    """The engine's result in the words of the manuals' side."""
    return Expected(
        result.total,
        result.max,
        result.band or "",
        dict(result.subscales),
        dict(result.findings),
        frozenset(flag.rule for flag in result.flags),
    )


def same(one: Expected, other: Expected) -> bool:
    if one.total is None or other.total is None:
        return one == other
    close = one.total == pytest.approx(other.total, rel=1e-12)
    return close and Expected(0, one.max, one.band, one.subscales, one.findings, one.flags) == Expected(
        0, other.max, other.band, other.subscales, other.findings, other.flags
    )


def test_every_instrument_has_a_second_reading() -> None:
    assert set(SCORED) == set(PRINTED) == set(instruments())


@NAMES
def test_options_are_worth_what_the_manual_says_in_printed_order(name: str) -> None:
    assert [list(item.values) for item in instrument(name).items] == PRINTED[name]


@NAMES
def test_scores_are_those_of_the_manual(name: str, figure: Figure) -> None:
    by_score, by_choice = RowScorer(name), RowScorer(name, choices=True)
    different = [
        (values, scored)
        for positions, values in vectors(name, Random(name))
        if not same(scored := found(by_score.score([str(value) for value in values])), SCORED[name](values))
        or found(by_choice.score([str(position) for position in positions])) != scored
    ]

    assert different == []
    figure(f"{name}: random sets of answers, by scores and by choices, that come to what the manual says", VECTORS)


def test_questions_after_the_symptoms_count_by_themselves_where_no_symptom_was_answered() -> None:
    """The City BiTS states duration, impairment and other cause without asking for a symptom first: they are not held back."""
    values = [1, 1, *[0] * 22, 1, 2, 2, 1, 0]

    result = found(RowScorer("city-bits").score([str(value) for value in values]))

    assert same(result, SCORED["city-bits"](values))
    assert {name for name, met in result.findings.items() if met} == {f"criterion_{letter}" for letter in "afgh"}
    assert (result.total, result.band) == (0, "diagnostic criteria not met")
    assert result.flags == {"city-bits-impairment"}


@pytest.mark.parametrize("name", MAY_NOT_APPLY)
def test_scores_without_what_does_not_apply_are_those_of_the_manual(name: str) -> None:
    random, scorer = Random(name), RowScorer(name)
    for _, values in vectors(name, random):
        empty = {place for place in MAY_NOT_APPLY[name] if random.random() < 0.4}
        left = [None if place in empty else value for place, value in enumerate(values)]
        if all(value is None for value in left):
            continue
        result = scorer.score(["-" if value is None else str(value) for value in left])

        assert same(found(result), SCORED[name](left))
        assert result.complete


def test_b_ipf_counts_the_answered_items_as_its_manual_says() -> None:
    random, scorer = Random("missing"), RowScorer("b-ipf")
    for _, values in vectors("b-ipf", random):
        typed = [random.choice(("", "-", str(value), str(value))) for value in values]
        left = [value if field.isdigit() else None for value, field in zip(values, typed, strict=True)]
        result = scorer.score(typed)

        assert same(found(result), SCORED["b-ipf"](left))
        assert result.complete == ("" not in typed and any(field.isdigit() for field in typed))


@pytest.mark.parametrize("name", sorted(set(SCORED) - {"b-ipf"}))
def test_missing_item_gives_no_score_at_any_position(name: str) -> None:
    """All at the highest value, so that every item is asked; then one after the other is empty."""
    scorer = RowScorer(name)
    highest = [str(max(options)) for options in PRINTED[name]]
    for place in range(len(highest)):
        result = scorer.score([*highest[:place], "", *highest[place + 1 :]])

        assert (result.total, result.band, result.complete) == (None, None, False), place
        assert set(result.findings.values()) <= {None}


@NAMES
def test_impossible_value_is_refused_by_name_and_position_at_any_position(name: str) -> None:
    lowest = [str(min(options)) for options in PRINTED[name]]
    for place, options in enumerate(PRINTED[name]):
        for wrong in (max(options) + 1, min(options) - 1, 999, "x", "1.5"):
            with pytest.raises(ScoringError, match=rf"^{name}, item {place + 1}: '{wrong}' is not possible; use "):
                RowScorer(name).score([*lowest[:place], str(wrong), *lowest[place + 1 :]])


@NAMES
def test_position_beyond_the_options_is_refused_at_any_position(name: str) -> None:
    for place, options in enumerate(PRINTED[name]):
        row = ["0"] * len(PRINTED[name])
        row[place] = str(len(options))
        with pytest.raises(ScoringError, match=rf"^{name}, item {place + 1}: .* options are 0 to {len(options) - 1}"):
            RowScorer(name, choices=True).score(row)
