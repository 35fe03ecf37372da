"""Paper of a day with a dose: whoever enters it says on which side of the dose it was filled in; noon decides nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing.models import Session
from firstlight.journey.response.tracks import comparable
from firstlight.journey.screening.models import PaperForm, QuestionSet
from firstlight.journey.screening.series import totals_in
from firstlight.journey.screening.services import enter_paper
from tests.journey.dosing.telling import Chair
from tests.journey.response.telling import DAY, HOUR
from tests.support.reading import words_of
from tests.support.signed_in import client_of

VALUES: dict[str, int | None] = {f"q{number}": 1 for number in range(1, 9)} | {"q9": 0}


def entered(chair: Chair, beside_dose: str = "", *, days_before: int = 0) -> QuestionSet:
    """Let the nurse enter Maya's PHQ-9 some hours after her dose."""

    def enter() -> QuestionSet:
        dose = Session.objects.get()
        assert dose.ended_at is not None
        return enter_paper(
            episode=chair.house.episode, instrument="phq-9", values=VALUES, handed_in_by="parent", entered_twice=False,
            filled_in_date=dose.ended_at.date() - timedelta(days=days_before), beside_dose=beside_dose,
            by=chair.by("nurse"), at=dose.ended_at + 5 * HOUR,
        )  # fmt: skip

    return chair.scoped(enter)


@pytest.mark.parametrize(("said", "counts"), [("before", True), ("after", False)])
def test_paper_stands_before_or_after_the_dose_of_its_day_as_is_said(dosed: Chair, said: str, counts: bool) -> None:
    form = entered(dosed, said)

    dose = dosed.scoped(Session.objects.get)
    assert form.due_at is not None
    assert dose.started_at is not None
    assert dose.ended_at is not None
    assert (form.due_at <= dose.started_at, form.due_at > dose.ended_at) == (counts, not counts)
    totals = dosed.scoped(lambda: totals_in(dosed.house.episode.id, "phq-9"))
    begin = comparable("phq-9", totals, [dose.ended_at])[0][0]
    assert (begin[1] == 8) is counts
    assert dosed.scoped(lambda: PaperForm.objects.get().beside_dose) == said


@pytest.mark.parametrize("said", ["", "noon"])
def test_paper_of_a_day_with_a_dose_is_refused_until_that_is_said(dosed: Chair, said: str) -> None:
    with pytest.raises(Refused, match="before or after it") as refused:
        entered(dosed, said)

    assert refused.value.field == "beside_dose"


def test_another_day_asks_nothing_and_keeps_nothing_of_it(dosed: Chair) -> None:
    form = entered(dosed, "before", days_before=1)

    assert form.due_at is not None
    assert form.due_at < dosed.now - DAY / 2
    assert dosed.scoped(lambda: PaperForm.objects.get().beside_dose) == ""


def test_page_asks_once_there_was_a_dose(dosed: Chair) -> None:
    path = reverse("screening:paper", args=[dosed.house.mother.id, "phq-9"])
    page = words_of(client_of(dosed.house.nurse).get(path).content.decode())

    assert "On a day with a dose" in page
