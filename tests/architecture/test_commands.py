"""Every command of `firstlight`: with --json one document on standard output and nothing else, and status 2 for bad input."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder

from firstlight.conf.backups import Made, Restored
from firstlight.conf.command_line import CommandLine, our_commands
from firstlight.conf.management.commands import backup, restore
from tests.cast import NOW

SERVING = {"demo", "serve"}  # they go on until somebody ends them
DOSE = ("--route", "iv", "--dose-mg", "35", "--duration-min", "40", "--weight-kg", "70", "--model", "otto2021")
CLINIC = ("--clinic", "Quay Clinic", "--phone", "+1 518 555 0100", "--name", "Lena Brandt")
CHECKED = ("dose-check", "--weight-kg", "70", "--mg-per-kg")
WORKS = [
    ("assess", "--schema"),
    ("assess", "{facts}"),
    ("audit", "sign"),
    ("audit", "verify"),
    ("backup", "{new}"),
    (*CHECKED, "0.5", "--mg-per-ml", "50", "--ml", "0.7", "--vial-ml", "10", "--height-cm", "170"),
    ("export", "instrument", "phq-9"),
    ("found", *CLINIC, "--email", "lena@quay.example"),
    ("import", "instrument", "{questionnaire}", "--as", "phq-9", "--dry-run"),
    ("instruments",),
    ("ledger", "sign"),
    ("ledger", "verify"),
    ("migrate",),
    ("migrate", "--plan"),
    ("milk", *DOSE, "--feeds-at-h", "3,6"),
    ("models",),
    ("restore", "{new}"),
    ("score", "phq-2", "--scores", "1,2"),
    ("score", "phq-2", "--file", "{csv}", "--as", "scores"),
    ("simulate", *DOSE, "--at-min", "10,40"),
    ("tick",),
]  # fmt: skip
WRONG = [
    (("assess", "{absent}"), "absent"),
    (("audit", "verify", "--head", "{absent}"), "absent"),
    (("backup", "{csv}"), "exists already"),
    ((*CHECKED, "half"), "dose per kilogram: 'half'"),
    ((*CHECKED, "0.5", "--ml", "0,7"), "volume: '0,7'"),
    (("export", "instrument", "phq-99"), "'phq-99'; there are"),
    (("found", *CLINIC, "--email", "lena"), "--email 'lena': This is not an email address. It looks like"),
    (("found", *CLINIC, "--phone", "x", "--email", "lena@quay.example"), "--phone 'x': This is not a telephone number."),
    (("found", *CLINIC, "--clinic", " ", "--email", "lena@quay.example"), "--clinic ' ': Write the clinic's name"),
    (("import", "instrument", "{csv}"), "line 1"),
    (("ledger", "verify", "--head", "{csv}"), "line 1 is not a signed head"),
    (("migrate", "nowhere"), "'nowhere'"),
    (("milk", *DOSE, "--feeds-at-h=-3"), "feeds: -3.0 cannot be used"),
    (("restore", "{absent}"), "not empty"),
    (("score", "phq-2", "--scores", "1,9"), "phq-2, item 2: '9' is not possible; use 0, 1, 2, 3."),
    (("simulate", *DOSE, "--at-min", "nan"), "at: "),
]  # fmt: skip


@pytest.fixture
def files(tmp_path: Path, settings: Any) -> dict[str, Path]:
    """What the commands read, and where they write."""
    settings.HEADS_FOLDER = tmp_path / "heads"
    found = {name: tmp_path / name for name in ("facts", "questionnaire", "csv", "new", "absent")}
    found["facts"].write_text('{"sbp": 120, "dbp": 80}')
    found["csv"].write_text("1,2\n")
    call_command("export", "instrument", "phq-9", stdout=(out := StringIO()))
    found["questionnaire"].write_text(out.getvalue())
    return found


def placed(words: tuple[str, ...], files: dict[str, Path]) -> list[str]:
    return [word.format(**{name: str(path) for name, path in files.items()}) for word in words]


def test_every_command_is_tried_here() -> None:
    assert {words[0] for words in WORKS} == set(our_commands()) - SERVING


@pytest.mark.parametrize("words", WORKS, ids=" ".join)
def test_command_prints_one_json_document_and_nothing_else(
    db: None,
    files: dict[str, Path],
    words: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # In earnest, and under load, in tests/conf.
    monkeypatch.setattr(backup, "problems_of_the_database", list)
    monkeypatch.setattr(backup, "back_up", lambda path, now: Made(path, 1, "0"))
    monkeypatch.setattr(restore, "restore", lambda path, keys: Restored(NOW, []))

    call_command(*placed(words, files), "--json")

    assert json.loads(capsys.readouterr().out) is not None


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_bad_input_is_named_ends_with_status_2_and_prints_nothing(
    db: None,
    files: dict[str, Path],
    words: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backup, "problems_of_the_database", list)  # it asks the installation, and closes the connection

    with pytest.raises(CommandError) as refused:
        call_command(*placed(words, files), "--json")

    assert said in str(refused.value)
    assert refused.value.returncode == 2
    assert capsys.readouterr().out == "" or words[0] == "import"  # which lists what is wrong in its document


def test_dose_that_would_not_be_ordered_is_a_failed_check_with_its_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError) as failed:
        call_command(*CHECKED, "0.9", "--mg-per-ml", "50", "--ml", "1.3", "--json")

    printed = json.loads(capsys.readouterr().out)
    refused = {check["check"] for check in printed["checks"] if check["result"] == "refused"}
    assert (failed.value.returncode, printed["result"], printed["mg"], printed["ml"]) == (1, "refused", 63, 1.26)
    assert refused == {"reason", "draw"}


def test_dose_is_told_in_lines(capsys: pytest.CaptureFixture[str]) -> None:
    call_command(*CHECKED, "0.5", "--mg-per-ml", "50", "--vial-ml", "10")

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["Dose: 35 mg, 0.5 mg/kg", "Syringe: 0.7 mL, 35 mg", "Vial: 500 mg"]
    assert "body mass    not asked" in lines


def test_steps_of_the_database_that_are_due_are_a_failed_check(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("migrate", "--check", "--json")
    assert json.loads(capsys.readouterr().out)["ok"]

    MigrationRecorder.Migration.objects.filter(app="ledger").order_by("-id")[0].delete()
    with pytest.raises(SystemExit) as due:
        call_command("migrate", "--check", "--json")
    printed = json.loads(capsys.readouterr().out)
    assert (due.value.code, printed["ok"], printed["applied"]) == (1, False, [])


def test_help_tells_what_each_command_does() -> None:
    text = CommandLine(["firstlight"]).main_help_text()

    assert "  score        Score answers to one questionnaire" in text
    assert "  migrate      Bring the database to this version" in text
    assert "startproject" not in text


def test_command_that_there_is_not_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        CommandLine(["firstlight", "scores"]).execute()

    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert "Did you mean score?" in said.err
