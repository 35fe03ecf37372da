"""The schedule as data: what ships, and what is refused when it is loaded."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from firstlight.clinical import instruments
from firstlight.clinical.evidence import DataError, data_file
from firstlight.journey.response import curves, schedule, tracks
from firstlight.journey.response.arranging import Skipped, cannot_be_asked

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def loaded(monkeypatch: pytest.MonkeyPatch, page: dict[str, Any]) -> schedule.Schedule:
    monkeypatch.setattr(schedule, "data_file", lambda *_path: page)
    found: schedule.Schedule = schedule.schedule.__wrapped__()
    return found


@pytest.fixture
def page() -> dict[str, Any]:
    """The shipped file, to be spoilt."""
    return deepcopy(dict(data_file("firstlight.journey.response", schedule.FILE)))


def test_shipped_schedule_asks_in_hours_days_weeks_and_months() -> None:
    rules = schedule.schedule().rules

    after = {key: rules[key].after for key in ("day-1", "day-3", "week-1", "week-6", "month-1", "month-5")}
    assert after == {
        "day-1": 24 * HOUR, "day-3": 72 * HOUR, "week-1": 7 * DAY, "week-6": 42 * DAY, "month-1": 56 * DAY,
        "month-5": 168 * DAY,
    }  # fmt: skip
    assert [rules[f"effects-{n}"].after for n in range(1, 7)] == [(29 + 28 * n) * DAY for n in range(6)]


def test_shipped_schedule_never_asks_about_two_weeks_after_one_dose() -> None:
    for rule in schedule.rules(schedule.Anchor.EACH_DOSE):
        assert [name for name in rule.asks if (instruments.instrument(name).recall_days or 0) > 1] == []


def test_shipped_schedule_asks_nothing_about_the_child_of_somebody_without_one() -> None:
    known = instruments.instruments()
    about = {name for name, one in known.items() if one.items and all(item.about_child for item in one.items)} | {"pbq"}

    for rule in schedule.schedule().rules.values():
        assert rule.whom is schedule.Whom.WITH_CHILD or not about & set(rule.asks)


def test_parts_of_the_day_cover_each_hour_once() -> None:
    hours = [hour for part in schedule.schedule().parts.values() for hour in part.hours]

    assert sorted(hours) == list(range(24))


def test_what_has_no_text_cannot_be_asked_and_is_no_error() -> None:
    assert cannot_be_asked("epds") is Skipped.NO_TEXT
    assert cannot_be_asked("phq-9") is None


def test_words_that_speak_to_a_mother_are_left_out_for_another_parent_whatever_text_a_clinic_holds() -> None:
    assert cannot_be_asked("pbq") is None
    assert cannot_be_asked("pbq", relation="father") is Skipped.OTHER_PARENT
    assert cannot_be_asked("pbq", {"pbq"}, "father") is Skipped.OTHER_PARENT
    assert cannot_be_asked("phq-9", relation="father") is None


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("anchor", "last-dose", "it must be one of each-dose, first-dose, episode"),
        ("set", "hour", "it must be one of first, day, day-full, week, month"),
        ("asks", ["phq-99"], "no instrument is called phq-99"),
        ("asks", [], "asks something"),
        ("asks", ["phq-9"], "day-1 asks phq-9 sooner than 7 days after a dose"),
        ("open_hours", 0, "stays open for a while"),
        ("after_days", 3, "give after_hours or after_days"),
        ("every_days", 7, "belong together"),
        ("for", "fathers", "it must be one of everyone, with-child"),
        ("key", "day-3", "day-3 is there twice"),
        ("key", "a-name-longer-than-it-may-be", "is longer than 20 letters"),
        ("after_stop", "later", "it must be one of safety, wanted, ends"),
        ("colour", "blue", "unknown colour"),
    ],
)
def test_wrong_check_in_is_refused(
    monkeypatch: pytest.MonkeyPatch, page: dict[str, Any], field: str, value: object, says: str
) -> None:
    page["check_ins"][0][field] = value

    with pytest.raises(DataError, match=says):
        loaded(monkeypatch, page)


def test_two_week_question_sooner_than_a_week_after_a_dose_is_refused(
    monkeypatch: pytest.MonkeyPatch, page: dict[str, Any]
) -> None:
    day_3 = next(one for one in page["check_ins"] if one["key"] == "day-3")
    day_3["asks"] = ["gad-7"]

    with pytest.raises(DataError, match="day-3 asks gad-7 sooner than 7 days after a dose"):
        loaded(monkeypatch, page)


def test_recall_that_has_not_passed_is_refused(monkeypatch: pytest.MonkeyPatch, page: dict[str, Any]) -> None:
    week_2 = next(one for one in page["check_ins"] if one["key"] == "week-2")
    week_2["asks"] = ["gad-7"]

    with pytest.raises(DataError, match="gad-7 is asked again before its 14 days"):
        loaded(monkeypatch, page)


@pytest.mark.parametrize(
    ("where", "value", "says"),
    [
        (("hours", "default"), ["noon"], "default names noon"),
        (("hours", "parts"), [{"key": "x", "from": 5, "to": 5, "label": {"en": "X"}}], "two hours of the day"),
        (("staff_charts",), [{"key": "x", "by": "parent"}], "by must be staff"),
        (("sent_sets", "after_hours"), 0, "a reminder comes some hours after a message"),
        (("sent_sets", "within_hours"), 72, "within a longer time"),
        (("after_stop", "safety_days"), 0, "after a stop is asked for some days"),
        (("after_stop", "sources"), ["K-NOBODY"], "source K-NOBODY is not in the registry"),
    ],
)
def test_wrong_hours_or_charts_are_refused(
    monkeypatch: pytest.MonkeyPatch, page: dict[str, Any], where: tuple[str, ...], value: object, says: str
) -> None:
    inner = page[where[0]] if len(where) > 1 else page
    inner[where[-1]] = value

    with pytest.raises(DataError, match=says):
        loaded(monkeypatch, page)


def test_tracks_and_curves_name_known_sources_and_say_what_is_ours() -> None:
    found = tracks.tracks()

    for call in (found.worse, found.not_on_track):
        assert call.tag == "ours"
        assert all(one.sources or one.tag == "ours" for one in call.suggestions)
    assert all(one.sources for one in curves.curves())
    assert {"pbq", "pba"} <= found.as_measured.instruments
    assert not found.as_measured.instruments & set(found.follows)


def test_published_share_has_its_band() -> None:
    """Han 2016: 52.2 % of 368 people. Wilson by hand: centre 52.177, half width 5.077."""
    published = curves.published_for("phq-9", 1.5)

    assert published is not None
    low, high = published.response.band
    assert (round(low, 1), round(high, 1)) == (47.1, 57.3)


@pytest.mark.parametrize(("name", "days"), [("phq-9", 0.5), ("phq-9", 60), ("gad-7", 14), ("pbq", 14)])
def test_where_nothing_is_published_there_is_no_range(name: str, days: float) -> None:
    assert curves.published_for(name, days) is None


def test_wrong_share_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = deepcopy(dict(data_file("firstlight.journey.response", curves.FILE)))
    wrong["curves"][0]["points"][0]["response_per_1000"] = 1001
    monkeypatch.setattr(curves, "data_file", lambda *_path: wrong)

    with pytest.raises(DataError, match="it can be 0 to 1,000"):
        curves.curves.__wrapped__()


def test_suggestion_without_source_that_is_not_called_ours_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = deepcopy(dict(data_file("firstlight.journey.response", tracks.FILE)))
    wrong["worse"]["suggestions"][0]["sources"] = []
    monkeypatch.setattr(tracks, "data_file", lambda *_path: wrong)

    with pytest.raises(DataError, match="what has no source is ours"):
        tracks.tracks.__wrapped__()
