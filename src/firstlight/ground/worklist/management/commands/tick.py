import json
import logging
import signal
import threading
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections
from django.utils import timezone

from firstlight.ground.worklist.services import leases, tick
from firstlight.ground.worklist.services.ticking import this_worker

SECONDS_BETWEEN = 2.0
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do what is due in the background: escalate tasks, run periodic jobs, deliver messages. With --loop, go on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until told to end")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["loop"]:
            beats = self._loop()
            if options["json"]:
                self.stdout.write(json.dumps(beats))
            return
        done = tick(timezone.now())
        leases.release(holder=this_worker(), at=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(asdict(done)))
        elif done.held:
            self.stdout.write(f"{done.escalated} tasks passed on, {done.sent} messages sent, {done.failed} failed.")
        else:
            self.stdout.write("Another worker is at work.")

    def _loop(self) -> dict[str, int]:
        ending, beats = threading.Event(), {"beats": 0, "lost": 0}
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ending.set())
        while not ending.is_set():
            close_old_connections()
            try:
                tick(timezone.now())
                beats["beats"] += 1
            except Error as error:  # the database may be away for a moment; the next beat finds it again
                logger.error("A beat was lost: %s", type(error).__name__)
                beats["lost"] += 1
            ending.wait(SECONDS_BETWEEN)
        leases.release(holder=this_worker(), at=timezone.now())
        return beats
