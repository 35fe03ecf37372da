"""What a chart shows: frozen facts in, no database and no clock. Every `at` is an aware moment."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Table:
    """The same as a drawing: a caption, column heads, and rows whose first cell is the row's head. `note` stands above it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its sentence of fact, and the equal table. `kind` is wide (clinic) or narrow (phone).

    `compact` is the same drawn for less room; the browser shows the one that fits. `lanes`: the same as the table, in one
    table for each lane.
    """

    title: str
    subtitle: str
    svg: SafeString
    table: Table
    kind: str
    compact: SafeString | str = ""
    lanes: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose that was given, in micrograms; also per kg of the weight that the order was made for, where it is known."""

    at: datetime
    amount_ug: int
    ug_per_kg: int | None = None
    route: str = ""


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

    @property
    def single(self) -> bool:
        """Tell whether this is one reading."""
        return self.systolic[0] == self.systolic[1] and self.diastolic[0] == self.diastolic[1]


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
    """One asked value. None means that no answer came: the line breaks there.

    `most`: out of how much a total is, where that is not the scale's highest value; it is then compared with no other.
    `apart`: in words why it is compared with no other for another reason; no line goes through it.
    """

    at: datetime
    value: float | None
    most: int | None = None
    apart: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRange:
    """The answers of a calendar week or month, where each one would have no room: how many, and the lowest and highest.

    `unanswered` counts the questions to which nothing came. Without an answer there is no low and no high. `charted`: how many
    of the answers staff asked aloud.
    """

    at: datetime
    until: datetime
    answered: int
    unanswered: int
    low: float | None = None
    high: float | None = None
    charted: int = 0

    def __post_init__(self) -> None:
        if (self.low is None or self.high is None) != (self.answered == 0):
            raise ValueError("A lowest and a highest answer stand where something was answered, and only there.")


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened on a day: `name` stands on the drawing, `words` in the table. A span ends `until`.

    `mark` is its shape: pin (life), tick (agreed), stop (taken back, ended), pause, plain, unasked.
    """

    at: datetime
    name: str
    words: str = ""
    mark: str = "pin"
    until: datetime | None = None
    dated: bool = False


@dataclass(frozen=True, slots=True)
class HappeningLane:
    """Things that happened, such as events in a life, or agreements and pauses. `empty` is said where there are none."""

    name: str
    detail: str
    empty: str
    happenings: tuple[Happening, ...] = ()


@dataclass(frozen=True, slots=True)
class Zero:
    """The moment from which the axis counts, and its name: first dose, dose 2."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of therapy, with its kind in words."""

    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class PressureLane:
    """Blood pressure per session, and the limits of the plan, with where they come from. `each`: every reading is drawn."""

    ranges: tuple[PressureRange, ...] = ()
    limits: tuple[Limit, ...] = ()
    basis: str = ""
    each: bool = False


@dataclass(frozen=True, slots=True)
class Pulse:
    """One charted pulse, in beats a minute."""

    at: datetime
    rate: int


@dataclass(frozen=True, slots=True)
class PeakLane:
    """A rating of which the highest per session counts, such as dissociation 0 to 10. `each`: every one is drawn."""

    name: str
    low: int
    high: int
    answers: tuple[Answer, ...] = ()
    each: bool = False


@dataclass(frozen=True, slots=True)
class ReportLane:
    """The parent's own ratings, such as mood 0 to 10. `direction` says in words which way is good.

    `charted`: what staff asked aloud about one moment; no line joins it to the others. `ranges` stand in the place of both where
    a view is long. `caution` is what nobody may read into it.
    """

    name: str
    low: int
    high: int
    direction: str
    answers: tuple[Answer, ...] = ()
    ranges: tuple[AnswerRange, ...] = ()
    caution: str = ""
    charted: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreLane:
    """A validated score with its bands. `basis` says in words where they come from; it asks about `recall_days` before."""

    name: str
    low: int
    high: int
    direction: str
    answers: tuple[Answer, ...] = ()
    bands: tuple[Limit, ...] = ()
    caution: str = ""
    basis: str = ""
    recall_days: int | None = None

    @property
    def other_most(self) -> tuple[int, ...]:
        """Return the highest possible totals that are not this scale's own, each once."""
        return tuple(sorted({answer.most for answer in self.answers if answer.most and answer.value is not None}))


@dataclass(frozen=True, slots=True)
class DoseTimeline:
    """One parent's course. The axis runs from `starts_at` to `ends_at`; facts outside it are not drawn and not listed.

    It counts from `zero`; without one, from the first dose of all. `part`: there may be more before and after.
    """

    title: str
    subtitle: str
    starts_at: datetime
    ends_at: datetime
    now: datetime
    zone: ZoneInfo
    route: str
    doses: tuple[Dose, ...] = ()
    pressure: PressureLane | None = None
    pulses: tuple[Pulse, ...] = ()
    peaks: tuple[PeakLane, ...] = ()
    reports: tuple[ReportLane, ...] = ()
    scores: tuple[ScoreLane, ...] = ()
    hours: tuple[Hour, ...] | None = None
    happenings: tuple[HappeningLane, ...] = ()
    zero: Zero | None = None
    part: bool = False

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
