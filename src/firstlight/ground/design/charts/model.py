"""What a chart shows: frozen facts in, no database and no clock. Every `at` is an aware moment."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Table:
    """The same as a drawing: a caption, column heads, and rows whose first cell is the row's head."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its sentence of fact, and the equal table. `kind` is wide (clinic) or narrow (phone).

    `compact` is the same drawn for less room; the browser shows the one that fits.
    """

    title: str
    subtitle: str
    svg: SafeString
    table: Table
    kind: str
    compact: SafeString | str = ""


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose that was given, in micrograms."""

    at: datetime
    amount_ug: int


@dataclass(frozen=True, slots=True)
class PressureRange:
    """Lowest and highest charted blood pressure of one session, in mmHg."""

    at: datetime
    systolic: tuple[int, int]
    diastolic: tuple[int, int]
    out_of_plan: bool = False
    acknowledged: bool = True

    def __post_init__(self) -> None:
        for low, high in (self.systolic, self.diastolic):
            if low > high:
                raise ValueError(f"A range from {low} to {high} mmHg runs backwards.")


@dataclass(frozen=True, slots=True)
class Limit:
    """A value with a name, drawn dotted and named at the right: 160 notice, 10 moderate."""

    value: int
    name: str

    @property
    def words(self) -> str:
        """Return what stands at the right of its line."""
        return f"{self.value} {self.name}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One asked value. None means that no answer came: the line breaks there."""

    at: datetime
    value: int | None


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of therapy, with its kind in words."""

    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class PressureLane:
    """Blood pressure per session, and the limits of the plan."""

    ranges: tuple[PressureRange, ...] = ()
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class PeakLane:
    """A rating of which the highest per session counts, such as dissociation 0 to 10."""

    name: str
    low: int
    high: int
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportLane:
    """The parent's own ratings, such as mood 0 to 10. `direction` says in words which way is good."""

    name: str
    low: int
    high: int
    direction: str
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreLane:
    """A validated score with its bands."""

    name: str
    low: int
    high: int
    direction: str
    answers: tuple[Answer, ...] = ()
    bands: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class DoseTimeline:
    """One parent's course. The axis runs from `starts_at` to `ends_at`; facts outside it are not drawn and not listed."""

    title: str
    subtitle: str
    starts_at: datetime
    ends_at: datetime
    now: datetime
    zone: ZoneInfo
    route: str
    doses: tuple[Dose, ...] = ()
    pressure: PressureLane | None = None
    peaks: tuple[PeakLane, ...] = ()
    reports: tuple[ReportLane, ...] = ()
    scores: tuple[ScoreLane, ...] = ()
    hours: tuple[Hour, ...] | None = None

    @property
    def asked(self) -> tuple[PeakLane | ReportLane | ScoreLane, ...]:
        """Return the lanes whose values were asked, so that one may be missing."""
        return (*self.peaks, *self.reports, *self.scores)


@dataclass(frozen=True, slots=True)
class ParentLine:
    """One measure for the parent's phone: `doubt` is the one sentence that says what else moves it."""

    title: str
    doubt: str
    name: str
    low: int
    high: int
    direction: str
    now: datetime
    zone: ZoneInfo
    answers: tuple[Answer, ...] = ()
    doses: tuple[Dose, ...] = ()


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
