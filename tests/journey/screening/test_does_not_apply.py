"""A question that does not apply to somebody is answered so; one that was passed over leaves no total. On screen and paper."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django_scopes import scope

from firstlight.clinical.instruments import NOT_APPLICABLE, instrument
from firstlight.ground.people.errors import Refused
from firstlight.journey.screening.models import Answer, Result
from firstlight.journey.screening.paper import field_of, typed
from firstlight.journey.screening.selectors import given_in, questions_of
from firstlight.journey.screening.series import totals_about
from firstlight.journey.screening.services import answer, complete, skip
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all, ask, bring_text, was_told
from tests.support.reading import words_of
from tests.support.signed_in import client_of

WORK = "wsas:q1"
HARD = {f"wsas:q{number}": 7 for number in range(1, 6)}


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    bring_text(house, "wsas", "epds")
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False), scope(clinic=house.clinic.id):
        was_told(house)
        yield


def result() -> tuple[int | None, int | None, bool]:
    kept = Result.objects.get(instrument="wsas")
    return kept.total, kept.maximum, kept.complete


def test_work_that_does_not_apply_is_tapped_and_the_total_is_out_of_32(house: House) -> None:
    living, maya = ask(house, "living", NOW), client_of(house.mother)
    page = words_of(maya.get(f"/me/q/{living.id}/1/").content.decode())
    assert "Does not apply to me" in page
    assert "Does not apply to me" not in words_of(maya.get(f"/me/q/{living.id}/2/").content.decode())

    maya.post(f"/me/q/{living.id}/1/", {"item": WORK, "value": str(NOT_APPLICABLE)})
    assert 'value="-1" aria-pressed="true"' in maya.get(f"/me/q/{living.id}/1/").content.decode()
    answer_all(house, living, HARD)
    complete(question_set=living, by=house.actor("mother"), at=NOW)

    assert result() == (28, 32, True)
    with_total = totals_about(house.actor("nurse"), house.mother, ["wsas"])
    assert [(one.value, one.most) for one in with_total] == [(28, 32)]
    read = words_of(client_of(house.prescriber).get(f"/clinic/people/{house.mother.id}/answers/").content.decode())
    assert "28 of 32" in read
    assert "Does not apply to me" in read


def test_work_that_is_passed_over_leaves_no_total(house: House) -> None:
    living, by = ask(house, "living", NOW), house.actor("mother")
    skip(question_set=living, item=WORK, by=by, at=NOW)
    answer_all(house, living, HARD)
    complete(question_set=living, by=by, at=NOW)

    assert result() == (None, 40, False)


def test_question_that_everybody_has_applies_to_everybody(house: House) -> None:
    living = ask(house, "living", NOW)

    with pytest.raises(Refused, match="This is not one of the answers"):
        answer(question_set=living, item="wsas:q2", value=NOT_APPLICABLE, by=house.actor("mother"), at=NOW)
    assert not Answer.objects.exists()
    assert [one.key for one in questions_of(living, given_in(living)) if one.item.optional] == [WORK]


@pytest.mark.parametrize("boxes", [False, True])
def test_dash_on_paper_says_that_it_does_not_apply_and_an_empty_cell_that_it_is_missing(*, boxes: bool) -> None:
    definition = instrument("wsas")
    others = {f"q{number}": "7" for number in range(2, 6)}

    dash = typed(definition, {"q1": "-"} | others, boxes=boxes)
    empty = typed(definition, {"q1": ""} | others, boxes=boxes)
    wrong = typed(definition, {"q1": "7"} | others | {"q5": "-"}, boxes=boxes)

    assert (dash.values["q1"], dash.score().max, dash.score().complete, dash.entered) == (NOT_APPLICABLE, 32, True, 5)
    assert (empty.values["q1"], empty.score().total, empty.score().complete) == (None, None, False)
    assert list(wrong.wrong) == ["q5"]
    assert [field_of(value) for value in (None, 0, NOT_APPLICABLE)] == ["", "0", "-"]


def test_paper_with_a_dash_is_kept_and_shown_with_its_dash_for_correction(house: House) -> None:
    ruth, place = client_of(house.nurse), f"/clinic/people/{house.mother.id}/answers/paper/wsas/"
    said = {"filled_in_date": date(2026, 11, 20).isoformat(), "handed_in_by": "parent", "mode": "scores"}
    assert "“-” if it is marked as not applying" in words_of(ruth.get(place).content.decode())

    kept = ruth.post(place, said | {"q1": "-", "q2": "7", "q3": "7", "q4": "7", "q5": "7"})

    assert kept.status_code == 303
    assert result() == (28, 32, True)
    assert "28 of 32" in words_of(ruth.get(kept["Location"].split("#")[0]).content.decode())


def test_total_out_of_40_and_one_out_of_32_are_not_said_to_be_better_or_worse(house: House) -> None:
    ruth, place = client_of(house.nurse), f"/clinic/people/{house.mother.id}/answers/paper/wsas/"
    for day, cells in (("2026-10-20", "66666"), ("2026-11-20", "-7777")):
        said = {"filled_in_date": day, "handed_in_by": "parent", "mode": "scores"}
        ruth.post(place, said | {f"q{number}": cell for number, cell in enumerate(cells, 1)})

    page = words_of(client_of(house.prescriber).get(f"/clinic/people/{house.mother.id}/response/").content.decode())

    assert "30/40" in page
    assert "28/32" in page
    assert "Not comparable" in page
    assert "-2 better" not in page
