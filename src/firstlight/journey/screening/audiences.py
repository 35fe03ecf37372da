"""Whom questions concern, as far as the record knows. Pure over the parent's own row."""

from collections.abc import Mapping
from datetime import date

from firstlight.clinical.instruments import Audience
from firstlight.ground.people.models import Relation


def audiences(relation: str, gave_birth_date: date | None) -> Mapping[Audience, bool | None]:
    """Tell whether each kind of question concerns somebody; None where nobody said, so that a person asks.

    A mother is asked also while the day of the birth is not written down. A father, a partner or an adoptive parent is
    asked about a birth only when the record says that he or she gave birth. Somebody of whom nothing was said is asked
    by a person.
    """
    own_birth = relation == Relation.MOTHER or gave_birth_date is not None
    if own_birth:
        return dict.fromkeys(Audience, True)
    if relation == Relation.UNKNOWN:
        return {**dict.fromkeys(Audience, None), Audience.EVERYONE: True}
    unsaid = False if relation == Relation.FATHER else None
    milk = True if relation in {Relation.ADOPTIVE, Relation.OTHER} else unsaid
    return {
        Audience.EVERYONE: True,
        Audience.GAVE_BIRTH: False,
        Audience.CAN_BE_PREGNANT: unsaid,
        Audience.CAN_GIVE_MILK: milk,
    }
