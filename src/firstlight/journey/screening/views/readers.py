"""Who reads answers, and by when: only what is true now."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from firstlight.ground.design.clocks import span_text
from firstlight.ground.safety.noticing import concern_notice
from firstlight.ground.safety.selectors import watch_notice
from firstlight.ground.safety.wording import sentences
from firstlight.journey.screening.flow import Flow
from firstlight.journey.screening.sets import SETS
from firstlight.journey.screening.wording import set_words


def readers(flow: Flow, now: datetime) -> dict[str, Any]:
    """Return what `screening/_readers.html` shows: within which time a set is read, who answers a cry for help, and what
    skipping the set stops.
    """
    notice = watch_notice(flow.clinic, now)
    plan = SETS.get(flow.question_set.set_name)
    return {
        "reads_within": span_text(plan.read_within) if plan and plan.read_within else "",
        "watch": sentences(notice, now, ZoneInfo(flow.zone)),
        "watched": notice.watched,
        "skipping": set_words(flow.question_set.set_name)[1],
    }


def heard(flow: Flow, now: datetime) -> list[str]:
    """Return what became of an answer of a signed-in parent that asked for help, by the clock of its task."""
    return sentences(concern_notice(flow.question_set.parent, now), now, ZoneInfo(flow.zone))


def read_by(flow: Flow) -> datetime | None:
    """Return by when a completed set is read by a person; None when nobody was asked to."""
    plan, completed_at = SETS.get(flow.question_set.set_name), flow.question_set.completed_at
    return completed_at + plan.read_within if plan and plan.read_within and completed_at else None
