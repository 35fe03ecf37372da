"""Drawing without a library: rounded numbers, escaped text, classes instead of colours, labels that keep apart."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from itertools import pairwise

from django.utils.safestring import SafeString

from firstlight.ground.design.charts.room import Box, Spot, Taken, text_box

HALO = 2.0


def number(value: float) -> str:
    """Return a coordinate with one decimal at most. NaN and infinity raise ValueError: nothing may be drawn nowhere."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is no place on a drawing.")
    return f"{value:.1f}".removesuffix(".0") if abs(value) < 100_000 else str(round(value))


@cache
def named(kind: str) -> str:
    """Return a class name for an attribute. There are some dozens, and thousands of marks that have one."""
    return escape(kind)


@dataclass(slots=True)
class Canvas:
    """A drawing under construction. `solid` boxes may not be written over, `faint` ones are avoided.

    `parts` and `words` are elements whose words went through `escape`; their numbers come from `number`.
    """

    width: float
    height: float
    parts: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    texts: Taken = field(default_factory=Taken)
    solid: Taken = field(default_factory=Taken)
    faint: Taken = field(default_factory=Taken)

    def line(self, kind: str, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a straight line; upright and level ones are avoided by labels."""
        (x1, y1), (x2, y2) = start, end
        self.faint.add(Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)).grown(0.5))
        place = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
        self.parts.append(f'<line class="{named(kind)}" {place}/>')

    def polyline(self, kind: str, points: Sequence[tuple[float, float]]) -> None:
        """Draw one unbroken piece of a line. A single point has no line."""
        if len(points) < 2:
            return
        path = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        self.parts.append(f'<polyline class="{named(kind)}" points="{path}"/>')
        for (x1, y1), (x2, y2) in pairwise(points):
            self._shadow(x1, y1, x2, y2)

    def _shadow(self, x1: float, y1: float, x2: float, y2: float) -> None:
        steps = max(1, math.ceil(math.hypot(x2 - x1, y2 - y1) / 4))
        for step in range(steps):
            share = (step + 0.5) / steps
            x, y = x1 + (x2 - x1) * share, y1 + (y2 - y1) * share
            self.solid.add(Box(x - 2, y - 2, x + 2, y + 2))

    def circle(self, kind: str, x: float, y: float, radius: float, *, title: str = "") -> None:
        """Draw a point; with a title, the words that appear under the pointer."""
        self.solid.add(Box(x - radius, y - radius, x + radius, y + radius).grown(1))
        self._mark("circle", kind, f'cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"', title)

    def rectangle(self, kind: str, box: Box, *, title: str = "", rounded: float = 0) -> None:
        """Draw a bar or a square."""
        self.solid.add(box.grown(1))
        width, height = number(box.right - box.left), number(box.bottom - box.top)
        corners = f' rx="{number(rounded)}"' if rounded else ""
        place = f'x="{number(box.left)}" y="{number(box.top)}" width="{width}" height="{height}"{corners}'
        self._mark("rect", kind, place, title)

    def path(self, kind: str, points: Iterable[tuple[float, float]], *, title: str = "") -> None:
        """Draw a closed shape through points: diamond, triangle, octagon."""
        corners = tuple(points)
        across, down = [x for x, _ in corners], [y for _, y in corners]
        self.solid.add(Box(min(across), min(down), max(across), max(down)).grown(1))
        drawn = "L".join(f"{number(x)} {number(y)}" for x, y in corners)
        self._mark("path", kind, f'd="M{drawn}Z"', title)

    def _mark(self, name: str, kind: str, place: str, title: str) -> None:
        """Write an element. Its place is numbers that `number` wrote; only kind and title are words to escape."""
        opened = f'<{name} class="{named(kind)}" {place}'
        self.parts.append(f"{opened}><title>{escape(title)}</title></{name}>" if title else f"{opened}/>")

    def write(
        self, text: str, x: float, y: float, *, size: float, anchor: str = "start", kind: str = "", bold: bool = False
    ) -> None:
        """Write a text where it belongs, whatever is there."""
        self.texts.add(text_box(text, x, y, size=size, anchor=anchor, bold=bold))
        classes = " ".join(part for part in (kind, "t-bold" if bold else "") if part)
        place = f'x="{number(x)}" y="{number(y)}" font-size="{number(size)}"'
        kept = f' class="{named(classes)}"' if classes else ""
        turned = f' text-anchor="{escape(anchor)}"' if anchor != "start" else ""
        self.words.append(f"<text{kept} {place}{turned}>{escape(text)}</text>")

    def label(
        self,
        text: str,
        spots: Iterable[Spot],
        *,
        size: float,
        kind: str = "",
        bold: bool = False,
        needed: bool = False,
        within: Box | None = None,
    ) -> bool:
        """Write a text at the best of some places, or not at all; a needed one may cover a line, never another text."""
        room = within or Box(0, 0, self.width, self.height)
        best: tuple[int, Spot] | None = None
        for spot in spots:
            box = text_box(text, spot.x, spot.y, size=size, anchor=spot.anchor, bold=bold)
            cost = self._cost(box, needed=needed) if box.within(room) else None
            if cost is not None and (best is None or cost < best[0]):
                best = (cost, spot)
        if best is None:
            return False
        spot = best[1]
        self.write(text, spot.x, spot.y, size=size, anchor=spot.anchor, kind=kind, bold=bold)
        return True

    def free(self, box: Box) -> bool:
        """Say whether nothing at all runs through a box."""
        return not (self.texts.meets(box) or self.solid.meets(box) or self.faint.meets(box))

    def _cost(self, box: Box, *, needed: bool) -> int | None:
        if self.texts.meets(box.grown(HALO)):
            return None
        if not needed and self.solid.meets(box):
            return None
        return (self.solid.count(box) * 10 if needed else 0) + self.faint.count(box)

    def svg(self, *, kind: str, title: str, description: str) -> SafeString:
        """Return the drawing, texts on top, with its name and description for those who do not see it."""
        size = f"{number(self.width)} {number(self.height)}"
        head = f'<svg class="chart chart-{escape(kind)}" role="img" viewBox="0 0 {size}" xmlns="http://www.w3.org/2000/svg">'
        words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        drawn = "".join([head, words, *self.parts, *self.words, "</svg>"])
        return SafeString(drawn)  # nosec B703 - its words went through escape, its numbers through number
