"""Facts that stand in the record already: age, birth, children. Pure over the rows that the caller loaded."""

from collections.abc import Sequence
from datetime import date

from firstlight.ground.people.models import Child, FeedingWay, Parent, Relation
from firstlight.journey.eligibility.facts import Fact

BREAST = {FeedingWay.BREAST, FeedingWay.MIXED, FeedingWay.SOLIDS}
NOT_BREAST = {FeedingWay.FORMULA, FeedingWay.NO_MILK}
MAY_HAVE_GIVEN_BIRTH = {Relation.MOTHER, Relation.UNKNOWN}
YOUNG_WEEKS, INFANT_WEEKS = 8, 52


def record_facts(parent: Parent, children: Sequence[Child], *, silent: bool, today: date) -> list[Fact]:
    """Facts from the parent's own row and the family's children. After a loss nothing is derived from a child.

    A mother, or somebody of whom nobody wrote down what she is to the child, may have given birth while no day of birth
    is written down: that stays unknown, and so do its rules.
    """
    found: list[Fact] = []
    age = parent.age_on(today)
    if age is not None:
        found.append(_fact("age_years", age))
    gave_birth = parent.gave_birth_date is not None
    if gave_birth or parent.relation not in MAY_HAVE_GIVEN_BIRTH:
        found.append(_fact("gave_birth", gave_birth))
    if parent.gave_birth_date is not None:
        found.append(_fact("weeks_postpartum", max(0, (today - parent.gave_birth_date).days // 7)))
        found.append(_fact("can_be_pregnant", True))
    if parent.relation == Relation.FATHER and not gave_birth:
        return [*found, _fact("can_be_pregnant", False), _fact("breastfeeding", False)]
    if silent:
        return [*found, _fact("breastfeeding", False)] if children else found
    return found + _milk(children, gave_birth=gave_birth, today=today)


def _fact(name: str, value: object) -> Fact:
    return Fact(name, value, "record", None)


def _milk(children: Sequence[Child], *, gave_birth: bool, today: date) -> list[Fact]:
    ways = {child.fed_how for child in children}
    found = []
    if gave_birth and ways & BREAST:
        found.append(_fact("breastfeeding", True))
    elif ways and ways <= NOT_BREAST:
        found.append(_fact("breastfeeding", False))
    fragile = _fragile(children, today)
    if fragile is not None:
        found.append(_fact("infant_preterm_or_under_8wk_breastfed", fragile))
    return found


def _fragile(children: Sequence[Child], today: date) -> bool | None:
    """Tell whether an infant is under eight weeks or was born early; None when that was not said."""
    weeks = {child: (today - child.birth_date).days // 7 for child in children}
    infants = [child for child in children if weeks[child] < INFANT_WEEKS]
    if any(weeks[child] < YOUNG_WEEKS or child.born_preterm for child in infants):
        return True
    return None if any(child.born_preterm is None for child in infants) else False
