"""What is asked on after treatment was stopped for good, and until when. Pure: no database, no clock of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from firstlight.clinical.evidence import Record, Tag, require_sources


class AfterStop(StrEnum):
    """What becomes of a check-in when treatment is stopped."""

    SAFETY = "safety"
    WANTED = "wanted"
    ENDS = "ends"


class Wish(StrEnum):
    """What a parent wants to be asked after a stop. Until she says anything: what is asked for safety."""

    SAFETY = "safety"
    GO_ON = "go-on"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Stopping:
    """How long after the last dose is asked for safety, how many messages may follow the first one, who looks how soon."""

    safety: timedelta
    reminders: int
    look_within: timedelta
    sources: tuple[str, ...]
    tag: Tag


@dataclass(frozen=True, slots=True)
class Stopped:
    """Treatment that was stopped: until when is asked for safety (None: no dose was given), and what the parent wants.

    `rests`: it is paused, not stopped; what is not asked for safety waits, and the parent chooses nothing.
    `said_at` and `said_by`: when she said so, and who entered it; nothing while nobody said anything.
    """

    safety_until: datetime | None
    wish: Wish = Wish.SAFETY
    said_at: datetime | None = None
    said_by: str = ""
    rests: bool = False

    def asks(self, rule: AfterStop, due_at: datetime) -> bool:
        """Tell whether a check-in that is due at a moment is asked."""
        if self.wish is Wish.NOTHING or rule is AfterStop.ENDS:
            return False
        return self.wish is Wish.GO_ON or (rule is AfterStop.SAFETY and self.watches(due_at))

    def watches(self, at: datetime) -> bool:
        """Tell whether a moment lies in the weeks after the last dose in which is asked for safety."""
        return self.safety_until is not None and at <= self.safety_until


def read_stopping(record: Record) -> Stopping:
    """Read the entry of the schedule."""
    stopping = Stopping(
        safety=timedelta(days=record.integer("safety_days")),
        reminders=record.integer("reminders"),
        look_within=timedelta(hours=record.integer("look_within_hours")),
        sources=record.strings("sources"),
        tag=record.choice("tag", Tag),
    )
    record.done()
    require_sources(stopping.sources, record=record)
    if min(stopping.safety, stopping.look_within) <= timedelta(0) or stopping.reminders < 0:
        raise record.error("after a stop is asked for some days, and somebody looks within some hours")
    return stopping
