"""Lanes of what happened beside the treatment: events in a life, agreements, pauses. A shape on the floor, a word above it."""

from django.utils.translation import gettext as _

from firstlight.ground.design.charts.canvas import Canvas
from firstlight.ground.design.charts.model import Happening, HappeningLane
from firstlight.ground.design.charts.room import Box, Spot
from firstlight.ground.design.charts.rows import Row
from firstlight.ground.design.charts.shapes import octagon, pointer, square

MARK = 11
TIERS = (20, 36)


def draw_happenings(row: Row, *, lane: HappeningLane) -> None:
    """Draw each on its day; what lasted is an outlined bar. A word for which there is no room stands in the table."""
    row.name(lane.name, lane.detail, first=26)
    if not lane.happenings:
        return row.nothing(lane.empty)
    for one in lane.happenings:
        x, title = row.scale.x(one.at), f"{row.day(one.at)}, {one.name}"
        if one.until is not None:
            end = max(row.scale.x(one.until), x + 2)
            row.canvas.rectangle("m-event", Box(x, row.floor - MARK, end, row.floor - 2), title=title)
        else:
            draw_mark(row.canvas, one.mark, x, row.floor - MARK / 2 - 1, title=title)
    for one in lane.happenings:
        row.figure(one.name, _spots(row, one))
    return None


def _spots(row: Row, one: Happening) -> list[Spot]:
    x, across = row.scale.x(one.at), MARK
    above = [Spot(x - MARK / 2, row.floor - tier, "start") for tier in TIERS]
    left = [Spot(x + MARK / 2, row.floor - tier, "end") for tier in TIERS]
    return [*above, *left, Spot(x + across, row.floor - 2, "start"), Spot(x - across, row.floor - 2, "end")]


def draw_mark(canvas: Canvas, mark: str, x: float, y: float, *, title: str = "", kind: str = "m-event") -> None:
    """Draw the shape of something that happened, centred."""
    if mark == "pin":
        canvas.path(kind, pointer(x, y + MARK / 2, MARK), title=title)
    elif mark == "agreed":
        canvas.circle(kind, x, y, MARK / 2, title=title)
    elif mark == "stop":
        canvas.path(kind, octagon(x, y, MARK), title=title)
    elif mark == "unasked":
        canvas.rectangle(kind, square(x, y + MARK / 6, MARK, MARK / 3), title=title)
    else:
        canvas.rectangle(kind, square(x, y + MARK / 2, MARK, MARK), title=title)


def mark_words() -> dict[str, str]:
    """Return what each shape means, for the key under a drawing."""
    return {
        "pin": _("event in life"),
        "agreed": _("agreed, begun"),
        "stop": _("taken back, ended"),
        "plain": _("medicine list"),
        "unasked": _("not asked"),
    }
