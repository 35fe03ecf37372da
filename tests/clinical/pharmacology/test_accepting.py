"""Whatever is given for an argument of the public functions: it is taken, or refused by a named error that says what is right."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from firstlight.clinical.pharmacology import (
    MODELS,
    Dose,
    Person,
    PharmacologyError,
    RateChange,
    ask,
    cohort,
    compare,
    concentrations,
    dissociation,
    infusion,
    milk,
    plan,
    pressure_windows,
    question,
    recommend,
    require_same_site,
    response_curve,
    simulate,
    total_exposure,
)
from firstlight.clinical.pharmacology.systems import Flow, Input, Output, System
from tests.clinical.pharmacology.people import Drawn

MODEL, PERSON = MODELS["otto2021"], Person(weight_kg=70)
INFUSION = {"route": "iv", "isomer": "racemate", "amount_mg": 35, "duration_min": 40}
PLAN = plan(MODEL, person=PERSON, doses=[Dose(**INFUSION)])
ANSWER = ask(cohort(PLAN), question([1, 2]), people=10)
BODY, GIVEN = Drawn()(0, 3)

THING = object()
NUMBERS = ["x", "1", True, np.True_, float("nan"), -1, [1], 1 + 2j, np.array([1, 2]), THING]
WHOLE = ["x", "1", True, float("nan"), 2.5, 2.0, -1, [1], 10**30, np.float64(3)]
TIMES = [
    "x",
    ["1"],
    None,
    [None],
    [True],
    [],
    {},
    THING,
    [1 + 1j],
    [[1], [2, 3]],
    [[1, 2]],
    [float("nan")],
    [float("inf")],
]
LISTS = ["x", None, [], 5, [None], ["x"], {}, THING]
WORDS = ["x", 5, True, "", [], "IV", THING]
NAMES = ["ketamine", 5, ["x"], [None], THING]
THINGS = ["x", None, 5, THING]
QUANTITIES: list[Any] = ["x", None, float("nan"), -1.0, [1], 1 + 2j, np.array(["a"]), np.array([None]), {}]


def dose(**more: Any) -> Dose:
    return Dose(**INFUSION | more)


def typed(amount: Any = "35 mg", over: Any = "40 min") -> Dose:
    return Dose.of(amount, route="iv", isomer="s", over=over)


def pumped(**more: Any) -> tuple[Dose, ...]:
    return infusion(**{"isomer": "s", "changes": [RateChange(0, 10)], "end_min": 10} | more)


def simulated(**more: Any) -> object:
    asked = {"model": MODEL, "doses": [Dose(**INFUSION)], "person": PERSON, "at_min": [10, 40], "n": 5}
    return simulate(**asked | more)


def counted(**more: Any) -> object:
    return ask(**{"subjects": cohort(PLAN), "question": question([1]), "people": 10} | more)


def in_milk(**more: Any) -> object:
    return milk(**{"planned": PLAN, "feeds_h": [3, 6], "infant_kg": 5, "n": 5} | more)


def one_body(rate: Any = 1.0, fraction: Any = 1.0, volume: Any = 10.0, factor: Any = 1.0, **given: Any) -> object:
    system = System(("c",), (Flow("c", None, rate, fraction),), (Output("k", "c", volume, factor),))
    return concentrations(system, [Input(**{"state": "c", "amount_mg": 1.0} | given)], [1])


def each(call: Callable[..., object], **arguments: list[Any]) -> Iterator[tuple[Callable[..., object], str, Any]]:
    for argument, values in arguments.items():
        for value in values:
            yield call, argument, value


REFUSED = [
    *each(dose, amount_mg=[*NUMBERS, None, 0], start_min=[*NUMBERS, None], duration_min=[*NUMBERS, None]),
    *each(dose, route=[*WORDS, None], isomer=[*WORDS, None]),
    *each(lambda minutes: dose(route="oral", duration_min=minutes), minutes=[*NUMBERS, 40]),
    *each(typed, amount=[*NUMBERS, None, "35", "35 min"], over=[*NUMBERS, "40", "40 mg"]),
    *each(Person, weight_kg=[*NUMBERS, None, 0]),
    *each(lambda **about: Person(weight_kg=70, **about), age_years=NUMBERS, ancestry=WORDS),
    *each(pumped, changes=LISTS, end_min=[*NUMBERS, None], isomer=WORDS),
    *each(lambda at: pumped(changes=[RateChange(at, 10)]), at=[*NUMBERS, None, float("inf")]),
    *each(lambda rate: pumped(changes=[RateChange(0, rate)]), rate=[*NUMBERS, None, float("inf")]),
    *each(lambda **given: plan(**{"model": MODEL, "person": PERSON, "doses": [dose()]} | given), doses=LISTS),
    *each(simulated, model=THINGS, person=THINGS, doses=LISTS, at_min=TIMES, analytes=NAMES),
    *each(simulated, progress=["x", 5, THING]),
    *each(in_milk, progress=["x", 5, THING]),
    *each(lambda more: Person(weight_kg=70, more=more), more=["x", 5, [None], [("sex",)], (("age", 3),), ((5, "x"),)]),
    *each(simulated, n=[*WHOLE, 0], seed=[*WHOLE, None], workers=[*WHOLE[:-2], 0]),
    *each(cohort, planned=THINGS),
    *each(lambda **more: cohort(PLAN, **more), ke0_per_h=[*NUMBERS, 0, float("inf")], analytes=[5, THING, [None]]),
    *each(lambda seed: cohort(PLAN, seed=seed)(0, 2), seed=[*WHOLE, None]),
    *each(question, time_h=TIMES),
    *each(
        lambda above: question([1], above_ng_per_ml=above), above=["x", 5, [1], {"ketamine": None}, {"ketamine": "1"}]
    ),
    *each(counted, subjects=["x", 5, THING], question=THINGS, progress=["x", 5, THING]),
    *each(counted, people=[*WHOLE, None, 0], chunk=[*WHOLE[:-2], 0], workers=[*WHOLE[:-2], 0], on=["x", 5, THING]),
    *each(ANSWER.quantile, level=[*NUMBERS, None, 95, []]),
    *each(lambda name: ANSWER.figure(name, 0.5), name=THINGS),
    *each(in_milk, planned=THINGS, feeds_h=[*TIMES, [2, 1]], infant_kg=[*NUMBERS, None], n=[*WHOLE, 0], seed=WHOLE),
    *each(lambda **given: concentrations(**{"system": BODY, "inputs": GIVEN, "time_h": [1]} | given), time_h=TIMES),
    *each(lambda **given: concentrations(BODY, GIVEN, [1], **given), out=["x", 5, THING], dtype=["x", 5, THING, int]),
    *each(lambda system: concentrations(system, GIVEN, [1]), system=THINGS),
    *each(lambda inputs: concentrations(BODY, inputs, [1]), inputs=["x", None, 5, [None], THING]),
    *each(lambda system: total_exposure(system, GIVEN), system=THINGS),
    *each(one_body, rate=QUANTITIES, fraction=QUANTITIES, volume=QUANTITIES, factor=QUANTITIES),
    *each(one_body, amount_mg=QUANTITIES, start_h=[one for one in QUANTITIES if one != -1.0], duration_h=QUANTITIES),
    *each(lambda course: compare(course, course), course=THINGS),
    *each(lambda site: require_same_site(site, site), site=[*WORDS, None]),
    *each(lambda **asked: recommend(**{"route": "iv", "isomer": "s"} | asked), route=WORDS, isomer=WORDS, site=WORDS),
    *each(pressure_windows, doses=LISTS),
    *each(response_curve, time_h=[*TIMES, [1], [200]]),
    *each(lambda levels: dissociation(levels, site="venous", isomer="s"), levels=[*TIMES[:5], [-1.0], [float("nan")]]),
    *each(lambda **about: dissociation([60.0], **{"site": "venous", "isomer": "s"} | about), site=WORDS, isomer=WORDS),
]


def outcome(call: Callable[..., object], argument: str, value: Any) -> str:
    try:
        call(**{argument: value})
    except PharmacologyError as refusal:
        return "refused by name" if refusal.field and str(refusal).endswith(".") else f"says little: {refusal}"
    except Exception as foreign:  # noqa: BLE001  # any other error is what this looks for
        return f"{type(foreign).__name__}: {foreign}"
    return "taken"


def test_argument_that_cannot_be_used_is_refused_by_a_named_error_that_says_what_would_be_right() -> None:
    found = [f"{argument} = {value!r}: {outcome(call, argument, value)}" for call, argument, value in REFUSED]

    assert [line for line in found if not line.endswith(": refused by name")] == []
    assert len(found) > 500


@pytest.mark.parametrize("minutes", [5, [5], (5, 6), range(5, 7), np.array([5, 6]), np.array([5.0], dtype=np.float32)])
def test_times_may_come_as_any_list_of_numbers(minutes) -> None:
    assert simulate(MODEL, doses=(dose(),), person=PERSON, at_min=minutes).at_min[0] == 5.0


def test_words_are_taken_for_what_they_name() -> None:
    assert recommend("iv", "racemate", "venous").model.name == "otto2021"
    assert require_same_site("venous", "venous").value == "venous"
    assert list(dissociation([100], site="venous", isomer="racemate").drive) == [0.5]
