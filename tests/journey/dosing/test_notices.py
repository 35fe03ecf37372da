"""Notices: raised exactly beyond a limit, once a condition, seen by somebody, and never in place of the value."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from firstlight.clinical.protocols import vitals
from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing import board
from firstlight.journey.dosing.findings import due_at
from firstlight.journey.dosing.models import Session
from tests.journey.dosing.telling import Chair
from tests.support.scale import STORIES


def readings(chair: Chair) -> dict[str, str]:
    """Return how each value stands on the screen: shape and word."""
    found = chair.told(lambda sheet: [*board.large_readings(sheet, chair.now), *board.small_readings(sheet, chair.now)])
    return {reading.key: f"{reading.kind} {reading.words}".strip() for reading in found}


def rows(chair: Chair) -> list[board.NoticeRow]:
    return chair.told(board.open_rows)


@pytest.mark.parametrize(
    ("values", "waiting"),
    [
        ({"sbp": 160}, []),
        ({"sbp": 161}, ["sbp warn"]),
        ({"sbp": 181}, ["sbp warn"]),
        ({"sbp": 200}, ["sbp warn"]),
        ({"sbp": 201}, ["sbp act"]),
        ({"sbp": 89}, ["sbp act"]),
        ({"sbp": 140, "dbp": 100}, []),
        ({"sbp": 140, "dbp": 101}, ["dbp warn"]),
        ({"sbp": 165, "dbp": 105}, ["dbp warn", "sbp warn"]),
        ({"hr": 110}, []),
        ({"hr": 111}, ["hr warn"]),
        ({"hr": 49}, ["hr warn"]),
        ({"hr": 39}, ["hr act"]),
        ({"spo2": 95}, []),
        ({"spo2": 94}, ["spo2 warn"]),
        ({"spo2": 91}, ["spo2 act"]),
        ({"moaas": 4}, []),
        ({"moaas": 3}, ["moaas warn"]),
        ({"moaas": 1}, ["moaas emergency"]),
        ({"dissociation": 10, "nausea": 10}, []),
    ],
)
@pytest.mark.begins("infusing")
def test_notice_begins_beyond_its_limit_and_not_at_it(chair: Chair, values: dict[str, Any], waiting: list[str]) -> None:
    chair.after(10).chart(**values)

    assert chair.waiting == waiting


@pytest.mark.begins("infusing")
def test_notice_says_value_rule_steps_and_source(chair: Chair) -> None:
    chair.after(10).chart(sbp=165)

    row = rows(chair)[0]
    assert row.text == "Systolic pressure 165 mmHg, above 160: read it again in 10 min"
    assert row.steps == ("Look at the person first, then at cuff and sensor.", "Read it again in time.")
    assert row.source.startswith("Found in one source. Student Doctor Network")
    assert "Mhyre" in row.source


@pytest.mark.begins("infusing")
def test_after_a_birth_the_obstetric_rule_and_its_own_source_stand_there(chair: Chair) -> None:
    chair.after(10)
    chair.scoped(lambda: Session.objects.update(vitals_profile=vitals.POSTPARTUM))
    chair.chart(sbp=162, dbp=90)

    row = rows(chair)[0]
    assert (chair.waiting, row.level) == (["sbp act"], "act")
    assert "within six weeks of a birth" in row.text
    assert row.source.startswith("Found in one source. RWJBarnabas Health")


@pytest.mark.begins("infusing")
def test_raised_pressure_that_stays_is_an_obstetric_emergency(chair: Chair) -> None:
    chair.after(5)
    chair.scoped(lambda: Session.objects.update(vitals_profile=vitals.POSTPARTUM))
    chair.only(sbp=162, dbp=90)
    chair.after(14).only(sbp=164, dbp=90)
    assert chair.waiting == ["sbp act"]

    chair.after(1).only(sbp=163, dbp=90)

    assert chair.waiting == ["sbp act", "sbp emergency"]
    assert rows(chair)[0].level == "emergency"


@pytest.mark.begins("infusing")
def test_condition_that_stands_open_is_raised_once(chair: Chair) -> None:
    chair.after(5).only(sbp=165, dbp=80)
    chair.after(5).only(sbp=168, dbp=80)

    assert [notice.value for notice in chair.notices] == ["165"]
    assert readings(chair)["sbp"] == "info out of plan"


@pytest.mark.begins("infusing")
def test_graver_level_is_raised_beside_the_lesser_and_seen_with_one_tap(chair: Chair) -> None:
    chair.after(5).only(sbp=165, dbp=105)
    chair.after(5).only(sbp=205, dbp=106)
    assert chair.waiting == ["dbp warn", "sbp act", "sbp warn"]
    assert [row.level for row in rows(chair)] == ["act"]

    chair.see(chair.scoped(lambda: next(one for one in chair.sheet.open_notices if one.level == "act")), "paused")

    assert chair.waiting == []
    assert {row.action for row in chair.sheet.acknowledged.values()} == {"paused"}


@pytest.mark.begins("infusing")
def test_seeing_the_lesser_leaves_the_graver_open(chair: Chair) -> None:
    chair.after(5).only(sbp=165, dbp=90)
    chair.after(5).only(sbp=205, dbp=90)

    chair.see(next(one for one in chair.sheet.open_notices if one.level == "warn"))

    assert chair.waiting == ["sbp act"]


@pytest.mark.begins("infusing")
def test_what_is_seen_comes_back_with_the_next_value_out_of_plan(chair: Chair) -> None:
    chair.after(5).only(sbp=165, dbp=90)
    chair.see()
    assert chair.waiting == []
    assert readings(chair)["sbp"] == "info out of plan"

    chair.after(5).only(sbp=166, dbp=90)

    assert chair.waiting == ["sbp warn"]


@pytest.mark.begins("infusing")
def test_seeing_says_who_and_what_and_happens_once(chair: Chair) -> None:
    chair.after(5).only(sbp=165, dbp=90)
    notice = chair.notices[0]
    with pytest.raises(Refused) as refused:
        chair.see(notice, action="ignored")
    assert refused.value.message == "Choose what was done."

    chair.after(1).see(notice, "rechecked", by="second_nurse")
    version = chair.open.version
    chair.after(1).see(notice, "paused", by="nurse")

    assert chair.open.version == version
    assert [row.taken for row in chair.told(board.seen_rows)] == ["Read again, Tomas Reyes"]


@pytest.mark.begins("infusing")
def test_value_in_plan_again_says_so_while_the_notice_still_waits(chair: Chair) -> None:
    chair.after(5).only(sbp=165, dbp=90)
    chair.after(5).only(sbp=140, dbp=84)

    assert chair.waiting == ["sbp warn"]
    assert readings(chair)["sbp"] == "ok in plan"


@pytest.mark.parametrize("symptom", ["headache", "vision_change", "chest_pain", "focal_deficit"])
@pytest.mark.begins("infusing")
def test_warning_symptom_with_a_raised_pressure_is_an_emergency(chair: Chair, symptom: str) -> None:
    chair.after(5).only(sbp=141, dbp=85)
    chair.after(1).mark(symptom)

    assert chair.waiting == ["symptom emergency"]
    assert "blood pressure 141/85 mmHg: a warning symptom while the pressure is raised" in rows(chair)[0].text
    assert readings(chair)["sbp"] == "stop out of plan"
    chair.mark(symptom)
    assert len(chair.notices) == 1


@pytest.mark.begins("infusing")
def test_symptom_with_a_calm_pressure_waits_for_the_next_reading(chair: Chair) -> None:
    chair.after(5).only(sbp=140, dbp=90)
    chair.after(1).mark("headache")

    assert chair.waiting == []
    assert chair.told(due_at) == chair.now
    chair.after(1).only(sbp=139, dbp=91)

    assert chair.waiting == ["symptom emergency"]
    assert rows(chair)[0].text.startswith("Headache, blood pressure 139/91 mmHg")


@pytest.mark.begins("infusing")
def test_symptom_counts_for_half_an_hour(chair: Chair) -> None:
    chair.after(5).only(sbp=130, dbp=80)
    chair.mark("headache")

    chair.after(31).only(sbp=145, dbp=80)

    assert chair.waiting == []


@pytest.mark.begins("infusing")
def test_vomiting_is_no_warning_symptom(chair: Chair) -> None:
    chair.after(5).only(sbp=150, dbp=95)
    chair.mark("nausea_vomiting")

    assert chair.waiting == []


def test_values_are_due_ten_minutes_after_the_last_pressure_and_fifteen_after_the_end(chair: Chair) -> None:
    chair.checked()
    assert chair.told(due_at) is None
    chair.recovering_from_here()
    chair.only(sbp=120, dbp=78)

    assert chair.told(due_at) == chair.now + timedelta(minutes=15)
    chair.after(10).only(nausea=2)
    assert chair.told(due_at) == chair.now + timedelta(minutes=5)


@pytest.mark.begins("infusing")
def test_while_the_pump_runs_values_are_due_every_ten_minutes(chair: Chair) -> None:
    assert chair.told(due_at) == chair.now + timedelta(minutes=10)

    chair.after(12).only(sbp=120, dbp=78)

    assert chair.told(due_at) == chair.now + timedelta(minutes=10)


@pytest.mark.begins("infusing")
def test_value_out_of_plan_is_due_when_its_rule_says(chair: Chair) -> None:
    chair.after(10).only(sbp=185, dbp=90)

    assert chair.told(due_at) == chair.now + timedelta(minutes=5)


@pytest.mark.begins("infusing")
def test_what_is_due_is_never_in_plan(chair: Chair) -> None:
    chair.after(5).chart()
    assert readings(chair)["hr"] == "ok in plan"

    chair.after(10)

    assert readings(chair)["hr"] == "due due again"
    assert readings(chair)["nausea"] == ""


@pytest.mark.parametrize(
    ("minutes", "late"), [(9, ""), (10, "due"), (15, "due"), (16, "warn"), (20, "warn"), (21, "act")]
)
@pytest.mark.begins("infusing")
def test_missing_values_grow_louder(chair: Chair, minutes: int, late: str) -> None:
    chair.after(minutes)

    row = chair.told(lambda sheet: board.due_row(sheet, chair.now))

    assert row is not None
    assert row.late == late


def test_nothing_charted_says_so(chair: Chair) -> None:
    chair.opened()

    assert set(readings(chair).values()) == {"unknown not charted"}


@settings(max_examples=STORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=some.lists(some.tuples(some.integers(80, 210), some.booleans()), min_size=1, max_size=5))
def test_a_value_out_of_plan_always_shows_and_never_waits_twice(chair: Chair, course: list[tuple[int, bool]]) -> None:
    chair.session or chair.infusing()

    with chair.undone():
        for sbp, seen in course:
            chair.after(1).only(sbp=sbp, dbp=60)
            if seen and chair.sheet.open_notices:
                chair.see()

            waiting = [(notice.kind, notice.level) for notice in chair.sheet.open_notices]
            assert len(waiting) == len(set(waiting))
            assert readings(chair)["sbp"].endswith("out of plan") == (sbp > 160 or sbp < 90)
