"""Invented people around one body: a parent drug with a tissue, a metabolite and an effect site."""

from dataclasses import dataclass

import numpy as np

from firstlight.clinical.pharmacology.draws import normals
from firstlight.clinical.pharmacology.systems import Flow, Input, Output, System

DOSE_MG = 35.0


@dataclass(frozen=True)
class Drawn:
    """Subjects by number: clearance, volume and lag differ between them."""

    seed: int = 7

    def __call__(self, first: int, count: int):
        drawn = np.exp(0.3 * normals(self.seed, first=first, count=count, dimensions=3))
        clearance, volume, lag = 80.0 * drawn[:, 0], 120.0 * drawn[:, 1], 0.2 * drawn[:, 2]
        return body(clearance, volume), [Input("central", DOSE_MG, 0.0, 2 / 3), Input("depot", 10.0, lag)]


def body(clearance_l_per_h, volume_l) -> System:
    flows = (
        Flow("depot", "central", 1.2),
        Flow("central", "tissue", 160.0 / volume_l),
        Flow("tissue", "central", 1.6),
        Flow("central", "metabolite", clearance_l_per_h / volume_l),
        Flow("metabolite", None, 0.6),
        Flow("central", "effect", 6.84, drains=False),
        Flow("effect", None, 6.84),
    )
    outputs = (
        Output("ketamine", "central", volume_l),
        Output("norketamine", "metabolite", 95.0, 0.941),
        Output("effect site", "effect", volume_l),
    )
    return System(("depot", "central", "tissue", "metabolite", "effect"), flows, outputs)
