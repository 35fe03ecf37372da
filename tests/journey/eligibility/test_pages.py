"""Baseline and assessment in the browser of those who may see them, and of those who may not."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.journey.eligibility.models import BaselineEntry, Decision
from firstlight.journey.eligibility.selectors import baseline_for, latest_assessment, outcomes_of
from firstlight.journey.screening.services import complete
from tests.cast import NOW, House
from tests.journey.planning.telling import Story
from tests.journey.screening.telling import answer_all, first_set
from tests.support.signed_in import client_of


@pytest.fixture(autouse=True)
def at_the_time_of_the_story() -> Iterator[None]:
    """Let pages and stories share a clock."""
    with time_machine.travel(NOW.replace(hour=15), tick=True):
        yield


def baseline(house: House) -> str:
    return reverse("eligibility:baseline", args=[house.mother.id])


def assessment(house: House) -> str:
    return reverse("eligibility:assessment", args=[house.mother.id])


def enter(client: Client, house: House, kind: str, **typed: Any) -> Any:
    return client.post(reverse("eligibility:enter", args=[house.mother.id, kind]), {"once": str(uuid4()), **typed})


def entries(house: House) -> list[BaselineEntry]:
    with scope(clinic=house.clinic.id):
        return baseline_for(house.actor("nurse"), house.mother.id)


def screened(house: House) -> None:
    """Let Maya answer the first questions, with a yes to the first of the ASQ."""
    answers = first_set(house)
    answer_all(house, answers, {"asq:q1": 1})
    with scope(clinic=house.clinic.id):
        complete(question_set=answers, by=house.actor("mother"), at=NOW)


def test_nurse_enters_a_weight_and_finds_it_in_words(house: House) -> None:
    nurse = client_of(house.nurse)
    sent = enter(nurse, house, "weight", weight="70.5")

    assert (sent.status_code, sent["Location"]) == (303, f"{baseline(house)}#weight")
    page = nurse.get(baseline(house)).content.decode()
    assert "70.5 kg" in page
    assert "Ruth Calder" in page


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("weight", {"weight": "0.7"}, "0.7 kg cannot be used. A weight here is 30 to 250 kg."),
        ("weight", {"weight": "700"}, "700 kg cannot be used."),
        ("weight", {"weight": ".7"}, ".7 cannot be read as a weight. Write kilograms as a number, such as 70.5."),
        ("weight", {"weight": "seventy"}, "seventy cannot be read as a weight."),
        ("blood_pressure", {"sbp": "80", "dbp": "120"}, "80/120 cannot be used."),
        ("blood_pressure", {"sbp": "12O", "dbp": "80"}, "Enter a whole number."),
        ("pregnancy_test", {"result": "negative", "test_date": "2027-02-01"}, "2027-02-01 is in the future."),
        ("pregnancy_test", {"result": "negative", "test_date": "2026-02-31"}, "There is no such day."),
        ("medicine", {"name": "<script>alert(1)</script>" * 20, "group": "none"}, "characters are too many."),
    ],
)
def test_impossible_entry_is_refused_and_keeps_what_was_typed(
    house: House, kind: str, typed: dict[str, str], words: str
) -> None:
    answer = enter(client_of(house.nurse), house, kind, **typed)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert words in page
    assert all(value in page or value.startswith("<") for value in typed.values())
    assert "<script>alert(1)" not in page
    assert entries(house) == []


def test_hundred_thousand_characters_are_refused_and_kept(house: House) -> None:
    answer = enter(client_of(house.nurse), house, "allergy", substance="x" * 100_000, group="other")

    assert answer.status_code == 422
    assert "100000 characters are too many. Use at most 200." in answer.content.decode()
    assert b"x" * 100_000 in answer.content


def test_form_that_is_sent_twice_is_entered_once(house: House) -> None:
    nurse, key = client_of(house.nurse), str(uuid4())
    first, second = (enter(nurse, house, "weight", weight="70", once=key) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert len(entries(house)) == 1


def test_list_is_closed_with_one_button(house: House) -> None:
    enter(client_of(house.nurse), house, "allergy", nothing_else="1")

    assert "Asked: nothing else known" in client_of(house.nurse).get(baseline(house)).content.decode()


def test_correction_shows_old_and_new(house: House) -> None:
    story = Story(house)
    story.enter("weight", weight_g=70_000)
    nurse, (entry,) = client_of(house.nurse), entries(house)
    address = reverse("eligibility:correct", args=[house.mother.id, entry.id])

    assert 'value="70"' in nurse.get(address).content.decode()
    without = nurse.post(address, {"once": str(uuid4()), "weight": "75", "reason": ""})
    sent = nurse.post(address, {"once": str(uuid4()), "weight": "75", "reason": "Scale was not level."})

    assert (without.status_code, sent.status_code) == (422, 303)
    page = nurse.get(baseline(house)).content.decode()
    assert "75 kg" in page
    assert "70 kg" in page
    assert "Scale was not level." in page


def test_entry_is_withdrawn_with_a_reason(house: House) -> None:
    Story(house).enter("problem", problem="porphyria", note="")
    nurse, (entry,) = client_of(house.nurse), entries(house)
    address = reverse("eligibility:correct", args=[house.mother.id, entry.id])

    sent = nurse.post(address, {"once": str(uuid4()), "withdraw": "1", "reason": "Her sister has it."})

    assert sent.status_code == 303
    assert "Withdrawn:" in nurse.get(baseline(house)).content.decode()


def test_prescriber_sees_score_band_flag_and_answers(house: House) -> None:
    screened(house)
    page = client_of(house.prescriber).get(assessment(house)).content.decode()

    assert "Patient Health Questionnaire (PHQ-9)" in page
    assert "8 of 27" in page
    assert "Brief safety assessment" in page
    assert "In the past few weeks, have you wished you were dead?" in page


def test_prescriber_runs_reads_and_decides(house: House) -> None:
    story = Story(house)
    story.baseline()
    prescriber = client_of(house.prescriber)
    prescriber.post(reverse("eligibility:run", args=[house.mother.id]), {"once": str(uuid4())})
    with scope(clinic=house.clinic.id):
        run = latest_assessment(house.episode)
        assert run is not None
        asking = [one.rule for one in outcomes_of(run) if one.needs_reason]
    page = prescriber.get(assessment(house)).content.decode()
    address = reverse("eligibility:decide", args=[house.mother.id, run.id])
    form = {"outcome": "suitable", "reason": "Fits.", **{f"review-{rule}": "Weighed." for rule in asking}}

    assert all(f'name="review-{rule}"' in page for rule in asking)
    refused = prescriber.post(address, {**form, "once": str(uuid4()), f"review-{asking[0]}": ""})
    sent = prescriber.post(address, {**form, "once": str(uuid4())})

    assert refused.status_code == 422
    assert "“Suitable” needs your decision and reason here." in refused.content.decode()
    assert "Weighed." in refused.content.decode()
    assert sent.status_code == 303
    assert "Suitable for treatment. Amara Okafor" in prescriber.get(assessment(house)).content.decode()


def test_rule_shows_its_basis_and_ours_as_ours(house: House) -> None:
    story = Story(house)
    story.baseline(blood_pressure={"sbp": 190, "dbp": 110})
    story.run()
    page = client_of(house.prescriber).get(assessment(house)).content.decode()

    assert "Resting blood pressure above 180 systolic or above 100 diastolic" in page
    assert "190 mmHg" in page
    assert "Ketamine, Swiss professional information, registration 67199" in page
    assert "Ours: Firstlight&#x27;s own default" in page or "Ours: Firstlight's own default" in page
    assert page.index("Blocks") < page.index("To decide")


@pytest.mark.parametrize("role", ["therapist", "nurse"])
def test_only_the_prescriber_decides(house: House, role: str) -> None:
    run = Story(house).run()
    client = client_of(getattr(house, role))
    address = reverse("eligibility:decide", args=[house.mother.id, run.id])

    assert client.post(address, {"outcome": "not_now", "reason": "x"}).status_code == 404
    assert client.get(assessment(house)).status_code == 200
    with scope(clinic=house.clinic.id):
        assert not Decision.objects.exists()


def test_therapist_reads_the_baseline_without_its_forms(house: House) -> None:
    therapist = client_of(house.therapist)

    assert '<form method="post" action="/clinic/people' not in therapist.get(baseline(house)).content.decode()
    assert enter(therapist, house, "weight", weight="70").status_code == 404


@pytest.mark.parametrize("outsider", ["prescriber", "nurse", "therapist", "administrator"])
def test_outsider_reaches_nothing(house: House, other_house: House, outsider: str) -> None:
    story = Story(house)
    story.enter("problem", problem="other", note="Canary in a coal mine")
    run, (entry,) = story.run(), entries(house)
    client = client_of(getattr(other_house, outsider))
    person = house.mother.id

    answers = [
        client.get(baseline(house)),
        client.get(assessment(house)),
        client.get(reverse("eligibility:correct", args=[person, entry.id])),
        client.post(reverse("eligibility:run", args=[person])),
        client.post(reverse("eligibility:decide", args=[person, run.id]), {"outcome": "not_now", "reason": "x"}),
        enter(client, house, "weight", weight="70"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert not any(b"anary" in answer.content or b"Maya" in answer.content for answer in answers)


def test_run_and_entry_of_one_person_are_not_reached_through_another(house: House) -> None:
    story = Story(house)
    story.enter("weight", weight_g=70_000)
    run, (entry,) = story.run(), entries(house)
    prescriber, father = client_of(house.prescriber), house.father.id

    assert prescriber.get(reverse("eligibility:correct", args=[father, entry.id])).status_code == 404
    decided = prescriber.post(
        reverse("eligibility:decide", args=[father, run.id]), {"outcome": "not_now", "reason": "x"}
    )
    assert decided.status_code == 404


def test_parent_does_not_reach_what_the_clinic_notes(house: House) -> None:
    assert client_of(house.mother).get(baseline(house)).status_code == 302


def test_each_screen_is_read_once_in_the_audit(house: House) -> None:
    prescriber = client_of(house.prescriber)
    for address, screen in ((baseline(house), "baseline"), (assessment(house), "assessment")):
        prescriber.get(address)
        assert AuditEvent.objects.filter(action=f"read.{screen}", parent_id=house.mother.id).count() == 1


def test_pages_need_few_queries(
    house: House, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    screened(house)
    story = Story(house)
    story.baseline()
    for _ in range(10):
        story.enter("medicine", name="Sertraline", dose="100 mg", group="none")
    story.enter("clearance", clearance="brief_safety_assessment", note="No plan.")
    story.decide()
    prescriber = client_of(house.prescriber)

    for address in (baseline(house), assessment(house)):
        prescriber.get(address)
        with django_assert_max_num_queries(24):
            prescriber.get(address)
