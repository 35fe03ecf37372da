"""On the day of a dose a clinician asks what changed: nothing new opens the gate, something new is a prescriber's task."""

import pytest

from firstlight.ground.people.errors import Refused
from firstlight.ground.safety.models import Concern
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import finish
from firstlight.journey.screening.services import answer, assign
from tests.journey.dosing.telling import Chair


def tried_once(chair: Chair) -> None:
    """Let Maya have said, in her first questions, that she once tried."""
    asked = assign(
        parent=chair.house.mother, episode=chair.house.episode, set_name="first", by=chair.by("nurse"), at=chair.now
    )  # fmt: skip
    answer(question_set=asked, item="asq:q4", value=1, by=chair.by("mother"), at=chair.now)
    for task in Task.objects.filter(kind="concern"):
        finish(task=task, by=chair.by("prescriber"), at=chair.now, outcome="Assessed, with a plan.")


def test_gate_says_that_an_attempt_is_on_record(chair: Chair) -> None:
    chair.opened()
    chair.scoped(lambda: tried_once(chair))

    assert chair.gate("safety").startswith("closed: An attempt in the past is on record since ")
    assert chair.gate("safety").endswith("Ask what changed since the last visit, and note it.")


def test_something_new_is_a_prescribers_task_and_closes_the_gate(chair: Chair) -> None:
    chair.opened()

    chair.mark("safety_changed", "She thinks of it every night since Sunday.")

    concern, task = chair.scoped(lambda: (Concern.objects.get(), Task.objects.get(kind="concern")))
    assert (concern.level, task.role, task.urgency) == ("L3", "prescriber", "now")
    assert "every night since Sunday" in task.reason
    assert chair.gate("safety") == "closed: A safety concern is open: a prescriber clears it in the tasks first."


def test_gate_opens_once_the_prescriber_has_cleared_it(chair: Chair) -> None:
    chair.opened()
    chair.mark("safety_changed", "She thinks of it every night since Sunday.")

    chair.scoped(
        lambda: finish(
            task=Task.objects.get(kind="concern"), by=chair.by("prescriber"), at=chair.now, outcome="Assessed: go on."
        )
    )

    assert chair.gate("safety") == "open: Asked today."


def test_something_new_needs_words(chair: Chair) -> None:
    chair.opened()

    with pytest.raises(Refused, match="Say in words"):
        chair.mark("safety_changed", " ")

    assert chair.scoped(Concern.objects.count) == 0
