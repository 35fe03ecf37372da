import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from firstlight.clinical.pharmacology.errors import PharmacologyError
from firstlight.clinical.pharmacology.export import simulation_json
from firstlight.clinical.pharmacology.progress import Bar
from firstlight.clinical.pharmacology.simulation import simulate
from firstlight.journey.planning.management.commands import _asking


class Command(BaseCommand):
    help = "Expected concentrations after one or several doses, by a published model. Opens no database."

    def add_arguments(self, parser: CommandParser) -> None:
        _asking.add_arguments(parser)
        parser.add_argument("--at-min", required=True, type=_asking.numbers, help="when, such as 10,40,80")
        _asking.add_people(parser)
        parser.add_argument(
            "--kernel", action="store_true", help='people in compiled code: pip install "firstlight[kernel]"'
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            asked = _asking.question(options)
            simulated = simulate(
                asked.model,
                doses=asked.doses,
                person=asked.person,
                cv_percent=asked.cv_percent,
                at_min=options["at_min"],
                n=options["n"],
                seed=options["seed"],
                kernel=options["kernel"],
                progress=Bar(sys.stderr) if sys.stderr.isatty() else None,
            )
        except PharmacologyError as error:
            raise _asking.bad_input(error) from error
        document = simulation_json(simulated, remarks=asked.remarks)
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            self._tell(document)

    def _tell(self, document: dict[str, Any]) -> None:
        self.stdout.write(f"Model: {document['model']}")
        for name, course in document["analytes"].items():
            self.stdout.write(f"{name} ({course['unit']}, {course['site']}, isomer {course['isomer']})")
            columns = [key for key in ("at_min", "value", "p05", "p50", "p95") if key in course]
            self.stdout.write("".join(f"{column:>12}" for column in columns))
            for row in zip(*(course[column] for column in columns), strict=True):
                self.stdout.write("".join(f"{value:12.4g}" for value in row))
        _asking.tell_basis(self.stdout, document)
