"""What must hold of any linear body, and what cannot be solved."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.pharmacology import errors
from firstlight.clinical.pharmacology.asking import ask
from firstlight.clinical.pharmacology.cohorts import cohort
from firstlight.clinical.pharmacology.doses import Route
from firstlight.clinical.pharmacology.exposure import hours_above, peaks, total_exposure
from firstlight.clinical.pharmacology.population import question
from firstlight.clinical.pharmacology.solving import concentrations
from firstlight.clinical.pharmacology.systems import Flow, Input, Output, System
from tests.clinical.pharmacology.asking import dose
from tests.clinical.pharmacology.asking import given as planned
from tests.clinical.pharmacology.bodies import Case

CASES = st.integers(10**6, 10**12).map(Case)
ONE = System(("central",), (Flow("central", None, 0.5),), (Output("ketamine", "central", 100.0),))
TIMES = [0.0, 1.0, 2.0]


def profile(system, inputs, time_h):
    return np.stack([rows[0] for rows in concentrations(system, inputs, time_h).values()])


def test_bolus_into_one_compartment_by_hand() -> None:
    # 50 mg in 100 L is 500 ng/mL; a rate of 0.5/h leaves exp(-0.5) of it after an hour.
    found = profile(ONE, [Input("central", 50.0)], TIMES)[0]

    np.testing.assert_allclose(found, [500.0, 500 * np.exp(-0.5), 500 * np.exp(-1)], rtol=1e-13)


def test_equal_rates_in_a_chain_by_hand() -> None:
    # Two steps at k = 3/h into a body that also loses k: amount k² t²/2 × exp(-k t), a pole of third order.
    flows = (Flow("first", "second", 3.0), Flow("second", "body", 3.0), Flow("body", None, 3.0))
    system = System(("first", "second", "body"), flows, (Output("drug", "body", 1000.0),))
    time_h = np.linspace(0, 4, 50)

    np.testing.assert_allclose(
        profile(system, [Input("first", 1.0)], time_h)[0], 4.5 * time_h**2 * np.exp(-3 * time_h), rtol=1e-12
    )


@given(CASES, st.floats(0.01, 100))
def test_twice_the_dose_gives_twice_the_concentration(case, ratio) -> None:
    more = [Input(one.state, one.amount_mg * ratio, one.start_h, one.duration_h) for one in case.inputs]

    expected = profile(case.system, case.inputs, case.time_h) * ratio
    np.testing.assert_allclose(
        profile(case.system, more, case.time_h), expected, rtol=1e-11, atol=expected.max() * 1e-13
    )


@given(CASES)
def test_doses_add_up(case) -> None:
    together = profile(case.system, case.inputs, case.time_h)
    alone = sum(profile(case.system, [one], case.time_h) for one in case.inputs)

    np.testing.assert_allclose(together, alone, rtol=1e-10, atol=together.max() * 1e-13)


@given(CASES)
def test_grid_and_single_times_agree(case) -> None:
    time_h = np.linspace(0, case.time_h[-1], 40)
    uneven = np.sort(np.append(time_h, time_h[-1] * 0.987))  # the 40 times no longer form a grid

    np.testing.assert_allclose(
        profile(case.system, case.inputs, time_h),
        np.delete(profile(case.system, case.inputs, uneven), 39, axis=1),
        rtol=1e-9,
        atol=1e-12,
    )


@given(CASES)
def test_nothing_is_lost_or_made(case) -> None:
    """Everything that left a body into a bin, and what is still in it, is what was given."""
    rates = [
        Flow(one.source, one.target or "bin", one.rate_per_h)
        for one in case.system.flows
        if "effect" not in {one.source, one.target}
    ]
    states = tuple(state for state in (*case.system.states, "bin") if state != "effect")
    closed = System(states, tuple(rates), tuple(Output(state, state, 1000.0) for state in states))
    last = max(one.start_h + one.duration_h for one in case.inputs) + 1.0

    found = profile(closed, case.inputs, [last / 2, last])[:, 1].sum()
    assert found == pytest.approx(sum(one.amount_mg for one in case.inputs), rel=1e-10)


@given(CASES)
def test_clearance_times_area_is_what_was_absorbed(case) -> None:
    """From every state the parent's way out is first-order, so what leaves it is its rate times its area."""
    system = System(
        case.system.states, case.system.flows, (Output("mg", "central", 1000.0), Output("in", case.entry, 1000.0))
    )
    area = total_exposure(system, case.inputs)["mg"][0]
    leaving = sum(
        one.rate_per_h
        for one in case.system.flows
        if one.source == "central" and one.drains and not (one.target or "").startswith("central tissue")
    )
    fraction = np.prod([one.fraction for one in case.system.flows if one.source.startswith("transit")])
    absorbed = sum(one.amount_mg * (1.0 if one.state == "central" else fraction) for one in case.inputs)

    assert leaving * area == pytest.approx(absorbed, rel=1e-9)


@given(CASES)
def test_area_so_far_and_area_to_come_are_the_whole(case) -> None:
    """A state that only gathers the concentration, and the closed form for what is still in the body then."""
    last = max(one.start_h + one.duration_h for one in case.inputs) + 1.0
    outputs = tuple(Output(state, state, 1000.0) for state in case.system.states)
    gathering = (*case.system.flows, Flow("central", "gathered", 1.0, drains=False))
    gathered = Output("gathered", "gathered", 1000.0)
    system = System((*case.system.states, "gathered"), gathering, (*outputs, gathered))
    body = System(case.system.states, case.system.flows, (Output("area", "central", 1000.0),))

    found = concentrations(system, case.inputs, [last])
    left = [Input(state, float(found[state][0, 0])) for state in case.system.states]
    total = total_exposure(body, case.inputs)["area"][0]
    assert found["gathered"][0, 0] + total_exposure(body, left)["area"][0] == pytest.approx(total, rel=1e-9)


def test_bolus_is_the_limit_of_a_short_infusion() -> None:
    for case in map(Case, range(20)):
        bolus = profile(case.system, [Input("central", 10.0)], [0.5, 2.0])
        short = profile(case.system, [Input("central", 10.0, 0.0, 1e-9)], [0.5, 2.0])

        np.testing.assert_allclose(short, bolus, rtol=1e-6, atol=bolus.max() * 1e-6)


def test_long_infusion_ends_at_rate_over_clearance() -> None:
    # 40 mg/h into V 100 L, k 0.5/h: CL 50 L/h, so 0.8 mg/L = 800 ng/mL.
    assert profile(ONE, [Input("central", 40.0 * 400, 0.0, 400.0)], [100.0, 399.0])[0, 1] == pytest.approx(800.0)


def test_effect_site_follows_without_taking() -> None:
    followed = System(
        ("central", "effect"),
        (*ONE.flows, Flow("central", "effect", 6.84, drains=False), Flow("effect", None, 6.84)),
        (*ONE.outputs, Output("effect site", "effect", 100.0)),
    )
    inputs = [Input("central", 40.0 * 400, 0.0, 400.0)]

    found = profile(followed, inputs, [100.0, 399.0])
    np.testing.assert_allclose(found[0], profile(ONE, inputs, [100.0, 399.0])[0], rtol=1e-11)
    assert found[1, 1] == pytest.approx(800.0)


def test_rate_changes_and_pauses_add_up() -> None:
    # 30 mg/h for an hour, nothing for half an hour, then 10 mg/h for two hours.
    pieces = [Input("central", 30.0, 0.0, 1.0), Input("central", 20.0, 1.5, 2.0)]
    expected = sum(profile(ONE, [piece], np.linspace(0, 5, 51)) for piece in pieces)

    np.testing.assert_allclose(profile(ONE, pieces, np.linspace(0, 5, 51)), expected, rtol=1e-12)


def test_each_subject_has_its_own_events() -> None:
    case = Case(6)
    starts, lasts = np.array([0.0, 0.31, 1.7, 50.0]), np.array([0.4, 0.2, 1e-3, 1.0])
    bolus_at = np.array([0.1, 0.31, 0.0, 2.0])
    time_h = np.linspace(0, 3, 200)
    together = concentrations(
        case.system, [Input("central", 10.0, starts, lasts), Input(case.entry, 5.0, bolus_at)], time_h
    )

    for one in range(4):
        alone = [
            Input("central", 10.0, float(starts[one]), float(lasts[one])),
            Input(case.entry, 5.0, float(bolus_at[one])),
        ]
        for name, rows in concentrations(case.system, alone, time_h).items():
            np.testing.assert_allclose(together[name][one], rows[0], rtol=1e-11, atol=1e-13 * rows.max())


def test_many_subjects_are_solved_as_one_by_one() -> None:
    rates = np.exp(np.random.default_rng(1).normal(size=1_100))
    many = System(("central",), (Flow("central", None, rates),), ONE.outputs)
    time_h = np.linspace(0, 3, 7)

    for workers in (1, 2):
        found = concentrations(many, [Input("central", 50.0, 0.25)], time_h, workers=workers)["ketamine"]
        expected = np.where(time_h >= 0.25, 500 * np.exp(-rates[:, None] * (time_h - 0.25)), 0.0)
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_buffer_of_the_caller_is_filled() -> None:
    out = np.full((1, 1, 3), np.nan, dtype=np.float32)
    found = concentrations(ONE, [Input("central", 50.0)], TIMES, out=out)

    assert np.shares_memory(found["ketamine"], out)
    np.testing.assert_allclose(out[0, 0], profile(ONE, [Input("central", 50.0)], TIMES)[0], rtol=1e-6)


def test_time_above_a_level_is_read_off_straight_lines() -> None:
    # Up from 0 to 10 in an hour, down again in the next: above 5 from 0.5 h to 1.5 h.
    rows = np.array([[0.0, 10.0, 0.0], [6.0, 6.0, 6.0], [0.0, 1.0, 5.0]])

    np.testing.assert_allclose(hours_above(rows, np.array(TIMES), 5.0), [1.0, 2.0, 0.0])
    np.testing.assert_array_equal(peaks(rows, np.array(TIMES))[1], [1.0, 0.0, 2.0])


@pytest.mark.parametrize(
    ("inputs", "time_h", "error", "says"),
    [
        ([Input("central", -1.0)], TIMES, errors.NegativeDose, "0 mg or more"),
        ([Input("central", float("nan"))], TIMES, errors.NotANumber, "a number of mg"),
        ([Input("central", 1.0, float("inf"))], TIMES, errors.NotANumber, "a number of hours"),
        ([Input("central", 1.0, 0.0, -2.0)], TIMES, errors.MissingDuration, "above 0 h"),
        ([Input("central", 1.0, 0.0, np.array([0.0, 1.0]))], TIMES, errors.MissingDuration, "above 0 h"),
        ([Input("arm", 1.0)], TIMES, errors.UnknownState, "the states are central"),
        ([Input("central", 1.0)], [], errors.NothingAsked, "at least one time"),
        ([Input("central", 1.0)], [0.0, 2.0, 1.0], errors.TimesOutOfOrder, "later than the one before"),
        ([Input("central", 1.0)], [0.0, 0.0], errors.TimesOutOfOrder, "later than the one before"),
        ([Input("central", 1.0)], [0.0, float("nan")], errors.NotANumber, "a number of hours"),
        ([Input("central", 1.0)], [[0.0, 1.0]], errors.DifferentLengths, "one list of times"),
        ([Input("central", np.ones(3)), Input("central", np.ones(4))], TIMES, errors.DifferentLengths, "one value"),
    ],
)
def test_what_cannot_be_solved_is_named(inputs, time_h, error, says) -> None:
    with pytest.raises(error, match=says):
        concentrations(ONE, inputs, time_h)


@pytest.mark.parametrize(
    ("system", "error"),
    [
        (System(("central",), (Flow("central", None, -0.5),), ONE.outputs), errors.NotANumber),
        (System(("central",), (Flow("central", None, float("nan")),), ONE.outputs), errors.NotANumber),
        (System(("central",), ONE.flows, (Output("ketamine", "central", 0.0),)), errors.NotANumber),
        (System(("central",), ONE.flows, ()), errors.NothingAsked),
        (System(("central",), (Flow("central", "moon", 1.0),), ONE.outputs), errors.UnknownState),
    ],
)
def test_system_that_is_none_is_named(system, error) -> None:
    with pytest.raises(error):
        concentrations(system, [Input("central", 1.0)], TIMES)


def test_buffer_of_another_shape_is_refused() -> None:
    with pytest.raises(errors.DifferentLengths, match="out"):
        concentrations(ONE, [Input("central", 1.0)], TIMES, out=np.empty((1, 3, 1)))


def test_area_of_what_never_leaves_is_refused() -> None:
    stuck = System(("central",), (), ONE.outputs)

    with pytest.raises(errors.NeverEliminated, match="way out"):
        total_exposure(stuck, [Input("central", 1.0)])


def test_fast_subject_changes_no_digit_of_the_others() -> None:
    rates = np.array([0.3, 40.0, 2_000.0, 0.3])
    starts, time_h = np.array([0.0, 0.07, 0.013, 0.21]), np.linspace(0, 2, 25)

    def solved(chosen, spacing):
        flows = (Flow("depot", "central", 3.0), Flow("central", None, rates[chosen]))
        system = System(("depot", "central"), flows, ONE.outputs)
        return concentrations(system, [Input("depot", 9.0, starts[chosen], np.full(len(chosen), 0.3))], spacing)[
            "ketamine"
        ]

    for spacing in (time_h, time_h**1.1):
        together = solved([0, 1, 2, 3], spacing)
        np.testing.assert_array_equal(together[[0, 1]], solved([0, 1], spacing))
        np.testing.assert_array_equal(together[[1, 3]], solved([1, 3], spacing))


def test_start_a_hair_beside_a_time_is_no_start_at_it() -> None:
    time_h, start_h = np.linspace(0, 4, 41), 1.0 + 3e-9
    expected = np.where(time_h >= start_h, 500 * np.exp(-0.5 * (time_h - start_h)), 0.0)

    np.testing.assert_allclose(profile(ONE, [Input("central", 50.0, start_h)], time_h)[0], expected, rtol=1e-13)


@pytest.mark.parametrize("kernel", [False, True])
def test_rate_is_solved_as_long_as_rounding_allows_and_then_refused(kernel) -> None:
    def depot(rate_per_h: float) -> System:
        flows = (Flow("depot", "central", rate_per_h), Flow("central", None, 0.5))
        return System(("depot", "central"), flows, (Output("ketamine", "central", 100.0),))

    given_at_once, time_h = [Input("depot", 50.0)], np.arange(481) / 60
    found = concentrations(depot(31_000.0), given_at_once, time_h, kernel=kernel)["ketamine"][0]

    # What is left of a bolus, as if it had been given a 31,000th of an hour later, to first order.
    np.testing.assert_allclose(found[1:], 500 * np.exp(-0.5 * time_h[1:]) * (1 + 0.5 / 31_000), rtol=1e-9)
    with pytest.raises(errors.RateTooFast, match=r"over 8 h a rate is at most 1\.25e\+07 per hour"):
        concentrations(depot(1e12), given_at_once, time_h, kernel=kernel)


@pytest.mark.parametrize("kernel", [False, True])
@pytest.mark.parametrize(("step_h", "start_h"), [(1 / 3600, -8760.0), (1e-9, -48.0), (1e-20, -1.0)])
def test_steps_far_shorter_than_the_time_since_a_dose_cost_no_digits(kernel, step_h, start_h) -> None:
    slow = System(("central",), (Flow("central", None, 0.01),), (Output("ketamine", "central", 100.0),))
    time_h = np.arange(61) * step_h

    found = concentrations(slow, [Input("central", 50.0, start_h=start_h)], time_h, kernel=kernel)["ketamine"][0]

    np.testing.assert_allclose(found, 500 * np.exp(-0.01 * (time_h - start_h)), rtol=1e-10)


@pytest.mark.parametrize("kernel", [False, True])
def test_doses_before_all_history_are_refused(kernel) -> None:
    with pytest.raises(errors.NotANumber, match="within 10,000,000 hours of each other"):
        concentrations(ONE, [Input("central", 50.0, start_h=-1e18)], TIMES, kernel=kernel)


def test_infusion_over_no_time_at_all_is_refused() -> None:
    with pytest.raises(errors.MissingDuration, match="a bolus"):
        concentrations(ONE, [Input("central", 50.0, 1.0, 1e-310)], TIMES)


@pytest.mark.parametrize("dtype", [np.float16, int, ">f8"])
def test_numbers_of_another_kind_are_refused(dtype) -> None:
    with pytest.raises(errors.NotANumber, match="give float64 or float32"):
        concentrations(ONE, [Input("central", 50.0)], TIMES, dtype=dtype)


def test_buffer_that_cannot_be_written_is_refused() -> None:
    out = np.zeros((1, 1, 3))
    out.flags.writeable = False

    with pytest.raises(errors.DifferentLengths, match="writable"):
        concentrations(ONE, [Input("central", 50.0)], TIMES, out=out)


def test_fast_draws_of_a_film_are_followed_for_two_weeks() -> None:
    people = cohort(planned("simons2022", dose("simons2022", 50.0, Route.FILM)))

    found = ask(people, question(np.linspace(0, 336, 29)), people=20_480).quantile(0.5)

    assert (np.diff(found["ketamine"][1:7]) < 0).all()
