"""Values with units. Nothing here knows what is a good dose, only what is an amount at all."""

from firstlight.clinical.quantities.amounts import Amount, Concentration, DosePerKilogram, Mass, Minutes, Volume, Weight
from firstlight.clinical.quantities.errors import QuantityError
from firstlight.clinical.quantities.numerals import numeral, scaled
from firstlight.clinical.quantities.readings import POSSIBLE, BloodPressure, Reading, possible

__all__ = [
    "POSSIBLE",
    "Amount",
    "BloodPressure",
    "Concentration",
    "DosePerKilogram",
    "Mass",
    "Minutes",
    "QuantityError",
    "Reading",
    "Volume",
    "Weight",
    "numeral",
    "possible",
    "scaled",
]
