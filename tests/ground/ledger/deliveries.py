"""Deliveries for stories about the stock."""

from datetime import date
from typing import Any

from firstlight.ground.ledger import services
from firstlight.ground.ledger.models import Lot
from tests.cast import NOW, House

LABEL = {
    "ndc": "42023-113-10",
    "concentration_ug_per_ml": 10_000,
    "vial_volume_ul": 20_000,
    "vials": 10,
    "supplier": "Northwind Medical, 4 Dock Rd, Albany, DEA RN0123456",
    "expires_date": date(2027, 6, 30),
}


def delivery(house: House, lot_number: str = "K24-118", **changes: Any) -> Lot:
    """Receive ten vials of 200 mg in 20 mL, or what the changes say."""
    facts = {"invoice": f"INV-{lot_number}", "at": NOW} | LABEL | changes
    return services.receive(clinic_id=house.clinic.id, lot_number=lot_number, by=house.actor("nurse"), **facts)
