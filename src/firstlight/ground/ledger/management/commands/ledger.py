import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_scopes import scopes_disabled

from firstlight.ground.audit.heads import HeadRefused, read
from firstlight.ground.ledger import heads, verification
from firstlight.ground.ledger.models import LedgerEntry


class Command(BaseCommand):
    help = (
        "Verify the journals of controlled substances: chain, signed heads, balances, triggers; or sign the heads now."
    )

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
            known = [*heads.kept(), *(read(options["head"]) if options["head"] else [])]
        except HeadRefused as error:
            raise CommandError(str(error), returncode=2) from error
        findings = verification.verify(known)
        with scopes_disabled():
            lines = LedgerEntry.objects.count()
        if options["json"]:
            result = {"ok": not findings, "lines": lines, "heads": len(known), "findings": findings}
            self.stdout.write(json.dumps(result))
        else:
            self.stdout.write("\n".join(findings) or f"{lines} lines hold, against {len(known)} signed heads.")
        if findings:
            raise CommandError(f"{len(findings)} findings.", returncode=1)
