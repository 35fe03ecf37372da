import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from firstlight.conf.backups import NotEmpty, back_up
from firstlight.conf.engines import CopyFailed
from firstlight.conf.readiness import problems_of_the_database


class Command(BaseCommand):
    help = "Write a consistent, encrypted copy of the installation while it is in use. It does not contain the keys."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a file that does not exist yet")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if found := problems_of_the_database():
            raise CommandError(found[0], returncode=1)
        try:
            made = back_up(options["path"].absolute(), timezone.now())
        except NotEmpty as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        except OSError as error:
            raise CommandError(f"{options['path']} cannot be written: {error.strerror}.", returncode=2) from error
        except CopyFailed as failure:
            raise CommandError(str(failure), returncode=1) from failure
        if options["json"]:
            self.stdout.write(json.dumps({"path": str(made.path), "bytes": made.bytes, "sha256": made.sha256}))
        else:
            self.stdout.write(f"{made.path}: {made.bytes:,} bytes, SHA-256 {made.sha256}")
            self.stdout.write("Keep the key file apart from it: without the keys it cannot be opened.")
