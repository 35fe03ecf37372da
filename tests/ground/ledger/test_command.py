"""`firstlight ledger`: what scripts read, and the exit status they act on."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django_scopes import scopes_disabled

from firstlight.ground.ledger.models import LedgerHead
from tests.cast import House
from tests.ground.ledger.deliveries import delivery


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "HEADS_FOLDER", tmp_path / "heads")
    return tmp_path / "heads" / "ledger"


@pytest.fixture(autouse=True)
def stocked(house: House) -> Iterator[None]:
    with scopes_disabled():
        delivery(house)
        yield


def run(*arguments: object) -> dict[str, object]:
    out = StringIO()
    call_command("ledger", *map(str, arguments), "--json", stdout=out)
    answer: dict[str, object] = json.loads(out.getvalue())
    return answer


def test_ledger_verify_tells_what_holds() -> None:
    assert run("verify") == {"ok": True, "lines": 1, "heads": 0, "findings": []}


def test_signed_heads_are_checked_from_the_folder_and_from_elsewhere(folder: Path, tmp_path: Path) -> None:
    run("sign")
    elsewhere = next(folder.iterdir()).rename(tmp_path / "taken-home.jsonl")

    assert run("verify")["heads"] == 0
    assert run("verify", "--head", elsewhere) == {"ok": True, "lines": 1, "heads": 1, "findings": []}


def test_ledger_verify_ends_with_1_when_something_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    LedgerHead.objects.update(sequence=2)

    with pytest.raises(CommandError) as wrong:
        call_command("ledger", "verify")

    assert wrong.value.returncode == 1
    assert "the stored head does not fit" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["not a head", '{"chain": "x"}', None])
def test_ledger_verify_ends_with_2_for_a_file_that_is_no_head(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "head.jsonl"
    if content is not None:
        file.write_text(content)

    with pytest.raises(CommandError) as wrong:
        call_command("ledger", "verify", "--head", file)

    assert wrong.value.returncode == 2


def test_head_with_a_changed_hash_is_no_head_of_ours(folder: Path) -> None:
    run("sign")
    file = next(folder.iterdir())
    head = json.loads(file.read_text())
    file.write_text(json.dumps(head | {"hash": "0" * 64}))

    with pytest.raises(CommandError, match="signature") as wrong:
        call_command("ledger", "verify")

    assert wrong.value.returncode == 2
