import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from firstlight.conf.archives import ArchiveRefused
from firstlight.conf.backups import NotEmpty, restore
from firstlight.conf.engines import CopyFailed


class Command(BaseCommand):
    help = "Make a working installation of a backup, in an empty home, with the keys that it was sealed under."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a file that `firstlight backup` wrote")
        parser.add_argument("--keys", type=Path, help="the key file that belongs to it, when it is not in place yet")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = restore(options["path"], options["keys"])
        except (ArchiveRefused, NotEmpty) as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        except OSError as error:
            raise CommandError(f"{error.filename or options['path']}: {error.strerror}.", returncode=2) from error
        except CopyFailed as failure:
            raise CommandError(str(failure), returncode=1) from failure
        made_at = done.made_at.isoformat()
        if options["json"]:
            self.stdout.write(json.dumps({"made_at": made_at, "ok": not done.findings, "findings": done.findings}))
        else:
            self.stdout.write("\n".join(done.findings) or f"The state of {made_at} is in place, and its audit holds.")
        if done.findings:
            raise CommandError(f"{len(done.findings)} findings.", returncode=1)
