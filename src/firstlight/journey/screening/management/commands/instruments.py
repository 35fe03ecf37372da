import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from firstlight.clinical.instruments import instruments_json


class Command(BaseCommand):
    help = "List the questionnaires and observation tables: items, tier, licence, scores. Opens no database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        listed = instruments_json()
        if options["json"]:
            self.stdout.write(json.dumps(listed, ensure_ascii=False, indent=2))
            return
        for one in listed:
            scores = f"{one['min']} to {one['max']}" if one["max"] is not None else "no total"
            wording = "with text" if one["text"] else "without text"
            self.stdout.write(f"{one['name']:12} {one['title']}")
            self.stdout.write(f"{'':12} {one['items']} items, {scores}; tier {one['tier']}, {wording}")
            self.stdout.write(f"{'':12} {one['licence']}")
