"""The figures of a session: due times, staffing, the pressure of the day, and where each figure comes from."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from firstlight.clinical.evidence import Tag, data_file, sources
from firstlight.clinical.protocols.monitoring import overdue, staffing
from firstlight.clinical.protocols.session import day_pressure, earliest_leave, figures, next_due

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def tagged(node: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        if "tag" in node:
            yield place, node
        for name, inner in node.items():
            yield from tagged(inner, f"{place}.{name}")


@pytest.mark.parametrize("name", ["session", "vitals"])
def test_every_figure_has_a_tag_and_sources_that_exist(name: str) -> None:
    found = dict(tagged(data_file("firstlight.clinical.protocols", f"data/{name}.yaml")))

    assert len(found) >= 9
    for place, node in found.items():
        assert Tag(node["tag"]), place
        assert set(node["sources"]) <= set(sources()), place
        assert node["sources"] or node["tag"] == "ours", place


def test_usual_session_is_the_published_one() -> None:
    usual = figures()["routes"]["intravenous"]["usual"]

    assert (usual["ug_per_kg"], usual["minutes"], usual["sessions"], usual["weeks"]) == (500, 40, 6, 3)


@pytest.mark.parametrize(("end", "leave"), [(40, 120), (60, 120), (61, 121), (20, 120)])
def test_earliest_leave_is_an_hour_after_the_end_and_two_after_the_start(end: int, leave: int) -> None:
    assert earliest_leave(started_at=START, ended_at=after(end)) == after(leave)


def test_next_due_counts_from_the_last_charted_set() -> None:
    assert next_due(started_at=START, ended_at=None, last_at=None) == after(10)
    assert next_due(started_at=START, ended_at=None, last_at=after(12)) == after(22)
    assert next_due(started_at=START, ended_at=after(40), last_at=after(40)) == after(55)
    assert next_due(started_at=START, ended_at=None, last_at=after(-20)) == after(10)


@pytest.mark.parametrize(("late", "level"), [(-1, ""), (5, ""), (6, "warn"), (10, "warn"), (11, "act")])
def test_missing_reading_is_overdue_after_five_and_ten_minutes(late: int, level: str) -> None:
    assert overdue(START, after(late)) == level


@pytest.mark.parametrize(
    ("infusing", "recovering", "needed"), [(0, 0, 0), (1, 0, 1), (2, 0, 2), (0, 3, 1), (0, 4, 2), (1, 1, 2), (2, 6, 4)]
)
def test_nurses_needed_for_the_people_in_the_rooms(infusing: int, recovering: int, needed: int) -> None:
    assert staffing(infusing=infusing, recovering=recovering, nurses=needed).enough
    assert staffing(infusing=infusing, recovering=recovering, nurses=needed).needed == needed
    if needed:
        assert not staffing(infusing=infusing, recovering=recovering, nurses=needed - 1).enough


@pytest.mark.parametrize(
    ("sbp", "dbp", "state", "limit", "found_in"),
    [
        (140, 90, "fine", "140/90", ("S-LABEL",)),
        (141, 90, "decide", "140/90", ("S-LABEL",)),
        (140, 91, "decide", "140/90", ("S-LABEL",)),
        (160, 100, "decide", "140/90", ("S-LABEL",)),
        (161, 100, "hold", "160/100", ()),
        (180, 100, "hold", "160/100", ()),
        (181, 100, "contraindicated", "180/100", ("K-CH",)),
        (130, 101, "contraindicated", "180/100", ("K-CH",)),
    ],
)
def test_pressure_of_the_day(sbp: int, dbp: int, state: str, limit: str, found_in: tuple[str, ...]) -> None:
    found = day_pressure(sbp, dbp)

    assert (found.state, found.limit, found.sources) == (state, limit, found_in)


def test_federal_minimum_of_keeping_records_is_two_years() -> None:
    rules = data_file("firstlight.clinical.protocols", "data/controlled.yaml")

    assert (rules["schedule"], rules["retention_years_least"], rules["loss_notice_business_days"]) == ("CIII", 2, 1)
    assert rules["waste_witness"] == {"default": True, "federal_rule": False}
