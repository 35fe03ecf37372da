"""One process that starts the web server and the background worker, keeps them alive, and ends them in time."""

import functools
import logging
import os
import signal
import socket
import subprocess  # nosec B404 - a supervisor starts processes
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from firstlight.conf.lifelines import die_with
from firstlight.conf.readiness import problems

GRACE_SECONDS = 1.0  # what a child has to end by itself; then it is killed, so that all is over within 3 s
WATCH_SECONDS = 0.2
MOST_RESTARTS = 5
WITHIN_SECONDS = 60
MOST_PORT = 65_535
logger = logging.getLogger(__name__)


class CannotServe(Exception):
    """The server does not start, or gave up. Carries sentences for the person at the keyboard, and the exit status."""

    def __init__(self, *sentences: str, status: int) -> None:
        super().__init__("\n".join(sentences))
        self.status = status


@dataclass
class Child:
    """One process under supervision, the leader of a process group of its own."""

    name: str
    command: Sequence[str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    restarts: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start the process; the kernel kills it when the supervisor dies."""
        self.process = subprocess.Popen(  # nosec B603 - no shell; the commands stand in `supervise`
            self.command,
            pass_fds=self.pass_fds,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=functools.partial(die_with, os.getpid()),  # noqa: PLW1509 - the supervisor has one thread
        )

    def revive(self) -> None:
        """Start it again if it ended. Raises CannotServe when that happened too often."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        self.restarts = [at for at in self.restarts if now - at < WITHIN_SECONDS] + [now]
        if len(self.restarts) > MOST_RESTARTS:
            raise CannotServe(f"The {self.name} ended {len(self.restarts)} times within a minute.", status=1)
        logger.warning("The %s ended with status %s and is started again.", self.name, self.process.returncode)
        self.start()

    def signal_group(self, number: int) -> None:
        """Send a signal to the process and everything that it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def supervise(port: int, host: str = "127.0.0.1", say: Callable[[str], None] = print) -> None:
    """Serve until told to end by SIGTERM or Ctrl-C; then everything ends within 3 s, this process too.

    Raises CannotServe: status 1 while the installation is not ready, 2 for a port that is taken.
    """
    if found := problems():
        raise CannotServe(*found, status=1)
    with listening(host, port) as listener:
        descriptor = listener.fileno()
        children = [
            Child("web server", [sys.executable, "-m", "firstlight.conf.web", str(descriptor)], (descriptor,)),
            Child("background worker", [sys.executable, "-m", "firstlight", "tick", "--loop"]),
        ]
        with told_to_end() as ending:
            try:
                for child in children:
                    child.start()
                say(f"Firstlight is at http://{_shown(host)}:{port} (Ctrl-C ends it)")
                _watch(children, ending)
            finally:
                _end(children)
    leave()


def leave() -> None:
    """End this process without taking apart what it imported: on a busy machine that takes a second of the three."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Open the socket that all web processes share. Raises CannotServe when the port is taken or not allowed."""
    if not 1 <= port <= MOST_PORT:
        raise CannotServe(f"Port {port} does not exist. Choose one from 1 to {MOST_PORT} with --port.", status=2)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(512)
        except OSError as error:
            raise CannotServe(
                f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port.", status=2
            ) from error
        listener.set_inheritable(True)
        yield listener


@contextmanager
def told_to_end() -> Iterator[threading.Event]:
    """Turn SIGTERM, SIGINT and SIGHUP into an event."""
    ending = threading.Event()
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: ending.set()) for number in numbers}
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch(children: Sequence[Child], ending: threading.Event) -> None:
    while not ending.wait(WATCH_SECONDS):
        for child in children:
            child.revive()


def _end(children: Sequence[Child]) -> None:
    for child in children:
        child.signal_group(signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        if child.process is not None:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
    for child in children:
        child.signal_group(signal.SIGKILL)
        if child.process is not None:
            child.process.wait()


def _shown(host: str) -> str:
    if host in {"127.0.0.1", "::1"}:
        return "localhost"
    return f"[{host}]" if ":" in host else host
