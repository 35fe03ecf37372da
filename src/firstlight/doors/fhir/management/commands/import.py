import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_scopes import scope

from firstlight.doors.fhir.describing import problem_json, reading_json, reading_lines
from firstlight.doors.fhir.positions import NotReadable, Problem
from firstlight.doors.fhir.questionnaire import Reading, read_questionnaire
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Account, Membership
from firstlight.ground.people.selectors import places_of, staff_actor
from firstlight.ground.vault.keyring import blind_index
from firstlight.journey.screening.services import hold

EXAMPLE = (
    "For example: firstlight import instrument epds.json --permission 'Letter of 3 March 2026' --by lena@clinic.example"
)


class Command(BaseCommand):
    help = "Take in what others made: the licensed text of a questionnaire, as a FHIR R4 Questionnaire."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["instrument"])
        parser.add_argument("file", type=Path, help="a FHIR R4 or R5 Questionnaire in JSON")
        parser.add_argument(
            "--as",
            dest="named",
            default="",
            metavar="NAME",
            help="the instrument, if the file does not say",
        )
        parser.add_argument(
            "--language",
            default="",
            help="the language of its words, if the file does not say; what contradicts the file is refused",
        )
        parser.add_argument("--clinic", default="", help="short name or id; needed by who works in several")
        parser.add_argument(
            "--permission", default="", help="needed, unless everybody may use it: who allowed it, and when"
        )
        parser.add_argument("--holder", default="", help="whom it was allowed; the clinic's name if left out")
        parser.add_argument(
            "--by",
            default="",
            help="needed without --dry-run: the work email of an administrator",
        )
        parser.add_argument("--dry-run", action="store_true", help="show how each item is bound; opens no database")
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, epilog=EXAMPLE, **kwargs)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = options["file"].read_text(encoding="utf-8-sig")
            reading = read_questionnaire(document, named=options["named"], language=options["language"])
        except OSError as error:
            raise CommandError(f"{options['file'].name} cannot be read: {error.strerror}.", returncode=2) from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{options['file'].name} is no text in UTF-8.", returncode=2) from error
        except NotReadable as refused:
            raise self._refusal(refused.problems, as_json=options["json"]) from refused
        described = reading_json(reading) | {"dry_run": options["dry_run"]}
        if not options["dry_run"]:
            described["clinic"] = self._hold(reading, options, timezone.now())
        self._print(described, as_json=options["json"])

    def _refusal(self, problems: tuple[Problem, ...], *, as_json: bool) -> CommandError:
        if as_json:
            found = {"problems": [problem_json(problem) for problem in problems]}
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        return CommandError("\n".join(map(str, problems)), returncode=2)

    def _hold(self, reading: Reading, options: dict[str, Any], now: datetime) -> str:
        permission = options["permission"].strip()
        if not permission and reading.instrument.licensed:
            raise CommandError("--permission: say who allowed the use, and when.", returncode=2)
        member = self._member(options["by"], options["clinic"], now)
        try:
            with scope(clinic=member.clinic_id):
                hold(
                    definition=reading.instrument,
                    wordings=[reading.wording(language) for language in reading.languages],
                    permission=permission or reading.instrument.licence,
                    holder=options["holder"] or member.clinic.name,
                    source=reading.published.source,
                    copyright_notice=reading.published.copyright,
                    by=staff_actor(member),
                    at=now,
                )
        except Refused as refusal:
            raise CommandError(_refused(refusal, options["by"]), returncode=2) from refusal
        return member.clinic.slug

    def _member(self, email: str, clinic: str, now: datetime) -> Membership:
        """Return the place under which somebody imports."""
        if not email:
            raise CommandError("--by: say who imports it, by work email; --dry-run needs nobody.", returncode=2)
        account = Account.objects.filter(email_index=blind_index(email), is_active=True).first()
        places = places_of(account, now) if account else []
        if clinic:
            places = [place for place in places if clinic in {place.clinic.slug, str(place.clinic_id)}]
        if not places:
            where = f"in {clinic}" if clinic else "anywhere here"
            raise CommandError(f"--by: nobody with this email works {where}.", returncode=2)
        if len(places) > 1:
            known = ", ".join(place.clinic.slug for place in places)
            raise CommandError(f"--clinic: choose one of {known}.", returncode=2)
        return places[0]

    def _print(self, described: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(described, ensure_ascii=False, indent=2))
            return
        for line in reading_lines(described):
            self.stdout.write(line)
        if described["dry_run"]:
            self.stdout.write("Nothing was written: this is how it would be read.")
        else:
            self.stdout.write(f"{described['clinic']} holds these words now.")


def _refused(refusal: Refused, email: str) -> str:
    """Say what was refused under the name of the option that it is about; of a missing right, whose it is."""
    return f"--by {email}: {refusal.message}" if refusal.field == "by" else f"--{refusal.field}: {refusal.message}"
