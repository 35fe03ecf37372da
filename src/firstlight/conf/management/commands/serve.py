from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from firstlight.conf.supervisor import CannotServe, supervise


class Command(BaseCommand):
    help = "Serve the clinic: web server and background worker under one supervisor. SIGTERM or Ctrl-C ends everything."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="another address only behind a proxy that speaks HTTPS")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            supervise(options["port"], options["host"], say=self._say)
        except CannotServe as refusal:
            raise CommandError(str(refusal), returncode=refusal.status) from refusal

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
