"""The clinic sets its prices."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Clinic
from firstlight.journey.learn.items import items
from firstlight.journey.learn.models import Price
from firstlight.journey.learn.money import CURRENCIES, DEAREST_CENTS, money
from firstlight.journey.learn.selectors import day_in

NOTE_LENGTH = 200


@write
def set_price(
    *,
    clinic: Clinic,
    item: str,
    amount_cents: int,
    currency: str = "USD",
    note: str = "",
    from_date: date,
    by: Actor,
    at: datetime,
) -> Price:
    """Set what an item costs from a day on. The earlier price stays on record.

    Refused: an item or currency that is not known, an amount out of bounds, a day that has passed.
    """
    if item not in items():
        raise Refused(_("Choose what the price is for."), field="item", value=item)
    if currency not in CURRENCIES:
        message = _("The currency must be one of %(known)s.") % {"known": ", ".join(CURRENCIES)}
        raise Refused(message, field="currency", value=currency)
    if not 0 <= amount_cents <= DEAREST_CENTS:
        message = _("A price is between %(least)s and %(most)s. Check the amount.")
        bounds = {"least": money(0, currency), "most": money(DEAREST_CENTS, currency)}
        raise Refused(message % bounds, field="amount", value=amount_cents)
    if from_date < day_in(clinic, at):
        raise Refused(_("A price cannot change for days that have passed."), field="from_date", value=from_date)
    if len(note) > NOTE_LENGTH:
        message = _("A note has at most %(most)d characters; this has %(count)d.")
        raise Refused(message % {"most": NOTE_LENGTH, "count": len(note)}, field="note")
    price = Price.objects.create(
        clinic=clinic,
        item=item,
        amount_cents=amount_cents,
        currency=currency,
        note=note.strip(),
        from_date=from_date,
        set_at=at,
        set_by_id=by.account_id,
    )
    detail = {"item": item, "cents": amount_cents, "from": from_date.isoformat()}
    record("price.set", by=by, at=at, about=price, detail=detail)
    return price
