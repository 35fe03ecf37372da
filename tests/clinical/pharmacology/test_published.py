"""Models against observations of others. Sites must match; the gates are those of the reference, section 4."""

import numpy as np
import pytest

from firstlight.clinical.pharmacology.courses import Course, Measured, compare, require_same_site
from firstlight.clinical.pharmacology.errors import (
    AnalytesDiffer,
    DifferentLengths,
    IsomersDiffer,
    NothingAsked,
    PharmacologyError,
    SitesDiffer,
    TimesDiffer,
    UnknownWord,
)
from firstlight.clinical.pharmacology.modelling import Site
from firstlight.clinical.pharmacology.models import MODELS
from tests.clinical.pharmacology.asking import given, levels, racemate

# Kamp et al. Br J Anaesth 2020;125:750, Fig 1, digitised (± 10 %): racemate 0.28, 0.57, 1.14 mg/kg/h for an hour each, arterial.
OBSERVED_AT = Site.ARTERIAL
RATES_MG_PER_KG_H = (0.28, 0.57, 1.14)
HOURS = (1.0, 2.0, 3.0, 3.5, 4.0, 5.0)
S_KETAMINE = np.array([64, 125, 249, 98, 79, 59])
S_NORKETAMINE = np.array([25, 64, 140, 144, 132, 118])
MEDIAN_ERRORS = {  # of ketamine, then norketamine, as an independent implementation of these models found them
    "simons2022": (0.10, 0.26),
    "kamp2020": (0.10,),
    "domino1984": (0.20,),
    "clements1981": (0.36,),
}
ARTERIAL = [name for name, model in MODELS.items() if model.site is Site.ARTERIAL]


def stepwise(name: str):
    steps = [racemate(70 * rate, start_min=60.0 * step, duration_min=60) for step, rate in enumerate(RATES_MG_PER_KG_H)]
    return levels(given(name, *steps), HOURS)


def course(value, **more) -> Course:
    """What Kamp's figure shows: an isomer, a substance and a site at the hours it was read at."""
    about = {"at_min": 60 * np.array(HOURS), "analyte": "s_ketamine", "isomer": Measured.S, "site": OBSERVED_AT}
    return Course(**{"value": value} | about | more)


def median_error(found, observed) -> float:
    return float(np.median(np.abs(found / observed - 1)))


@pytest.mark.parametrize("name", ARTERIAL)
def test_arterial_model_stays_within_the_gates(name: str) -> None:
    found, site = stepwise(name), MODELS[name].site
    parent = compare(course(found["s_ketamine"], site=site), course(S_KETAMINE))
    metabolite = compare(
        course(found["norketamine"] / 2, site=site, analyte="norketamine"), course(S_NORKETAMINE, analyte="norketamine")
    )

    assert np.median(np.abs(parent)) <= 0.25
    assert np.median(np.abs(metabolite)) <= 0.30


def test_simons_is_off_by_a_tenth_for_ketamine_and_a_quarter_for_norketamine() -> None:
    found, (parent, metabolite) = stepwise("simons2022"), MEDIAN_ERRORS["simons2022"]

    assert median_error(found["s_ketamine"], S_KETAMINE) == pytest.approx(parent, abs=0.01)
    assert median_error(found["norketamine"] / 2, S_NORKETAMINE) == pytest.approx(metabolite, abs=0.01)


@pytest.mark.parametrize("name", ["kamp2020", "domino1984", "clements1981"])
def test_model_of_an_unknown_site_agrees_with_an_independent_implementation_but_is_no_comparison(name: str) -> None:
    assert median_error(stepwise(name)["ketamine"] / 2, S_KETAMINE) == pytest.approx(MEDIAN_ERRORS[name][0], abs=0.01)
    with pytest.raises(SitesDiffer, match="same known site"):
        compare(course(stepwise(name)["ketamine"] / 2, site=MODELS[name].site), course(S_KETAMINE))


@pytest.mark.parametrize(
    ("more", "refusal", "words"),
    [
        ({"analyte": "norketamine"}, AnalytesDiffer, "compare s_ketamine with s_ketamine"),
        ({"analyte": "effect_site"}, AnalytesDiffer, "compare s_ketamine with s_ketamine"),
        (
            {"isomer": Measured.RACEMATE},
            IsomersDiffer,
            "isomer: 'racemate' cannot be used; compare isomer s with isomer s",
        ),
        ({"at_min": [60, 120, 180, 210, 240, 301]}, TimesDiffer, "at_min: 301.0 cannot .* has 300 min there"),
        ({"at_min": [60], "value": [64]}, DifferentLengths, "the same 6 times"),
        ({"at_min": [60]}, DifferentLengths, "one concentration for each of the 1 times"),
        ({"site": "vein"}, UnknownWord, "arterial, venous, unknown"),
        ({"isomer": "S"}, UnknownWord, "racemate, s, r"),
    ],
)
def test_only_the_same_substance_isomer_and_times_are_compared(more, refusal: type[PharmacologyError], words) -> None:
    with pytest.raises(refusal, match=words):
        compare(course(**{"value": S_KETAMINE} | more), course(S_KETAMINE))


def test_ketamine_of_a_dose_of_s_ketamine_is_s_ketamine() -> None:
    both = compare(course(2.0 * S_KETAMINE, analyte="ketamine", at_min=np.array(HOURS) / 3 * 180), course(S_KETAMINE))

    assert both == pytest.approx(1.0)


def test_arterial_and_venous_are_never_compared() -> None:
    with pytest.raises(SitesDiffer, match="arterial and venous blood differ"):
        require_same_site(Site.VENOUS, Site.ARTERIAL)
    with pytest.raises(SitesDiffer):
        require_same_site(Site.UNKNOWN, Site.UNKNOWN)
    with pytest.raises(NothingAsked):
        require_same_site()
    assert require_same_site(Site.VENOUS, Site.VENOUS) is Site.VENOUS


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("otto2021", 158, 177),
        ("clements1981", 158, 177.5),
        ("simons2022", 240, 289),
        ("kamp2020", 240, 289),
        ("domino1984", 240, 289),
    ],
)
def test_half_a_milligram_per_kilogram_ends_where_the_reference_says(name: str, lowest: float, highest: float) -> None:
    end = levels(given(name, racemate(35, duration_min=40)), [40 / 60])["ketamine"][0]

    assert lowest <= end <= highest
