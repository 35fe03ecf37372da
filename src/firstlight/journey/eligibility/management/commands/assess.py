import json
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from firstlight.clinical.protocols import FactError, assess_json, schema_json

LARGEST_BYTES = 1_000_000


class Command(BaseCommand):
    help = "Hold the facts of one JSON file against every eligibility rule. Opens no database and keeps nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="an object of facts by name; see --schema")
        parser.add_argument("--schema", action="store_true", help="print the JSON Schema of the facts")
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schema"]:
            self._print(schema_json())
        elif options["file"] is None:
            raise CommandError("Name a file with facts, or ask for --schema.", returncode=2)
        else:
            assessed = self._assessed(options["file"])
            if options["json"]:
                self._print(assessed)
            else:
                self._tell(assessed)

    def _assessed(self, path: Path) -> dict[str, Any]:
        try:
            if path.stat().st_size > LARGEST_BYTES:
                raise CommandError(f"{path.name} is larger than {LARGEST_BYTES:,} bytes.", returncode=2)
            document = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"{path} cannot be opened: {error.strerror}.", returncode=2) from error
        except (ValueError, RecursionError) as error:
            raise CommandError(f"{path.name} cannot be read as JSON: {error}", returncode=2) from error
        try:
            return assess_json(document, timezone.now())
        except FactError as error:
            raise CommandError(str(error), returncode=2) from error

    def _print(self, document: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))

    def _tell(self, assessed: dict[str, Any]) -> None:
        self.stdout.write(f"Result: {assessed['result']}")
        for rule in sorted(assessed["rules"], key=lambda rule: str(rule["state"]) != "fires"):
            if rule["state"] in {"fires", "unknown"}:
                missing = f" Missing: {', '.join(rule['gaps'])}." if rule["gaps"] else ""
                basis = ", ".join(rule["source"]) or rule["evidence"]
                self.stdout.write(f"{rule['action']:8} {rule['state']:8} {rule['text']}{missing} [{basis}]")
        for name in assessed["unused"]:
            near = get_close_matches(name, schema_json()["properties"], n=1)
            meant = f" Did you mean {near[0]}?" if near else " --schema lists the facts."
            self.stdout.write(f"No rule asks for {name}.{meant}")
