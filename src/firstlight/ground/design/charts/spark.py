"""A line as small as a word, for rows of a list. The words beside it say the same."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from firstlight.ground.design.charts.canvas import Canvas
from firstlight.ground.design.charts.model import Answer
from firstlight.ground.design.charts.scales import TimeScale, ValueScale, unbroken
from firstlight.ground.design.charts.tables import course_text

WIDTH, HEIGHT, EDGE = 120, 28, 4


def sparkline(name: str, answers: Sequence[Answer], *, low: int, high: int) -> SafeString:
    """Draw a measure of one parent in a row of a list; a missing answer breaks it. Without answers it is empty."""
    canvas = Canvas(WIDTH, HEIGHT)
    ordered = sorted(answers, key=lambda answer: answer.at)
    values = ValueScale(low, high, HEIGHT - EDGE, EDGE)
    runs = unbroken(ordered)
    if len(ordered) > 1 and ordered[0].at < ordered[-1].at:
        scale = TimeScale(ordered[0].at, ordered[-1].at, EDGE, WIDTH - EDGE)
        for run in runs:
            canvas.polyline("m-line", [(scale.x(at), values.y(value)) for at, value in run])
            if len(run) == 1:
                canvas.circle("m-dot", scale.x(run[0][0]), values.y(run[0][1]), 1.5)
        if runs:
            at, value = runs[-1][-1]
            canvas.circle("m-dot m-last", scale.x(at), values.y(value), 3)
    elif runs:
        canvas.circle("m-dot m-last", WIDTH - EDGE, values.y(runs[-1][-1][1]), 3)
    return canvas.svg(kind="spark", title=course_text(name, ordered), description="")
