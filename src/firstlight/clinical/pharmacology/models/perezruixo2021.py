"""Perez-Ruixo 2021: esketamine and noresketamine after nasal spray, by mouth or into a vein.

Perez-Ruixo et al. Clin Pharmacokinet 2021;60:501, doi 10.1007/s40262-020-00953-4, Table 3. How it is read, so that the
paper's Table 4 comes out (Cmax and AUC24 of esketamine, Cmax of noresketamine within 1.2 %):
the nose absorbs FRn of the first 28 mg device and 0.62 times as much of each later one; what it does not absorb is
swallowed, and Fgut of that reaches the liver, from a depot that is filled at a constant rate. The liver takes blood
from the centre and gives it back at the flow Qh; kel and kmet act on the amount in it, and kmet makes noresketamine,
mass for mass. ω² is ln(1 + CV²), FRn is logit-normal. The printed differential equations have misprints (dA1, dA2).

Noresketamine's AUC comes out (kel + kmet)/kmet = 1.41 times too high against the paper's own Table 4, while its Cmax
fits. The model carries this as a caveat.
"""

import math
from collections.abc import Sequence

import numpy as np

from firstlight.clinical.pharmacology.doses import Dose, Isomer, Route
from firstlight.clinical.pharmacology.errors import NotANumber
from firstlight.clinical.pharmacology.modelling import (
    Assumption,
    Blank,
    Checked,
    Covariate,
    Entry,
    GivenInto,
    Model,
    Parameter,
    Site,
    Values,
    exchange,
)
from firstlight.clinical.pharmacology.people import Ancestry, Person
from firstlight.clinical.pharmacology.residuals import ErrorKind, Residual
from firstlight.clinical.pharmacology.systems import Flow, Input, Number, Output, System
from firstlight.clinical.pharmacology.variability import Scale, alone, variance_of_cv

DEVICE_MG = 28.0
SESSION_H = 12.0
ASIAN = {Ancestry.JAPANESE, Ancestry.OTHER_ASIAN}

PARAMETERS = (
    Parameter("FRn", 0.54, "", "fraction of the first device absorbed by the nose"),
    Parameter("later", 0.62, "", "FRn of each later device, relative to the first"),
    Parameter("ka_n", 2.93, "1/h", "absorption from the nose"),
    Parameter("Dsw", 0.53, "h", "how long swallowed spray feeds its depot"),
    Parameter("ka_sw", 1.45, "1/h", "absorption of swallowed spray into the liver"),
    Parameter("Fgut", 0.64, "", "fraction that passes the gut wall"),
    Parameter("Dpo", 0.32, "h", "how long an oral solution feeds its depot"),
    Parameter("ka_po", 0.97, "1/h", "absorption of an oral solution into the liver"),
    Parameter("Vc", 192.0, "L", "central volume of esketamine"),
    Parameter("Vp1", 143.0, "L", "first peripheral volume"),
    Parameter("Q1", 84.3, "L/h", "clearance between central and first peripheral volume"),
    Parameter("Vp2", 417.0, "L", "second peripheral volume"),
    Parameter("Q2", 37.6, "L/h", "clearance between central and second peripheral volume"),
    Parameter("Qh", 151.0, "L/h", "flow through the liver up to 60 years of age"),
    Parameter("Qh_age", 2.19, "L/h per year", "loss of that flow for each year over 60"),
    Parameter("Vh", 101.0, "L", "volume of the liver"),
    Parameter("kel", 1.11, "1/h", "elimination in the liver by other ways"),
    Parameter("kmet", 2.77, "1/h", "metabolism in the liver to noresketamine"),
    Parameter("VN", 70.0, "L", "central volume of noresketamine (over F)"),
    Parameter("CLN", 38.0, "L/h", "clearance of noresketamine (over F)"),
    Parameter("VpN", 115.0, "L", "peripheral volume of noresketamine (over F)"),
    Parameter("QN", 26.1, "L/h", "clearance between the volumes of noresketamine (over F)"),
    Parameter("japanese_FRn", 1.34, "", "FRn of Japanese people, relative; capped at 1 by us"),
    Parameter("asian_kel", 0.36, "", "kel of Asian people, relative"),
    Parameter("asian_CLN", 0.81, "", "CLN of Asian people, relative"),
    Parameter("old", 60.0, "years", "age from which the flow through the liver falls"),
    Parameter("device", DEVICE_MG, "mg", "esketamine in one device of the spray"),
)

SIGMA = (
    Residual("s_ketamine", ErrorKind.LOG, 0.276, read="that of phase I and II"),
    Residual("norketamine", ErrorKind.LOG, 0.422, read="that of phase I and II"),
)


def disposition(values: Values, person: Person) -> System:
    """Three volumes and a liver for esketamine, two volumes for noresketamine. Weight changes nothing."""
    asian = person.ancestry in ASIAN
    flow = values["Qh"] - values["Qh_age"] * max(0.0, (person.age_years or 0.0) - values["old"])
    volume_n = values["VN"]
    return System(
        states=("central", "peripheral1", "peripheral2", "liver", "norketamine", "norketamine2"),
        flows=(
            *exchange("central", "peripheral1", clearance=values["Q1"], volumes=(values["Vc"], values["Vp1"])),
            *exchange("central", "peripheral2", clearance=values["Q2"], volumes=(values["Vc"], values["Vp2"])),
            *exchange("central", "liver", clearance=flow, volumes=(values["Vc"], values["Vh"])),
            Flow("liver", None, values["kel"] * (values["asian_kel"] if asian else 1.0)),
            Flow("liver", "norketamine", values["kmet"]),
            *exchange("norketamine", "norketamine2", clearance=values["QN"], volumes=(volume_n, values["VpN"])),
            Flow("norketamine", None, values["CLN"] * (values["asian_CLN"] if asian else 1.0) / volume_n),
        ),
        outputs=(Output("s_ketamine", "central", values["Vc"]), Output("norketamine", "norketamine", volume_n)),
    )


def nasal_spray(values: Values, person: Person, doses: Sequence[Dose]) -> Entry:
    """Devices of 28 mg in the order in which they are given; a dose of 56 mg is two of them at the same moment."""
    first = values["FRn"] * (values["japanese_FRn"] if person.ancestry is Ancestry.JAPANESE else 1.0)
    inputs: list[Input] = []
    for start_h, is_first in _devices(doses):
        absorbed = np.minimum(first * (1.0 if is_first else values["later"]), 1.0)
        swallowed = DEVICE_MG * (1 - absorbed) * values["Fgut"]
        inputs += [
            Input("nose", DEVICE_MG * absorbed, start_h),
            Input("swallowed", swallowed, start_h, values["Dsw"]),
        ]
    return Entry(
        states=("nose", "swallowed"),
        flows=(Flow("nose", "central", values["ka_n"]), Flow("swallowed", "liver", values["ka_sw"])),
        inputs=tuple(inputs),
    )


def oral_solution(values: Values, person: Person, doses: Sequence[Dose]) -> Entry:
    """Into the liver, from a depot filled at a constant rate."""
    reaching: Number = values["Fgut"]
    return Entry(
        states=("stomach",),
        flows=(Flow("stomach", "liver", values["ka_po"]),),
        inputs=tuple(Input("stomach", dose.amount_mg * reaching, dose.start_h, values["Dpo"]) for dose in doses),
    )


def _devices(doses: Sequence[Dose]) -> list[tuple[float, bool]]:
    """When each device is given, and whether it is the first of its session."""
    starts = [dose.start_h for dose in sorted(doses, key=lambda dose: dose.start_min) for _ in range(_count(dose))]
    before = [-math.inf, *starts]
    return [(start, start - last > SESSION_H) for start, last in zip(starts, before, strict=False)]


def _count(dose: Dose) -> int:
    count = round(dose.amount_mg / DEVICE_MG)
    if count < 1 or abs(count * DEVICE_MG - dose.amount_mg) > 1e-9:
        expected = f"the spray comes in devices of {DEVICE_MG:g} mg: give 28, 56 or 84 mg"
        raise NotANumber(field="dose", value=dose.amount_mg, expected=expected)
    return count


MODEL = Model(
    name="perezruixo2021",
    title="Esketamine and noresketamine; nasal spray, oral solution, infusion",
    sources=("PEREZ-RUIXO-21",),
    table="Table 3",
    checked=Checked.TWO_SOURCES,
    isomer=Isomer.S,
    site=Site.UNKNOWN,
    analytes=("s_ketamine", "norketamine"),
    population={"en": "820 adults, healthy or with treatment-resistant depression"},
    youngest_years=18,
    parameters=PARAMETERS,
    disposition=disposition,
    routes={
        Route.INTRAVENOUS: GivenInto("central"),
        Route.INTRANASAL: nasal_spray,
        Route.ORAL: oral_solution,
    },
    variability=(
        *alone({"FRn": 0.708**2}, scale=Scale.LOGIT),
        *alone({"ka_n": variance_of_cv(61.5), "ka_sw": variance_of_cv(132), "ka_po": variance_of_cv(132)}),
        *alone({"Vc": variance_of_cv(27.5), "Vp1": variance_of_cv(49.3), "Qh": variance_of_cv(23.2)}),
        *alone({"Vh": variance_of_cv(34.6), "kel": variance_of_cv(120)}),
        *alone({"VN": variance_of_cv(31.6), "CLN": variance_of_cv(25.4)}),
    ),
    residual=SIGMA,
    blank=(
        Blank(
            "kmet",
            most_percent=30.0,
            why={
                "en": "its cell is blank in the paper: none is taken unless somebody chooses; nlmixr2lib puts 30 % there"
            },
            sources=("PEREZ-RUIXO-21",),
        ),
    ),
    covariates=(
        Covariate(
            "age",
            "years",
            None,
            None,
            {"en": "The flow through the liver falls with each year over 60; up to 60, age changes nothing."},
            missing={"en": "Taken as not over 60; the flow through the liver falls with each year beyond it."},
        ),
        Covariate(
            "weight", "kg", None, None, {"en": "Weight had no significant effect in 820 people; it changes nothing."}
        ),
        Covariate(
            "ancestry",
            "",
            None,
            None,
            {"en": "The paper tells Japanese, other Asian and other people apart."},
            missing={
                "en": "Japanese people absorb more through the nose, and Asian people eliminate less; the person is taken as "
                "neither."
            },
            groups=tuple(Ancestry),
        ),
    ),
    assumptions=(
        Assumption(
            name={"en": "session"},
            value=SESSION_H,
            unit="h",
            why={"en": "a device more than this long after the one before counts as the first of a new session (ours)"},
        ),
        Assumption(
            name={"en": "AUC of noresketamine"},
            value=1.41,
            why={
                "en": "printed parameters give an AUC of noresketamine 41 to 46 % above the paper's Table 4, by "
                "(kel + kmet)/kmet; its Cmax fits. Read noresketamine's course after the peak as too high"
            },
            sources=("PEREZ-RUIXO-21",),
        ),
    ),
)
