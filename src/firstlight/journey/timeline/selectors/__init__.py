"""Everything of one parent on one chart, her own line, and the events of her life: each for the asking person only."""

from firstlight.journey.timeline.selectors.chart import charts_of, drawn, heading_of, timeline_of
from firstlight.journey.timeline.selectors.course import Course, course_of, session_lines
from firstlight.journey.timeline.selectors.lives import event_for, events_of
from firstlight.journey.timeline.selectors.own import OwnLine, own_line_of

__all__ = [
    "Course",
    "OwnLine",
    "charts_of",
    "course_of",
    "drawn",
    "event_for",
    "events_of",
    "heading_of",
    "own_line_of",
    "session_lines",
    "timeline_of",
]
