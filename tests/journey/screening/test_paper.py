"""Paper forms: what staff type counts as if it had been tapped, for the day on which it was written."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.instruments import NOT_APPLICABLE, instrument, score
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode
from firstlight.ground.people.selectors import parent_actor
from firstlight.ground.people.services import move, record_loss
from firstlight.ground.safety.models import Concern
from firstlight.journey.screening.models import Answer, PaperForm, QuestionSet, Result
from firstlight.journey.screening.paper import filled_in_at, on_paper, order_words, typed
from firstlight.journey.screening.selectors import results_of
from firstlight.journey.screening.series import totals_about
from firstlight.journey.screening.services import enter_paper
from tests.cast import NOW, House
from tests.journey.screening.telling import bring_text
from tests.support.reading import words_of
from tests.support.signed_in import client_of

DAY = date(2026, 11, 20)
CALM = {f"q{number}": 1 for number in range(1, 10)} | {"q10": 0}


@pytest.fixture(autouse=True)
def _today() -> None:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ruth(house: House) -> Client:
    return client_of(house.nurse)


def enter(house: House, answers: dict[str, int | None], name: str = "epds", **changed: object) -> QuestionSet:
    facts: dict[str, object] = {
        "episode": house.episode,
        "instrument": name,
        "values": answers,
        "filled_in_date": DAY,
        "handed_in_by": "parent",
        "entered_twice": False,
        "by": house.actor("nurse"),
        "at": NOW,
    }
    with scope(clinic=house.clinic.id):
        return enter_paper(**(facts | changed))


def url(house: House, name: str = "epds", rest: str = "") -> str:
    return f"/clinic/people/{house.mother.id}/answers/paper/{name}/{rest}"


def fields(values: str, **more: str) -> dict[str, str]:
    """Return what the grid sends: one digit an item, a point for an empty one."""
    cells = {f"q{number}": value.strip(".") for number, value in enumerate(values, 1)}
    return cells | {"filled_in_date": "2026-11-20", "handed_in_by": "parent", "mode": "scores"} | more


def counts(house: House) -> tuple[int, int, int, int]:
    with scope(clinic=house.clinic.id):
        return tuple(model.objects.count() for model in (QuestionSet, Answer, PaperForm, Concern))


def test_paper_is_stored_as_answers_and_result_of_its_day(house: House) -> None:
    question_set = enter(house, CALM)

    with scope(clinic=house.clinic.id):
        (result,) = results_of(house.actor("nurse"), house.mother.id)
        noon = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("America/New_York"))
        assert (result.total, result.max, result.band) == (9, 30, "below 10")
        assert result.answered_at == noon
        assert {row.answered_at for row in Answer.objects.all()} == {noon}
        assert {row.answered_by_id for row in Answer.objects.all()} == {house.nurse.account_id}
        assert Result.objects.get().scored_at == NOW
        paper = PaperForm.objects.get()
        assert (paper.question_set, paper.filled_in_date, paper.entered_at) == (question_set, DAY, NOW)
    assert AuditEvent.objects.filter(action="screening.paper_entered", parent_id=house.mother.id).count() == 1


def test_safety_answer_on_paper_opens_its_task_now_and_says_of_which_day_it_is(house: House) -> None:
    enter(house, CALM | {"q10": 2})

    with scope(clinic=house.clinic.id):
        concern = Concern.objects.get()
    assert concern.at == NOW
    assert concern.reason == (
        "Edinburgh Postnatal Depression Scale (EPDS), question 10. Scored: 2."
        " On paper, filled in on Fri 20 Nov 2026, entered now."
        " To be asked when you talk, because it could not follow in the same sitting: Ask Suicide-Screening Questions (ASQ)."
    )


def test_nothing_stays_of_a_paper_that_is_refused_halfway(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_facts: object) -> None:
        raise Refused("No.")

    monkeypatch.setattr("firstlight.journey.screening.services.entering.complete", fails)

    with pytest.raises(Refused):
        enter(house, CALM | {"q10": 3})

    assert counts(house) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"filled_in_date": date(2026, 11, 24)}, "has not come yet"),
        ({"filled_in_date": date(1990, 1, 1)}, "before the parent's birth"),
        ({"handed_in_by": "the cat"}, "who handed it in"),
        ({"instrument": "check-in"}, "no such questionnaire on paper"),
        ({"instrument": "unheard"}, "no such questionnaire on paper"),
        ({"values": {}}, "Nothing was entered"),
        ({"values": {"q1": 4}}, "epds, item 1: '4' is not possible"),
        ({"values": {"q11": 1}}, "there is no such item"),
    ],
)
def test_paper_that_is_not_right_is_refused(house: House, changed: dict[str, object], said: str) -> None:
    with pytest.raises(Refused, match=said):
        enter(house, CALM, **changed)

    assert counts(house) == (0, 0, 0, 0)


def test_same_sheet_is_entered_once(house: House) -> None:
    enter(house, CALM)

    with pytest.raises(Refused, match="of Fri 20 Nov 2026 was entered already"):
        enter(house, CALM)
    enter(house, CALM, filled_in_date=DAY - timedelta(days=7))

    assert counts(house)[0] == 2


def test_later_entry_of_an_earlier_paper_stands_before(house: House) -> None:
    enter(house, CALM)
    enter(house, CALM | {"q1": 3}, filled_in_date=DAY - timedelta(days=7), at=NOW + timedelta(minutes=1))

    with scope(clinic=house.clinic.id):
        assert [one.total for one in results_of(house.actor("nurse"), house.mother.id)] == [11, 9]


def test_item_that_is_empty_on_the_paper_gives_no_total(house: House) -> None:
    enter(house, CALM | {"q4": None})

    with scope(clinic=house.clinic.id):
        (result,) = results_of(house.actor("nurse"), house.mother.id)
    assert (result.total, result.complete) == (None, False)


def test_b_ipf_counts_what_was_answered_and_keeps_its_decimals(house: House, ruth: Client) -> None:
    """1 + 1 + 2 of 18: one part of life was left empty, three do not apply. And 15 of 24: a half stays a half."""
    none = NOT_APPLICABLE
    for values, day in (
        ((1, 1, 2, None, none, none, none), DAY - timedelta(days=35)),
        ((3, 3, 4, 5, none, none, none), DAY),
    ):
        sheet = {f"q{number}": value for number, value in enumerate(values, 1)}
        enter(house, sheet, "b-ipf", filled_in_date=day)

    with scope(clinic=house.clinic.id):
        first, last = Result.objects.order_by("question_set__paper__filled_in_date")
        totals = [one.value for one in totals_about(house.actor("nurse"), house.mother)]
    assert (first.total, first.thousandths, first.complete) == (22, 222, False)
    assert (last.total, last.thousandths, last.complete) == (62, 500, True)
    assert totals == [22.2, 62.5]
    page = words_of(ruth.get(f"/clinic/people/{house.mother.id}/answers/").content.decode())
    assert "22.2 of 100 of the answered questions, as its manual says" in page
    assert "62.5 of 100" in page
    response = words_of(ruth.get(f"/clinic/people/{house.mother.id}/response/").content.decode())
    assert "22.2/100" in response
    assert "+40.3 worse" in response


def test_empty_item_of_the_asq_is_asked_about(house: House) -> None:
    with pytest.raises(Refused, match="Question 2 is empty"):
        enter(house, {"q1": 0, "q2": None, "q3": 0, "q4": 0}, "asq")


@pytest.mark.parametrize(
    ("answers", "level", "rule"),
    [
        ({"q1": 1, "q2": 0}, "L1", "c-ssrs-low"),
        ({"q2": 1, "q3": 1, "q4": 0, "q5": 0}, "L2", "c-ssrs-moderate"),
        ({"q2": 1, "q3": 0, "q4": 1, "q5": 0}, "L3", "c-ssrs-high"),
        ({"q6": 1, "q6_recent": 1}, "L3", "c-ssrs-high"),
    ],
)
def test_c_ssrs_on_paper_opens_its_task_on_the_step_of_the_ladder(
    house: House, answers: dict[str, int | None], level: str, rule: str
) -> None:
    bring_text(house, "c-ssrs")
    enter(house, {"q1": 0, "q2": 0, "q6": 0} | answers, "c-ssrs")

    with scope(clinic=house.clinic.id):
        found = {one.source: one.level for one in Concern.objects.all()}
    assert found[f"screening:{rule}"] == level == max(found.values())


def test_what_needs_a_licence_for_any_form_has_no_grid_before_the_clinic_recorded_one(
    house: House, other_house: House, ruth: Client
) -> None:
    """No form of the C-SSRS is part of Firstlight; what one clinic recorded opens it to no other."""
    papers, no = f"/clinic/people/{house.mother.id}/answers/paper/", {"q1": 0, "q2": 0, "q6": 0}
    bring_text(other_house, "c-ssrs")

    assert "C-SSRS" not in words_of(ruth.get(papers).content.decode())
    assert ruth.get(url(house, "c-ssrs")).status_code == 404
    with pytest.raises(Refused, match="the owner's licence"):
        enter(house, no, "c-ssrs")

    bring_text(house, "c-ssrs")
    assert "C-SSRS" in words_of(ruth.get(papers).content.decode())
    assert ruth.get(url(house, "c-ssrs")).status_code == 200
    enter(house, no, "c-ssrs")


def test_paper_about_a_child_counts_whole_also_after_a_loss(house: House) -> None:
    with scope(clinic=house.clinic.id):
        record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW)

    enter(house, {item.key: 0 for item in instrument("pbq").items}, "pbq")

    with scope(clinic=house.clinic.id):
        (result,) = results_of(house.actor("nurse"), house.mother.id)
    assert (result.total, result.max) == (0, 125)


@pytest.mark.parametrize("who", ["administrator", "mother"])
def test_who_may_not_enter_paper_enters_none(house: House, who: str) -> None:
    by = house.actor(who) if who != "mother" else parent_actor(house.mother)

    with pytest.raises(Refused, match="the right to enter"):
        enter(house, CALM, by=by)

    answer = client_of(getattr(house, who)).post(url(house), fields("1111111110"))
    assert answer.status_code in {302, 303, 404}
    assert counts(house) == (0, 0, 0, 0)


def test_other_clinic_finds_no_such_parent(house: House, other_house: House) -> None:
    paula = client_of(other_house.nurse)

    for page in (url(house), f"/clinic/people/{house.mother.id}/answers/paper/"):
        assert paula.get(page).status_code == 404
    assert paula.post(url(house), fields("1111111110")).status_code == 404
    assert paula.post(url(house, rest="score/"), fields("1111111110")).status_code == 404
    assert counts(house) == (0, 0, 0, 0)


@given(st.data())
def test_boxes_and_scores_mean_the_same(data: st.DataObject) -> None:
    definition = data.draw(st.sampled_from(on_paper()))
    places = [data.draw(st.integers(0, len(item.options) - 1)) for item in definition.items]
    by_box = typed(
        definition, {item.key: str(place + 1) for item, place in zip(definition.items, places, strict=True)}, boxes=True
    )
    by_score = typed(
        definition,
        {item.key: str(item.values[place]) for item, place in zip(definition.items, places, strict=True)},
        boxes=False,
    )

    assert by_box.values == by_score.values
    assert by_box.wrong == by_score.wrong == {}
    assert by_box.score() == score(definition, by_score.values)


@given(st.text(min_size=1, max_size=3))
def test_what_cannot_be_is_named_by_item_and_never_counted(typed_in: str) -> None:
    definition = instrument("epds")

    found = typed(definition, {"q3": typed_in}, boxes=False)

    if typed_in.strip() in {"", "0", "1", "2", "3"}:
        assert found.wrong == {}
    else:
        assert found.wrong["q3"].number == 3
        assert found.values["q3"] is None


def test_paper_of_today_counts_no_later_than_it_was_entered() -> None:
    early = datetime(2026, 11, 20, 8, tzinfo=ZoneInfo("America/New_York"))

    assert filled_in_at(DAY, "America/New_York", early) == early
    assert filled_in_at(DAY - timedelta(days=1), "America/New_York", early).hour == 12


def test_one_digit_fits_every_cell_but_where_a_number_is_written_down() -> None:
    chosen = [item for one in on_paper() for item in one.items if not item.is_number]

    assert all(0 <= value <= 9 for item in chosen for value in item.values)
    assert all(len(item.options) <= 9 for item in chosen)
    assert {one.name for one in on_paper() if one.items[0].is_number} == {"ebi"}
    assert on_paper()[0].name == "epds"


def test_page_says_how_the_sheet_is_keyed(house: House, ruth: Client) -> None:
    page = words_of(ruth.get(url(house)).content.decode())

    assert "Scores, as keyed" in page
    assert "On the paper items 3, 5–10 have their highest score first, the others their lowest." in page
    assert "0 of 10 entered" in page


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("epds", "On the paper items 3, 5–10 have their highest score first, the others their lowest."),
        ("phq-9", "On the paper every item has its lowest score first."),
        (
            "pbq",
            "On the paper items 2, 3, 5–7, 10, 12–15, 17–21, 23, 24 have their highest score first, the others their lowest.",
        ),
        ("ebi", ""),
    ],
)
def test_order_of_print_is_said_in_one_sentence_from_the_definition(
    house: House, ruth: Client, name: str, says: str
) -> None:
    head = words_of(ruth.get(url(house, name)).content.decode()).split("Filled in on")[0]

    assert order_words(instrument(name)) == says
    assert says in head
    assert head.count("On the paper") == (1 if says else 0)


def test_item_without_text_is_named_once_in_the_grid(house: House, ruth: Client) -> None:
    page = ruth.get(url(house)).content.decode()

    assert "Item 7 Item 7" not in words_of(page)
    assert words_of(page).count("Item 7") == 1


@pytest.mark.parametrize("meanwhile", ["loss", "declined"])
def test_second_pass_is_compared_though_a_child_died_or_care_ended_in_between(
    house: House, ruth: Client, meanwhile: str
) -> None:
    ruth.post(url(house), fields("1111111110", twice="on"))
    with scope(clinic=house.clinic.id):
        if meanwhile == "loss":
            record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW)
        else:
            Episode.objects.filter(id=house.episode.id).update(state="assessed")
            house.episode.refresh_from_db()
            move(episode=house.episode, to="declined", reason="Told so.", by=house.actor("prescriber"), at=NOW)

    differs = ruth.post(url(house), fields("1121111110", twice="on", **FIRST))
    assert (differs.status_code, counts(house)) == (200, (0, 0, 0, 0))
    assert "The two passes differ." in words_of(differs.content.decode())
    kept = ruth.post(url(house), fields("1121111110", twice="on", **FIRST, second_pass="1,1,2,1,1,1,1,1,1,0"))
    assert kept.status_code == 303
    with scope(clinic=house.clinic.id):
        assert Result.objects.get().total == 10


def test_grid_keeps_the_paper_and_leads_to_the_answers(house: House, ruth: Client) -> None:
    kept = ruth.post(url(house), fields("1111111112"))

    assert kept.status_code == 303
    page = words_of(ruth.get(kept["Location"].split("#")[0]).content.decode())
    assert "filled in Fri 20 Nov 2026, handed in by the parent" in page
    assert "by Ruth Calder" in page
    assert "11 of 30" in page
    assert "Brief safety assessment" in page


def test_count_says_total_band_and_what_keeping_will_do(house: House, ruth: Client) -> None:
    so_far = words_of(ruth.post(url(house, rest="score/"), fields("111111111.")).content.decode())
    assert "9 of 10 entered" in so_far
    assert "No total while items are missing" in so_far

    whole = words_of(ruth.post(url(house, rest="score/"), fields("2222222221")).content.decode())
    assert "19 of 30" in whole
    assert "probable depression" in whole
    assert "Brief safety assessment item 10" in whole
    assert counts(house) == (0, 0, 0, 0)


def test_impossible_digit_is_named_and_what_was_typed_stays(house: House, ruth: Client) -> None:
    answer = ruth.post(url(house), fields("1171111110"))

    page = answer.content.decode()
    summary, _rest = words_of(page).split("Filled in on")
    assert answer.status_code == 422
    assert "Item 3 : “7” cannot be. Use 0, 1, 2, 3." in summary
    assert '<a href="#cell-q3">Item 3</a>' in page
    assert words_of(page).split("So far")[1].count("Item 3: “7” cannot be.") == 1
    assert "Use 0" not in words_of(page).split("So far")[1]
    assert 'name="q3" value="7"' in page
    assert counts(house) == (0, 0, 0, 0)


def test_numbers_of_more_digits_fit_their_cells_and_their_ends_are_said(house: House, ruth: Client) -> None:
    sheet = {f"q{number}": "100" for number in range(1, 7)}
    details = fields("")

    page = ruth.get(url(house, "ebi")).content.decode()
    assert page.count('maxlength="3"') == 6
    assert "0–100" in words_of(page)
    assert "Enter moves on" in words_of(page)

    refused = ruth.post(url(house, "ebi"), details | sheet | {"q2": "101"})
    assert "Item 2 : “101” cannot be. Use 0–100." in words_of(refused.content.decode())
    kept = ruth.post(url(house, "ebi"), details | sheet | {"q6": "7"})
    assert "507 of 600" in words_of(ruth.get(kept["Location"].split("#")[0]).content.decode())


def test_boxes_are_keyed_by_the_questionnaire(house: House, ruth: Client) -> None:
    ruth.post(url(house), fields("1111111111", mode="boxes"))

    with scope(clinic=house.clinic.id):
        (result,) = results_of(house.actor("nurse"), house.mother.id)
    assert result.total == 3 * 7  # items 3 and 5 to 10 are printed with the highest first


def test_pbq_on_paper_is_keyed_in_both_directions_and_its_safety_item_opens_a_task(house: House, ruth: Client) -> None:
    """Every box "never", the last one, is 40: eight kind items count the other way. Item 24 alone is a sign at once."""
    assert "0 of 25 entered" in words_of(ruth.get(url(house, "pbq")).content.decode())

    never = ruth.post(url(house, "pbq"), fields("6" * 25, mode="boxes"))
    assert counts(house) == (1, 25, 1, 0)
    assert "40 of 125" in words_of(ruth.get(never["Location"].split("#")[0]).content.decode())

    ruth.post(url(house, "pbq"), fields("0" * 23 + "10", filled_in_date="2026-10-20"))
    with scope(clinic=house.clinic.id):
        assert sorted(result.total or 0 for result in Result.objects.all()) == [1, 40]
        assert Concern.objects.get().asked == "pbq:q24"


FIRST = {"first": "1,1,1,1,1,1,1,1,1,0"}


def test_second_pass_that_left_an_item_empty_says_so_in_words(house: House, ruth: Client) -> None:
    differs = ruth.post(url(house), fields("1111111111", twice="on", first="1,,1,1,1,1,1,1,1,1"))

    assert "first pass: left empty" in words_of(differs.content.decode())


def test_second_pass_is_compared_with_the_first(house: House, ruth: Client) -> None:
    second = ruth.post(url(house), fields("1111111110", twice="on"))
    page = second.content.decode()
    assert second.status_code == 200
    assert "Second pass" in page
    assert 'name="first" value="1,1,1,1,1,1,1,1,1,0"' in page
    assert 'name="q1" value=""' in page
    assert counts(house) == (0, 0, 0, 0)

    differs = ruth.post(url(house), fields("1121111110", twice="on", first="1,1,1,1,1,1,1,1,1,0"))
    page = words_of(differs.content.decode())
    assert "The two passes differ. Item 3. Choose what stands on the paper." in page
    assert page.count("first pass: 1") == 1
    assert counts(house) == (0, 0, 0, 0)

    kept = ruth.post(url(house), fields("1121111110", twice="on", **FIRST, second_pass="1,1,2,1,1,1,1,1,1,0"))
    assert kept.status_code == 303
    with scope(clinic=house.clinic.id):
        assert PaperForm.objects.get().entered_twice
        assert Result.objects.get().total == 10


def test_safety_answer_of_one_pass_alone_is_chosen_by_name_and_the_record_keeps_both(
    house: House, ruth: Client
) -> None:
    """EPDS item 10: a 1, then a 0. Until somebody chooses nothing is kept, and the 1 counts in what stands beside the grid."""
    passes = {"twice": "on", "first": "1,1,1,1,1,1,1,1,1,1"}
    differs = ruth.post(url(house), fields("1111111110", **passes))
    page = differs.content.decode()
    assert "Keeping it opens a task at once." in page
    assert 'value="0" checked' not in page
    assert 'value="1" checked' not in page

    undecided = fields("1111111110", **passes, second_pass="1,1,1,1,1,1,1,1,1,0")
    del undecided["q10"]
    again = ruth.post(url(house), undecided)
    assert again.status_code == 422
    assert "Choose which one stands on the paper." in again.content.decode()
    assert "Keeping it opens a task at once." in ruth.post(url(house) + "score/", undecided).content.decode()
    refused = ruth.post(url(house), undecided | {"q10": "3"})
    assert (refused.status_code, counts(house)) == (422, (0, 0, 0, 0))

    kept = ruth.post(url(house), undecided | {"q10": "0"})
    assert kept.status_code == 303
    with scope(clinic=house.clinic.id):
        assert PaperForm.objects.get().differed == [{"item": 10, "first": "1", "second": "0", "kept": "0"}]
        assert not Concern.objects.exists()
    answers = words_of(ruth.get(f"/clinic/people/{house.mother.id}/answers/").content.decode())
    assert "item 10: first pass 1, second pass 0, kept 0" in answers


def test_wrong_digit_in_the_second_pass_does_not_lose_the_first(house: House, ruth: Client) -> None:
    page = ruth.post(url(house), fields("1111111117", twice="on", **FIRST))

    assert page.status_code == 422
    assert f'name="first" value="{FIRST["first"]}"' in page.content.decode()


def test_two_equal_passes_are_kept(house: House, ruth: Client) -> None:
    kept = ruth.post(url(house), fields("1111111110", twice="on", first="1,1,1,1,1,1,1,1,1,0"))

    assert kept.status_code == 303
    with scope(clinic=house.clinic.id):
        assert PaperForm.objects.get().entered_twice
