"""What came back, what waits, and who in the clinic should look: each answers only for the asking person."""

from firstlight.journey.response.selectors.course import Course, course_of
from firstlight.journey.response.selectors.hours import Chosen, hours_of
from firstlight.journey.response.selectors.lists import ORDERS, Lists, Silence, lists_of, who_does_not_answer
from firstlight.journey.response.selectors.series import (
    CHECK_IN,
    Measure,
    Point,
    Reports,
    baseline_of,
    change_of,
    item_measure,
    reports_of,
    score_measure,
    total_point,
)
from firstlight.journey.response.selectors.stopping import (
    asked_episode,
    last_if_wanted,
    limits_of,
    stopped_of,
    stops_of,
)
from firstlight.journey.response.selectors.waiting import (
    LOOKING,
    check_in_for,
    check_ins_of,
    coming_check_ins,
    due_check_ins,
    looked_at,
)

__all__ = [
    "CHECK_IN",
    "LOOKING",
    "ORDERS",
    "Chosen",
    "Course",
    "Lists",
    "Measure",
    "Point",
    "Reports",
    "Silence",
    "asked_episode",
    "baseline_of",
    "change_of",
    "check_in_for",
    "check_ins_of",
    "coming_check_ins",
    "course_of",
    "due_check_ins",
    "hours_of",
    "item_measure",
    "last_if_wanted",
    "limits_of",
    "lists_of",
    "looked_at",
    "reports_of",
    "score_measure",
    "stopped_of",
    "stops_of",
    "total_point",
    "who_does_not_answer",
]
