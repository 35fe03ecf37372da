"""Amounts as they may be printed. `{% load ledger %}`."""

from django import template

from firstlight.clinical.quantities import Concentration, Mass, Volume

register = template.Library()


@register.filter
def mg(amount_ug: int) -> str:
    """`{{ lot.vial_ug|mg }}`: 200 mg."""
    return Mass(amount_ug).text()


@register.filter
def ml(volume_ul: int) -> str:
    """`{{ lot.vial_volume_ul|ml }}`: 20 mL."""
    return Volume(volume_ul).text()


@register.filter
def mg_per_ml(concentration_ug_per_ml: int) -> str:
    """`{{ lot.concentration_ug_per_ml|mg_per_ml }}`: 10 mg/mL."""
    return Concentration(concentration_ug_per_ml).text()
