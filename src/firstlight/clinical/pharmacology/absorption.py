"""Routes that no model of ours was fitted to: named, bounded assumptions that every output carries along.

A lent route has one depot, filled at once or at a constant rate, from which the fraction F reaches the central volume.
What the gut wall and the liver turn into norketamine on the way is not counted; the output says so where it matters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from firstlight.clinical.pharmacology.doses import Dose, Isomer, Route
from firstlight.clinical.pharmacology.modelling import Assumption, Entry, Values
from firstlight.clinical.pharmacology.systems import Flow, Input


@dataclass(frozen=True, slots=True)
class LentRoute:
    """A route as an assumption. Symbols of its numbers: `<route>_F`, `<route>_ka`, `<route>_D` where there is one."""

    route: Route
    isomers: tuple[Isomer, ...]
    assumptions: tuple[Assumption, ...]
    remarks: tuple[Assumption, ...] = ()

    def entry(self, values: Values, doses: Sequence[Dose]) -> Entry:
        """One depot in front of the central volume."""
        depot, prefix = f"{self.route}_depot", f"{self.route}_"
        duration_h = values.get(f"{prefix}D", 0.0)
        return Entry(
            states=(depot,),
            flows=(Flow(depot, "central", values[f"{prefix}ka"]),),
            inputs=tuple(
                Input(depot, dose.amount_mg * values[f"{prefix}F"], dose.start_h, duration_h) for dose in doses
            ),
        )


BOTH = (Isomer.RACEMATE, Isomer.S)
FIRST_PASS = Assumption(
    name={"en": "norketamine of the first pass"},
    why={
        "en": "what gut and liver turn into norketamine before ketamine reaches the blood is left out: norketamine is too low"
    },
)

INTRAMUSCULAR = LentRoute(
    route=Route.INTRAMUSCULAR,
    isomers=BOTH,
    assumptions=(
        Assumption(
            symbol="im_ka",
            name={"en": "intramuscular absorption"},
            value=4.5,
            low=2.5,
            high=8.0,
            unit="1/h",
            why={
                "en": "not found in print; with the Clements disposition 4 to 8 per hour put the peak at 24 to 15 min, and "
                "sources name 5 to 22 min"
            },
            sources=("K-US",),
        ),
        Assumption(
            symbol="im_F",
            name={"en": "intramuscular bioavailability"},
            value=0.93,
            low=0.80,
            high=1.0,
            most=1.0,
            why={"en": "93 % in secondary sources only, the paper behind them was not read; the bounds are ours"},
            sources=("IM-SECONDARY",),
        ),
    ),
)

SUBCUTANEOUS = LentRoute(
    route=Route.SUBCUTANEOUS,
    isomers=BOTH,
    assumptions=(
        Assumption(
            symbol="sc_ka",
            name={"en": "subcutaneous absorption"},
            value=4.5,
            low=1.5,
            high=13.5,
            unit="1/h",
            why={
                "en": "no human population model found: the intramuscular value, with a threefold band either way (ours)"
            },
        ),
        Assumption(
            symbol="sc_F",
            name={"en": "subcutaneous bioavailability"},
            value=0.93,
            low=0.60,
            high=1.0,
            most=1.0,
            why={
                "en": "no human population model found: the intramuscular value, with a wide band (ours); "
                "exposure was like intramuscular in rats only"
            },
        ),
    ),
)

ORAL = LentRoute(
    route=Route.ORAL,
    isomers=BOTH,
    assumptions=(
        Assumption(
            symbol="oral_F",
            name={"en": "oral bioavailability"},
            value=0.17,
            low=0.08,
            high=0.20,
            most=1.0,
            why={"en": "8 % (S-ketamine, Fanta 2015), 17.8 % (Perez-Ruixo 2021), about 20 % (tablet, Yanagihara 2003)"},
            sources=("FANTA-15", "PEREZ-RUIXO-21", "YANAGIHARA-03"),
        ),
        Assumption(
            symbol="oral_ka",
            name={"en": "oral absorption"},
            value=0.97,
            low=0.49,
            high=1.94,
            unit="1/h",
            why={"en": "that of an oral solution in Perez-Ruixo 2021; a twofold band either way is ours"},
            sources=("PEREZ-RUIXO-21",),
        ),
        Assumption(
            symbol="oral_D",
            name={"en": "filling of the oral depot"},
            value=0.32,
            unit="h",
            why={"en": "that of an oral solution in Perez-Ruixo 2021"},
            sources=("PEREZ-RUIXO-21",),
        ),
    ),
    remarks=(FIRST_PASS,),
)

SUBLINGUAL = LentRoute(
    route=Route.SUBLINGUAL,
    isomers=BOTH,
    assumptions=(
        Assumption(
            symbol="sublingual_F",
            name={"en": "sublingual bioavailability"},
            value=0.29,
            low=0.26,
            high=0.31,
            most=1.0,
            why={
                "en": "wafer 29 % (90 % interval 27 to 31, Rolan 2014), tablet about 30 % (Yanagihara 2003), film 26 % (Simons "
                "2022); it counts what is swallowed too"
            },
            sources=("ROLAN-14", "YANAGIHARA-03", "SIMONS-22"),
        ),
        Assumption(
            symbol="sublingual_ka",
            name={"en": "sublingual absorption"},
            value=0.04,
            low=0.02,
            high=0.08,
            unit="1/min",
            why={
                "en": "that of the film in Simons 2022; a twofold band either way is ours. A wafer peaked at 0.75 h (0.25 to 1.0)"
            },
            sources=("SIMONS-22", "ROLAN-14"),
        ),
        Assumption(
            symbol="sublingual_D",
            name={"en": "filling of the mucosa"},
            value=13.1,
            unit="min",
            why={"en": "that of the film in Simons 2022"},
            sources=("SIMONS-22",),
        ),
    ),
    remarks=(FIRST_PASS,),
)

INTRANASAL_RACEMATE = LentRoute(
    route=Route.INTRANASAL,
    isomers=(Isomer.RACEMATE,),
    assumptions=(
        Assumption(
            symbol="intranasal_F",
            name={"en": "bioavailability of intranasal racemate"},
            value=0.22,
            low=0.11,
            high=0.45,
            most=1.0,
            why={
                "en": "sources conflict: about 45 % (Yanagihara 2003, 3 people) against 11 to 17 % at 10 to 50 mg in a study of "
                "2022; the value is their geometric middle (ours)"
            },
            sources=("YANAGIHARA-03", "NASAL-22"),
        ),
        Assumption(
            symbol="intranasal_ka",
            name={"en": "absorption of intranasal racemate"},
            value=2.93,
            low=1.5,
            high=6.0,
            unit="1/h",
            why={
                "en": "that of esketamine spray in Perez-Ruixo 2021; the bounds are ours. Peaks were seen at 14 to 23 min"
            },
            sources=("PEREZ-RUIXO-21",),
        ),
    ),
    remarks=(FIRST_PASS,),
)

LENT = (INTRAMUSCULAR, SUBCUTANEOUS, ORAL, SUBLINGUAL, INTRANASAL_RACEMATE)


def lent(route: Route, isomer: Isomer) -> LentRoute | None:
    """The assumption for this route and isomer, or None where there is none to lend."""
    return next((one for one in LENT if one.route is route and isomer in one.isomers), None)
