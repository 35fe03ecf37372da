"""The parent's line: one lane, the first and the last figure, diamonds on the horizon, one sentence of doubt."""

from datetime import timedelta

from django.utils.translation import gettext as _

from firstlight.ground.design import clocks
from firstlight.ground.design.charts.answers import titled
from firstlight.ground.design.charts.canvas import Canvas
from firstlight.ground.design.charts.model import Chart, ParentLine
from firstlight.ground.design.charts.room import Spot, text_box
from firstlight.ground.design.charts.rows import Row, around
from firstlight.ground.design.charts.scales import TimeScale, ValueScale, fitted, narrowest, unbroken
from firstlight.ground.design.charts.shapes import diamond, star
from firstlight.ground.design.charts.tables import course_text, parent_table

WIDTH, HEIGHT, HORIZON = 328, 230, 172
LEFT, RIGHT, CEILING = 30, 300, 46
FIGURE, WORDS, LINE = 20, 16, 22


def parent_line(line: ParentLine) -> Chart:
    """Draw one measure for a phone. Answers and doses may be empty; the drawing then says so."""
    canvas = Canvas(WIDTH, HEIGHT)
    moments = [answer.at for answer in line.answers] + [dose.at for dose in line.doses]
    first, last = min(moments, default=line.now), max(moments, default=line.now)
    scale = TimeScale(first, max(last, first + timedelta(days=1)), LEFT, RIGHT)
    row = Row(canvas, scale, 0, HORIZON, line.zone, size=WORDS)
    values = ValueScale(line.low, line.high, HORIZON - 6, CEILING)
    canvas.line("m-axis", (0, HORIZON), (WIDTH, HORIZON))
    _draw_doses(row, line)
    _draw_answers(row, line, values)
    _name_ends(row, line)
    words = f"{course_text(line.name, line.answers)}. {line.direction}. {line.doubt}"
    svg = canvas.svg(kind="narrow", title=line.title, description=words)
    return Chart(line.title, line.doubt, svg, parent_table(line), "narrow")


def _draw_doses(row: Row, line: ParentLine) -> None:
    places = [row.scale.x(dose.at) for dose in line.doses]
    for x in places:
        row.canvas.line("m-hair", (x, CEILING), (x, HORIZON))
    width = fitted(narrowest(sorted(places), 18), 4, 12)
    for x in places:
        row.canvas.path("m-dose", diamond(x, HORIZON, width, 14))


def _draw_answers(row: Row, line: ParentLine, values: ValueScale) -> None:
    if not line.answers:
        row.canvas.write(_("No answers yet."), LEFT, CEILING + 40, size=WORDS, kind="t-soft t-halo")
        return
    answers = sorted(line.answers, key=lambda answer: answer.at)
    ring = fitted(narrowest([row.scale.x(answer.at) for answer in answers], 20) / 2, 2, 6)
    given: list[tuple[float, float, float]] = []
    for run in unbroken(answers):
        row.canvas.polyline("m-score", [(row.scale.x(at), values.y(value)) for at, value in run])
        for at, value in run:
            row.canvas.circle("m-ring", row.scale.x(at), values.y(value), ring)
            given.append((row.scale.x(at), values.y(value), value))
    for answer in answers:
        if answer.apart and answer.value is not None:
            x, y = row.scale.x(answer.at), values.y(answer.value)
            row.canvas.path("m-other", star(x, y, ring * 4), title=titled(row.day(answer.at), answer))
    row.missing(answers)
    for x, y, value in dict.fromkeys((given[0], given[-1])) if given else ():
        row.canvas.label(str(value), around(x, y, FIGURE), size=FIGURE, kind="t-halo", bold=True, needed=True)
    corners = [Spot(WIDTH, 32, "end"), Spot(0, 32, "start"), Spot(WIDTH, 14, "end"), Spot(0, 14, "start")]
    row.canvas.label(line.direction, corners, size=WORDS, kind="t-soft t-halo")


def _name_ends(row: Row, line: ParentLine) -> None:
    given = [answer.at for answer in line.answers if answer.value is not None]
    y = HORIZON + 28
    if given:
        words = clocks.day_text(max(given), line.now, row.zone)
        row.canvas.label(words, _held(words, row.scale.x(max(given)), y), size=WORDS, kind="t-soft")
    if line.doses:
        began = min(dose.at for dose in line.doses)
        words = _("first dose, %(day)s") % {"day": clocks.day_text(began, line.now, row.zone)}
        row.canvas.label(words, _held(words, row.scale.x(began), y + LINE), size=WORDS, kind="t-soft")
    elif len(given) > 1:
        words = clocks.day_text(min(given), line.now, row.zone)
        row.canvas.label(words, _held(words, row.scale.x(min(given)), y), size=WORDS, kind="t-soft")


def _held(words: str, x: float, y: float) -> list[Spot]:
    """Return a centred place for words under a point, moved inwards as far as the edge of the drawing asks."""
    box = text_box(words, x, y, size=WORDS, anchor="middle")
    half = (box.right - box.left) / 2 + 1
    return [Spot(min(max(x, half), WIDTH - half), y)]
