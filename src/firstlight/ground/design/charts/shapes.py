"""The few shapes that mean something: dose, notice, emergency. Shapes come before colours."""

from firstlight.ground.design.charts.room import Box

Point = tuple[float, float]


def diamond(x: float, y: float, width: float, height: float) -> tuple[Point, ...]:
    """Return a dose, centred."""
    return (x, y - height / 2), (x + width / 2, y), (x, y + height / 2), (x - width / 2, y)


def triangle(x: float, y: float, size: float) -> tuple[Point, ...]:
    """Return a notice that stands on a point's height, centred."""
    return (x - size / 2, y + size * 0.45), (x, y - size * 0.45), (x + size / 2, y + size * 0.45)


def pointer(x: float, tip: float, size: float) -> tuple[Point, ...]:
    """Return a mark that points down at a moment of a bar."""
    return (x - size / 2, tip - size * 0.9), (x + size / 2, tip - size * 0.9), (x, tip)


def star(x: float, y: float, size: float) -> tuple[Point, ...]:
    """Return a value that is compared with no other on its scale, centred."""
    outer, inner = size / 2, size * 0.17
    return (
        (x, y - outer),
        (x + inner, y - inner),
        (x + outer, y),
        (x + inner, y + inner),
        (x, y + outer),
        (x - inner, y + inner),
        (x - outer, y),
        (x - inner, y - inner),
    )


def octagon(x: float, y: float, size: float) -> tuple[Point, ...]:
    """Return an emergency, centred."""
    half, cut = size / 2, size * 0.207
    return (
        (x - cut, y - half),
        (x + cut, y - half),
        (x + half, y - cut),
        (x + half, y + cut),
        (x + cut, y + half),
        (x - cut, y + half),
        (x - half, y + cut),
        (x - half, y - cut),
    )


def square(x: float, bottom: float, width: float, height: float) -> Box:
    """Return a box that stands on a line, centred."""
    return Box(x - width / 2, bottom - height, x + width / 2, bottom)
