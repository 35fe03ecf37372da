import json
from io import StringIO
from typing import Any

from django.core.management.base import CommandError, CommandParser, OutputWrapper
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder


class Command(migrate.Command):
    """Django's own, which also speaks JSON and tells bad input by its exit status."""

    help = "Bring the database to this version and put the triggers in place."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options.pop("json"):
            self._handle_as_json(*args, **options)
        else:
            self._handle(*args, **options)

    def _handle(self, *args: Any, **options: Any) -> None:
        try:
            super().handle(*args, **options | {"skip_checks": True})
        except CommandError as error:
            raise CommandError(str(error), returncode=2) from error

    def _handle_as_json(self, *args: Any, **options: Any) -> None:
        shown, said = self.stdout, StringIO()
        self.stdout = OutputWrapper(said)
        before, status = self._steps(options["database"]), 0
        try:
            self._handle(*args, **options)
        except SystemExit as ended:  # --check found steps that were not taken
            status = int(ended.code or 0)
        finally:
            self.stdout = shown
        after = self._steps(options["database"])
        document = {"ok": not status, "applied": sorted(after - before), "unapplied": sorted(before - after)}
        self.stdout.write(json.dumps(document | {"said": said.getvalue().splitlines()}))
        if status:
            raise SystemExit(status)

    def _steps(self, database: str) -> set[str]:
        return {f"{app}.{name}" for app, name in MigrationRecorder(connections[database]).applied_migrations()}
