"""Which item the daily check-in asks: the parent's own choice, kept from one check-in to the next."""

from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.journey.screening.models import ItemChoice, QuestionSet
from firstlight.journey.screening.preferences import chosen_item
from firstlight.journey.screening.services.openness import locked
from firstlight.journey.screening.settling import items_to_choose


@write
def prefer(*, question_set: QuestionSet, item: str, by: Actor, at: datetime) -> None:
    """Ask this item from now on. What is chosen already is not written again. Raises Refused for one that is no choice."""
    current = locked(question_set)
    silent = current.parent.family.silent_about_baby
    if item not in {one.key for one in items_to_choose(silent_about_baby=silent)}:
        raise Refused(_("This question cannot be chosen."), field="instead", value=item)
    if item == chosen_item(current.parent, at, silent_about_baby=silent):
        return
    choice = ItemChoice.objects.create(
        clinic_id=current.clinic_id,
        parent_id=current.parent_id,
        item=item,
        chosen_at=at,
        chosen_by_id=by.account_id,
    )
    record("screening.item_chosen", by=by, at=at, parent=current.parent_id, about=choice, detail={"item": item})
