"""One worker at a time: a lease in the database that its holder renews and that runs out when the holder dies."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from firstlight.ground.worklist.models import Lease
from firstlight.ground.worklist.selectors import WORKER

LEASE = timedelta(seconds=120)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def take(*, holder: str, at: datetime, name: str = WORKER) -> bool:
    """Take or renew the lease; False while another holds it."""
    lease = Lease.objects.filter(name=name).first()
    if lease and lease.holder == holder and lease.until - at > LEASE / 2:
        return True
    with transaction.atomic():
        Lease.objects.get_or_create(name=name, defaults={"until": _LONG_AGO})
        free = Q(holder=holder) | Q(until__lte=at)
        return Lease.objects.filter(free, name=name).update(holder=holder, until=at + LEASE) == 1


def release(*, holder: str, at: datetime, name: str = WORKER) -> None:
    """Give the lease back, so that the next worker need not wait, and pages say at once that nobody delivers."""
    Lease.objects.filter(name=name, holder=holder).update(until=at)
