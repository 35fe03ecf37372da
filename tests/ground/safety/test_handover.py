"""Somebody at risk who is declined is handed over by voice, by the one who declined, within the hour."""

from datetime import timedelta

from django_scopes import scope

from firstlight.ground.people.services import decline
from firstlight.ground.worklist.models import Task
from tests.cast import NOW, House


def test_declining_somebody_at_risk_opens_a_task_with_a_clock(house: House) -> None:
    with scope(clinic=house.clinic.id):
        decline(episode=house.episode, reason="Unstable angina.", at_risk=True, by=house.actor("prescriber"), at=NOW)

        task = Task.objects.get(kind="hand_over")
    assert (task.owner, task.parent, task.urgency) == (house.prescriber, house.mother, "now")
    assert task.acknowledge_by == NOW + timedelta(hours=1)
    assert "Unstable angina." in task.reason


def test_declining_somebody_who_is_not_opens_none(house: House) -> None:
    with scope(clinic=house.clinic.id):
        decline(episode=house.episode, reason="Lives abroad.", by=house.actor("nurse"), at=NOW)

        assert not Task.objects.filter(kind="hand_over").exists()
