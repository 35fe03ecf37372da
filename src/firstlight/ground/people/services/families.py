"""Children, feeding, and a loss."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Child, Family, Feeding, FeedingWay, Loss

OLDEST_CHILD_YEARS = 25


@write
def add_child(
    *,
    family: Family,
    birth_date: date,
    fed_how: str = FeedingWay.UNKNOWN,
    born_preterm: bool | None = None,
    by: Actor,
    at: datetime,
) -> Child:
    """Add a child to a family. Refuses a date of birth that cannot be a child's."""
    today = at.astimezone(ZoneInfo(family.clinic.timezone)).date()
    if birth_date > today:
        raise Refused(_("This date of birth is in the future."), field="birth_date", value=birth_date)
    if today.year - birth_date.year > OLDEST_CHILD_YEARS:
        message = _("This child would be over %(years)d years old. Check the year.")
        raise Refused(message % {"years": OLDEST_CHILD_YEARS}, field="birth_date", value=birth_date)
    child = Child.objects.create(
        clinic_id=family.clinic_id,
        family=family,
        birth_date=birth_date,
        fed_how=FeedingWay(fed_how),
        born_preterm=born_preterm,
    )
    _note_feeding(child, by, at)
    record("child.added", by=by, at=at, about=child, detail={"family": str(family.id)})
    announce("family.changed", family=family, by=by, at=at)
    return child


@write
def record_feeding(*, child: Child, fed_how: str, by: Actor, at: datetime) -> Feeding:
    """Record how a child is fed from now on. What was said before stays."""
    child.fed_how = FeedingWay(fed_how)
    child.save(update_fields=["fed_how"])
    record("feeding.recorded", by=by, at=at, about=child, detail={"family": str(child.family_id)})
    feeding = _note_feeding(child, by, at)
    announce("family.changed", family=child.family, by=by, at=at)
    return feeding


def _note_feeding(child: Child, by: Actor, at: datetime) -> Feeding:
    return Feeding.objects.create(
        clinic_id=child.clinic_id, child=child, fed_how=child.fed_how, recorded_at=at, recorded_by_id=by.account_id
    )


@write
def record_loss(*, family: Family, by: Actor, at: datetime) -> Loss:
    """Record a loss, once. From then on nothing asks or speaks about the baby, to either parent."""
    known = Loss.objects.filter(family=family).first()
    if known:
        return known
    if by.account_id is None:
        raise Refused(_("A loss is recorded by a person."), field="by")
    loss = Loss.objects.create(clinic_id=family.clinic_id, family=family, recorded_at=at, recorded_by_id=by.account_id)
    record("loss.recorded", by=by, at=at, about=loss, detail={"family": str(family.id)})
    announce("loss.recorded", family=family, by=by, at=at)
    return loss
