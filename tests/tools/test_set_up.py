"""The way from a bare clone: one clear sentence for each thing that can be missing."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import set_up

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tools" / "set_up.py"


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the script a checkout of its own, with locks in it and no .venv."""
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    monkeypatch.setattr(set_up, "ROOT", tmp_path)
    monkeypatch.setattr(set_up, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(set_up, "STATE", tmp_path / ".venv" / "firstlight.json")
    monkeypatch.setattr(set_up, "INSTALLING", tmp_path / ".venv" / "installing")
    return tmp_path


@pytest.fixture
def installed(clone: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Stand in for venv and pip: note the commands, leave behind what they would leave behind."""
    commands: list[list[str]] = []

    def pretend(command: list[str]) -> None:
        commands.append(command)
        programs = clone / ".venv" / "bin"
        programs.mkdir(parents=True, exist_ok=True)
        (programs / "python").touch()
        (programs / "firstlight").touch()

    monkeypatch.setattr(set_up, "run", pretend)
    return commands


@pytest.fixture
def taken() -> Iterator[int]:
    """Give a port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what stands on standard error: one line."""
    text = capsys.readouterr().err
    assert text.count("\n") == 1
    return text


def test_no_python_is_said_in_one_sentence(tmp_path: Path) -> None:
    script = ROOT / "tools" / "with-python"

    done = subprocess.run(
        ["/bin/sh", script, "-c", ""],
        check=False,
        env={"PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("Firstlight needs Python 3.11 or 3.12 and none was found: install one")
    assert done.stderr.count("\n") == 1


def test_python_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    for name, version in (("python3.11", "exit 1"), ("python3", f'exec "{sys.executable}" "$@"')):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{version}\n")
        program.chmod(0o755)

    done = subprocess.run(
        ["/bin/sh", ROOT / "tools" / "with-python", "-c", "print('found')"],
        check=False,
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert done.stdout == "found\n"


@pytest.fixture
def slow_and_quick(tmp_path: Path) -> dict[str, str]:
    """Two Pythons of one name, the one without optimizations first on the PATH; each says which it is."""
    for folder, built in (("slow", 'case "$2" in *--enable-optimizations*) exit 1;; esac'), ("quick", "")):
        program = tmp_path / folder / "python3.11"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{built}\necho {folder}\n")
        program.chmod(0o755)
    return {"PATH": f"{tmp_path / 'slow'}:{tmp_path / 'quick'}", "HOME": str(tmp_path)}


def with_python(environment: dict[str, str]) -> str:
    """Return what the Python said that was taken."""
    command = ["/bin/sh", ROOT / "tools" / "with-python", "-c", ""]
    return subprocess.run(command, check=True, env=environment, capture_output=True, text=True).stdout


def test_python_that_was_built_with_optimizations_comes_first(slow_and_quick: dict[str, str], tmp_path: Path) -> None:
    assert with_python(slow_and_quick) == "quick\n"

    (tmp_path / "quick" / "python3.11").unlink()
    assert with_python(slow_and_quick) == "slow\n"


def test_python_that_somebody_names_comes_before_every_other(slow_and_quick: dict[str, str], tmp_path: Path) -> None:
    assert with_python(slow_and_quick | {"PYTHON": str(tmp_path / "slow" / "python3.11")}) == "slow\n"


def test_python_without_venv_is_said(
    clone: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(SystemExit):
        set_up.set_up("requirements.txt")

    assert "apt-get install python3-venv" in said(capsys)


def test_full_disk_is_said_before_anything_is_made(
    clone: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 287_000_000))

    with pytest.raises(SystemExit):
        set_up.set_up("requirements.txt")

    assert said(capsys).startswith("The disk has 287 MB left and Firstlight needs 500 MB")
    assert not (clone / ".venv").exists()


def test_disk_that_fills_up_during_the_installation_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        set_up.run([sys.executable, "-c", "import os, sys; sys.exit(os.strerror(28))"])

    assert said(capsys).startswith("The disk is full")


def test_taken_port_is_said_with_another_one_to_try(taken: int) -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--port", str(taken)], check=False, capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr == f"Port {taken} is taken by another program: choose another, such as PORT={taken + 1}.\n"


@pytest.mark.parametrize("text", ["", "abc", "0", "65536", "-1", "80 80", "\uff18\uff10"])
def test_port_that_is_none_is_said(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        set_up.check_port(text)

    assert "is not a port" in said(capsys)


def test_packages_come_from_the_lock_and_are_checked(clone: Path, installed: list[list[str]]) -> None:
    set_up.set_up("requirements.txt")

    _, packages, checkout = installed
    assert {"--require-hashes", "--only-binary", str(clone / "requirements.txt")} <= set(packages)
    assert {"--no-deps", "--no-build-isolation", "--no-index", str(clone)} <= set(checkout)


def test_second_set_up_does_nothing(clone: Path, installed: list[list[str]]) -> None:
    set_up.set_up("requirements.txt")
    installed.clear()

    set_up.set_up("requirements.txt")

    assert installed == []


def test_changed_lock_is_installed_into_the_same_environment(clone: Path, installed: list[list[str]]) -> None:
    set_up.set_up("requirements.txt")
    installed.clear()
    (clone / "requirements.txt").write_text("another lock")

    set_up.set_up("requirements.txt")

    assert [command[1:3] for command in installed] == [["-m", "pip"]]


@pytest.mark.parametrize("happened", ["moved", "another python", "interrupted", "no program"])
def test_environment_that_is_not_whole_is_made_again(clone: Path, installed: list[list[str]], happened: str) -> None:
    set_up.set_up("requirements.txt")
    installed.clear()
    state = clone / ".venv" / "firstlight.json"
    if happened == "interrupted":
        (clone / ".venv" / "installing").touch()
    elif happened == "no program":
        (clone / ".venv" / "bin" / "firstlight").unlink()
    else:
        state.write_text(state.read_text().replace(str(clone) if happened == "moved" else " on ", "elsewhere"))

    set_up.set_up("requirements.txt")

    assert installed[0][1:3] == ["-m", "venv"]
    assert json.loads(state.read_text())["stands"] == set_up.standing()


CHILD = "import os, time; print(os.getpid(), file=open({note!r}, 'w'), flush=True); time.sleep(60)"
PARENT = """
import signal, sys
from tools import set_up
signal.signal(signal.SIGTERM, set_up._interrupted)
set_up.run([sys.executable, "-c", {child!r}])
"""


def test_termination_ends_the_installation_too(tmp_path: Path) -> None:
    note = tmp_path / "child"
    program = PARENT.format(child=CHILD.format(note=str(note)))
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        while not (note.exists() and note.read_text()):
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=20)

    assert process.returncode == 128 + signal.SIGTERM
    assert "run the same command again and it starts afresh" in stderr
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)
