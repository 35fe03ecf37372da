"""An installation's files are its own, and what is wrong with its settings is one sentence."""

import json
import os
import shutil
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from firstlight.conf.home import CALCULATIONS
from tests.support.installation import Installation

MESSAGES = """
from django.utils import timezone
from tests.cast import harbour
from firstlight.ground.people.services import want_code
from firstlight.ground.audit.actors import Actor
want_code(email=harbour().mother.email, by=Actor.nobody(), at=timezone.now())
print(json.dumps(None))
"""


@pytest.mark.slow
def test_files_are_nobody_elses_in_a_home_that_was_there_before(migrated: Installation, tmp_path: Path) -> None:
    """An administrator made the folder, as administrators do: open to read for everybody on the machine."""
    home, before = tmp_path / "home", os.umask(0o022)
    home.mkdir()
    try:
        clinic = Installation(home)
        assert clinic.run("migrate", "contenttypes", "--verbosity", "0").returncode == 0
        shutil.copyfile(migrated.home / "firstlight.sqlite3", home / "firstlight.sqlite3")  # into the file that it made
        clinic.python(MESSAGES)
        assert clinic.run("tick").returncode == 0
        assert clinic.run("backup", str(tmp_path / "backup")).returncode == 0
    finally:
        os.umask(before)

    files = [one for one in (*home.rglob("*"), tmp_path / "backup") if one.is_file()]
    assert {"firstlight.sqlite3", "keys.json", "backup"} <= {one.name for one in files}
    assert any(one.parent.name == "outbox" for one in files)  # it holds her address and a code that opens her record
    assert [one.name for one in files if one.stat().st_mode & 0o077] == []


def refusal(home: Path, **settings: str) -> str:
    """Ask for something with these settings; return the one sentence that came back."""
    done = Installation(home, settings).run("check")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


@pytest.mark.slow
def test_key_file_that_others_can_read_or_that_is_damaged_stops_everything(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    assert Installation(tmp_path).run("check").returncode == 0
    for mode in (0o644, 0o604, 0o660):
        keys.chmod(mode)
        assert f"Close it: chmod 600 {keys}" in refusal(tmp_path)
    keys.chmod(0o640)
    assert Installation(tmp_path).run("check").returncode == 0
    for content in ("", "{}", "[]", keys.read_text()[:-9]):
        keys.write_text(content)
        assert "is damaged. Put back a copy of it." in refusal(tmp_path)


@pytest.mark.slow
def test_production_without_what_it_needs_is_one_sentence(tmp_path: Path) -> None:
    whole = {
        "FIRSTLIGHT_PRODUCTION": "1",
        "DATABASE_URL": "sqlite:///x",
        "FIRSTLIGHT_KEYS": str(tmp_path / "keys.json"),
    }

    assert "needs FIRSTLIGHT_HOSTS" in refusal(tmp_path, **whole)
    assert "names each host" in refusal(tmp_path, **whole, FIRSTLIGHT_HOSTS="*")
    assert "names each host" in refusal(tmp_path, **whole, FIRSTLIGHT_HOSTS=" , ")
    assert "should be 1 or 0" in refusal(tmp_path, FIRSTLIGHT_PRODUCTION="yes")


@pytest.mark.slow
def test_calculation_leaves_nothing_on_the_disk_and_needs_none(tmp_path: Path) -> None:
    dose = ("--model", "otto2021", "--route", "iv", "--dose-mg", "35", "--duration-min", "40", "--weight-kg", "70")
    nowhere = Path("/proc/firstlight")  # nobody can make a folder here

    for home, command in (
        (tmp_path / "home", ("simulate", *dose, "--at-min", "40", "--n", "20", "--json")),
        (nowhere, ("models", "--json")),
    ):
        done = Installation(home, {"HOME": str(tmp_path)}).run(*command)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)
    assert list(tmp_path.iterdir()) == []


def test_command_that_opens_no_database_is_one_that_keeps_nothing() -> None:
    ours = {name: app for name, app in get_commands().items() if str(app).startswith("firstlight.")}
    helps = {name: load_command_class(app, name).help for name, app in ours.items()}

    assert {name for name, words in helps.items() if "Opens no database" in words} == CALCULATIONS
