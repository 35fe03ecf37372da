import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from firstlight.clinical.pharmacology.bodies import plan
from firstlight.clinical.pharmacology.errors import PharmacologyError
from firstlight.clinical.pharmacology.export import milk_json
from firstlight.clinical.pharmacology.lactation import FOLLOWED_H, milk
from firstlight.clinical.pharmacology.modelling import Assumption
from firstlight.clinical.pharmacology.progress import Bar
from firstlight.journey.planning.management.commands import _asking

INFANT_KG = 5.0
INFANT_NOT_GIVEN = Assumption(
    name={"en": "infant weight"}, value=INFANT_KG, unit="kg", why={"en": "not given; an example of ours"}
)


class Command(BaseCommand):
    help = "Expected ketamine in milk at feeds, relative infant dose with its band, and what sources say. Opens no database."

    def add_arguments(self, parser: CommandParser) -> None:
        _asking.add_arguments(parser)
        parser.add_argument(
            "--feeds-at-h", required=True, type=_asking.numbers, help="hours from time zero, such as 3,6"
        )
        parser.add_argument("--infant-kg", type=float, help=f"weight of the infant; {INFANT_KG:g} kg without it")

        _asking.add_people(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            asked = _asking.question(options)
            planned = plan(asked.model, person=asked.person, doses=asked.doses, cv_percent=asked.cv_percent)
            infant_kg = INFANT_KG if options["infant_kg"] is None else options["infant_kg"]
            estimate = milk(
                planned,
                feeds_h=options["feeds_at_h"],
                infant_kg=infant_kg,
                n=options["n"],
                seed=options["seed"],
                progress=Bar(sys.stderr) if sys.stderr.isatty() else None,
            )
        except PharmacologyError as error:
            raise _asking.bad_input(error) from error
        remarks = asked.remarks if options["infant_kg"] is not None else (*asked.remarks, INFANT_NOT_GIVEN)
        document = milk_json(estimate, remarks=remarks)
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            self._tell(document)

    def _tell(self, document: dict[str, Any]) -> None:
        site, infant = document["site"], document["infant_kg"]
        self.stdout.write(f"Model: {document['model']}, sampling site {site}, infant of {infant:g} kg")
        for name, found in document["analytes"].items():
            self._tell_analyte(name, found)
        if document["not_modelled"]:
            missing = ", ".join(document["not_modelled"])
            self.stdout.write(
                f"Not counted: {missing}. {document['model']} does not give it; studies found it in milk."
            )
        for study in document["studies"]:
            about = f"n = {study['people']}, {study['design']}"
            self.stdout.write(f"Study [{study['source']}], {about}: {study['result']}")
        for advice in document["advice"]:
            self.stdout.write(f"Advice [{advice['source']}] on {advice['about']}: {advice['says']}")
        self.stdout.write(document["no_rule"])
        self.stdout.write(f"Unknown: {'; '.join(document['unknown'])}.")
        _asking.tell_basis(self.stdout, document)

    def _tell_analyte(self, name: str, found: dict[str, Any]) -> None:
        self.stdout.write(f"{name} in milk (mcg/L, band in brackets)")
        for feed in found["feeds"]:
            at, average, taken = (_shown(feed[figure]) for figure in ("milk", "average", "infant_dose_mcg"))
            since = f"since {feed['since_h']:g} h on average {average}, taken in {taken} mcg"
            self.stdout.write(f"  feed at {feed['at_h']:g} h: {at}; {since}")
        for kind, figure in found["relative_infant_dose_percent"].items():
            self.stdout.write(f"  relative infant dose, {kind.replace('_', ' ')}: {_shown(figure)} %")
        for waiting in found["milk_not_given_for_h"]:
            share = _shown(waiting["relative_infant_dose_percent"])
            self.stdout.write(f"  relative infant dose, {_without(waiting['h'])}: {share} %")


def _shown(band: dict[str, float]) -> str:
    return f"{band['value']:.3g} ({band['low']:.3g}–{band['high']:.3g})"


def _without(hours: float) -> str:
    all_of_it = f"all milk of {FOLLOWED_H:g} h"
    return f"{all_of_it} without the first {hours:g} h" if hours else all_of_it
