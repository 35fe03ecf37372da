"""An answer that was held back because of something entered wrongly pages when that is corrected, on a rung that pages."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django_scopes import scope

from firstlight.ground.safety.models import Came, Concern
from firstlight.ground.safety.services import Lowered, lower_concerns, raise_concern, write_safety_plan
from firstlight.ground.worklist.models import OutboxMessage, Task
from firstlight.ground.worklist.services import finish
from tests.cast import NOW, House

HOUR, WRONG_FORM = timedelta(hours=1), uuid4()


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def said(house: House, strength: int, hours: int) -> Concern:
    """Let Maya have given an answer that is high risk; the first one stands on the form that was entered wrongly."""
    return raise_concern(
        parent=house.mother,
        level="L3",
        source="screening:harm",
        asked="x:q1",
        strength=strength,
        said_in=None if hours else WRONG_FORM,
        reason=f"Answer: {strength}.",
        by=house.actor("mother"),
        at=NOW + hours * HOUR,
    )


def finished(house: House, hours: int) -> None:
    for task in Task.objects.filter(finished_at=None):
        finish(task=task, outcome="We talked.", by=house.actor("prescriber"), at=NOW + hours * HOUR)


def corrected(house: House, hours: int) -> list[OutboxMessage]:
    """Say what the form said indeed; return the pages that went out with it."""
    before = set(OutboxMessage.objects.values_list("id", flat=True))
    lower_concerns(
        parent=house.mother,
        said_in=[WRONG_FORM],
        lowered=[Lowered("screening:harm", "x:q1", 1)],
        reason="Corrected.",
        by=house.actor("nurse"),
        at=NOW + hours * HOUR,
    )
    return list(OutboxMessage.objects.exclude(id__in=before))


def test_answer_that_the_plan_held_wrongly_pages_a_prescriber_in_the_moment_of_the_correction(house: House) -> None:
    said(house, 3, 0)
    finished(house, 1)
    write_safety_plan(parent=house.mother, steps={"signs": "No sleep."}, by=house.actor("nurse"), at=NOW + 2 * HOUR)
    known = said(house, 2, 3)
    finished(house, 4)
    pages = corrected(house, 5)

    raised = Concern.objects.get(came=Came.OPENED, at=NOW + 5 * HOUR)
    assert not known.is_new
    assert {one.task for one in pages} == {raised.task}
    assert all(one.urgent for one in pages)
    assert raised.task.acknowledge_by == NOW + 5 * HOUR + timedelta(minutes=15)


def test_answer_that_joined_an_open_task_wrongly_pages_again_in_the_moment_of_the_correction(house: House) -> None:
    first = said(house, 3, 0)
    joined = said(house, 2, 1)
    pages = corrected(house, 2)

    first.task.refresh_from_db()
    assert joined.came == Came.JOINED
    assert {one.task for one in pages} == {first.task}
    assert all(one.urgent for one in pages)
    assert first.task.acknowledge_by == NOW + 2 * HOUR + timedelta(minutes=15)


def test_correction_that_takes_no_ground_away_pages_nobody(house: House) -> None:
    said(house, 3, 0)
    said(house, 1, 1)

    assert corrected(house, 2) == []
