"""What stood on paper reaches the rules: also of an earlier day, and no more once it was corrected or taken back."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django_scopes import scope

from firstlight.journey.eligibility.models import Assessment
from firstlight.journey.eligibility.selectors import facts_for, new_since
from firstlight.journey.screening.models import PaperForm
from firstlight.journey.screening.services import correct_paper, enter_paper, take_back_paper
from tests.cast import NOW, House
from tests.journey.planning.telling import Story
from tests.journey.screening.telling import bring_text

DAY, HOUR = date(2026, 11, 19), timedelta(hours=1)
CALM: dict[str, int | None] = dict.fromkeys(("q1", "q2", "q3", "q4"), 0)
POSITIVE: dict[str, int | None] = {**CALM, "q2": 1, "q5": 0}


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def enter(
    house: House, values: dict[str, int | None], at: datetime, instrument: str = "asq", day: date = DAY
) -> PaperForm:
    question_set = enter_paper(
        episode=house.episode,
        instrument=instrument,
        values=values,
        filled_in_date=day,
        handed_in_by="practice",
        entered_twice=False,
        by=house.actor("nurse"),
        at=at,
    )
    return PaperForm.objects.get(question_set=question_set)


def take_back(house: House, form: PaperForm, at: datetime) -> None:
    take_back_paper(form=form, reason="Another person's.", by=house.actor("nurse"), at=at)


def assessed(house: House) -> Assessment:
    story = Story(house)
    story.baseline()
    return story.run()


def unassessed(house: House, at: datetime) -> object:
    return facts_for(house.mother.id, at).values.get("asq_positive_unassessed")


def test_rules_read_the_right_form(house: House) -> None:
    form = enter(house, POSITIVE, NOW)
    assert unassessed(house, NOW) is True

    correct_paper(
        form=form,
        values=CALM,
        filled_in_date=DAY,
        handed_in_by="practice",
        entered_twice=False,
        reason="Typed one line too low.",
        by=house.actor("nurse"),
        at=NOW + HOUR,
    )

    assert unassessed(house, NOW + HOUR) is False


def test_rules_know_nothing_of_a_form_that_was_taken_back(house: House) -> None:
    form = enter(house, POSITIVE, NOW)

    take_back(house, form, NOW + HOUR)

    assert unassessed(house, NOW + HOUR) is None


def test_paper_of_an_earlier_day_that_is_entered_after_the_run_makes_the_decision_wait(house: House) -> None:
    run = assessed(house)
    assert not new_since(run)

    enter(house, POSITIVE, run.at + HOUR)

    assert new_since(run)


def test_form_that_is_taken_back_after_the_run_makes_the_decision_wait(house: House) -> None:
    form = enter(house, CALM, NOW - HOUR)
    run = assessed(house)
    assert not new_since(run)

    take_back(house, form, run.at + HOUR)

    assert new_since(run)


def test_safety_assessment_of_before_the_paper_was_read_does_not_count(house: House) -> None:
    """The paper is of Thursday, somebody talked with her on Saturday, and the paper was typed on Monday."""
    story = Story(house)
    story.enter("clearance", clearance="brief_safety_assessment", note="No plan.")

    enter(house, POSITIVE, NOW + HOUR)

    assert "brief_safety_assessment" not in facts_for(house.mother.id, NOW + HOUR).values
    assert unassessed(house, NOW + HOUR) is True


def test_high_risk_on_the_licensed_scale_holds_until_somebody_cleared_it_afterwards(house: House) -> None:
    """A clearance of before it does not count, and answering again with no does not end it."""
    story, calm = Story(house), {"q1": 0, "q2": 0, "q6": 0}
    story.enter("clearance", clearance="mh_clearance", note="Last month.")
    bring_text(house, "c-ssrs")
    enter(house, {**calm, "q6": 1, "q6_recent": 1}, NOW + HOUR, "c-ssrs")
    enter(house, calm, NOW + 2 * HOUR, "c-ssrs", DAY + timedelta(days=1))

    before = facts_for(house.mother.id, NOW + 2 * HOUR).values
    assert before["cssrs_high"] is True
    assert "mh_clearance" not in before

    story.now = NOW + 3 * HOUR
    story.enter("clearance", clearance="mh_clearance", note="Talked for an hour.")
    assert facts_for(house.mother.id, NOW + 3 * HOUR).values["mh_clearance"] is True


def test_low_answers_on_the_licensed_scale_neither_state_nor_clear_a_high_risk(house: House) -> None:
    bring_text(house, "c-ssrs")
    enter(house, {"q1": 1, "q2": 0, "q6": 0}, NOW, "c-ssrs")

    assert "cssrs_high" not in facts_for(house.mother.id, NOW).values
