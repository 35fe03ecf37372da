"""The daily delivery test: a message to the clinic's own mailbox over the channel that pages use."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Clinic
from firstlight.ground.worklist.models import DeliveryAddress
from firstlight.ground.worklist.selectors import TEST_KEY, delivery_address, today
from firstlight.ground.worklist.services.outbox import send


def queue_delivery_tests(now: datetime) -> None:
    """Queue today's test of every clinic that named a mailbox. A periodic job; a second run on one day does nothing."""
    for clinic in Clinic.objects.order_by("name"):
        if address := delivery_address(clinic.id):
            _queue(clinic, address, f"{TEST_KEY}{today(clinic, now)}", now)


def _queue(clinic: Clinic, address: str, key: str, now: datetime) -> None:
    send(
        clinic_id=clinic.id,
        to=address,
        template="worklist/messages/delivery_test.txt",
        context={},
        key=key,
        urgent=True,
        by=Actor.system(clinic.id),
        at=now,
    )


@write
def set_delivery_address(*, clinic: Clinic, address: str, by: Actor, at: datetime) -> DeliveryAddress:
    """Name the clinic's own mailbox for the daily test. The next test goes there."""
    try:
        validate_email(address.strip())
    except ValidationError as error:
        raise Refused(
            _("Write one e-mail address, such as desk@clinic.example."), field="address", value=address
        ) from error
    if by.membership_id is None:
        raise Refused(_("Only staff can set this."), field="by", value=by.role)
    with scope(clinic=clinic.id):
        mailbox, _made = DeliveryAddress.objects.update_or_create(
            clinic=clinic, defaults={"address": address.strip(), "set_at": at, "set_by_id": by.membership_id}
        )
    record("delivery_address.set", by=by, at=at, about=mailbox)
    return mailbox
