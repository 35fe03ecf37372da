import json
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from firstlight.clinical.pharmacology.errors import PharmacologyError
from firstlight.clinical.pharmacology.export import model_json, models_json
from firstlight.journey.planning.management.commands import _asking


class Command(BaseCommand):
    help = "List the published models: route, isomer, sampling site, analytes, citation. Opens no database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help="one model, with parameters, variability and residual error")
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            one = model_json(_asking.named_model(options["name"])) if options["name"] is not None else None
        except PharmacologyError as error:
            raise _asking.bad_input(error) from error
        listed = models_json() if one is None else [one]
        if options["json"]:
            self.stdout.write(json.dumps(listed if one is None else one, ensure_ascii=False, indent=2))
            return
        for model in listed:
            self._introduce(model)
        if one is not None:
            self._tell(one)

    def _introduce(self, model: dict[str, Any]) -> None:
        self.stdout.write(f"{model['name']:16} {model['title']}")
        about = (", ".join(model["route"]), f"isomer {model['isomer']}", f"site {model['site']}")
        self.stdout.write(f"{'':16} {'; '.join(about)}; {', '.join(model['analytes'])}")
        self.stdout.write(f"{'':16} {model['population']}")
        self.stdout.write(f"{'':16} {model['citation']}; {_address(model)} [{model['tag']}]")

    def _tell(self, model: dict[str, Any]) -> None:
        self.stdout.write(f"Parameters ({model['table']})")
        for one in model["parameters"]:
            self.stdout.write(f"  {one['symbol']:12} {one['value']:<10g} {one['unit']:14} {one['what']}")
        for (scale, of), blocks in groupby(model["omega"], key=lambda block: (block["scale"], block["of"])):
            self.stdout.write(f"Omega {of}: variances of the {scale}, covariances beside them")
            for block in blocks:
                for symbol, row in zip(block["symbols"], block["lower"], strict=True):
                    self.stdout.write(
                        f"  {symbol:12} " + "".join(f"{value:<12.5g}" for value in reversed(row)).rstrip()
                    )
        if model["sigma"]:
            self.stdout.write(f"Sigma: standard deviations [{model['tag']}]")
        for one in model["sigma"]:
            read = f" ({one['read']})" if one["read"] else ""
            self.stdout.write(f"  {one['analyte']:12} {one['kind']:13} {one['sd']:g} {one['unit']}".rstrip() + read)
        for one in model["covariates"]:
            self.stdout.write(f"Covariate: {one['name']}: {_range(one)}. {one['note']}")
        if model["not_published"]:
            self.stdout.write(f"Not published in what was read: {', '.join(model['not_published'])}")
        for one in model["assumptions"]:
            self.stdout.write(_asking.assumed(one))


def _address(model: dict[str, Any]) -> str:
    return f"doi {model['doi']}" if model["doi"] else model["address"] or "no address checked"


def _range(one: dict[str, Any]) -> str:
    if one["groups"]:
        return ", ".join(one["groups"])
    if one["low"] is None:
        return "published range unknown here"
    return f"{one['low']:g} to {one['high']:g} {one['unit']}"
