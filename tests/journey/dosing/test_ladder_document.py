"""The reference of the ladder says what the data say: levels, what opens them, clocks, pages, who clears, what follows."""

from pathlib import Path

import pytest

from firstlight.clinical.instruments import instruments
from firstlight.ground.people.permissions import Role
from firstlight.ground.safety.ladder import Clock, Level, Pages, Together, fact_source, ladder
from firstlight.journey.dosing.services.charting import CHANGED_LEVEL

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "safety-ladder.md"
MARKED = {CHANGED_LEVEL: "a change that is marked before the dose (`session:changed`)"}
CLOCKS = {Clock.AT_ONCE: "at any hour", Clock.COVERED: "of hours in which somebody answers"}
PAGES = {
    Pages.AT_ONCE: "the first on the roster, {role} first, at once",
    Pages.COVERED: "the first on the roster, {role} first, as soon as somebody answers",
    Pages.NEVER: "nobody at first: it waits in the list",
}
NAMES = {Role.PRESCRIBER: "prescriber", Role.NURSE: "nurse", Role.THERAPIST: "therapist"}


def table() -> list[str]:
    """The rows of docs/reference/safety-ladder.md, from the ladder and the questionnaires."""
    return [*(row(level) for level in ladder().levels.values()), *(beside(pair) for pair in ladder().together)]


def row(level: Level) -> str:
    cells = (f"`{level.key}`", level.title, opens(level), clock(level), paged(level), clears(level), follows(level))
    return cells_of(*cells, ", ".join(level.sources))


def cells_of(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def opens(level: Level) -> str:
    rules = [
        f"`{rule.rule}` [{rule.tag}]"
        for definition in instruments().values()
        for rule in definition.safety
        if rule.level == level.key
    ]
    pairs = ["two that stand together, below" for pair in ladder().together if pair.level == level.key]
    return (
        "; ".join([", ".join(rules), *([MARKED[level.key]] if level.key in MARKED else []), *pairs]).strip("; ") or "-"
    )


def clock(level: Level) -> str:
    return f"{level.acknowledge_minutes} min {CLOCKS[level.clock]}"


def paged(level: Level) -> str:
    first = PAGES[level.pages].format(role=NAMES[level.role])
    later = " and ".join(str(minutes) for minutes in level.page_minutes)
    return f"{first}; not taken, the next after {later} min" if later else f"{first}; not taken in its time, the next"


def clears(level: Level) -> str:
    return ", ".join(NAMES[role] for role in level.cleared_by)


def follows(level: Level) -> str:
    contact = level.contact_again
    said = [level.does]
    if contact:
        said.append(f"Then one call, not before {contact.not_before_hours} h, by {contact.due_hours} h.")
    if level.asks_again:
        said.append("Then the next visit asks again.")
    if level.never_joins:
        said.append("Said again, it is new each time.")
    return " ".join(said)


def beside(pair: Together) -> str:
    one, other = (
        ", ".join([*(f"`{name}`" for name in side.raised_by), *(f"`{fact_source(name)}`" for name in side.found)])
        for side in pair.sides
    )
    return cells_of(one, other, f"`{pair.level}`", pair.says_words["en"], ", ".join(pair.sources))


def written(start: str) -> list[str]:
    return [line for line in REFERENCE.read_text(encoding="utf-8").splitlines() if line.startswith(start)]


def test_table_says_what_the_ladder_says() -> None:
    """After a change, print the rows: `PYTHONPATH=. firstlight shell`, then `print(*table(), sep="\\n")` of this module."""
    assert written("| `") == table()


@pytest.mark.parametrize("minutes", ["reads_within_minutes", "ask_aloud_minutes", "chair_minutes"])
def test_further_clocks_stand_below_the_table(minutes: str) -> None:
    assert written(f"- `{minutes}`: {getattr(ladder(), minutes)} min")


def test_what_is_done_instead_stands_below_the_table() -> None:
    rows = [
        f"- `{one.level}`, {', '.join(f'`{source}`' for source in one.raised_by)}: {one.does_words['en']}"
        for one in ladder().instead
    ]
    assert written("- `L") == rows


def test_what_is_done_instead_is_about_rules_that_open_that_level() -> None:
    opened = {
        (rule.level, f"screening:{rule.rule}") for definition in instruments().values() for rule in definition.safety
    }
    assert {(one.level, source) for one in ladder().instead for source in one.raised_by} <= opened


def test_every_level_is_opened_by_something_that_the_table_names() -> None:
    named = {rule.level for definition in instruments().values() for rule in definition.safety}

    assert named - {""} | set(MARKED) == set(ladder().levels)
