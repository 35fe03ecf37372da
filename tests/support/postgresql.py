"""A temporary PostgreSQL cluster for one test run: a folder, a socket in it, nothing on the network."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

# Nothing here outlives the run, so nothing has to survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "timezone": "UTC",
}
STARTED_WITHIN_SECONDS = 30


class ClusterFailed(Exception):
    """PostgreSQL is installed and would not start; carries what it said."""


@contextmanager
def cluster(folder_of_programs: Path) -> Iterator[str]:
    """Start a cluster and give its DATABASE_URL; stop it and remove its files however the block ends."""
    # A socket's path may have about 100 characters, and the unprivileged user must reach it: hence /tmp itself.
    folder = Path(tempfile.mkdtemp(prefix="firstlight-pg-", dir="/tmp"))
    try:
        run_as = _unprivileged(folder)
        _initialise(folder_of_programs, folder, run_as)
        with _running(folder_of_programs, folder, run_as):
            yield f"postgres://firstlight@{quote(str(folder), safe='')}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> Mapping[str, Any]:
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _initialise(programs: Path, folder: Path, run_as: Mapping[str, Any]) -> None:
    where = ["--pgdata", str(folder / "data"), "--username", "firstlight", "--auth", "trust"]
    options = ["--encoding", "UTF8", "--locale", "C", "--no-sync"]
    done = subprocess.run(
        [str(programs / "initdb"), *where, *options],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=_environment(folder),
        **run_as,
    )
    if done.returncode:
        raise ClusterFailed(done.stderr.strip())


@contextmanager
def _running(programs: Path, folder: Path, run_as: Mapping[str, Any]) -> Iterator[None]:
    log = folder / "log"
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    with log.open("w") as output:
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, *settings],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
            **run_as,
        )
    try:
        _wait_until_ready(folder, server, log)
        yield
    finally:
        server.send_signal(signal.SIGQUIT)  # "immediate": its files are about to be removed
        server.wait(timeout=10)


def _environment(folder: Path) -> dict[str, str]:
    return {"HOME": str(folder), "PATH": os.defpath, "LC_ALL": "C"}


def _wait_until_ready(folder: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTED_WITHIN_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host=str(folder), user="firstlight", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise ClusterFailed(log.read_text().strip())
