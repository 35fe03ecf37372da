"""The plain dictionaries that scripts read: exactly the promised keys."""

import json

import pytest

from firstlight.clinical.instruments import ScoringError, instruments, instruments_json, score_json, score_rows

SCORE_KEYS = {"instrument", "total", "subscales", "band", "complete", "flags", "max", "findings", "tags"}


def test_list_names_every_instrument() -> None:
    listed = {entry["name"]: entry for entry in instruments_json()}

    assert set(listed) == set(instruments())
    assert set(listed) >= {
        *("phq-9", "gad-7", "pcl-5", "pc-ptsd-5", "pbq", "epds", "pba", "wsas", "who-5", "qids-sr16", "mdq", "asq"),
        *("city-bits", "phq-2", "phq-4", "pass", "madrs-s", "b-ipf", "mibs", "wai-sr", "cadss-6"),
    }
    assert {"name", "title", "items", "tier", "licence"} <= set(listed["phq-9"])
    assert (listed["phq-9"]["items"], listed["phq-9"]["tier"]) == (9, "A")
    assert listed["gad-7"]["questions"][0]["options"][0] == {"value": 0, "label": "Not at all"}
    assert json.loads(json.dumps(listed))["asq"]["recall_days"] is None


def test_score_of_one_vector() -> None:
    assert score_json("phq-9", ["3"] * 9) == {
        "instrument": "phq-9",
        "total": 27,
        "subscales": {},
        "band": "severe",
        "complete": True,
        "flags": [{"rule": "phq-9-item-9", "item": 9, "action": "brief_safety_assessment"}],
        "max": 27,
        "findings": {"major_depressive_syndrome": True, "other_depressive_syndrome": False},
        "tags": {"band": "V2", "flags": {"phq-9-item-9": "V"}},
    }


def test_empty_field_is_a_missing_answer() -> None:
    result = score_json("phq-9", ["0"] * 8 + [""])

    assert set(result) == SCORE_KEYS
    assert (result["total"], result["band"], result["complete"]) == (None, None, False)


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "٣", "9" * 5000, "1e0"])
def test_field_that_is_no_whole_number_is_refused_with_its_position(value: str) -> None:
    with pytest.raises(ScoringError, match="phq-9, item 2"):
        score_json("phq-9", ["0", value] + ["0"] * 7)


def test_file_keeps_a_bad_row_in_its_place() -> None:
    rows = [[f"item {number}" for number in range(1, 10)], ["0"] * 9, ["9"] + ["0"] * 8, ["1"] * 9]

    results = list(score_rows("phq-9", rows))

    assert [result.get("total") for result in results] == [0, None, 9]
    assert results[1] == {"row": 3, "error": "phq-9, item 1: '9' is not possible; use 0, 1, 2, 3."}


def test_file_without_a_header_loses_no_row() -> None:
    assert [result["total"] for result in score_rows("gad-7", [["1"] * 7, ["0"] * 7])] == [7, 0]


def test_first_row_of_missing_answers_is_no_header() -> None:
    assert [result["complete"] for result in score_rows("gad-7", [[""] * 7])] == [False]


def test_unknown_instrument_is_refused_before_the_first_row() -> None:
    with pytest.raises(KeyError, match="phq-99"):
        next(iter(score_rows("phq-99", [["0"]])))


def test_list_says_what_is_not_known() -> None:
    listed = {entry["name"]: entry for entry in instruments_json()}

    assert listed["pba"]["reliable_change"] is None
    assert (listed["epds"]["text"], listed["epds"]["questions"][0]["text"]) == (False, None)
    assert listed["wsas"]["important_difference"]["tag"] == "M"
    assert [one["points"] for one in listed["gad-7"]["reliable_change"]["others"]] == [4]
    assert listed["epds"]["important_difference"]["better"] == 4
    assert listed["epds"]["important_difference"]["worse"] == 3


def test_empty_lines_at_the_end_are_no_rows_but_between_others_they_are() -> None:
    results = list(score_rows("gad-7", [["1"] * 7, [], ["0"] * 7, [], []]))

    assert [result.get("total") for result in results] == [7, None, 0]
    assert results[1]["row"] == 2


def test_empty_line_of_a_single_item_is_a_missing_answer() -> None:
    assert [result["total"] for result in score_rows("moaas", [["5"], [], ["4"]])] == [5, None, 4]


def test_field_with_blanks_or_a_leading_nought_is_read() -> None:
    assert score_json("phq-2", [" 1", "02"])["total"] == 3


def test_flag_that_several_answers_set_off_names_them_all() -> None:
    never = ["0"] * 25
    both = [*never[:17], "2", *never[18:23], "1", never[24]]

    (alone,) = score_json("pbq", [*never[:23], "1", never[24]])["flags"]
    (together,) = score_json("pbq", both)["flags"]

    assert (alone["item"], "items" in alone) == (24, False)
    assert (together["item"], together["items"]) == (18, [18, 24])
