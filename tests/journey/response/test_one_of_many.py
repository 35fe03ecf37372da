"""One parent who cannot be told holds up nobody else: hers is undone and logged, tried again, and rings when it goes on."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django_scopes import scope

from firstlight.ground.people.models import Episode, EpisodeState
from firstlight.ground.worklist.models import OutboxMessage
from firstlight.ground.worklist.selectors import alarms
from firstlight.ground.worklist.services import tick
from firstlight.journey.response import services
from firstlight.journey.response.models import SentSet
from firstlight.journey.response.services import asking, telling
from firstlight.journey.screening.services import send_set
from tests.cast import NOW, House

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def sent(house: House, who: str) -> None:
    """Send somebody the questions on hard experiences."""
    parent = getattr(house, who)
    with scope(clinic=house.clinic.id):
        episode = Episode.objects.filter(parent=parent).first() or Episode.objects.create(
            clinic=house.clinic, parent=parent, state=EpisodeState.INVITED, source="call", opened_at=NOW, moved_at=NOW
        )
        send_set(episode=episode, set_name="trauma", by=house.actor("nurse"), at=NOW)


def told(house: House, who: str) -> int:
    with scope(clinic=house.clinic.id):
        return OutboxMessage.objects.filter(template=services.MESSAGE, parent=getattr(house, who)).count()


@pytest.fixture
def broken(house: House, other_house: House, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the link to Maya's questions fail; Jonas, and Zelda of the other clinic, were sent some as well."""
    for place, who in ((house, "mother"), (house, "father"), (other_house, "mother")):
        sent(place, who)
    real = telling.link_for

    def link_for(**values: Any) -> str:
        if values["question_set"].parent_id == house.mother.id:
            raise ValueError(house.mother.name)
        return real(**values)

    monkeypatch.setattr(telling, "link_for", link_for)
    return monkeypatch


def test_what_fails_for_one_parent_holds_up_no_other_of_any_clinic(
    house: House, other_house: House, broken: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(asking.NotEverybody):
        services.remind_due(NOW + 5 * MINUTE)

    assert [told(house, "mother"), told(house, "father"), told(other_house, "mother")] == [0, 1, 1]
    with scope(clinic=house.clinic.id):
        assert SentSet.objects.get(question_set__parent=house.mother).told_at is None
    assert f"What was sent to parent {house.mother.id} failed with ValueError" in caplog.text
    assert house.mother.name not in caplog.text


def test_job_is_tried_again_soon_rings_when_it_goes_on_and_tells_nobody_twice(
    house: House, other_house: House, broken: Any
) -> None:
    for minutes in (5, 10, 15):
        tick(NOW + minutes * MINUTE)
    assert [one.kind for one in alarms(house.actor("administrator"))] == ["job-failed"]

    broken.undo()
    tick(NOW + 20 * MINUTE)

    assert [told(house, "mother"), told(house, "father"), told(other_house, "mother")] == [1, 1, 1]
