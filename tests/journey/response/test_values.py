"""Where published values of a reliable change conflict, a prescriber chooses which one judges in the clinic."""

from datetime import timedelta

import pytest

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.worklist.models import Task, TaskEvent
from firstlight.journey.response.models import ReliableChangeChoice, Standing
from firstlight.journey.response.reading import Row, line_rows
from firstlight.journey.response.selectors import course_of
from firstlight.journey.response.services import choose_reliable_change
from firstlight.journey.response.values import Chosen, chosen_by
from firstlight.journey.screening.services import assign, complete
from tests.cast import House
from tests.journey.dosing.telling import Chair
from tests.journey.response.telling import DAY, phq
from tests.journey.screening.telling import answer_all
from tests.support.reading import words_of
from tests.support.signed_in import client_of

LATER = timedelta(minutes=30)
WHY = "Our service is compared with NHS talking therapies."


def gad(total: int) -> dict[str, int]:
    """Return answers to GAD-7 of this total."""
    return {f"gad-7:q{number}": min(3, max(0, total - 3 * (number - 1))) for number in range(1, 8)}


def worried(chair: Chair, total: int, *, weeks: int) -> None:
    """Let Maya send PHQ-9, as before, and GAD-7 so many weeks after the dose."""
    house, at = chair.house, chair.now + weeks * 7 * DAY
    asked = chair.scoped(
        lambda: assign(
            parent=house.mother,
            episode=house.episode,
            set_name="week",
            by=chair.by("nurse"),
            at=at,
            anchor=f"test:{weeks}",
        )
    )
    answer_all(house, asked, phq(12) | gad(total), at=at)
    chair.scoped(lambda: complete(question_set=asked, by=chair.by("mother"), at=at))


def choose(chair: Chair, points: float, *, at=None, role: str = "prescriber", **said: str) -> object:
    return chair.scoped(
        lambda: choose_reliable_change(
            clinic=chair.house.clinic,
            instrument=said.get("instrument", "gad-7"),
            points=points,
            reason=said.get("reason", WHY),
            by=chair.by(role),
            at=at or chair.now + 15 * DAY,
        )
    )


def gad_row(chair: Chair) -> Row:
    now = chair.now + 15 * DAY
    chair.house.mother.clinic.refresh_from_db()
    rows = chair.scoped(lambda: line_rows(course_of(chair.by("prescriber"), chair.house.mother, now)))
    return next(one for one in rows if "GAD-7" in one.title)


def standing(chair: Chair) -> Standing:
    return chair.scoped(lambda: Standing.objects.get(instrument="gad-7"))


def tasks(chair: Chair) -> list[Task]:
    return chair.scoped(lambda: list(Task.objects.filter(kind="response")))


def test_smaller_value_makes_a_course_worse_at_once_and_somebodys_task(dosed: Chair) -> None:
    """GAD-7 of 7 before: 5 more is not reliable by 6 points, and is by 4."""
    worried(dosed, 12, weeks=2)
    assert (standing(dosed).state, tasks(dosed)) == ("no-range", [])
    assert gad_row(dosed).reliable == "More than chance: no by 6 points, yes by 4"

    choose(dosed, 4)

    assert standing(dosed).state == "worse"
    (task,) = tasks(dosed)
    assert "Worse from 4 points on" in task.reason
    assert gad_row(dosed).reliable == "More than chance: yes by 4 points, no by 6"
    assert any("as this clinic chose" in fact.words for fact in gad_row(dosed).facts)


def test_larger_value_closes_no_task_and_says_why_it_stands_otherwise(dosed: Chair) -> None:
    choose(dosed, 4, at=dosed.now)
    worried(dosed, 12, weeks=2)
    (task,) = tasks(dosed)

    choose(dosed, 6, reason="The careful value again.")

    (still,) = tasks(dosed)
    assert (still.id, still.finished_at) == (task.id, None)
    notes = dosed.scoped(lambda: list(TaskEvent.objects.filter(task=task).values_list("note", flat=True)))
    assert any("calls a change reliable from 6 points on. No longer off track" in note for note in notes)
    assert standing(dosed).state != "worse"


def test_chosen_again_is_written_once_and_leaves_a_mark_in_the_audit(dosed: Chair) -> None:
    assert choose(dosed, 4) is not None
    assert choose(dosed, 4) is None

    assert dosed.scoped(ReliableChangeChoice.objects.count) == 1
    assert AuditEvent.objects.filter(action="response.value_chosen").count() == 1


@pytest.mark.parametrize("role", ["nurse", "therapist", "administrator", "mother"])
def test_only_who_decides_on_treatment_chooses(dosed: Chair, role: str) -> None:
    with pytest.raises(Refused, match="decides on treatment"):
        choose(dosed, 4, role=role)
    assert dosed.scoped(ReliableChangeChoice.objects.count) == 0


@pytest.mark.parametrize(
    ("points", "said", "refusal"),
    [
        (5, {}, "published values: 4, 6"),
        (4, {"instrument": "pcl-5"}, "Several values"),
        (4, {"instrument": "nothing"}, "Several values"),
        (4, {"reason": " "}, "Say why"),
        (4, {"reason": "x" * 501}, "Say why"),
    ],
)
def test_what_is_not_published_or_not_explained_is_refused(
    dosed: Chair, points: float, said: dict[str, str], refusal: str
) -> None:
    with pytest.raises(Refused, match=refusal):
        choose(dosed, points, **said)
    assert dosed.scoped(ReliableChangeChoice.objects.count) == 0


def test_value_that_is_published_no_more_judges_nothing() -> None:
    assert Chosen({"gad-7": 5}).definition("gad-7").reliable_change.points == 6


def test_prescriber_chooses_on_a_page_and_nobody_else_opens_it(dosed: Chair) -> None:
    amara, address = client_of(dosed.house.prescriber), "/clinic/response/values/"
    page = words_of(amara.get(address).content.decode())
    assert "6 points Judges here" in page
    assert "Bischoff" in page

    assert amara.post(address, {"instrument": "gad-7", "gad-7-points": "4", "gad-7-reason": ""}).status_code == 422
    assert amara.post(address, {"instrument": "gad-7", "gad-7-points": "5", "gad-7-reason": WHY}).status_code == 422
    assert amara.post(address, {"instrument": "pcl-5", "pcl-5-points": "4", "pcl-5-reason": WHY}).status_code == 404
    assert amara.post(address, {"instrument": "gad-7", "gad-7-points": "4", "gad-7-reason": WHY}).status_code == 303

    page = words_of(amara.get(address).content.decode())
    assert "4 points Judges here" in page
    assert WHY in page
    for person in (dosed.house.nurse, dosed.house.administrator):
        assert client_of(person).get(address).status_code in {403, 404}


def test_another_clinic_keeps_its_own_value(dosed: Chair, outsiders: House) -> None:
    choose(dosed, 4)

    outsiders.clinic.refresh_from_db()
    assert chosen_by(outsiders.clinic).definition("gad-7").reliable_change.points == 6
