"""The lines of the page on which a clinician sends sets."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language, gettext

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import instruments
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.offering import Offer
from firstlight.journey.screening.selectors import is_early, opens_at
from firstlight.journey.screening.sets import SetPlan
from firstlight.journey.screening.wording import set_title


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One set that a clinician can send or ask, or the reason why not."""

    name: str
    title: str
    asks: str
    minutes: int
    refusal: str


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Sets that cannot be sent or asked now, for one reason."""

    reason: str
    lines: tuple[OfferLine, ...]


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One set that was sent and is not finished."""

    id: UUID
    title: str
    begun: bool
    early: bool
    opens_at: datetime


def offered(offers: Sequence[Offer], waiting: Sequence[QuestionSet]) -> tuple[list[OfferLine], list[HeldBack]]:
    """Return offers as they are read: what can be sent, and the rest by the reason why not. What waits stands elsewhere."""
    standing = {one.set_name for one in waiting}
    lines = [
        OfferLine(one.plan.name, set_title(one.plan.name), _asks(one.plan), one.minutes, str(one.refusal))
        for one in offers
        if one.plan.name not in standing
    ]
    held: dict[str, list[OfferLine]] = {}
    for line in lines:
        if line.refusal:
            held.setdefault(line.refusal, []).append(line)
    ready = [line for line in lines if not line.refusal]
    return ready, [HeldBack(reason, tuple(together)) for reason, together in held.items()]


def waiting_lines(waiting: Sequence[QuestionSet], begun: Collection[UUID], now: datetime) -> list[WaitingLine]:
    """Return the sets that wait for a parent as they are read, what opens first in front."""
    in_order = sorted(waiting, key=opens_at)
    return [
        WaitingLine(one.id, set_title(one.set_name), one.id in begun, is_early(one, now), opens_at(one))
        for one in in_order
    ]


def _asks(plan: SetPlan) -> str:
    """Return the titles of what a set asks; where one questionnaire is all, its title is the set's own."""
    if plan.alone:
        return gettext("one questionnaire")
    known, language = instruments(), get_language() or "en"
    return ", ".join(text(known[name].title, language) for name in plan.instruments if name in known)
