"""Models against observations of others. Sites must match; the gates are those of the reference, section 4."""

import numpy as np
import pytest

from firstlight.clinical.pharmacology.errors import NothingAsked, SitesDiffer
from firstlight.clinical.pharmacology.modelling import Site
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.simulation import Course, compare, require_same_site
from tests.clinical.pharmacology.asking import given, levels, racemate

# Kamp et al. Br J Anaesth 2020;125:750, Fig 1, digitised (± 10 %): racemate 0.28, 0.57, 1.14 mg/kg/h for an hour each, arterial.
OBSERVED_AT = Site.ARTERIAL
RATES_MG_PER_KG_H = (0.28, 0.57, 1.14)
HOURS = (1.0, 2.0, 3.0, 3.5, 4.0, 5.0)
S_KETAMINE = np.array([64, 125, 249, 98, 79, 59])
S_NORKETAMINE = np.array([25, 64, 140, 144, 132, 118])
ARTERIAL = [name for name, model in MODELS.items() if model.site is Site.ARTERIAL]


def stepwise(name: str):
    steps = [racemate(70 * rate, start_min=60.0 * step, duration_min=60) for step, rate in enumerate(RATES_MG_PER_KG_H)]
    return levels(given(name, *steps), HOURS)


def median_error(found, observed) -> float:
    return float(np.median(np.abs(found / observed - 1)))


@pytest.mark.parametrize("name", ARTERIAL)
def test_arterial_model_stays_within_the_gates(name: str) -> None:
    found, site = stepwise(name), MODELS[name].site
    parent = compare(Course(found["s_ketamine"], site), Course(S_KETAMINE, OBSERVED_AT))
    metabolite = compare(Course(found["norketamine"] / 2, site), Course(S_NORKETAMINE, OBSERVED_AT))

    assert np.median(np.abs(parent)) <= 0.25
    assert np.median(np.abs(metabolite)) <= 0.30


def test_simons_is_off_by_a_tenth_for_ketamine_and_a_quarter_for_norketamine() -> None:
    # an independent implementation: 10 % and 26 %
    found = stepwise("simons2022")

    assert median_error(found["s_ketamine"], S_KETAMINE) == pytest.approx(0.10, abs=0.01)
    assert median_error(found["norketamine"] / 2, S_NORKETAMINE) == pytest.approx(0.26, abs=0.01)


@pytest.mark.parametrize(("name", "error"), [("kamp2020", 0.10), ("domino1984", 0.20), ("clements1981", 0.36)])
def test_model_of_an_unknown_site_agrees_with_an_independent_implementation_but_is_no_comparison(
    name: str, error: float
) -> None:
    assert median_error(stepwise(name)["ketamine"] / 2, S_KETAMINE) == pytest.approx(error, abs=0.01)
    with pytest.raises(SitesDiffer, match="same known site"):
        compare(Course(stepwise(name)["ketamine"] / 2, MODELS[name].site), Course(S_KETAMINE, OBSERVED_AT))


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
