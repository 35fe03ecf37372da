"""The demo clinic is made whenever somebody wants to see it, so also while it is another day in the clinic than in UTC."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django_scopes import scope

from firstlight.doors.demo import building
from firstlight.doors.demo.cast import cast
from firstlight.journey.dosing.models import LIVE, Session
from tests.support import scale
from tests.support.demo import ON_SQLITE_ONLY

EVENING_IN_NEW_YORK = datetime(2026, 11, 28, 2, 30, 0, 123_456, tzinfo=UTC)
MOMENTS = [EVENING_IN_NEW_YORK + timedelta(hours=3 * step) for step in range(8 if scale.FULL else 1)]


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("now", MOMENTS, ids=lambda now: f"{now:%H:%M}")
def test_demo_is_made_at_any_time_of_day(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip(ON_SQLITE_ONLY)
    if not scale.FULL:
        under_way = tuple(role for role in cast().parents if role.story == "running")
        monkeypatch.setattr(building, "cast", lambda: replace(cast(), parents=under_way))
    with time_machine.travel(now, tick=True):
        house = building.build(now)

    with scope(clinic=house.clinic.id):
        assert Session.objects.filter(state__in=LIVE).count() == 1
