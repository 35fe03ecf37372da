"""What is promised about the questionnaires is written down, and what is written down is so."""

from pathlib import Path

import pytest

from firstlight.clinical.instruments import Instrument, instrument, instruments

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = DOCS / "reference" / "instruments.md"


def table() -> list[str]:
    """The rows of docs/reference/instruments.md, from the definitions."""
    return [row(definition) for definition in instruments().values()]


def row(definition: Instrument) -> str:
    scores = f"{definition.min} to {definition.max}" if definition.total else "none"
    cells = (
        f"`{definition.name}`",
        definition.title["en"],
        str(len(definition.items)),
        scores,
        tier(definition),
        recall(definition),
        bands(definition),
        change(definition),
        flags(definition),
    )
    return f"| {' | '.join(cells)} |"


def tier(definition: Instrument) -> str:
    return f"{definition.tier.value}, {'text' if definition.worded else 'no text'}"


def recall(definition: Instrument) -> str:
    return f"{definition.recall_days} d" if definition.recall_days else "-"


def bands(definition: Instrument) -> str:
    if not definition.bands:
        return "; ".join(outcome.label["en"] for outcome in definition.outcomes) or "none published"
    limits = ", ".join(f"{band.least}: {band.label['en']}" for band in definition.bands[1:])
    return f"{limits} [{definition.bands_tag}]"


def change(definition: Instrument) -> str:
    reliable, important = definition.reliable_change, definition.important_difference
    found = [f"reliable {reliable.points:g} [{reliable.tag}]"] if reliable else []
    if important:
        worse = f", worse {important.worse}" if important.worse is not None else ""
        found.append(f"noticed {important.better}{worse} [{important.tag}]")
    return "; ".join(found) or "no published value"


def flags(definition: Instrument) -> str:
    return ", ".join(f"`{rule.rule}` [{rule.tag}]" for rule in definition.safety) or "-"


def test_table_says_what_the_definitions_say() -> None:
    """After a change, print the rows with `python -m tests.clinical.instruments.test_documents`."""
    written = [line for line in REFERENCE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]

    assert written == table()


@pytest.mark.parametrize("name", instruments())
def test_licence_of_every_instrument_is_in_the_reference(name: str) -> None:
    assert instrument(name).licence in REFERENCE.read_text(encoding="utf-8")


def test_recipe_names_every_field_of_a_data_file() -> None:
    recipe = (DOCS / "adding-an-instrument.md").read_text(encoding="utf-8")
    fields = {
        line.split(":")[0].strip("- ")
        for path in (Path(__file__).parents[3] / "src/firstlight/clinical/instruments/data").glob("*.yaml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line[:1].isalpha() and ":" in line
    }

    assert [field for field in sorted(fields) if f"`{field}`" not in recipe] == []


def licences() -> list[str]:
    return [f"- `{definition.name}`: {definition.licence}" for definition in instruments().values()]


if __name__ == "__main__":
    print("\n".join([*table(), "", *licences()]))  # noqa: T201  # a person pastes this into the reference
