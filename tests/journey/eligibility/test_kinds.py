"""What a baseline entry may say, and how each refusal names field and remedy."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.ground.people.errors import Refused
from firstlight.journey.eligibility.kinds import checked
from firstlight.journey.eligibility.lists import lists

TODAY = date(2026, 11, 23)


def refusal(kind: str, value: dict[str, Any]) -> Refused:
    with pytest.raises(Refused) as refused:
        checked(kind, value, today=TODAY)
    return refused.value


@pytest.mark.parametrize(
    ("kind", "value", "field", "words"),
    [
        ("weight", {"weight_g": 700}, "weight", "0.7 kg cannot be used. A weight here is 30 to 250 kg."),
        ("weight", {"weight_g": 700_000}, "weight", "700 kg cannot be used. A weight here is 30 to 250 kg."),
        ("weight", {"weight_g": "70"}, "weight", "A weight here is 30 to 250 kg."),
        ("height", {"height_cm": 17}, "height_cm", "17 cannot be used. Use a whole number, 120 to 220 cm."),
        ("blood_pressure", {"sbp": 80, "dbp": 120}, "dbp", "80/120 cannot be used."),
        ("blood_pressure", {"sbp": 120, "dbp": 120}, "dbp", "The first figure (systolic) is the higher one."),
        ("blood_pressure", {"sbp": 1200, "dbp": 80}, "sbp", "Use a whole number, 40 to 300 mmHg."),
        ("pregnancy_test", {"result": "negative", "test_date": "2027-01-01"}, "test_date", "is in the future"),
        ("pregnancy_test", {"result": "negative", "test_date": "2025-01-01"}, "test_date", "over a year ago"),
        ("pregnancy_test", {"result": "negative", "test_date": None}, "test_date", "This is no date."),
        ("pregnancy_test", {"result": "perhaps"}, "result", "Choose one from the list."),
        ("medicine", {"name": "", "group": "none"}, "name", "This is empty."),
        (
            "medicine",
            {"name": "x" * 100_000, "group": "none"},
            "name",
            "100000 characters are too many. Use at most 200.",
        ),
        ("medicine", {"name": "Lorazepam", "group": "sweets"}, "group", "Choose one from the list."),
        ("problem", {"problem": "other", "note": ""}, "note", "This is empty."),
        ("treatment_trial", {"treatment": "Talk", "group": "psychotherapy", "weeks": 0}, "weeks", "1 to 520 weeks"),
        ("breastfeeding", {"breastfeeding": "yes"}, "breastfeeding", "Answer yes or no."),
        ("obstetric", {"symptoms": ["hiccups"]}, "symptoms", "Choose from the list."),
        ("weight", {"nothing_else": True}, "kind", "Only a list can be closed"),
        ("star_sign", {"sign": "leo"}, "kind", "Choose what this entry is about."),
    ],
)
def test_impossible_value_is_refused_with_field_and_remedy(
    kind: str, value: dict[str, Any], field: str, words: str
) -> None:
    refused = refusal(kind, value)

    assert refused.field == field
    assert words in refused.message


def test_refusal_never_repeats_a_pasted_text() -> None:
    assert len(refusal("medicine", {"name": "x" * 100_000, "group": "none"}).message) < 200


@given(st.integers(30_000, 250_000))
def test_weight_of_an_adult_is_kept_to_the_gram(grams: int) -> None:
    assert checked("weight", {"weight_g": grams}, today=TODAY) == {"weight_g": grams}


@given(st.integers(-(10**9), 10**9).filter(lambda grams: not 30_000 <= grams <= 250_000))
def test_weight_of_no_adult_is_refused(grams: int) -> None:
    assert refusal("weight", {"weight_g": grams}).field == "weight"


def test_value_holds_nothing_that_its_kind_does_not_have() -> None:
    kept = checked("allergy", {"substance": "Latex", "group": "other", "admin": True}, today=TODAY)

    assert kept == {"substance": "Latex", "group": "other", "reaction": ""}


def test_pregnancy_that_cannot_be_needs_no_day() -> None:
    kept = checked("pregnancy_test", {"result": "cannot", "test_date": "2026-11-01"}, today=TODAY)

    assert kept == {"result": "cannot", "test_date": None}


@pytest.mark.parametrize("name", lists())
def test_list_names_each_line_once(name: str) -> None:
    keys = [choice.key for choice in lists()[name]]

    assert len(keys) == len(set(keys))
