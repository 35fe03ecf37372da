"""A course of concentrations with everything that must agree before it is held against another one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from firstlight.clinical.pharmacology.accepting import checked_numbers, chosen, one_of
from firstlight.clinical.pharmacology.errors import (
    AnalytesDiffer,
    DifferentLengths,
    IsomersDiffer,
    NothingAsked,
    SitesDiffer,
    TimesDiffer,
)
from firstlight.clinical.pharmacology.modelling import Site

SAME_TIME = 1e-9  # relative: minutes made from hours differ in their last digit


class Measured(StrEnum):
    """Which isomer a concentration is of; of the racemate it is the sum of both."""

    RACEMATE = "racemate"
    S = "s"
    R = "r"


ISOMER_OF: Mapping[str, Measured] = {"s_ketamine": Measured.S, "r_ketamine": Measured.R}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One analyte in ng/mL at minutes: the typical person, or what was observed, and quantiles where people were drawn.

    Site and isomer belong to every observation as to every model; a site that is not known is `unknown`.
    Raises UnknownWord, NotANumber, DifferentLengths.
    """

    value: NDArray[np.float64] = field(repr=False)
    at_min: NDArray[np.float64] = field(repr=False)
    analyte: str
    isomer: Measured
    site: Site
    quantiles: Mapping[str, NDArray[np.float64]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "site", chosen(Site, self.site, field="site"))
        object.__setattr__(self, "isomer", chosen(Measured, self.isomer, field="isomer"))
        value = checked_numbers(self.value, field="course", expected="give concentrations in ng/mL")
        at_min = checked_numbers(self.at_min, field="at_min", expected="give minutes")
        if value.shape != at_min.shape:
            expected = f"give one concentration for each of the {at_min.size} times"
            raise DifferentLengths(field="course", value=value.shape, expected=expected)
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "at_min", at_min)

    @property
    def substance(self) -> str:
        """What was measured, whichever isomer: S-ketamine and the ketamine of a dose of S-ketamine are one substance."""
        return "ketamine" if self.analyte in ISOMER_OF else self.analyte


def compare(found: Course, other: Course) -> NDArray[np.float64]:
    """How far one course of values lies from another at the same times, as a share of the other: 0.1 is a tenth above.

    Raises SitesDiffer unless both were sampled at the same known site, AnalytesDiffer, IsomersDiffer, DifferentLengths,
    TimesDiffer.
    """
    for course in (found, other):
        one_of(Course, course, field="course", expected="give courses, such as simulate(…).analytes['ketamine']")
    require_same_site(found.site, other.site)
    if found.substance != other.substance:
        expected = f"compare {other.analyte} with {other.analyte}"
        raise AnalytesDiffer(field="analyte", value=found.analyte, expected=expected)
    if found.isomer != other.isomer:
        expected = (
            f"compare isomer {other.isomer} with isomer {other.isomer}; the sum of both isomers is not one of them"
        )
        raise IsomersDiffer(field="isomer", value=found.isomer.value, expected=expected)
    _require_same_times(found, other)
    return np.asarray(found.value / other.value - 1)


def require_same_site(*sites: Site) -> Site:
    """The one known site of what is to be compared.

    Raises SitesDiffer: arterial and venous concentrations differ while a dose runs in, and an unknown site matches none.
    """
    if not sites:
        raise NothingAsked(field="site", value=sites, expected="name at least one sampling site")
    sites = tuple(chosen(Site, site, field="site") for site in sites)
    if len(set(sites)) > 1 or Site.UNKNOWN in sites:
        expected = "compare what was sampled at the same known site; arterial and venous blood differ"
        raise SitesDiffer(field="site", value=[site.value for site in sites], expected=expected)
    return sites[0]


def _require_same_times(found: Course, other: Course) -> None:
    if found.at_min.shape != other.at_min.shape:
        expected = f"compare at the same {other.at_min.size} times"
        raise DifferentLengths(field="course", value=found.at_min.shape, expected=expected)
    apart = ~np.isclose(found.at_min, other.at_min, rtol=SAME_TIME, atol=0.0)
    if apart.any():
        first = int(np.flatnonzero(apart)[0])
        expected = f"compare at the same times; the other course has {float(other.at_min.flat[first]):g} min there"
        raise TimesDiffer(field="at_min", value=float(found.at_min.flat[first]), expected=expected)
