"""From a model, a person and doses to what the engine solves: one body for the typical person, or one a subject."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.absorption import LentRoute
from firstlight.clinical.pharmacology.accepting import each_of, one_of
from firstlight.clinical.pharmacology.covering import lent_route, require_isomer, require_population
from firstlight.clinical.pharmacology.doses import Dose, Isomer, Route
from firstlight.clinical.pharmacology.errors import (
    AnalyteNotCovered,
    IsomerNotCovered,
    NothingAsked,
)
from firstlight.clinical.pharmacology.modelling import Assumption, Entry, Model, Values
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.pharmacology.systems import Flow, Input, Number, Output, System
from firstlight.clinical.pharmacology.variability import Variability, alone, variance_of_cv

R_LIKE_S = Assumption(
    name={"en": "R-ketamine behaves like S-ketamine"},
    value=1.0,
    low=1.0,
    high=1.06,
    why={
        "en": "the model was fitted to S-ketamine only; the R half of the dose is given S-ketamine's course. Clearance differs "
        "by 6 % in Hasan 2021 (1,620 against 1,530 mL/min, 15 people), so R-ketamine's AUC may be that much higher"
    },
    sources=("HASAN-21",),
)
R_METABOLITES_LIKE_S = Assumption(
    name={"en": "R-metabolites behave like S-metabolites"},
    value=1.0,
    why={"en": "the metabolites of the R half are given the course of those of the S half; bounds are unknown"},
)
EFFECT_STATE = "effect_site"


@dataclass(frozen=True, slots=True)
class Plan:
    """One model with the doses it is to follow, checked: what `body` needs, and what every output must carry."""

    model: Model
    person: Person
    doses: tuple[Dose, ...]
    lent_routes: tuple[LentRoute, ...] = field(repr=False)
    cv_percent: tuple[tuple[str, float], ...] = ()

    @property
    def isomer(self) -> Isomer:
        return self.doses[0].isomer

    @property
    def splits_racemate(self) -> bool:
        """Whether the doses are a racemate of which the model follows the S half."""
        return self.isomer is Isomer.RACEMATE and self.model.isomer is Isomer.S

    @property
    def drawn(self) -> tuple[Assumption, ...]:
        """Assumptions that a cohort draws, in a fixed order."""
        return self.model.drawn + tuple(one for route in self.lent_routes for one in route.assumptions if one.is_drawn)

    @property
    def variability(self) -> tuple[Variability, ...]:
        """The model's own blocks, and those of parameters for which a coefficient of variation was chosen."""
        chosen = {symbol: variance_of_cv(percent) for symbol, percent in self.cv_percent if percent}
        return (*self.model.variability, *alone(chosen))

    @property
    def draws(self) -> int:
        """How many standard-normal numbers make one subject."""
        return sum(block.size for block in self.variability) + len(self.drawn)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Everything that is no fact of the model's paper: its own caveats, lent routes, isomers, the person."""
        chosen = dict(self.cv_percent)
        blanks = [blank.assumption(chosen.get(blank.symbol, 0.0)) for blank in self.model.blank]
        taken = [*self.model.assumptions, *blanks]
        for route in self.lent_routes:
            taken += [*route.assumptions, *self._remarks(route)]
        if self.splits_racemate:
            taken += [R_LIKE_S, R_METABOLITES_LIKE_S] if len(self.model.analytes) > 1 else [R_LIKE_S]
        remarks = [covariate.remark(self.person.fact(covariate.name)) for covariate in self.model.covariates]
        return (*taken, *(remark for remark in remarks if remark is not None))

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the evidence registry, each once: the model's own first, then those of the assumptions."""
        keys = [*self.model.sources, *(key for one in self.assumptions for key in one.sources)]
        return tuple(dict.fromkeys(keys))

    def _remarks(self, route: LentRoute) -> tuple[Assumption, ...]:
        return route.remarks if "norketamine" in self.model.analytes else ()


def plan(model: Model, *, person: Person, doses: Sequence[Dose], cv_percent: Mapping[str, float] | None = None) -> Plan:
    """Check that the model covers the person, the isomer and every route.

    `cv_percent` gives parameters whose variability the paper leaves blank (`model.blank`) one of the caller's choice.
    Raises WrongKind, NothingAsked, PopulationNotCovered, IsomerNotCovered or RouteNotCovered.
    """
    one_of(Model, model, field="model", expected="give a model, such as MODELS['otto2021']")
    one_of(Person, person, field="person", expected="give a Person(weight_kg=…)")
    doses = each_of(Dose, doses, field="doses", expected="give a list of Dose(…)")
    if not doses:
        raise NothingAsked(field="doses", value=doses, expected="give at least one dose")
    if len({dose.isomer for dose in doses}) > 1:
        expected = "give doses of one isomer at a time and add the results up"
        raise IsomerNotCovered(field="isomer", value=[dose.isomer.value for dose in doses], expected=expected)
    require_population(model, person)
    require_isomer(model, doses[0].isomer)
    routes = [lent_route(model, dose) for dose in doses]
    lent_routes = tuple(dict.fromkeys(route for route in routes if route is not None))
    return Plan(model, person, doses, lent_routes, model.chosen_cv(cv_percent or {}))


def body(
    planned: Plan,
    *,
    normals: NDArray[np.float64] | None = None,
    ke0_per_h: float | None = None,
    analytes: Collection[str] = (),
) -> tuple[System, list[Input]]:
    """System and inputs: typical without `normals`, else one value a row of `normals`, shape (S, planned.draws).

    With `ke0_per_h` an output `effect_site` follows `ketamine` at that rate. `analytes` picks outputs; none picks all.
    Raises AnalyteNotCovered for one that the model does not give.
    """
    values = _values(planned, normals)
    system = planned.model.disposition(values, planned.person)
    entries = _entries(planned, values)
    outputs = tuple(_outputs(planned, system.outputs))
    system = System(
        states=system.states + tuple(state for entry in entries for state in entry.states),
        flows=system.flows + tuple(flow for entry in entries for flow in entry.flows),
        outputs=outputs,
    )
    if ke0_per_h is not None:
        system = _with_effect_site(system, ke0_per_h)
    if analytes:
        system = replace(system, outputs=tuple(_picked(planned, system.outputs, analytes)))
    return system, [one for entry in entries for one in entry.inputs]


def _values(planned: Plan, normals: NDArray[np.float64] | None) -> Values:
    values = planned.model.values()
    lent_values = [one for route in planned.lent_routes for one in route.assumptions]
    values |= {one.symbol: one.in_hours for one in (*planned.model.assumptions, *lent_values) if one.symbol}
    if normals is None:
        return values
    used = 0
    for block in planned.variability:
        block.apply(values, normals[:, used : used + block.size])
        used += block.size
    for column, assumption in enumerate(planned.drawn, start=used):
        values[assumption.symbol] = assumption.drawn(normals[:, column])
    return values


def _entries(planned: Plan, values: Values) -> list[Entry]:
    share = 0.5 if planned.splits_racemate else 1.0
    by_route: dict[Route, list[Dose]] = {}
    for dose in planned.doses:
        by_route.setdefault(dose.route, []).append(replace(dose, amount_mg=dose.amount_mg * share))
    lent_routes: Mapping[Route, LentRoute] = {route.route: route for route in planned.lent_routes}
    return [
        lent_routes[route].entry(values, doses)
        if route in lent_routes
        else planned.model.routes[route](values, planned.person, doses)
        for route, doses in by_route.items()
    ]


def _outputs(planned: Plan, outputs: Sequence[Output]) -> list[Output]:
    """`ketamine` is the sum of the isomers; metabolites of a split racemate count both halves."""
    if planned.model.isomer is Isomer.RACEMATE:
        return list(outputs)
    ratio: Number = (R_LIKE_S.value or 0.0) if planned.splits_racemate else 0.0
    parent, *metabolites = outputs
    named = [replace(parent, name="ketamine", factor=parent.factor * (1 + ratio)), parent]
    if planned.splits_racemate:
        named.append(replace(parent, name="r_ketamine", factor=parent.factor * ratio))
    return named + [replace(one, factor=one.factor * (2.0 if planned.splits_racemate else 1.0)) for one in metabolites]


def _picked(planned: Plan, outputs: Sequence[Output], analytes: Collection[str]) -> list[Output]:
    known = [output.name for output in outputs]
    for analyte in each_of(str, analytes, field="analytes", expected=f"give a list of names from {', '.join(known)}"):
        if analyte not in known:
            expected = f"{planned.model.name} gives {', '.join(known)} here"
            raise AnalyteNotCovered(field="analyte", value=analyte, expected=expected)
    return [output for output in outputs if output.name in analytes]


def _with_effect_site(system: System, ke0_per_h: float) -> System:
    ketamine = next(output for output in system.outputs if output.name == "ketamine")
    follows = Flow(ketamine.state, EFFECT_STATE, ke0_per_h, drains=False)
    return System(
        states=(*system.states, EFFECT_STATE),
        flows=(*system.flows, follows, Flow(EFFECT_STATE, None, ke0_per_h)),
        outputs=(*system.outputs, replace(ketamine, name="effect_site", state=EFFECT_STATE)),
    )
