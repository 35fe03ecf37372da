"""Whether a set fits somebody: a birth not long ago, the other parent, a loss. Pure over what the record says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.models import Child, Parent, Relation
from firstlight.journey.screening.sets import For, SetPlan, question_sets

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Life:
    """What the record says of a parent's situation on one day."""

    relation: str
    gave_birth_date: date | None
    births: Sequence[date]
    silent_about_baby: bool
    today: date

    @property
    def has_young_child(self) -> bool:
        """Tell whether a child of the family was born within the months that the sets look back."""
        return any(_is_within(day, self.today) for day in self.births)

    @property
    def gave_birth_lately(self) -> bool:
        """Tell whether this parent gave birth within those months. A mother whose day is not written down: her child tells."""
        if self.gave_birth_date is not None:
            return _is_within(self.gave_birth_date, self.today)
        return self.relation == Relation.MOTHER and self.has_young_child

    @property
    def is_mother(self) -> bool:
        """Tell whether this parent is a mother, in her own words or because she gave birth."""
        return self.relation == Relation.MOTHER or self.gave_birth_date is not None

    @property
    def is_other_parent(self) -> bool:
        """Tell whether this is a young child's parent who is known not to have given birth."""
        known = self.relation not in {Relation.MOTHER, Relation.UNKNOWN}
        return known and self.has_young_child and self.gave_birth_date is None


def life_of(parent: Parent, today: date) -> Life:
    """Read a parent's situation."""
    births = list(Child.objects.filter(family_id=parent.family_id).values_list("birth_date", flat=True))
    return Life(parent.relation, parent.gave_birth_date, births, parent.family.silent_about_baby, today)


def does_not_fit(plan: SetPlan, life: Life) -> str | Promise:
    """Return why a set is not for this parent, in words for the clinic; nothing when it is."""
    if plan.about_child and life.silent_about_baby:
        return _("Nothing about a baby is asked: a loss is recorded.")
    if plan.for_mothers and not life.is_mother:
        return _MOTHERS_UNSAID if life.relation == Relation.UNKNOWN else _MOTHERS
    fits = {
        For.EVERYONE: True,
        For.GAVE_BIRTH: life.gave_birth_lately,
        For.CHILD: life.has_young_child,
        For.OTHER_PARENT: life.is_other_parent,
    }
    return "" if fits[plan.whom] else _WHOM[plan.whom]


_WHOM = {
    For.GAVE_BIRTH: _("For somebody who gave birth in the last 24 months."),
    For.CHILD: _("For a parent with a child of up to 24 months."),
    For.OTHER_PARENT: _(
        "For a father, a partner or another parent who did not give birth, with a child of up to 24 months."
    ),
}


_MOTHERS = _("Its authors made it for mothers. It is not sent to another parent.")
_MOTHERS_UNSAID = _("Its authors made it for mothers, and the record does not say what this parent is to the child.")


def _is_within(day: date, today: date) -> bool:
    months = (today.year - day.year) * MONTHS_A_YEAR + today.month - day.month - (today.day < day.day)
    return 0 <= months < question_sets().months_after_birth and day <= today
