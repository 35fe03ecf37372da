"""One thumb: every control of a page is large enough to be hit, and far enough from the next one."""

from itertools import combinations

import pytest
from playwright.sync_api import Page

LEAST, APART = 44, 8  # CSS pixels: people-and-trust.md, P1

# A link inside a sentence is as large as its words (WCAG 2.5.8 exempts it); everything else is a control.
CONTROLS = """
() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((one) => one.checkVisibility() && !one.matches(".skip") && !one.closest(".quiet-text"))
  .filter((one) => !(one.matches("a:not([class])") && getComputedStyle(one).display === "inline"))
  .map((one) => (one.matches("input[type=radio], input[type=checkbox]") ? one.closest("label") ?? one : one))
  .map((one) => {
    const box = one.getBoundingClientRect();
    const sticky = Boolean(one.closest(".parent-top, .action-bar, .parent-nav"));
    return {name: (one.innerText || one.ariaLabel || one.name || one.tagName).trim().slice(0, 40),
            left: box.left, right: box.right, top: box.top + scrollY, bottom: box.bottom + scrollY, sticky};
  })
"""


def check_thumb(page: Page) -> int:
    """Fail for a control that is smaller than 44×44 or nearer than 8 to its neighbour. Return how many there are."""
    controls = page.evaluate(CONTROLS)
    wrong = [_small(one) for one in controls if min(_width(one), _height(one)) < LEAST - 0.1]
    wrong += [
        f"{one['name']!r} and {other['name']!r} are {_gap(one, other):.1f} apart"
        for one, other in combinations(controls, 2)
        if one["sticky"] == other["sticky"] and 0 <= _gap(one, other) < APART - 0.1
    ]
    if wrong:
        pytest.fail(f"{page.url}\n  " + "\n  ".join(wrong), pytrace=False)
    return len(controls)


def _width(one: dict[str, float]) -> float:
    return one["right"] - one["left"]


def _height(one: dict[str, float]) -> float:
    return one["bottom"] - one["top"]


def _small(one: dict[str, float]) -> str:
    return f"{one['name']!r} is {_width(one):.0f}×{_height(one):.0f}"


def _gap(one: dict[str, float], other: dict[str, float]) -> float:
    """Return the distance of two boxes along the axis on which they are apart; below 0 they overlap."""
    across = max(one["left"], other["left"]) - min(one["right"], other["right"])
    down = max(one["top"], other["top"]) - min(one["bottom"], other["bottom"])
    return max(across, down)
