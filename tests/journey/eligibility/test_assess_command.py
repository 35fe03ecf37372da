"""`firstlight assess`: facts in, rules out, nothing kept and no database opened."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from firstlight.clinical.protocols import facts


def assess(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("assess", str(path), *options, stdout=out)
    return out.getvalue()


def written(folder: Path, content: str) -> Path:
    path = folder / "facts.json"
    path.write_text(content, encoding="utf-8")
    return path


def test_command_prints_one_json_document(tmp_path: Path) -> None:
    printed: dict[str, Any] = json.loads(assess(written(tmp_path, '{"sbp": 190, "dbp": 100}'), "--json"))

    pressure = next(rule for rule in printed["rules"] if rule["id"] == "resting_bp")
    assert printed["result"] == "blocked"
    assert (pressure["action"], pressure["state"], pressure["source"]) == ("block", "fires", ["K-CH"])
    assert pressure["inputs"] == {"sbp": 190, "dbp": 100}


def test_command_tells_people_what_fires_first(tmp_path: Path) -> None:
    lines = assess(written(tmp_path, '{"sbp": 190, "dbp": 100, "shoe_size": 41}')).splitlines()

    assert lines[0] == "Result: blocked"
    assert lines[1].startswith("block    fires")
    assert lines[-1] == "No rule asks for shoe_size. --schema lists the facts."


def test_command_offers_the_fact_that_a_mistyped_name_is_near_to(tmp_path: Path) -> None:
    lines = assess(written(tmp_path, '{"breastfeding": true}')).splitlines()

    assert lines[-1] == "No rule asks for breastfeding. Did you mean breastfeeding?"


def test_schema_explains_every_fact() -> None:
    out = StringIO()
    call_command("assess", "--schema", "--json", stdout=out)

    assert set(json.loads(out.getvalue())["properties"]) == set(facts())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"sbp": "high"}', "sbp"),
        ('{"sbp": 80, "dbp": 120}', "diastolic lies below systolic"),
        ("[1, 2]", "give an object of facts by name"),
        ("{not json", "cannot be read as JSON"),
        ('{"sbp": NaN, "dbp": 1}', "sbp"),
    ],
)
def test_bad_input_ends_with_status_2_and_says_what_is_wrong(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        assess(written(tmp_path, content))

    assert refused.value.returncode == 2


def test_file_that_is_not_there_ends_with_status_2(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"missing\.json cannot be opened: No such file or directory\.") as refused:
        assess(tmp_path / "missing.json")

    assert refused.value.returncode == 2


def test_file_without_text_ends_with_status_2(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(CommandError) as refused:
        assess(path)

    assert refused.value.returncode == 2


def test_command_without_a_file_ends_with_status_2() -> None:
    with pytest.raises(CommandError) as refused:
        call_command("assess")

    assert refused.value.returncode == 2
