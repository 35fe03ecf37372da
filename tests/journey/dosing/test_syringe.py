"""The syringe: the dose by hand, the wrong vial, a second person who reads for herself."""

from datetime import timedelta

import pytest

from firstlight.ground.ledger.models import Lot
from firstlight.ground.ledger.selectors import balance, draws_of, is_settled
from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing import services
from firstlight.journey.dosing.models import Preparation
from tests.journey.dosing.telling import Chair


def draw(chair: Chair, lot: Lot, drawn_ul: int) -> Preparation:
    return chair.scoped(
        lambda: services.prepare(session=chair.open, lot=lot, drawn_ul=drawn_ul, by=chair.by("nurse"), at=chair.now)
    )


def read(chair: Chair, volume_ul: int, *, ug_per_ml: int | None = 10_000, by: str = "second_nurse") -> bool:
    return chair.scoped(
        lambda: services.second_check(
            session=chair.open, volume_ul=volume_ul, concentration_ug_per_ml=ug_per_ml, by=chair.by(by), at=chair.now
        )
    ).agrees


@pytest.mark.parametrize(
    ("mg_per_ml", "volume_ul"),
    [(10, 3_500), (50, 700), (100, 350)],  # 70 kg × 0.5 mg/kg = 35 mg; 35 mg / 10 mg/mL = 3.5 mL, and so on
)
def test_dose_is_35_mg_in_the_volume_that_the_vial_asks_for(chair: Chair, mg_per_ml: int, volume_ul: int) -> None:
    chair.opened()
    preparation = draw(chair, chair.lot(mg_per_ml), volume_ul)

    assert chair.open.order.weight_g == 70_000
    assert (preparation.dose_ug, preparation.volume_ul) == (35_000, volume_ul)
    assert preparation.dose_ug * 1_000 == preparation.volume_ul * preparation.concentration_ug_per_ml
    assert chair.open.state == "prepared"


def test_dose_that_does_not_fit_the_syringe_is_rounded_down_to_its_step(chair: Chair) -> None:
    chair.now -= timedelta(minutes=1)
    chair.order("0.501")  # 70 kg × 0.501 mg/kg = 35.07 mg, ordered as 35 mg to the tenth
    chair.now = chair.first.starts_at
    chair.order("0.507")  # 35.49 mg → 35.4 mg; at 100 mg/mL 0.354 mL → 0.35 mL, which holds 35 mg
    chair.opened()

    preparation = draw(chair, chair.lot(100), 350)

    assert chair.open.order.dose_ug == 35_400
    assert (preparation.dose_ug, preparation.volume_ul) == (35_000, 350)


@pytest.mark.parametrize(
    ("mg_per_ml", "drawn_ul", "holds"),
    [
        (100, 3_500, "3.5 mL at 100 mg/mL hold 350 mg; no dose may be above 100 mg. Read the vial again."),
        (50, 3_500, "3.5 mL at 50 mg/mL hold 175 mg; no dose may be above 100 mg. Read the vial again."),
        (10, 7_500, "7.5 mL at 10 mg/mL hold 75 mg, and 35 mg are ordered. Read the vial again."),
        (100, 800, "0.8 mL at 100 mg/mL hold 80 mg, and 35 mg are ordered. Read the vial again."),
    ],
)
def test_volume_of_a_weak_vial_from_a_strong_one_is_refused(
    chair: Chair, mg_per_ml: int, drawn_ul: int, holds: str
) -> None:
    chair.opened()
    lot = chair.lot(mg_per_ml)
    before = chair.scoped(lambda: balance(lot))

    with pytest.raises(Refused) as refused:
        draw(chair, lot, drawn_ul)

    assert refused.value.message == holds
    assert chair.scoped(lambda: balance(lot)) == before
    assert chair.open.state == "gates"


@pytest.mark.parametrize("drawn_ul", [-10, 0, 3_490, 3_505, 20_010, 999_999_999])
def test_impossible_draw_is_refused(chair: Chair, drawn_ul: int) -> None:
    chair.opened()

    with pytest.raises(Refused) as refused:
        draw(chair, chair.lot(10), drawn_ul)

    assert refused.value.field == "drawn_ml"
    assert refused.value.message.startswith("Drawn should be between the dose, 3.5 mL, and one vial, 20 mL")


def test_expired_lot_gives_nothing(chair: Chair) -> None:
    chair.opened()
    lot = chair.lot(10)
    lot.expires_date = chair.now.date() - timedelta(days=1)

    with pytest.raises(Refused):
        draw(chair, lot, 3_500)

    assert chair.open.state == "gates"


def test_who_drew_does_not_read_a_second_time(chair: Chair) -> None:
    chair.drawn()

    with pytest.raises(Refused) as refused:
        read(chair, 3_500, by="nurse")

    assert refused.value.message == "The second reading is another person's. You drew this syringe."
    assert read(chair, 3_500, by="prescriber")


@pytest.mark.parametrize(("volume_ul", "ug_per_ml"), [(350, 10_000), (3_600, 10_000), (3_500, 100_000)])
def test_reading_that_differs_stops_the_start(chair: Chair, volume_ul: int, ug_per_ml: int) -> None:
    chair.drawn()

    assert not read(chair, volume_ul, ug_per_ml=ug_per_ml)

    with pytest.raises(Refused) as refused:
        chair.scoped(lambda: services.start_infusion(session=chair.open, by=chair.by("nurse"), at=chair.now))
    assert refused.value.field == "second_check"


def test_start_waits_for_the_second_reading(chair: Chair) -> None:
    chair.drawn()

    with pytest.raises(Refused) as refused:
        chair.scoped(lambda: services.start_infusion(session=chair.open, by=chair.by("nurse"), at=chair.now))

    assert refused.value.field == "second_check"


def test_first_figure_stays_hidden_until_the_second_one_agrees(chair: Chair) -> None:
    chair.drawn()

    assert "Syringe drawn" in [entry.what for entry in chair.told_entries()]
    read(chair, 3_600)
    assert "3.5" not in " ".join(entry.what for entry in chair.told_entries() if "yringe" in entry.what)
    read(chair, 3_500)

    said = [entry.what for entry in chair.told_entries()]
    assert "Syringe drawn: 35 mg in 3.5 mL at 10 mg/mL, lot H-10, one vial holds 200 mg" in said
    assert "Second reading: 3.6 mL at 10 mg/mL, which differs" in said
    assert "Second reading: 3.5 mL at 10 mg/mL, the same" in said


def test_discarded_syringe_is_replaced_and_waits_to_be_wasted(chair: Chair) -> None:
    chair.drawn(drawn_ul=4_000)
    with pytest.raises(Refused):
        chair.scoped(
            lambda: services.discard_syringe(session=chair.open, reason=" ", by=chair.by("nurse"), at=chair.now)
        )
    chair.scoped(
        lambda: services.discard_syringe(
            session=chair.open, reason="The readings differ.", by=chair.by("nurse"), at=chair.now
        )
    )

    assert chair.open.state == "gates"
    assert not chair.sheet.preparation
    second = draw(chair, chair.lot(10), 3_500)

    assert chair.sheet.preparation == second
    assert chair.sheet.check is None
    held = chair.scoped(lambda: [one.in_hand_ug for one in draws_of(chair.by("nurse"), chair.open.id)])
    assert held == [40_000, 35_000]
    assert not chair.scoped(lambda: is_settled(chair.open.id))
