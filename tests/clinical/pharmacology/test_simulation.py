"""One call for a typical person and for a population drawn from the paper's variability."""

import pickle

import numpy as np
import pytest

from firstlight.clinical.evidence import text
from firstlight.clinical.pharmacology import simulation
from firstlight.clinical.pharmacology.cohorts import cohort
from firstlight.clinical.pharmacology.doses import Route
from firstlight.clinical.pharmacology.errors import (
    AnalyteNotCovered,
    Cancelled,
    NotANumber,
    NothingAsked,
    SitesDiffer,
    TimesOutOfOrder,
    VariabilityUnknown,
)
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.people import Ancestry, Person
from firstlight.clinical.pharmacology.simulation import simulate
from tests.clinical.pharmacology.asking import FOREVER_H, dose, given, levels, racemate
from tests.support.scale import count

PERSON = Person(weight_kg=70)


def otto(at_min, **more):
    return simulate(
        MODELS["otto2021"], doses=[dose("otto2021", 35, duration_min=40)], person=PERSON, at_min=at_min, **more
    )


def test_typical_person_is_what_the_model_says() -> None:
    found = otto([10, 40])

    assert found.analytes["ketamine"].value == pytest.approx(
        levels(given("otto2021", dose("otto2021", 35, duration_min=40)), [10 / 60, 40 / 60])["ketamine"]
    )
    assert found.analytes["ketamine"].quantiles == {}


def test_spread_of_plateaus_is_that_of_the_clearances() -> None:
    # the log of a plateau varies as the log of CL: variance 0.026048, so the 95th percentile over the median is
    # exp(1.645 × √0.026048) = 1.304; norketamine's exp(1.645 × √0.10319) = 1.696
    lasting = dose("otto2021", 20 * FOREVER_H, duration_min=FOREVER_H * 60)
    people = count(reduced=4000, full=40_000)
    found = simulate(MODELS["otto2021"], doses=[lasting], person=PERSON, at_min=[FOREVER_H * 60], n=people).analytes

    for analyte, ratio in (("ketamine", 1.304), ("norketamine", 1.696)):
        bands = found[analyte].quantiles
        assert bands["p95"] / bands["p50"] == pytest.approx(ratio, rel=0.05)
        assert bands["p50"] / found[analyte].value == pytest.approx(1.0, abs=0.05)


def test_absorption_that_is_assumed_is_drawn_over_its_bounds() -> None:
    planned = given("otto2021", racemate(35, Route.INTRAMUSCULAR))
    system, _ = cohort(planned)(0, 4000)
    rates = next(flow.rate_per_h for flow in system.flows if flow.source == "im_depot")

    assert np.quantile(rates, [0.05, 0.5, 0.95]) == pytest.approx([2.5, 4.5, 8.0], rel=0.05)


def test_fraction_absorbed_by_the_nose_stays_between_none_and_all() -> None:
    planned = given("perezruixo2021", dose("perezruixo2021", 28, Route.INTRANASAL))
    _, inputs = cohort(planned)(0, 4000)
    share = inputs[0].amount_mg / 28

    # the median of a logit-normal is its typical value; the 84th percentile is at logit(0.54) + 0.708
    assert 0 < share.min() < share.max() < 1
    assert np.median(share) == pytest.approx(0.54, abs=0.02)
    assert np.quantile(share, 0.8413) == pytest.approx(1 / (1 + np.exp(-(np.log(0.54 / 0.46) + 0.708))), abs=0.02)


def test_nose_of_japanese_people_absorbs_no_more_than_there_is() -> None:
    first_device = dose("perezruixo2021", 28, Route.INTRANASAL)
    _, inputs = cohort(given("perezruixo2021", first_device, ancestry=Ancestry.JAPANESE))(0, 4000)
    share, swallowed = inputs[0].amount_mg / 28, inputs[1].amount_mg

    # the cap of 1 is ours; without it a share would reach 1.34, and less than nothing would be swallowed
    assert share.max() == 1.0
    assert swallowed.min() == 0.0
    assert np.median(share) == pytest.approx(0.54 * 1.34, abs=0.02)


def test_same_person_is_the_same_in_any_portion() -> None:
    people = cohort(given("simons2022", dose("simons2022", 50, Route.FILM)), seed=7)
    whole, part = people(0, 100), people(60, 40)

    assert np.array_equal(whole[0].flows[0].rate_per_h[60:], part[0].flows[0].rate_per_h)
    assert np.array_equal(whole[1][0].amount_mg[60:], part[1][0].amount_mg)


@pytest.mark.parametrize("kernel", [False, True])
def test_counted_bands_agree_with_exact_ones(monkeypatch: pytest.MonkeyPatch, kernel: bool) -> None:
    exact = otto([20, 40, 60, 80], n=3000).analytes
    monkeypatch.setattr(simulation, "MOST_VALUES_KEPT", 0)
    counted = otto([20, 40, 60, 80], n=3000, kernel=kernel).analytes

    for analyte, course in exact.items():
        for name, row in course.quantiles.items():
            assert counted[analyte].quantiles[name] == pytest.approx(row, rel=0.012)


def test_many_people_are_told_as_they_are_done_on_any_number_of_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation, "MOST_VALUES_KEPT", 0)
    heard: list[tuple[int, int]] = []

    def hear(done: int, of: int) -> None:
        heard.append((done, of))

    def cancel(done: int, of: int) -> None:
        raise Cancelled

    everywhere, alone = otto([40], n=9000, progress=hear).analytes, otto([40], n=9000, workers=1).analytes

    assert heard[-1] == (9000, 9000)
    assert everywhere["ketamine"].quantiles["p95"] == alone["ketamine"].quantiles["p95"]
    with pytest.raises(Cancelled):
        otto([40], n=9000, progress=cancel)
    with pytest.raises(NotANumber, match="workers"):
        otto([40], n=10, workers=0)


def test_people_who_are_kept_are_told_as_they_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[int, int]] = []
    whole = otto([40], n=9000, progress=lambda done, of: heard.append((done, of))).analytes
    monkeypatch.setattr(simulation, "PEOPLE_A_PORTION", 4096)
    in_parts = otto([40], n=9000, progress=lambda done, of: heard.append((done, of))).analytes

    def cancel(done: int, of: int) -> None:
        raise Cancelled

    assert heard == [(9000, 9000), (4096, 9000), (8192, 9000), (9000, 9000)]
    for name, row in whole["ketamine"].quantiles.items():
        assert in_parts["ketamine"].quantiles[name] == pytest.approx(row, rel=1e-12)
    with pytest.raises(Cancelled):
        otto([40], n=10, progress=cancel)


def test_simulation_is_one_line_in_a_notebook() -> None:
    shown = repr(otto([10, 40, 80], n=2000))

    assert shown == (
        "<Simulation otto2021, venous: ketamine, s_ketamine, norketamine; 10 to 80 min (3 times), 2,000 people>"
    )
    assert repr(otto([10]).analytes["ketamine"]).startswith("Course(analyte='ketamine'")


@pytest.mark.parametrize("name", ["domino1984", "clements1981", "kamp2020"])
def test_band_of_a_model_without_variability_is_refused(name: str) -> None:
    with pytest.raises(VariabilityUnknown, match="typical person, or take otto2021 or simons2022 or perezruixo2021"):
        simulate(MODELS[name], doses=[dose(name, 35)], person=PERSON, at_min=[1], n=100)


@pytest.mark.parametrize(
    ("at_min", "refusal"),
    [
        ([], NothingAsked),
        ([5, 5], TimesOutOfOrder),
        ([5, 1], TimesOutOfOrder),
        ([-1], NotANumber),
        ([float("inf")], NotANumber),
    ],
)
def test_times_that_cannot_be_are_refused(at_min, refusal) -> None:
    with pytest.raises(refusal):
        otto(at_min)


@pytest.mark.parametrize("n", [0, -5, 1.5, 10_000_000])
def test_people_who_cannot_be_drawn_are_refused(n: int) -> None:
    with pytest.raises(NotANumber, match="draw 1 to"):
        otto([1], n=n)


def test_band_says_what_is_not_in_it() -> None:
    assert "residual error" in text(otto([1], n=10).assumptions[-1].why)
    assert otto([1]).assumptions == ()


@pytest.mark.parametrize("name", ["otto2021", "simons2022", "perezruixo2021"])
def test_cohort_can_be_sent_to_another_process(name: str) -> None:
    people = cohort(given(name, dose(name, 28)))
    again = pickle.loads(pickle.dumps(people))

    assert np.array_equal(again(0, 3)[0].outputs[0].volume_l, people(0, 3)[0].outputs[0].volume_l)


def test_effect_site_follows_ketamine_and_drives_dissociation() -> None:
    racemic = [racemate(35, duration_min=40)]
    found = simulate(MODELS["otto2021"], doses=racemic, person=PERSON, at_min=[5, 40, 120], n=50, effect_site=True)

    effect, ketamine = found.analytes["effect_site"], found.analytes["ketamine"]
    assert effect.value[0] < ketamine.value[0]
    assert effect.value[2] > ketamine.value[2]
    assert set(effect.quantiles) == {"p05", "p50", "p95"}
    assert found.dissociation().drive == pytest.approx(effect.value / 200)
    assert "delay of the effect" in {text(one.name) for one in found.assumptions}


def test_dissociation_without_an_effect_site_or_of_another_site_is_refused() -> None:
    with pytest.raises(NothingAsked, match="effect_site=True"):
        otto([1]).dissociation()
    arterial = simulate(
        MODELS["simons2022"], doses=[dose("simons2022", 20)], person=PERSON, at_min=[1], effect_site=True
    )
    with pytest.raises(SitesDiffer):
        arterial.dissociation()
    assert arterial.dissociation(read_as_venous=True).drive[0] > 0


def test_analytes_are_picked_and_an_unknown_one_is_refused_with_those_there_are() -> None:
    assert list(otto([40], n=10, analytes=["norketamine"]).analytes) == ["norketamine"]
    with pytest.raises(AnalyteNotCovered, match="ketamine, s_ketamine, norketamine"):
        otto([40], analytes=["hnk"])
