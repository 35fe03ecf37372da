import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.text import slugify

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.people import services
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Clinic
from firstlight.ground.people.permissions import Role
from firstlight.ground.people.services import Started


@write
def found(*, clinic: dict[str, str], name: str, email: str, by: Actor, at: datetime) -> Started:
    """Found a clinic with its first administrator, both or neither."""
    if Clinic.objects.filter(slug=clinic["slug"]).exists():
        raise Refused("There is a clinic of this name. Choose another one.", field="clinic", value=clinic["name"])
    if not clinic["slug"]:
        raise Refused("Write the clinic's name, in letters.", field="clinic", value=clinic["name"])
    made = services.found_clinic(**clinic, at=at)
    by = replace(by, clinic_id=made.id)
    member = services.hire(
        clinic=made, email=email, name=name, role=Role.ADMINISTRATOR, title="Administrator", by=by, at=at
    )
    return services.send_start_link(membership=member, by=by, at=at)


class Command(BaseCommand):
    help = "Found a clinic and its first administrator, and print the link with which she or he begins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clinic", required=True, help="the clinic's name, as parents know it")
        parser.add_argument("--phone", required=True, help="as in +1 518 555 0100")
        parser.add_argument(
            "--timezone", default="America/New_York", help="where its walls stand, as in America/Denver"
        )
        parser.add_argument("--region", default="NY", help="two letters of the state")
        parser.add_argument("--address", default="")
        parser.add_argument("--name", required=True, help="the administrator's name")
        parser.add_argument("--email", required=True, help="the administrator signs in with it")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        clinic = {key: options[key] for key in ("phone", "timezone", "region", "address")}
        clinic |= {"name": options["clinic"], "slug": slugify(options["clinic"])}
        try:
            started = found(
                clinic=clinic,
                name=options["name"],
                email=options["email"],
                by=Actor.system(None),
                at=timezone.now(),
            )
        except Refused as refusal:
            given = options.get(refusal.field, "")
            raise CommandError(f"--{refusal.field} {given!r}: {refusal.message}", returncode=2) from refusal
        if options["json"]:
            self.stdout.write(json.dumps({"clinic": options["clinic"], "link": started.link}))
        else:
            self.stdout.write(
                f"{options['clinic']} is founded. {options['name']} begins here, within three days: {started.link}"
            )
