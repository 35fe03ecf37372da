"""A temporary PostgreSQL cluster for one test run: a folder, a socket in it, nothing on the network."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

# Nothing here outlives the run, so nothing has to survive a power cut.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SETTINGS = {"listen_addresses": "", "max_connections": "60", "timezone": "UTC"}
STARTED_WITHIN_SECONDS = 30
MIGRATED = "migrated"
"""The database of a migrated cluster; `postgres` stays empty, for whoever makes and drops databases has to stand in one."""


class ClusterFailed(Exception):
    """PostgreSQL is installed and would not start; carries what it said."""


@dataclass
class Cluster:
    """A database server in a folder of its own, which may be started again after it was killed."""

    programs: Path
    folder: Path
    run_as: Mapping[str, Any]
    settings: Mapping[str, str]
    server: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Return its DATABASE_URL."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """Return the DATABASE_URL of one of its databases."""
        return f"postgres://firstlight@{quote(str(self.folder), safe='')}/{database}"

    @property
    def data(self) -> Path:
        """Return the folder of its files."""
        return self.folder / "data"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = self.folder / "log"
        settings = [f"--{name}={value}" for name, value in self.settings.items()]
        with log.open("a") as output:
            self.server = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, "-k", self.folder, *settings],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=_environment(self.folder),
                start_new_session=True,
                **self.run_as,
            )
        _wait_until_ready(self.folder, self.server, log)

    def stop(self) -> None:
        """End the server at once ("immediate"): its files are about to be removed."""
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait(timeout=10)

    def end(self) -> None:
        """Let the server write everything down and end ("fast"), so that its files can be copied."""
        assert self.server
        self.server.send_signal(signal.SIGINT)
        self.server.wait(timeout=STARTED_WITHIN_SECONDS)

    def kill(self) -> None:
        """Kill the server and each process it started, as a power cut would: no word, no clean-up."""
        assert self.server
        numbers = [self.server.pid, *_children(self.server.pid)]
        for number in numbers:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.server.wait(timeout=10)
        while any(Path(f"/proc/{number}").exists() for number in numbers):
            time.sleep(0.02)


@contextmanager
def cluster(
    folder_of_programs: Path, settings: Mapping[str, str] = FORGETFUL, copied_from: Path | None = None
) -> Iterator[Cluster]:
    """Start a cluster, empty or with copied files; stop it and remove its files however the block ends."""
    # A socket's path may have about 100 characters, and the unprivileged user must reach it: hence /tmp itself.
    folder = Path(tempfile.mkdtemp(prefix="firstlight-pg-", dir="/tmp"))
    made = Cluster(folder_of_programs, folder, _unprivileged(folder), {**SETTINGS, **settings})
    try:
        if copied_from:
            subprocess.run(["cp", "-a", copied_from, made.data], check=True)  # owners and modes as they are
        else:
            _initialise(made)
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> Mapping[str, Any]:
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _initialise(made: Cluster) -> None:
    where = ["--pgdata", str(made.data), "--username", "firstlight", "--auth", "trust"]
    options = ["--encoding", "UTF8", "--locale", "C", "--no-sync"]
    done = subprocess.run(
        [str(made.programs / "initdb"), *where, *options],
        check=False,
        capture_output=True,
        text=True,
        cwd=made.folder,
        env=_environment(made.folder),
        **made.run_as,
    )
    if done.returncode:
        raise ClusterFailed(done.stderr.strip())


def _children(parent: int) -> list[int]:
    """Return the processes whose parent is this one; PostgreSQL gives each a session of its own."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            after_name = entry.read_text().rpartition(")")[2].split()
            if int(after_name[1]) == parent:
                found.append(int(entry.parent.name))
    return found


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
