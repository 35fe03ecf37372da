"""Room on a drawing: what is taken, where, and which places a label may have."""

from collections import defaultdict
from dataclasses import dataclass, field

from firstlight.ground.design.charts.letters import text_width

CELL = 24.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that is taken."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Say whether two boxes share any area."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def within(self, other: "Box") -> bool:
        """Say whether this box lies wholly inside the other."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom

    def grown(self, by: float) -> "Box":
        """Return the box with room around it."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


def text_box(text: str, x: float, y: float, *, size: float, anchor: str = "start", bold: bool = False) -> Box:
    """Return the room of a text whose baseline begins, centres or ends at a point."""
    width = text_width(text, size, bold=bold)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return Box(left, y - 0.78 * size, left + width, y + 0.24 * size)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where a label may stand."""

    x: float
    y: float
    anchor: str = "middle"


@dataclass(slots=True)
class Taken:
    """The boxes that are taken, sorted into cells, so that a label asks its neighbours and not the whole drawing."""

    cells: dict[tuple[int, int], list[Box]] = field(default_factory=lambda: defaultdict(list))

    def add(self, box: Box) -> None:
        """Take a box."""
        for cell in _cells(box):
            self.cells[cell].append(box)

    def count(self, box: Box) -> int:
        """Return how many taken boxes a box would cover."""
        return len({id(taken) for cell in _cells(box) for taken in self.cells.get(cell, ()) if box.meets(taken)})

    def meets(self, box: Box) -> bool:
        """Say whether a box would cover any."""
        for cell in _cells(box):  # a loop: this is asked thousands of times a drawing
            for taken in self.cells.get(cell, ()):
                if box.meets(taken):
                    return True
        return False


def _cells(box: Box) -> list[tuple[int, int]]:
    left, right = int(box.left // CELL), int(box.right // CELL)
    top, bottom = int(box.top // CELL), int(box.bottom // CELL)
    if left == right and top == bottom:
        return [(left, top)]
    return [(column, row) for column in range(left, right + 1) for row in range(top, bottom + 1)]
