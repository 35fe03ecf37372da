import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from firstlight.clinical.protocols.dose import BMI_CHOICES
from firstlight.clinical.protocols.dose_check import USUAL_MINUTES, Question, dose_check_json
from firstlight.clinical.protocols.session import figures
from firstlight.clinical.quantities import (
    Concentration,
    DosePerKilogram,
    Minutes,
    QuantityError,
    Volume,
    Weight,
)

WORDS = {"ok": "in order", "refused": "refused", "not_asked": "not asked"}


class Command(BaseCommand):
    help = "Take a dose apart: mg, mL, what the vial holds, and every check with its result. Opens no database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--weight-kg", required=True, help="as weighed: 70.5")
        parser.add_argument("--mg-per-kg", required=True, help="the dose for each kilogram: 0.5")
        parser.add_argument("--minutes", type=int, default=USUAL_MINUTES.count, help="how long it runs in")
        parser.add_argument("--route", default="intravenous", choices=list(figures()["routes"]))
        parser.add_argument("--mg-per-ml", help="what stands on the vial: 50; without it nothing is said of mL")
        parser.add_argument("--ml", help="the volume that is to be drawn: 0.7")
        parser.add_argument("--vial-ml", help="how much the vial holds: 10")
        parser.add_argument("--height-cm", type=int, help="for the body mass index")
        parser.add_argument("--dosed-on", default="", choices=BMI_CHOICES, help="which weight, from an index of 30 on")
        parser.add_argument("--reason", default="", help="why, above the soft limit")
        parser.add_argument("--weighed-date", type=date.fromisoformat, help="the day of the weight: 2026-11-20")
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = dose_check_json(_question(options, timezone.localdate()))
        except QuantityError as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            self._tell(document)
        if document["result"] == "refused":
            raise CommandError("This dose would not be ordered or drawn.", returncode=1)

    def _tell(self, document: dict[str, Any]) -> None:
        self.stdout.write(f"Dose: {_shown(document['mg'], 'mg')}, {_shown(document['mg_per_kg'], 'mg/kg')}")
        self.stdout.write(f"Syringe: {_shown(document['ml'], 'mL')}, {_shown(document['mg_in_syringe'], 'mg')}")
        self.stdout.write(f"Vial: {_shown(document['vial_total_mg'], 'mg')}")
        for check in document["checks"]:
            said = f" {check['text']}" if check["text"] else ""
            self.stdout.write(f"{check['check'].replace('_', ' '):12} {WORDS[check['result']]}{said}")


def _question(options: dict[str, Any], today: date) -> Question:
    """Read the options. Raises QuantityError."""
    strength, volume, vial = options["mg_per_ml"], options["ml"], options["vial_ml"]
    return Question(
        weight=Weight.parse(f"{options['weight_kg']} kg"),
        per_kilogram=DosePerKilogram.of_mg(options["mg_per_kg"]),
        minutes=Minutes(options["minutes"]),
        route=options["route"],
        concentration=Concentration.parse(f"{strength} mg/mL") if strength else None,
        volume=Volume.parse(f"{volume} mL") if volume else None,
        vial_volume=Volume.parse(f"{vial} mL") if vial else None,
        height_cm=options["height_cm"],
        bmi_choice=options["dosed_on"],
        reason=options["reason"],
        weighed_date=options["weighed_date"],
        today=today,
    )


def _shown(number: float | None, unit: str) -> str:
    return "-" if number is None else f"{number:g} {unit}"
