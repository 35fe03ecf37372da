"""By which published reliable change a clinic judges, where an instrument has several that conflict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from firstlight.clinical import instruments
from firstlight.ground.people.models import Clinic
from firstlight.journey.response.models import ReliableChangeChoice


@dataclass(frozen=True, slots=True)
class Chosen:
    """How many points a clinic chose, by instrument; nothing for those that are judged as they ship."""

    points: Mapping[str, int] = field(default_factory=dict)

    def definition(self, name: str) -> instruments.Instrument:
        """Return the instrument as this clinic judges it. A value that is published no more judges nothing."""
        shipped, points = instruments.instrument(name), self.points.get(name)
        if points is None or points not in {one.points for one in choosable(shipped)}:
            return shipped
        return instruments.judged_by(shipped, points)


def chosen_by(clinic: Clinic) -> Chosen:
    """Return what a clinic chose last for each instrument. It stands on the clinic's row, which every page has read."""
    return Chosen(clinic.reliable_changes)


def definition_in(clinic: Clinic, name: str) -> instruments.Instrument:
    """Return one instrument as a clinic judges it."""
    return chosen_by(clinic).definition(name)


def history_in(clinic_id: UUID, name: str) -> list[ReliableChangeChoice]:
    """Return what a clinic chose for an instrument, the latest in front, with who chose it."""
    rows = ReliableChangeChoice.objects.filter(clinic_id=clinic_id, instrument=name).select_related("by")
    return list(rows.reverse())


def conflicting() -> list[instruments.Instrument]:
    """Return the instruments of which more than one reliable change is published."""
    return [one for one in instruments.instruments().values() if len(choosable(one)) > 1]


def choosable(definition: instruments.Instrument) -> list[instruments.ReliableChange]:
    """Return the reliable changes that were published as whole points: what is computed from SD and r is nobody's choice."""
    return [one for one in instruments.published_changes(definition) if one.published is not None]
