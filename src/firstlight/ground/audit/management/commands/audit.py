import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from firstlight.ground.audit import heads, verification
from firstlight.ground.audit.models import AuditEvent


class Command(BaseCommand):
    help = "Verify the audit's chains, heads and triggers, or sign the heads now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["verify", "sign"])
        parser.add_argument("--head", type=Path, help="a head file that was kept elsewhere")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "sign":
            paths = [str(path) for path in heads.sign_all(timezone.now())]
            self.stdout.write(json.dumps({"ok": True, "files": paths}) if options["json"] else "\n".join(paths))
            return
        try:
            known = [*heads.kept(), *(heads.read(options["head"]) if options["head"] else [])]
        except heads.HeadRefused as error:
            raise CommandError(str(error), returncode=2) from error
        findings = verification.verify(known)
        events = AuditEvent.objects.count()
        if options["json"]:
            self.stdout.write(
                json.dumps({"ok": not findings, "events": events, "heads": len(known), "findings": findings})
            )
        else:
            self.stdout.write("\n".join(findings) or f"{events} events hold, against {len(known)} signed heads.")
        if findings:
            raise CommandError(f"{len(findings)} findings.", returncode=1)
