import fcntl
import os
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from firstlight.conf.supervisor import CannotServe, listening, supervise
from firstlight.doors.demo.building import build, built
from firstlight.doors.demo.resetting import clear
from firstlight.doors.demo.restarting import bring_up_to
from firstlight.doors.demo.seeds import keep_seed, seed_of


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Let one process at a time make the demo clinic of a home; the next one waits, and finds it made."""
    with (home / "making.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def moment(text: str) -> datetime:
    """Read a moment with its zone, as in 2026-11-22T14:00:00+00:00."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no moment. Write it as 2026-11-22T14:00:00+00:00.") from error
    if at.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} has no zone. Write it as {text}+00:00.")
    return at


class Command(BaseCommand):
    help = "Make the demo clinic once, with invented people, and serve it on this machine only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--reset", action="store_true", help="make the demo clinic anew")
        parser.add_argument("--build-only", action="store_true", help="make it and stop")
        parser.add_argument("--now", type=moment, help="the moment at which the demo clinic stands")
        parser.add_argument("--seed", type=int, help="what the invented values are drawn from; a demo keeps its own")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if not options["build_only"]:
                with listening("127.0.0.1", options["port"]):
                    pass
            # Links in messages lead to this port, unless the environment says otherwise: those made here, and the worker's.
            os.environ.setdefault("FIRSTLIGHT_ADDRESS", f"http://localhost:{options['port']}")
            settings.PUBLIC_ADDRESS = os.environ["FIRSTLIGHT_ADDRESS"]
            with alone(settings.HOME):
                self._make(options["now"] or timezone.now(), options["seed"], options["reset"])
            if options["build_only"]:
                return
            self._welcome(options["port"])
            supervise(options["port"], say=self._say)
        except CannotServe as refusal:
            raise CommandError(str(refusal), returncode=refusal.status) from refusal

    def _make(self, now: datetime, seed: int | None, reset: bool) -> None:
        if reset:
            clear(settings.HOME)
        call_command("migrate", verbosity=0, interactive=False)
        own = seed_of(settings.HOME)
        if built() and bring_up_to(now, seed=own):
            if seed not in {None, own}:
                self._say(f"This demo was made with the seed {own} and keeps it. --reset makes it anew.")
            return
        if built():
            clear(settings.HOME)
            call_command("migrate", verbosity=0, interactive=False)
        self._say("Making the demo clinic: eighteen invented parents. This takes about half a minute, once.")
        chosen = own if seed is None else seed
        keep_seed(settings.HOME, chosen)
        build(now, seed=chosen)

    def _welcome(self, port: int) -> None:
        self._say(f"Firstlight demo: http://localhost:{port}")
        self._say(
            f"Sign in with one click: http://localhost:{port}/demo/ (prescriber, nurse, therapist, administrator, parents)"
        )
        self._say("Everybody in it is invented. Ctrl-C ends it.")

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
