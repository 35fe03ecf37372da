"""What the trend of a session shows: frozen facts in, no database and no clock."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from firstlight.ground.design.charts.model import Limit


@dataclass(frozen=True, slots=True)
class Reading:
    """One charted value in a session; blood pressure has its diastolic in `second`. `notice`: warn, act or emergency."""

    at: datetime
    value: int
    second: int | None = None
    notice: str = ""

    @property
    def figure(self) -> str:
        """Return the value as it is said: 97, or 131/82."""
        return str(self.value) if self.second is None else f"{self.value}/{self.second}"


@dataclass(frozen=True, slots=True)
class TrendLane:
    """One charted measure of a session with the limits of its plan."""

    name: str
    unit: str
    readings: tuple[Reading, ...] = ()
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionTrend:
    """The charted values of one session. The infusion runs from `started_at`, until `ended_at` or on."""

    title: str
    subtitle: str
    opened_at: datetime
    now: datetime
    zone: ZoneInfo
    lanes: tuple[TrendLane, ...]
    started_at: datetime | None = None
    ended_at: datetime | None = None
