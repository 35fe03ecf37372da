"""`firstlight audit`: what it prints, and its exit status."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from firstlight.ground.audit.models import AuditHead
from firstlight.ground.audit.services import note
from tests.cast import NOW, House


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("audit", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def log(house: House, settings: Any, tmp_path: Path) -> House:
    settings.HEADS_FOLDER = tmp_path / "heads"
    for number in range(3):
        note("step", by=house.actor("nurse"), at=NOW + timedelta(minutes=number))
    return house


def test_sign_writes_a_head_and_verify_holds_against_it(log: House) -> None:
    path = Path(run("sign").strip())

    assert path.exists()
    assert json.loads(run("verify", "--json")) == {"ok": True, "events": 3, "heads": 1, "findings": []}


def test_verify_without_json_says_it_in_a_sentence(log: House) -> None:
    assert run("verify").strip() == "3 events hold, against 0 signed heads."


def test_verify_takes_a_head_that_was_kept_elsewhere(log: House, tmp_path: Path) -> None:
    kept = Path(run("sign").strip()).rename(tmp_path / "elsewhere.jsonl")

    assert json.loads(run("verify", "--json", "--head", str(kept)))["heads"] == 1


def test_a_finding_gives_status_1(log: House) -> None:
    AuditHead.objects.update(sequence=2)

    with pytest.raises(CommandError) as failed:
        run("verify", "--json")
    assert failed.value.returncode == 1


@pytest.mark.parametrize("content", [None, "no head\n"])
def test_a_head_file_that_cannot_be_read_gives_status_2(log: House, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "bad.jsonl"
    if content:
        path.write_text(content)

    with pytest.raises(CommandError) as failed:
        run("verify", "--head", str(path))
    assert failed.value.returncode == 2
