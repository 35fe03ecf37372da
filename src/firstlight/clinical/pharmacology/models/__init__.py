"""Published models, one file each. To add one, write its file and name it here."""

from collections.abc import Mapping
from types import MappingProxyType

from firstlight.clinical.pharmacology.modelling import Model
from firstlight.clinical.pharmacology.models import (
    clements1981,
    domino1984,
    kamp2020,
    otto2021,
    perezruixo2021,
    simons2022,
)

MODELS: Mapping[str, Model] = MappingProxyType(
    {
        module.MODEL.name: module.MODEL
        for module in (otto2021, simons2022, perezruixo2021, domino1984, clements1981, kamp2020)
    }
)
