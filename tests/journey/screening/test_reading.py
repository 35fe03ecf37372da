"""Answers as a clinician reads them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from firstlight.clinical.evidence import Tag
from firstlight.clinical.instruments import instrument
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import Episode, EpisodeState, Parent, Relation
from firstlight.journey.screening.holding import Holdings
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.reading import sheets_of
from firstlight.journey.screening.records import record_of
from firstlight.journey.screening.services import complete, enter_paper
from firstlight.journey.screening.sheets import Line, Sheet
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all, first_set
from tests.support.reading import words_of
from tests.support.signed_in import client_of

MOST_QUERIES = 20


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_answers_of_one_parent_are_read_by_staff_with_one_read_event(house: House) -> None:
    question_set = first_set(house)
    with scope(clinic=house.clinic.id):
        answer_all(house, question_set, {"phq-9:q9": 2})
        complete(question_set=question_set, by=house.actor("mother"), at=NOW)

    prescriber = client_of(house.prescriber)
    with CaptureQueriesContext(connection) as asked:
        page = prescriber.get(f"/clinic/people/{house.mother.id}/answers/")

    shown = words_of(page.content.decode())
    for said in (
        "10 of 27",
        "moderate",
        "negative screen",
        "7 of 21",
        "Brief safety assessment",
        "More than half the days",
    ):
        assert said in shown
    assert len(asked) <= MOST_QUERIES
    events = AuditEvent.objects.filter(action="read.answers", parent_id=house.mother.id)
    assert events.count() == 1


def test_changed_answer_shows_what_it_replaced(house: House) -> None:
    question_set, maya = first_set(house), client_of(house.mother)
    for value in (3, 0):
        maya.post(f"/me/q/{question_set.id}/13/", {"item": "phq-9:q9", "value": value})

    shown = words_of(client_of(house.nurse).get(f"/clinic/people/{house.mother.id}/answers/").content.decode())

    assert "before: Nearly every day" in shown
    assert "Brief safety assessment" in shown


def read_by_prescriber(house: House) -> str:
    return client_of(house.prescriber).get(f"/clinic/people/{house.mother.id}/answers/").content.decode()


def sent(house: House, values: dict[str, int]) -> QuestionSet:
    question_set = first_set(house)
    with scope(clinic=house.clinic.id):
        answer_all(house, question_set, values)
        complete(question_set=question_set, by=house.actor("mother"), at=NOW + timedelta(minutes=5))
    return question_set


def test_what_asked_for_help_stands_first_and_leads_to_its_sheet(house: House) -> None:
    question_set = sent(house, {"phq-9:q9": 1})

    page = read_by_prescriber(house)

    top = page[page.index('id="flags"') : page.index('id="results"')]
    assert "Brief safety assessment" in top
    assert f'href="#sheet-{question_set.id}-phq-9"' in top
    assert f'id="sheet-{question_set.id}-phq-9"' in page


def test_page_without_a_flag_says_so(house: House) -> None:
    sent(house, {})

    assert "No answer on this page set off a safety rule." in read_by_prescriber(house)


def sheet_of(house: House, name: str, values: dict[str, int]) -> Sheet:
    """Return one sheet of the first questions as it is read."""
    question_set = sent(house, values)
    with scope(clinic=house.clinic.id):
        record = record_of(house.actor("prescriber"), house.mother.id)
        (read,) = sheets_of(record.sets, record.replies, record.results, NOW)
    assert read.id == question_set.id
    return next(sheet for sheet in read.sheets if sheet.name == name)


def test_flagged_answers_come_first_then_the_heaviest_and_plain_ones_are_folded(house: House) -> None:
    sheet = sheet_of(house, "phq-9", {"phq-9:q1": 0, "phq-9:q5": 3, "phq-9:q7": 2, "phq-9:q9": 1})

    assert [line.number for line in sheet.telling] == [9, 5, 7, 2, 3, 4, 6, 8]
    assert [line.number for line in sheet.quiet] == [1]


def test_what_is_not_a_plain_no_is_never_folded(house: House) -> None:
    sheet = sheet_of(house, "health-10", {"health-10:organs": 2, "health-10:heart": 1})

    assert [(line.number, line.answer) for line in sheet.telling] == [(1, "Yes"), (8, "Not sure")]
    assert {line.answer for line in sheet.quiet} == {"No"}


def test_answer_that_was_changed_to_a_no_is_not_folded(house: House) -> None:
    question_set, maya = first_set(house), client_of(house.mother)
    for value in (1, 0):
        maya.post(f"/me/q/{question_set.id}/1/", {"item": "asq:q1", "value": value})
    with scope(clinic=house.clinic.id):
        record = record_of(house.actor("prescriber"), house.mother.id)
        (read,) = sheets_of(record.sets, record.replies, record.results, NOW)

    (line,) = read.sheets[0].telling
    assert (line.answer, line.flagged, [words for words, _at in line.earlier]) == ("No", True, ["Yes"])


@pytest.mark.parametrize("role", ["administrator", "stranger"])
def test_answers_are_not_there_for_whoever_may_not_read_them(house: House, other_house: House, role: str) -> None:
    client = client_of(house.administrator if role == "administrator" else other_house.prescriber)

    assert client.get(f"/clinic/people/{house.mother.id}/answers/").status_code == 404


def on_paper(house: House, name: str, values: dict[str, int], *, whose: str = "mother") -> tuple[Sheet, str]:
    """Enter one paper form of a parent, and return its sheet and the words of the page on which it is read."""
    parent: Parent = getattr(house, whose)
    with scope(clinic=house.clinic.id):
        episode = Episode.objects.filter(parent=parent).first() or Episode.objects.create(
            clinic=house.clinic, parent=parent, state=EpisodeState.INVITED, source="call", opened_at=NOW, moved_at=NOW
        )
        enter_paper(
            episode=episode, instrument=name, values=values, filled_in_date=(NOW - timedelta(days=2)).date(),
            handed_in_by="parent", entered_twice=False, by=house.actor("nurse"), at=NOW,
        )  # fmt: skip
        record = record_of(house.actor("prescriber"), parent.id)
        (read,) = sheets_of(record.sets, record.replies, record.results, NOW)
    page = client_of(house.prescriber).get(f"/clinic/people/{parent.id}/answers/").content.decode()
    return read.sheets[0], words_of(page)


EPDS_8 = {f"q{number}": 1 for number in range(1, 9)} | {"q9": 0, "q10": 0}
MOTHERS = "These bands are for mothers. In fathers, seven studies together found that cut-offs from 7 to 10 serve"


@pytest.mark.parametrize("relation", [Relation.FATHER, Relation.PARTNER, Relation.ADOPTIVE, Relation.UNKNOWN])
def test_result_read_against_values_of_mothers_says_so_of_another_parent(house: House, relation: Relation) -> None:
    house.father.relation = relation
    house.father.save()
    sheet, page = on_paper(house, "epds", EPDS_8, whose="father")

    assert sheet.band == "below 10"
    assert MOTHERS in page
    assert sheet.sources == ("COX-87", "CARLBERG-18", "SHAFIAN-22")


def test_result_of_a_mother_says_nothing_of_the_kind(house: House) -> None:
    sheet, page = on_paper(house, "epds", EPDS_8)

    assert MOTHERS not in page
    assert sheet.sources == ("COX-87",)


def test_result_without_bands_names_what_its_total_comes_from_and_no_more(house: House) -> None:
    # the BPBs names a source of its items, but of its key none could be checked
    sheet, page = on_paper(house, "bpbs", {f"q{number}": 1 for number in range(1, 6)})
    assert (sheet.band, sheet.total, sheet.sources) == (None, 5, ())
    assert "How the total is made could not be checked in any source." in page
    assert "Roskam" not in page


def test_band_names_its_own_source_beside_that_of_the_total(house: House) -> None:
    sheet, _page = on_paper(house, "madrs-s", {f"q{number}": 2 for number in range(1, 10)} | {"q9": 0})

    assert (sheet.band, sheet.band_unchecked) == ("mild", False)
    assert sheet.sources == ("SVANBORG-94", "MADRSS-BANDS")


def test_band_of_which_no_source_could_be_checked_says_so_and_names_none_for_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    unchecked = replace(instrument("madrs-s"), bands_sources=(), bands_tag=Tag.UNCHECKED)
    monkeypatch.setattr(Holdings, "instrument", lambda *_asked: unchecked)
    sheet, page = on_paper(house, "madrs-s", {f"q{number}": 2 for number in range(1, 10)} | {"q9": 0})

    assert (sheet.band, sheet.band_unchecked, sheet.total_unchecked) == ("mild", True, False)
    assert sheet.sources == ("SVANBORG-94",)  # of the total alone
    assert "no source of them could be checked" in page


def test_outcome_in_words_names_the_rule_that_it_comes_from(house: House) -> None:
    sheet = sheet_of(house, "asq", {})

    assert sheet.band == "negative screen"
    assert sheet.sources == ("ASQ", "HOROWITZ-20")


@pytest.mark.parametrize(
    ("answer", "value", "aside"),
    [
        ("Several days", 1, 1),
        ("2", 2, None),
        ("0, not at all", 0, None),
        ("0, not at all", 10, 10),
        ("10, fully", 1, 1),
    ],
)
def test_score_stands_behind_an_answer_that_does_not_say_it(answer: str, value: int, aside: int | None) -> None:
    line = Line(1, "How was it?", answer, value, NOW, (), flagged=False, tells=True, counts=True, scored=True)

    assert line.aside == aside
