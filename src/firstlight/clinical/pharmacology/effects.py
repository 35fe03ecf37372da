"""What follows from a concentration, as far as studies say: dissociation, blood pressure, and mood in groups.

Nothing here predicts one person. Dissociation rises in proportion to the venous concentration over the range that was
studied (Bowdle 1998), behind it by a half-life of 6.1 min (Olofsen 2012). Blood pressure is a window of time, not a height.
No model from concentration to mood was found in print: there is an empirical curve of how many people responded.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.evidence import Words, joined
from firstlight.clinical.pharmacology.accepting import checked_numbers, chosen, each_of
from firstlight.clinical.pharmacology.doses import Dose, Isomer, Route
from firstlight.clinical.pharmacology.errors import DifferentLengths, NotANumber, NothingAsked, SitesDiffer
from firstlight.clinical.pharmacology.modelling import NORMAL_95TH_PERCENTILE, Assumption, Site

EFFECT_HALF_LIFE_MIN = 6.1
KE0_PER_H = math.log(2) / EFFECT_HALF_LIFE_MIN * 60
STUDIED_NG_PER_ML = (50.0, 200.0)

EFFECT_DELAY = Assumption(
    name={"en": "delay of the effect"},
    value=EFFECT_HALF_LIFE_MIN,
    low=0.0,
    high=11.8,
    unit="min",
    why={
        "en": "half-life between blood and effect of S-ketamine, the mean of all endpoints of one study of 12 men; none was "
        "published for dissociation"
    },
    sources=("OLOFSEN-12",),
)
SITE_AS_VENOUS = Assumption(
    name={"en": "concentration read as venous"},
    why={
        "en": "dissociation was measured against venous blood; the model's samples are of another or an unknown site, and "
        "arterial concentrations are higher while a dose runs in"
    },
    sources=("BOWDLE-98",),
)
POTENCY_OF_S = Assumption(
    name={"en": "potency of S-ketamine"},
    value=2.0,
    why={"en": "dissociation was measured with the racemate; S-ketamine counts about twice (bounds unknown)"},
    sources=("MION-24",),
)


@dataclass(frozen=True, slots=True)
class Dissociation:
    """`drive`: 0 at none, 1 at 200 ng/mL venous racemate, shape of the concentrations; an illustration, not a score.

    `illustrative` marks moments outside the studied 50 to 200 ng/mL, where even the straight line is ours.
    """

    drive: NDArray[np.float64]
    illustrative: NDArray[np.bool_]
    assumptions: tuple[Assumption, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(("BOWDLE-98", *(key for one in self.assumptions for key in one.sources))))


def dissociation(
    effect_site_ng_per_ml: NDArray[np.float64], *, site: Site, isomer: Isomer, read_as_venous: bool = False
) -> Dissociation:
    """Linear in the effect-site concentration (`bodies.body` with `ke0_per_h=KE0_PER_H`).

    Raises NotANumber, and SitesDiffer for a site that is not venous, unless `read_as_venous` accepts that as a named assumption.
    """
    site, isomer = chosen(Site, site, field="site"), chosen(Isomer, isomer, field="isomer")
    if site is not Site.VENOUS and not read_as_venous:
        expected = "take a venous model such as otto2021, or accept the reading with read_as_venous"
        raise SitesDiffer(field="site", value=site.value, expected=expected)
    potency = (POTENCY_OF_S.value or 1.0) if isomer is Isomer.S else 1.0
    expected = "give concentrations in ng/mL, each 0 or more"
    levels = checked_numbers(effect_site_ng_per_ml, field="effect site", expected=expected)
    if not ((levels >= 0) & np.isfinite(levels)).all():
        raise NotANumber(field="effect site", value=effect_site_ng_per_ml, expected=expected)
    equivalent = levels * potency
    low, high = STUDIED_NG_PER_ML
    assumptions = [EFFECT_DELAY]
    if isomer is Isomer.S:
        assumptions.append(POTENCY_OF_S)
    if site is not Site.VENOUS:
        assumptions.append(SITE_AS_VENOUS)
    return Dissociation(equivalent / high, (equivalent < low) | (equivalent > high), tuple(assumptions))


@dataclass(frozen=True, slots=True)
class PressureWindow:
    """When blood pressure is expected to be raised, in minutes on the doses' clock; `peak_min` None where unknown."""

    start_min: float
    peak_min: float | None
    end_min: float
    why: Words
    sources: tuple[str, ...]


SPRAY_PEAK_MIN, SPRAY_END_MIN = 40.0, 240.0
INFUSION_AFTER_MIN = 90.0


def pressure_windows(doses: Sequence[Dose]) -> tuple[PressureWindow, ...]:
    """One window a session, by the published time courses: infusions (Szarmach 2020, Zheng), the spray's label for the rest.

    A dose that begins before the window of those before it has ended belongs to their session (ours). Raises NothingAsked
    without doses.
    """
    doses = each_of(Dose, doses, field="doses", expected="give a list of Dose(…)")
    if not doses:
        raise NothingAsked(field="doses", value=doses, expected="give at least one dose")
    sessions: list[list[Dose]] = []
    for dose in sorted(doses, key=lambda one: one.start_min):
        if sessions and dose.start_min < _window_of(sessions[-1]).end_min:
            sessions[-1].append(dose)
        else:
            sessions.append([dose])
    return tuple(map(_window_of, sessions))


def _window_of(doses: Sequence[Dose]) -> PressureWindow:
    start = min(dose.start_min for dose in doses)
    end = max(dose.start_min + (dose.duration_min or 0.0) for dose in doses)
    if all(dose.route is Route.INTRAVENOUS for dose in doses):
        why: Words = {
            "en": "Infusions of 40 min: highest at 30 to 40 min (135 people), back at its start within 90 min after the end (49 "
            "people). Other durations are read by analogy (ours)."
        }
        return PressureWindow(start, end, end + INFUSION_AFTER_MIN, why, ("SZARMACH-20", "ZHENG"))
    last = max(dose.start_min for dose in doses)
    why = {"en": "Esketamine spray: highest about 40 min after it, raised for about 4 h, as the label says."}
    if any(dose.route is not Route.INTRANASAL or dose.isomer is not Isomer.S for dose in doses):
        why = joined(why, {"en": "For this route no time course was found; the spray's is used (ours)."})
    return PressureWindow(start, last + SPRAY_PEAK_MIN, max(last + SPRAY_END_MIN, end), why, ("S-LABEL",))


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """How many of a group of people responded and were in remission at one time after one infusion, with 90 % bands."""

    time_h: float
    response: float
    response_band: tuple[float, float]
    remission: float
    remission_band: tuple[float, float]


HAN_2016 = ((24.0, 0.522, 0.206), (72.0, 0.479, 0.238), (168.0, 0.398, 0.262))
PEOPLE_GIVEN_KETAMINE = Assumption(
    name={"en": "number of people given ketamine"},
    value=184,
    low=184,
    high=368,
    why={
        "en": "nine trials had 368 people in both arms; how many were given ketamine was not read, half of them is taken"
    },
    sources=("HAN-16",),
)
RESPONSE_LIMITS = (
    "One infusion against placebo in adults with major depression (9 trials). It says how many of a group responded, not "
    "what will happen to one person, and it follows time, not dose or concentration. None of it was measured in parents "
    "in particular."
)


@dataclass(frozen=True, slots=True)
class ResponseCurve:
    """Rates at the times asked for, with what they must not be read as."""

    rates: tuple[ResponseRate, ...]
    limits: str
    assumptions: tuple[Assumption, ...]
    sources: tuple[str, ...]


def response_curve(time_h: Sequence[float]) -> ResponseCurve:
    """The curve of Han 2016 between 24 h and 7 days, straight between its three times, Wilson bands of 90 %.

    Raises NothingAsked without times, NotANumber outside 24 to 168 h: there are no data to interpolate.
    """
    expected = "give times in hours"
    asked = np.atleast_1d(checked_numbers(time_h, field="time_h", expected=expected))
    if asked.ndim != 1:
        raise DifferentLengths(field="time_h", value=asked.shape, expected="give one list of times in hours")
    if not asked.size:
        raise NothingAsked(field="time_h", value=time_h, expected="give at least one time in hours")
    times, responses, remissions = (np.array(column) for column in zip(*HAN_2016, strict=True))
    for time in asked.tolist():
        if not times[0] <= time <= times[-1]:
            expected = f"the trials report {times[0]:g} to {times[-1]:g} h after one infusion"
            raise NotANumber(field="time_h", value=time, expected=expected)
    rates = tuple(
        _rate(time, float(np.interp(time, times, responses)), float(np.interp(time, times, remissions)))
        for time in asked.tolist()
    )
    return ResponseCurve(rates, RESPONSE_LIMITS, (PEOPLE_GIVEN_KETAMINE,), ("HAN-16",))


def wilson_band(share: float, people: float) -> tuple[float, float]:
    """The Wilson interval (90 %) of a share among `people`."""
    z2 = NORMAL_95TH_PERCENTILE**2
    centre = (share + z2 / (2 * people)) / (1 + z2 / people)
    half = NORMAL_95TH_PERCENTILE * math.sqrt(share * (1 - share) / people + z2 / (4 * people**2)) / (1 + z2 / people)
    return centre - half, centre + half


def _rate(time_h: float, response: float, remission: float) -> ResponseRate:
    people = PEOPLE_GIVEN_KETAMINE.value or 0.0
    return ResponseRate(time_h, response, wilson_band(response, people), remission, wilson_band(remission, people))
