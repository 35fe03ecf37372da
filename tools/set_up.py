"""Make `.venv` and keep it in step with the lock. Standard library only: it runs before anything is installed.

Does nothing when nothing changed, so it stands before every other command.
"""

import argparse
import errno
import fcntl
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STATE = VENV / "firstlight.json"  # what is installed; written last
INSTALLING = VENV / "installing"  # stands there while an installation is under way
SPACE_MB = {"requirements.txt": 500, "requirements-dev.txt": 900}
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")


def main() -> None:
    """Parse the command line, check, install what changed."""
    parser = argparse.ArgumentParser(description="Make .venv and keep it in step with the lock.")
    parser.add_argument("--dev", action="store_true", help="also install what tests and checks need")
    parser.add_argument("--port", help="refuse at once when this port is taken")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _interrupted)
    signal.signal(signal.SIGINT, _interrupted)
    try:
        if options.port is not None:
            check_port(options.port)
        with alone():
            set_up("requirements-dev.txt" if options.dev else "requirements.txt")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            stop_for_space()
        stop(f"Set-up could not write {error.filename or VENV}: {error.strerror}.")


def stop(sentence: str) -> NoReturn:
    """End with one sentence on standard error."""
    print(sentence, file=sys.stderr, flush=True)
    raise SystemExit(1)


def stop_for_space() -> NoReturn:
    """End because the disk is full."""
    stop("The disk is full: free some space for .venv, then run the same command again.")


def _interrupted(number: int, frame: FrameType | None) -> NoReturn:
    print("\nSet-up was interrupted: run the same command again and it starts afresh.", file=sys.stderr, flush=True)
    raise SystemExit(128 + number)


def check_port(text: str) -> None:
    """Stop unless a server could listen on this port of 127.0.0.1."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65_535:
        stop(f"PORT={text} is not a port: give a whole number from 1 to 65535, such as PORT=8001.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError:
            stop(f"Port {text} is reserved for the system: choose another, such as PORT=8000.")
        except OSError:
            stop(f"Port {text} is taken by another program: choose another, such as PORT={int(text) % 65_535 + 1}.")


@contextmanager
def alone() -> Iterator[None]:
    """Let one set-up at a time work in this checkout."""
    with (ROOT / "requirements.txt").open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up is at work here: waiting for it.", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def set_up(lock: str) -> None:
    """Install the locked packages and the checkout, each only when it changed."""
    wanted = {lock: fingerprint(lock), "pyproject.toml": fingerprint("pyproject.toml")}
    state = read_state()
    if all(state.get(name) == value for name, value in wanted.items()):
        return
    check_tools(lock)
    if not state and not adoptable():
        create()
    INSTALLING.touch()
    if state.get(lock) != wanted[lock]:
        install_packages(lock)
    if state.get("pyproject.toml") != wanted["pyproject.toml"]:
        run_pip("Installing Firstlight itself", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT))
    STATE.write_text(json.dumps(state | wanted | {"stands": standing()}, indent=1))
    INSTALLING.unlink()


def fingerprint(name: str) -> str:
    """Return the hash of one of the checkout's files."""
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def standing() -> str:
    """Return what an installation is tied to: its folder, and the Python under it."""
    return f"{VENV} on {(VENV / 'bin' / 'python').resolve()}"


def read_state() -> dict[str, str]:
    """Return what is installed; nothing when .venv is missing, unfinished, moved or on another Python than before."""
    try:
        state: dict[str, str] = json.loads(STATE.read_text())
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return {}
    complete = (VENV / "bin" / "python").exists() and (VENV / "bin" / "firstlight").exists() and not INSTALLING.exists()
    return state if complete and state.get("stands") == standing() else {}


def adoptable() -> bool:
    """Tell whether a .venv that somebody made by hand will do."""
    if INSTALLING.exists():
        print("The last installation did not finish: starting afresh.", flush=True)
        return False
    if STATE.exists() or not (VENV / "bin" / "python").exists():
        return False
    version = "import pip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))"
    return (
        subprocess.run([VENV / "bin" / "python", "-c", version], check=False, stderr=subprocess.DEVNULL).returncode == 0
    )


def check_tools(lock: str) -> None:
    """Stop when the machine lacks what an installation needs."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        stop(
            "This Python cannot make virtual environments: install its venv package"
            " (Debian, Ubuntu: apt-get install python3-venv), then run the same command again."
        )
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < SPACE_MB[lock]:
        stop(
            f"The disk has {free} MB left and Firstlight needs {SPACE_MB[lock]} MB:"
            " free some space, then run the same command again."
        )


def create() -> None:
    """Make an empty virtual environment in place of whatever stood there."""
    print(f"Making .venv with Python {platform.python_version()}", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    INSTALLING.touch()
    run([sys.executable, "-m", "venv", str(VENV)])


def install_packages(lock: str) -> None:
    """Install what the lock names: wheels only, each checked against its hash."""
    amount = sum(not line.startswith((" ", "#")) for line in (ROOT / lock).read_text().splitlines())
    run_pip(f"Installing {amount} packages", "--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / lock))


def run_pip(what: str, *arguments: str) -> None:
    """Say what is being installed and install it."""
    print(what, flush=True)
    run([str(VENV / "bin" / "python"), *PIP, *arguments])


def run(command: list[str]) -> None:
    """Run a command to its end; show what it said when it failed; end it when this program is told to end."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT) as process:
        try:
            said, _ = process.communicate()
        except SystemExit:
            process.terminate()
            try:
                process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                process.kill()
            raise
    if process.returncode == 0:
        return
    if os.strerror(errno.ENOSPC) in said:
        stop_for_space()
    print(said.strip(), file=sys.stderr)
    stop("Set-up failed with the message above: when that is mended, run the same command again and it starts afresh.")


if __name__ == "__main__":
    main()
