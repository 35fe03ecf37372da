import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from firstlight.clinical.instruments import instrument
from firstlight.doors.fhir.exporting import to_questionnaire
from firstlight.ground.people.errors import Refused


class Command(BaseCommand):
    help = "Give out what others can use: a questionnaire with its text as a FHIR R4 Questionnaire. Opens no database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["instrument"])
        parser.add_argument("name", help="a name from `firstlight instruments`, such as phq-9")
        parser.add_argument("--language", default="en")
        parser.add_argument("--json", action="store_true", help="what is printed is JSON either way")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = to_questionnaire(instrument(options["name"]), options["language"])
        except KeyError as error:
            raise CommandError(str(error.args[0]), returncode=2) from error
        except Refused as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
