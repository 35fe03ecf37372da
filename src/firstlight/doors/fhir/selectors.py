"""The questionnaires there are, and what the actor's clinic holds of each."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import Instrument, Tier, instruments
from firstlight.ground.audit.actors import Actor
from firstlight.journey.screening.holding import wordings_of
from firstlight.journey.screening.models import HeldWording

TIERS: dict[Tier, tuple[str, str | Promise]] = {
    Tier.A: ("ok", _("Text is here")),
    Tier.OURS: ("ok", _("Our own words")),
    Tier.B: ("info", _("Scored here; bring your text")),
    Tier.C: ("look", _("Scored here; the owner licenses any form")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One instrument: how it stands, and the clinic's own words of it, those in use and those that were removed."""

    definition: Instrument
    title: str
    kind: str
    stands: str | Promise
    held: tuple[HeldWording, ...]
    removed: tuple[HeldWording, ...]


def lines_for(actor: Actor) -> list[Line]:
    """Return every instrument, those whose text a clinic brings in front."""
    rows = wordings_of(actor)
    found = [_line(definition, rows) for definition in instruments().values()]
    return sorted(found, key=lambda line: (not line.definition.licensed, line.title.lower()))


def _line(definition: Instrument, rows: list[HeldWording]) -> Line:
    own = [row for row in rows if row.instrument == definition.name]
    held = tuple(row for row in own if row.withdrawn_at is None)
    kind, stands = TIERS[definition.tier]
    return Line(
        definition=definition,
        title=text(definition.title, get_language() or "en"),
        kind="ok" if held else kind,
        stands=_("Text of this clinic") if held else stands,
        held=held,
        removed=tuple(row for row in own if row.withdrawn_at is not None),
    )
