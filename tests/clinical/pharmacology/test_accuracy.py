"""Against 50 digits: random bodies, doses and times, with rates that are far apart, nearly alike or the same."""

import mpmath
import numpy as np
import pytest

from firstlight.clinical.pharmacology.solving import concentrations
from tests.clinical.pharmacology.bodies import Case
from tests.clinical.pharmacology.reference import exact
from tests.support.scale import count

pytestmark = pytest.mark.exact
CASES = count(reduced=40, full=10_000)


def judged_times(case: Case, profiles) -> list[float]:
    """Three of the times, and where each output stands highest among them."""
    chosen = set(case.random.choice(len(case.time_h), 3))
    chosen |= {int(np.argmax(profile[0])) for profile in profiles.values()}
    return [case.time_h[index] for index in sorted(chosen)]


def peak_times(case: Case) -> list[float]:
    """About when each output peaks, be it between the times of the case or after them."""
    moments = {moment for one in case.inputs for moment in (one.start_h, one.start_h + one.duration_h)}
    fine = sorted({moment + after for moment in moments for after in (0.0, *np.logspace(-4, 2, 60))})
    profiles = concentrations(case.system, case.inputs, fine)
    return sorted({fine[int(np.argmax(profile[0]))] for profile in profiles.values()})


def check(number: int) -> None:
    case = Case(number)
    double = concentrations(case.system, case.inputs, case.time_h)
    compiled = concentrations(case.system, case.inputs, case.time_h, kernel=True)
    single = concentrations(case.system, case.inputs, case.time_h, dtype=np.float32)
    compiled_single = concentrations(case.system, case.inputs, case.time_h, dtype=np.float32, kernel=True)
    judged = judged_times(case, double)
    times = sorted({*judged, *peak_times(case)})
    for name, expected in exact(case.system, case.inputs, times).items():
        peak = max(expected)
        for time_h in judged:
            value, at = expected[times.index(time_h)], case.time_h.index(time_h)
            for found in (double, compiled):
                error = abs(mpmath.mpf(float(found[name][0, at])) - value)
                assert error <= 1e-9 * value + 1e-12 * peak, (number, name, float(error / peak))
            for found in (single, compiled_single):
                assert abs(mpmath.mpf(float(found[name][0, at])) - value) <= 2e-4 * peak, (number, name)


@pytest.mark.slow
def test_concentrations_agree_with_fifty_digits(figure) -> None:
    for number in range(CASES):
        check(number)
    figure("random systems, doses and times against 50 digits", CASES)
