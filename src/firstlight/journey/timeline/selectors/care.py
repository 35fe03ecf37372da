"""What was agreed and what paused: agreements, the steps of care, changes of the medicine list, each as a happening."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from firstlight.clinical.instruments import short_name_of
from firstlight.ground.audit.actors import Actor
from firstlight.ground.design.charts.model import Happening
from firstlight.ground.people.models import EpisodeState, Parent
from firstlight.ground.people.selectors import moves_of
from firstlight.journey.consent.selectors import signatures_about
from firstlight.journey.eligibility.models import BaselineEntry
from firstlight.journey.eligibility.selectors import medicines_about
from firstlight.journey.response.gaps import Unasked
from firstlight.journey.screening.reasons import reason_words

S = EpisodeState
ENDS: Mapping[str, str | Promise] = {
    S.STOPPED: lazy("Treatment stopped"),
    S.TRANSFERRED: lazy("Transferred"),
    S.CLOSED: lazy("Care closed"),
    S.DECLINED: lazy("Declined"),
}


def care_about(actor: Actor, parent: Parent, now: datetime, not_asked: Sequence[Unasked]) -> list[Happening]:
    """Return what was agreed, paused or ended, what changed on the medicine list, what was not asked, in the order of time."""
    moves = _moves(moves_of(actor, parent), now)
    found = [*_signatures(parent), *moves, *_medicines(medicines_about(actor, parent)), *_not_asked(not_asked, now)]
    return sorted(found, key=lambda one: one.at)


def _signatures(parent: Parent) -> Iterator[Happening]:
    for one in signatures_about(parent):
        words = _("Agreement signed, version %(number)d") % {"number": one.version}
        yield Happening(one.at, _("Agreement signed"), words, "agreed")
        if one.withdrawn_at:
            yield Happening(one.withdrawn_at, _("Agreement taken back"), "", "stop")


def _moves(moves: Sequence[tuple[str, datetime]], now: datetime) -> Iterator[Happening]:
    """Yield pauses as spans, to now while one lasts, and what ended; a start of treatment only after something else."""
    for place, (state, at) in enumerate(moves):
        if state == S.PAUSED:
            until = moves[place + 1][1] if place + 1 < len(moves) else now
            yield Happening(at, _("Paused"), _("Treatment paused"), "pause", max(at, until))
        elif state in ENDS:
            yield Happening(at, str(ENDS[state]), "", "stop")
        elif state == S.ACTIVE and (place == 0 or moves[place - 1][0] != S.PAUSED):
            yield Happening(at, _("Treatment begun"), "", "agreed")


def _medicines(entries: Sequence[BaselineEntry]) -> Iterator[Happening]:
    """Yield what was put on the list or taken off it, on the day of the entry: the record does not say since when."""
    by_id = {entry.id: entry for entry in entries}
    for entry in entries:
        name = entry.value.get("name")
        before = by_id[entry.amends_id].value.get("name") if entry.amends_id in by_id else None
        if not name and not before:
            continue
        if entry.withdrawn:
            said = _("%(name)s off the list") % {"name": name or before}
        elif before:
            said = _("%(name)s corrected") % {"name": name or before}
        else:
            said = _("%(name)s on the list") % {"name": name}
        dose = entry.value.get("dose")
        yield Happening(entry.at, said, f"{said} ({dose})" if dose and not entry.withdrawn else said, "plain")


def _not_asked(found: Sequence[Unasked], now: datetime) -> Iterator[Happening]:
    """Yield what was due and not asked, with the reason that was recorded. What is still to come is no happening."""
    for one in found:
        if one.due_at <= now:
            why = ": ".join(part for part in (reason_words(one.reason), one.words) if part)
            names = ", ".join(map(short_name_of, one.instruments))
            words = _("Not asked: %(names)s. %(why)s") % {"names": names, "why": why}
            yield Happening(one.due_at, _("Not asked"), words, "unasked")
