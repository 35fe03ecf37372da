"""Doses: the exact amount, the limits, and the two mix-ups that must end blocked."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstlight.clinical.protocols import dose
from firstlight.clinical.quantities import (
    Concentration,
    DosePerKilogram,
    Mass,
    Minutes,
    QuantityError,
    Volume,
    Weight,
)
from tests.support import scale

TODAY = date(2026, 11, 22)
TEN, FIFTY, HUNDRED = Concentration(10_000), Concentration(50_000), Concentration(100_000)


def order(kg: str = "70 kg", per_kg: str = "0.5 mg/kg", minutes: int = 40, route: str = "intravenous") -> dose.DosePlan:
    return dose.order(
        weight=Weight.parse(kg), per_kilogram=DosePerKilogram.parse(per_kg), minutes=Minutes(minutes), route=route
    )


@pytest.mark.parametrize(
    ("kg", "per_kg", "ordered"),
    [
        ("70 kg", "0.5 mg/kg", "35 mg"),
        ("81.3 kg", "0.5 mg/kg", "40.6 mg"),  # 40.65, rounded down to 0.1 mg
        ("62.45 kg", "0.5 mg/kg", "31.2 mg"),  # 31.225
        ("95 kg", "1 mg/kg", "95 mg"),
        ("100 kg", "1 mg/kg", "100 mg"),
    ],
)
def test_ordered_amount_is_rounded_down(kg: str, per_kg: str, ordered: str) -> None:
    assert order(kg, per_kg).mass.text() == ordered


@pytest.mark.parametrize(
    ("ordered", "concentration", "volume", "mass"),
    [
        ("35 mg", TEN, "3.5 mL", "35 mg"),
        ("40.6 mg", TEN, "4.06 mL", "40.6 mg"),
        ("40.6 mg", FIFTY, "0.81 mL", "40.5 mg"),  # 0.812 mL, down to 0.81; 0.81 x 50 = 40.5
        ("40.6 mg", HUNDRED, "0.4 mL", "40 mg"),
    ],
)
def test_syringe_holds_what_its_steps_can_hold(
    ordered: str, concentration: Concentration, volume: str, mass: str
) -> None:
    syringe = dose.on_syringe(Mass.parse(ordered), concentration)

    assert (syringe.volume.text(), syringe.mass.text()) == (volume, mass)


@settings(max_examples=scale.count(reduced=100, full=10_000))
@given(
    st.integers(30_000, 250_000),
    st.integers(100, 1_000),
    st.sampled_from([TEN, FIFTY, HUNDRED]),
)
def test_dose_is_exactly_volume_times_concentration(
    weight_g: int, ug_per_kg: int, concentration: Concentration
) -> None:
    """Promise 11: mg = mL x mg/mL to the syringe step; nothing above the hard limit; never more than asked."""
    weight, per_kilogram = Weight(weight_g), DosePerKilogram(ug_per_kg)
    try:
        plan = dose.order(weight=weight, per_kilogram=per_kilogram, minutes=Minutes(40))
    except QuantityError as refusal:
        assert weight_g * ug_per_kg > 100_000_000, refusal  # noqa: PT017 - every other dose must be possible
        return
    syringe = dose.on_syringe(plan.mass, concentration)

    assert syringe.volume.ul % 10 == 0
    assert Decimal(syringe.mass.ug) / 1000 == Decimal(syringe.volume.ul) / 1000 * concentration.ug_per_ml / 1000
    assert syringe.mass <= plan.mass <= Mass(100_000)
    assert plan.mass.ug * 1000 <= weight_g * ug_per_kg < (plan.mass.ug + 100) * 1000
    assert plan.mass.ug - syringe.mass.ug < concentration.ug_per_ml / 100


@pytest.mark.parametrize(
    ("per_kg", "needs_reason"), [("0.5 mg/kg", False), ("0.75 mg/kg", False), ("0.751 mg/kg", True), ("1 mg/kg", True)]
)
def test_dose_above_the_soft_limit_needs_a_reason(per_kg: str, needs_reason: bool) -> None:
    plan = order(per_kg=per_kg)

    assert plan.needs_reason is needs_reason
    dose.check_reason(plan, "slow response to 0.75 mg/kg")
    if needs_reason:
        with pytest.raises(QuantityError, match=r"above 0\.75 mg/kg needs a reason"):
            dose.check_reason(plan, "  ")
    else:
        dose.check_reason(plan, "")


@pytest.mark.parametrize(
    ("kg", "per_kg", "minutes", "sentence"),
    [
        ("70 kg", "1.001 mg/kg", 40, r"dose per kilogram: '1\.001 mg/kg' cannot be used; at most 1 mg/kg"),
        ("100.2 kg", "1 mg/kg", 40, r"dose: '100\.2 mg' cannot be used; more than 0 and at most 100 mg"),
        ("70 kg", "0.5 mg/kg", 29, r"minutes: '29 min' cannot be used; at least 30 min"),
        ("70 kg", "0.001 mg/kg", 40, r"dose: '0 mg'"),
    ],
)
def test_dose_beyond_a_hard_limit_is_refused_in_a_sentence(kg: str, per_kg: str, minutes: int, sentence: str) -> None:
    with pytest.raises(QuantityError, match=sentence):
        order(kg, per_kg, minutes)


def test_shortest_infusion_is_thirty_minutes() -> None:
    assert order(minutes=30).minutes == Minutes(30)


def test_intramuscular_dose_has_its_own_limits() -> None:
    plan = order(per_kg="1 mg/kg", minutes=0, route="intramuscular")

    assert (plan.mass.text(), plan.needs_reason) == ("70 mg", False)


@pytest.mark.parametrize("route", ["oral", "IV", ""])
def test_route_that_is_not_offered_is_refused(route: str) -> None:
    with pytest.raises(QuantityError, match="routes are intravenous, intramuscular"):
        order(route=route)


@pytest.mark.parametrize("kg", ["0.7 kg", "700 kg", "29.999 kg", "250.001 kg"])
def test_weight_no_adult_has_is_refused_with_what_would_be_right(kg: str) -> None:
    with pytest.raises(QuantityError, match="between 30 kg and 250 kg; check unit and decimal point") as refusal:
        dose.check_weight(Weight.parse(kg), measured_date=TODAY, today=TODAY)

    assert refusal.value.code == "implausible_weight"


@pytest.mark.parametrize("kg", ["30 kg", "250 kg"])
def test_weight_at_the_edge_is_taken(kg: str) -> None:
    dose.check_weight(Weight.parse(kg), measured_date=TODAY, today=TODAY)


@pytest.mark.parametrize(("days", "taken"), [(0, True), (7, True), (8, False), (-1, False)])
def test_weight_counts_for_seven_days(days: int, taken: bool) -> None:
    measured = TODAY - timedelta(days=days)
    if taken:
        dose.check_weight(Weight(70_000), measured_date=measured, today=TODAY)
        return
    with pytest.raises(QuantityError, match="measure again, within 7 days") as refusal:
        dose.check_weight(Weight(70_000), measured_date=measured, today=TODAY)
    assert refusal.value.code == "old_weight"


def test_body_mass_index_of_thirty_needs_a_choice() -> None:
    # 170 cm: 30 x 1.7 x 1.7 = 86.7 kg.
    dose.check_bmi(Weight(86_699), height_cm=170, choice="")
    with pytest.raises(QuantityError, match="body mass index is 30 or more"):
        dose.check_bmi(Weight(86_700), height_cm=170, choice="")
    dose.check_bmi(Weight(86_700), height_cm=170, choice="adjusted")


def test_mix_up_of_950_mg_for_95_ends_blocked() -> None:
    """AHRQ PSNet 2021: 9.5 mL, right for 10 mg/mL, drawn from vials of 100 mg/mL."""
    ordered = order("95 kg", "1 mg/kg").mass
    planned = dose.on_syringe(ordered, TEN).volume
    assert planned == Volume.parse("9.5 mL")
    assert dose.check_draw(ordered, concentration=TEN, volume=planned) == ordered

    with pytest.raises(QuantityError, match=r"9\.5 mL of 100 mg/mL is 950 mg, and no dose may be above 100 mg"):
        dose.check_draw(ordered, concentration=HUNDRED, volume=planned)


def test_mix_up_of_500_mg_for_50_ends_blocked() -> None:
    """ISMP 1998: "50 mg/mL" on a vial of 10 mL read as 50 mg in all, and the whole vial given."""
    with pytest.raises(QuantityError, match="10 mL of 50 mg/mL is 500 mg, and no dose may be above 100 mg"):
        dose.check_draw(Mass.parse("50 mg"), concentration=FIFTY, volume=Volume.parse("10 mL"))


def test_draw_above_the_order_is_refused_below_the_hard_limit_too() -> None:
    with pytest.raises(QuantityError, match=r"3\.51 mL of 10 mg/mL is 35\.1 mg, and 35 mg is ordered"):
        dose.check_draw(Mass.parse("35 mg"), concentration=TEN, volume=Volume.parse("3.51 mL"))


@given(st.integers(30_000, 99_000), st.sampled_from([TEN, FIFTY]))
def test_volume_for_a_weak_vial_drawn_from_a_stronger_one_is_always_blocked(weight_g: int, weak: Concentration) -> None:
    ordered = dose.order(weight=Weight(weight_g), per_kilogram=DosePerKilogram(500), minutes=Minutes(40)).mass
    planned = dose.on_syringe(ordered, weak)

    with pytest.raises(QuantityError):
        dose.check_draw(ordered, concentration=HUNDRED, volume=planned.volume)


def test_dose_smaller_than_a_syringe_step_asks_for_a_weaker_vial() -> None:
    with pytest.raises(QuantityError, match="choose a weaker lot"):
        dose.on_syringe(Mass(900), HUNDRED)


def test_compute_goes_from_figures_to_syringe() -> None:
    computed = dose.compute(weight_g=70_000, mg_per_kg="0.5", concentration=TEN)

    assert computed.plan.mass.text() == "35 mg"
    assert computed.syringe is not None
    assert computed.syringe.volume.text() == "3.5 mL"
    assert dose.compute(weight_g=70_000, mg_per_kg=Decimal("0.5")).syringe is None


@pytest.mark.parametrize(
    "given", [{"weight_g": 700}, {"weight_g": 700_000}, {"mg_per_kg": ".5"}, {"mg_per_kg": "5"}, {"mg_per_kg": "0.9"}]
)
def test_compute_refuses_what_each_check_refuses(given: dict[str, Any]) -> None:
    usual: dict[str, Any] = {"weight_g": 70_000, "mg_per_kg": "0.5"}

    with pytest.raises(QuantityError):
        dose.compute(**(usual | given))
