"""Tenfold errors with ketamine that happened, replayed: the ledger's part in stopping them (see also the dose check).

AHRQ PSNet, 29 January 2021: vials of 100 mg/mL taken for 10 mg/mL, 950 mg instead of 95 mg.
ISMP, 3 June 1998: "50 mg/mL" on a 10 mL vial read as 50 mg in the vial, 500 mg given after two nurses had checked.
"""

from collections.abc import Iterator
from inspect import Parameter, signature
from uuid import uuid4

import pytest
from django_scopes import scope

from firstlight.ground.ledger import services
from firstlight.ground.ledger.forms import ReceiveForm
from firstlight.ground.people.errors import Refused
from tests.cast import NOW, House
from tests.ground.ledger.deliveries import delivery


@pytest.fixture(autouse=True)
def inside(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def test_950_mg_do_not_come_out_of_one_strong_vial(house: House) -> None:
    strong = delivery(house, "STRONG", concentration_ug_per_ml=100_000, vial_volume_ul=5_000)

    with pytest.raises(Refused, match="holds 500 mg in all"):
        services.draw(lot=strong, amount_ug=950_000, session_ref=uuid4(), by=house.actor("nurse"), at=NOW)


def test_500_mg_do_not_come_out_of_a_vial_that_holds_200_mg(house: House) -> None:
    weak = delivery(house, "WEAK")

    with pytest.raises(Refused, match="holds 200 mg in all"):
        services.draw(lot=weak, amount_ug=500_000, session_ref=uuid4(), by=house.actor("nurse"), at=NOW)


def test_label_read_as_50_mg_in_all_is_refused_when_the_vial_comes(house: House) -> None:
    with pytest.raises(Refused, match="make 500 mg in a vial, the label says 50 mg") as refused:
        delivery(house, concentration_ug_per_ml=50_000, vial_volume_ul=10_000, vial_total_ug=50_000)

    assert refused.value.field == "vial_total_ug"


@pytest.mark.parametrize("field", ["concentration_ug_per_ml", "vial_volume_ul", "vials", "expires_date"])
def test_label_has_no_default(field: str) -> None:
    assert signature(services.receive).parameters[field].default is Parameter.empty
    assert ReceiveForm().fields[field].initial is None


@pytest.mark.parametrize(
    ("typed", "cleaned"), [("10", 10_000), ("10 mg/mL", 10_000), ("0.1", 100), ("100", 100_000), ("1,000", 1_000_000)]
)
def test_concentration_is_read_as_typed(typed: str, cleaned: int) -> None:
    assert ReceiveForm().fields["concentration_ug_per_ml"].clean(typed) == cleaned


@pytest.mark.parametrize(
    "typed", [".5", "10.0", "1e3", "010", "-10", "10 mg", "10 mcg/mg", "ten", "10 10", "<b>", "9" * 100]
)
def test_ambiguous_concentration_is_refused(typed: str) -> None:
    form = ReceiveForm({"concentration_ug_per_ml": typed})

    assert "concentration_ug_per_ml" in form.errors
