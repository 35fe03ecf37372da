"""What a parent says of this moment in the session, in words: our own questions, and the two points at which they are asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from firstlight.clinical.evidence import Words, text
from firstlight.clinical.instruments import Flag, Instrument, Item, flags, instrument
from firstlight.clinical.protocols.session import Point, points
from firstlight.journey.dosing.models import RightNow, Session
from firstlight.journey.dosing.selectors import Sheet

NAME = "right-now"
NAMES = {
    "mood": gettext_lazy("Mood"),
    "anxiety": gettext_lazy("Anxiety"),
    "tension": gettext_lazy("Tension"),
    "side_effects": gettext_lazy("Side effects"),
    "harm": gettext_lazy("Urge to self-harm"),
}
BEFORE, AFTER, BETWEEN = "before", "two-hours", ""
TITLES = {
    BEFORE: gettext_lazy("Before the dose"),
    AFTER: gettext_lazy("About two hours after its start"),
    BETWEEN: gettext_lazy("At another time"),
}
CHARTED, OPEN, COMES, LEFT, MISSING = "charted", "open", "comes", "left", "missing"


@dataclass(frozen=True, slots=True)
class Asked:
    """One point of a session. `state`: charted, open (asked now), comes, left (gone before it), or missing."""

    key: str
    state: str
    said: str = ""
    at: datetime | None = None
    who: str = ""
    begins_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def title(self) -> str:
        """Return what the point is called."""
        return str(TITLES[self.key])


def definition() -> Instrument:
    """Return our questions for this moment, with their scales and where they come from."""
    return instrument(NAME)


def words_of(words: Words) -> str:
    """Return words of the questions in the reader's language."""
    return text(words, get_language() or "en")


def is_scale(item: Item) -> bool:
    """Tell whether a question is answered with a number, not with yes or no."""
    return len(item.options) > 2


def ends_of(item: Item) -> str:
    """Return what the two ends of a scale mean."""
    low, high = item.options[0], item.options[-1]
    return f"{words_of(low.label)} – {words_of(high.label)}"


def answer_text(key: str, value: int) -> str:
    """Return one answer: a number as it is, yes and no in words."""
    item = definition().item(key)
    if is_scale(item):
        return str(value)
    return words_of(next(option.label for option in item.options if option.value == value))


def said_text(row: RightNow) -> str:
    """Return in one line what was said, in printed order."""
    return ", ".join(f"{NAMES[key]} {answer_text(key, value)}" for key, value in row.values().items())


def right_now_text(row: RightNow) -> str:
    """Return what was said as a line of the chart."""
    return _("Right now: %(said)s") % {"said": said_text(row)}


def flags_of(row: RightNow) -> tuple[Flag, ...]:
    """Return what asks for help in the answers."""
    return flags(definition(), row.values())


def point_of(session: Session, at: datetime) -> str:
    """Return at which point of a session something was asked; nothing between the points."""
    if session.started_at is None:
        return BEFORE
    return next((key for key, point in points().items() if point.holds(at, session.started_at)), BETWEEN)


def asked_in(sheet: Sheet, now: datetime) -> tuple[Asked, ...]:
    """Return the points of a session as they stand, and what was said between them. None of them holds a dose or the door up."""
    session = sheet.session
    said: dict[str, list[RightNow]] = {key: [] for key in TITLES}
    for row in sheet.standing_right_now:
        said[point_of(session, row.happened_at)].append(row)
    between = [Asked(BETWEEN, CHARTED, said_text(row), row.happened_at, row.by.name) for row in said[BETWEEN]]
    return (*(_asked(session, point, said[point.key], now) for point in points().values()), *between)


def _asked(session: Session, point: Point, rows: Sequence[RightNow], now: datetime) -> Asked:
    begins_at, ends_at = point.from_to(session.started_at) if session.started_at else (None, None)
    if rows:
        row = rows[-1]
        return Asked(point.key, CHARTED, said_text(row), row.happened_at, row.by.name, begins_at, ends_at)
    return Asked(point.key, _state(session, point.key, begins_at, ends_at, now), begins_at=begins_at, ends_at=ends_at)


def says_urge(sheet: Sheet) -> bool:
    """Tell whether the parent said yes to an urge in this session, at whatever time."""
    return any(flags_of(row) for row in sheet.standing_right_now)


def _state(session: Session, key: str, begins_at: datetime | None, ends_at: datetime | None, now: datetime) -> str:
    if begins_at is None or ends_at is None:
        return OPEN if key == BEFORE else COMES
    if key == BEFORE:
        return MISSING
    if left_before(session, points()[key]):
        return LEFT
    if session.left_at is not None or now > ends_at:
        return MISSING
    return OPEN if now >= begins_at else COMES


def left_before(session: Session, point: Point) -> bool:
    """Tell whether the parent had gone home before a point began, so that nobody could ask."""
    if session.started_at is None or session.left_at is None:
        return False
    return session.left_at < point.from_to(session.started_at)[0]


def left_early(session: Session) -> str:
    """Return why the questions after the dose were not asked; nothing where somebody could ask them."""
    if not left_before(session, points()[AFTER]):
        return ""
    return _("About two hours after the start nobody was asked: gone home before then.")


def basis_text() -> str:
    """Return whose questions these are, and who says when they are asked."""
    ours = _("Asked aloud and charted by staff. Our own questions, not validated, about this moment only.")
    when = _("When they are asked is ours too: no study says it.")
    return f"{ours} {when}"
