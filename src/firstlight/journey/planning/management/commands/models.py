import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from firstlight.clinical.pharmacology.export import models_json


class Command(BaseCommand):
    help = "List the published models: route, isomer, sampling site, analytes, citation. Opens no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        listed = models_json()
        if options["json"]:
            self.stdout.write(json.dumps(listed, ensure_ascii=False, indent=2))
            return
        for model in listed:
            self.stdout.write(f"{model['name']:16} {model['title']}")
            about = (", ".join(model["route"]), f"isomer {model['isomer']}", f"site {model['site']}")
            self.stdout.write(f"{'':16} {'; '.join(about)}; {', '.join(model['analytes'])}")
            self.stdout.write(f"{'':16} {model['citation']} [{model['tag']}]")
