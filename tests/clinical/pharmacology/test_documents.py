"""What the documents promise: the tutorial runs, every model has its test and its page."""

import re
from pathlib import Path

import pytest

from firstlight.clinical.pharmacology import models
from firstlight.clinical.pharmacology.absorption import LENT
from firstlight.clinical.pharmacology.errors import WrongUnit
from firstlight.clinical.pharmacology.modelling import Model
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.residuals import ErrorKind, Residual
from tests.clinical.pharmacology.test_published import MEDIAN_ERRORS

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_tutorial_runs_from_top_to_bottom(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = BLOCK.findall((DOCS / "tutorial-pharmacology.md").read_text(encoding="utf-8"))
    names: dict[str, object] = {}

    for number, block in enumerate(blocks, start=1):
        exec(compile(block, f"tutorial-pharmacology.md, block {number}", "exec"), names)

    assert len(blocks) >= 10
    assert "no variability between people" in capsys.readouterr().out


@pytest.mark.parametrize("name", MODELS)
def test_model_has_its_page_and_its_test(name: str) -> None:
    page = (DOCS / "reference" / "models" / f"{name}.md").read_text(encoding="utf-8")

    assert page.startswith(f"# {name}\n")
    assert (Path(__file__).parent / f"test_{name}.py").is_file()
    assert ("second-hand" in page) == (MODELS[name].checked.value.startswith("second-hand"))
    assert ("site unknown" in page) == (MODELS[name].site.value == "unknown")


ROWS = ("people", "blood", "gives", "routes", "varies", "residual error", "covariates", "how checked", "against others")


@pytest.mark.parametrize("name", MODELS)
def test_page_of_a_model_has_every_row_as_the_model_has_it(name: str) -> None:
    page = (DOCS / "reference" / "models" / f"{name}.md").read_text(encoding="utf-8")
    cells = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ") and len(line) > 5]
    rows, model = dict(cells), MODELS[name]

    assert tuple(rows) == ROWS
    assert model.site.value in rows["blood"]
    assert rows["how checked"] == model.checked.value
    assert [one.analyte for one in model.residual if f"{one.analyte} {one.sd:g}" not in rows["residual error"]] == []
    assert (rows["residual error"] == "none was found") == (not model.residual)
    for one in model.covariates:
        known = f"{one.name} {one.low:g} to {one.high:g} {one.unit}" if one.low is not None else one.name
        assert known in rows["covariates"]
    for error in MEDIAN_ERRORS.get(name, ()):
        assert f"{100 * error:.0f} %" in rows["against others"]


def test_recipe_names_every_field_of_a_model() -> None:
    recipe = (DOCS / "adding-a-model.md").read_text(encoding="utf-8")

    assert [name for name in Model.__slots__ if f"`{name}" not in recipe] == []


def test_page_lists_every_lent_number_as_the_code_has_it() -> None:
    page = (DOCS / "reference" / "pharmacology.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| `")
    ]
    listed = {row[0].strip("`"): row[1:5] for row in rows}

    assert listed == {
        one.symbol: [*("" if bound is None else f"{bound:g}" for bound in (one.value, one.low, one.high)), one.unit]
        for route in LENT
        for one in route.assumptions
    }
    assert [name for name in MODELS if f"models/{name}.md" not in page] == []


@pytest.mark.parametrize("name", MODELS)
def test_model_states_its_residual_error_or_that_none_was_published(name: str) -> None:
    text = (Path(models.__file__).parent / f"{name}.py").read_text(encoding="utf-8")
    measured = {one.analyte for one in MODELS[name].residual}

    assert measured in ({*MODELS[name].analytes}, set())
    assert ("residual=SIGMA" in text) == bool(measured)
    assert ("residual=NOT_PUBLISHED" in text) == (not measured)


def test_residual_error_has_a_unit_where_it_is_added_and_nowhere_else() -> None:
    for kind, unit in ((ErrorKind.ADDITIVE, ""), (ErrorKind.ADDITIVE, "L"), (ErrorKind.PROPORTIONAL, "ng/mL")):
        with pytest.raises(WrongUnit, match="sigma of hnk"):
            Residual("hnk", kind, 0.1, unit)
