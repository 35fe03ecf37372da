"""Which item the daily check-in asks a parent: her own choice, or what fits the situation."""

from datetime import datetime
from zoneinfo import ZoneInfo

from firstlight.ground.people.models import Child, Parent
from firstlight.journey.screening.models import ItemChoice
from firstlight.journey.screening.settling import default_item, items_to_choose


def chosen_item(parent: Parent, at: datetime, *, silent_about_baby: bool) -> str:
    """Return the item that the parent chose last; until then, the one that fits the situation at a moment.

    After a loss a choice about the child no longer counts.
    """
    last = ItemChoice.objects.filter(parent=parent).order_by("-chosen_at", "-id").values_list("item", flat=True).first()
    if last is not None and counts(last, silent_about_baby=silent_about_baby):
        return last
    births = list(Child.objects.filter(family_id=parent.family_id).values_list("birth_date", flat=True))
    today = at.astimezone(ZoneInfo(parent.timezone)).date()
    return default_item(births=births, today=today, silent_about_baby=silent_about_baby)


def counts(item: str, *, silent_about_baby: bool) -> bool:
    """Tell whether a choice counts: after a loss one about the child does not."""
    return item in {one.key for one in items_to_choose(silent_about_baby=silent_about_baby)}
