"""The response as a clinician reads it: words for change, published figures and the fate of each check-in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from firstlight.clinical import instruments
from firstlight.clinical.evidence import text
from firstlight.journey.response.beside import Fact, contradicting, facts_beside
from firstlight.journey.response.forms import clock
from firstlight.journey.response.mixing import mixed_words
from firstlight.journey.response.models import CheckIn, Standing
from firstlight.journey.response.schedule import rule_of, schedule
from firstlight.journey.response.selectors import Chosen, Course, Measure, Point
from firstlight.journey.response.selectors.course import Charted, Line
from firstlight.journey.response.stopping import Wish
from firstlight.journey.screening.not_asked import unasked
from firstlight.journey.screening.selectors import is_expired
from firstlight.journey.screening.sets import followed_in

WHY: Mapping[str, str | Promise] = {
    "new-dose": lazy("Taken back: a new dose came"),
    "new-series": lazy("Taken back: a new series began"),
    "episode-over": lazy("Taken back: care here ended"),
    "window-passed": lazy("Never opened: its time passed"),
    "nothing-to-ask": lazy("Not asked"),
    "loss": lazy("Taken back: silent after a loss"),
    "stopped": lazy("Not asked: treatment was stopped"),
    "no-more": lazy("Not asked: the parent wants no more questions"),
    "not-asked": lazy("Not asked"),
    "merged": lazy("Asked together with a later check-in"),
}
SKIPPED: Mapping[str, str | Promise] = {
    "no-text": lazy("no text is held here"),
    "recall": lazy("asked too short a time ago"),
    "loss": lazy("silent after a loss"),
    "no-child": lazy("no child is entered"),
    "other-parent": lazy("its words speak to a mother"),
}
STATES = {
    Standing.State.WORSE: "stop",
    Standing.State.NOT_ON_TRACK: "look",
    Standing.State.ON_TRACK: "ok",
    Standing.State.TOO_EARLY: "info",
    Standing.State.NO_RANGE: "info",
    Standing.State.NO_BASELINE: "info",
}
RULES: Mapping[str, str | Promise] = {
    "day": lazy("Day %(number)s"),
    "week": lazy("Week %(number)s"),
    "month": lazy("Month %(number)s"),
    "effects": lazy("Side effects %(number)s"),
    "bond": lazy("Closeness %(number)s"),
    "living": lazy("Daily life %(number)s"),
}
CHARTS: Mapping[str, str | Promise] = {"before": lazy("Before the start"), "two-hours": lazy("Two hours after")}


@dataclass(frozen=True, slots=True)
class Row:
    """One instrument in words."""

    name: str
    title: str
    first: str
    last: str
    first_at: datetime
    last_at: datetime
    changed: str
    reliable: str
    response: str
    remission: str
    state: str
    state_words: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class CheckInRow:
    """One check-in: what it was, when it was due, what became of it.

    `noting`: its own id where a reason can be recorded why it was not asked; `noted`: one is. `answers`: the set in which what
    was answered can be read.
    """

    name: str
    due_at: datetime
    kind: str
    words: str
    at: datetime | None
    notes: tuple[str, ...]
    noting: UUID | None = None
    noted: bool = False
    answers: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChartedRow:
    """What staff charted at one point, or why there is nothing."""

    name: str
    at: datetime | None
    missing: str


def line_rows(course: Course) -> list[Row]:
    """Return one row an instrument."""
    return [_row(line) for line in course.lines]


def _row(line: Line) -> Row:
    change, standing = line.change, line.standing
    return Row(
        name=instruments.short_name_of(line.measure.key),
        title=line.measure.title,
        first=_out_of(line.measure, line.first),
        last=_out_of(line.measure, line.last),
        first_at=line.first.at,
        last_at=line.last.at,
        changed=_changed(line),
        reliable=_reliable(line),
        response=_yes_no(change.response if change and line.tells else None),
        remission=_yes_no(change.remission if change and line.tells else None),
        state=STATES[Standing.State(standing.state)] if standing else "",
        state_words=standing.get_state_display() if standing else "",
        facts=tuple(facts_beside(line)),
    )


def _out_of(measure: Measure, point: Point) -> str:
    most = measure.high if point.most is None else point.most
    return f"{point.value}/{most}" if most else str(point.value)


def _changed(line: Line) -> str:
    change = line.change
    if change is None:
        once = line.first is line.last
        return _("Measured once") if once else _("Not comparable: not out of the same number")
    if not change.judged:
        return f"{round(change.delta, 1):+g}"  # without a word of better or worse: no change is read from it
    words = {"better": _("better"), "worse": _("worse"), "same": _("the same")}
    if not change.delta:
        return words["same"]
    return f"{round(change.delta, 1):+g} {words.get(change.direction, '')}".rstrip()


def _reliable(line: Line) -> str:
    if line.change is None:
        return ""
    if unjudged := _unjudged(line, line.change):
        return unjudged
    if line.change.reliable is None:
        return _("More than chance: no published value")
    cut, other = line.measure.definition.reliable_change, contradicting(line.measure.definition, line.change.delta)
    if cut is not None and other is not None:
        values = {"used": f"{cut.points:g}", "other": f"{other.points:g}"}
        if line.change.reliable:
            return _("More than chance: yes by %(used)s points, no by %(other)s") % values
        return _("More than chance: no by %(used)s points, yes by %(other)s") % values
    return _by_one_value(line.change)


def _by_one_value(change: instruments.Change) -> str:
    """Say whether a change is reliable; and of one for the worse that is not, whether people notice as much all the same."""
    if change.reliable:
        return _("More than chance: yes")
    if change.important and change.direction == "worse":
        return _("More than chance: no, yet people notice as much of a change for the worse")
    return _("More than chance: no")


def _unjudged(line: Line, change: instruments.Change) -> str:
    """Return why nothing is said of a change; nothing where it is judged."""
    if change.overlaps:
        return _("Asks about the same days as the one before")
    if line.last.dose_at is not None:
        return _("Not judged: %(why)s") % {"why": mixed_words(line.measure.key, line.last.dose_at, line.last.at)}
    if line.last.most not in {None, line.measure.high}:
        return _("Out of %(most)s: no published value for fewer items") % {"most": line.last.most}
    return ""


def _yes_no(value: bool | None) -> str:
    if value is None:
        return "–"
    return _("Yes") if value else _("No")


def dose_rows(course: Course) -> list[tuple[int, datetime | None, list[ChartedRow]]]:
    """Return each dose with what staff charted around it."""
    return [
        (line.session.number, line.session.started_at, [row for one in line.charted for row in _charted_rows(one)])
        for line in course.doses
    ]


def _charted_rows(one: Charted) -> Iterator[ChartedRow]:
    """Yield the values and the questions of one point. Who had gone home before is skipped; nobody is blamed for it."""
    name = str(CHARTS[one.chart.key])
    missing = _("skipped: gone home before then") if one.skipped else _("not charted")
    yield ChartedRow(_("%(point)s: values") % {"point": name}, one.at, missing)
    yield ChartedRow(_("%(point)s: how it is right now") % {"point": name}, one.asked_at, missing)


def check_in_rows(course: Course, now: datetime) -> list[CheckInRow]:
    """Return what was asked or was to be asked, the latest due in front."""
    past = [one for one in course.check_ins if not _comes(one)]
    return [_check_in_row(one, course, now) for one in sorted(past, key=lambda one: one.due_at, reverse=True)]


def coming_rows(course: Course, now: datetime) -> list[CheckInRow]:
    """Return what comes, the next in front."""
    return [_check_in_row(one, course, now) for one in course.check_ins if _comes(one) and course.opens(one)]


def resting_rows(course: Course, now: datetime) -> list[CheckInRow]:
    """Return what would come next if treatment had not been stopped and did not rest, or if the parent wanted it."""
    resting = [one for one in course.check_ins if _comes(one) and not course.opens(one)]
    return [_resting_row(one, course, now) for one in resting]


def _resting_row(one: CheckIn, course: Course, now: datetime) -> CheckInRow:
    stopped = course.limits[one.episode_id]
    if stopped.rests:
        return replace(_check_in_row(one, course, now), kind="info", words=_("Waits: treatment rests"))
    words = WHY["no-more"] if stopped.wish is Wish.NOTHING else _("Only if the parent wants it")
    return replace(_check_in_row(one, course, now), kind="info", words=str(words))


def _comes(one: CheckIn) -> bool:
    return one.question_set_id is None and one.ended_at is None


def _check_in_row(one: CheckIn, course: Course, now: datetime) -> CheckInRow:
    begun = course.has_answers(one.question_set)
    kind, words, at = _fate(one, now, begun=begun)
    skipped = [
        _("%(title)s: %(why)s") % {"title": instruments.short_name_of(name), "why": SKIPPED.get(why, why)}
        for name, why in one.skipped.items()
    ]
    messages = ngettext("%(count)d message", "%(count)d messages", one.messages) % {"count": one.messages}
    notes = [*_said(one), *skipped, *_left_open(one, now), *([messages] if one.messages else [])]
    row = CheckInRow(rule_words(one), one.due_at, kind, str(words), at, tuple(notes))
    return replace(
        row,
        noting=one.id if may_be_noted(one) else None,
        noted=one.not_asked is not None,
        answers=one.question_set_id if begun else None,
    )


def may_be_noted(one: CheckIn) -> bool:
    """Tell whether somebody can record why a check-in was not asked; what was only begun is refused when it is recorded."""
    return one.answered_at is None and (one.ended_at is None or one.not_asked is not None)


def _said(one: CheckIn) -> list[str]:
    """Return why it was not asked, as somebody recorded it."""
    if one.not_asked is None:
        return []
    said = unasked(one.not_asked)
    return [f"{said.reason}: {said.words}" if said.words else said.reason, said.by]


def _left_open(one: CheckIn, now: datetime) -> list[str]:
    """Name what followed from an answer of a check-in that was answered, and was not finished itself."""
    asked = one.question_set
    if one.answered_at is None or asked is None or asked.completed_at is not None:
        return []
    words = _("%(title)s followed: not answered") if is_expired(asked, now) else _("%(title)s followed: still open")
    return [
        words % {"title": instruments.short_name_of(name)}
        for name in sorted(followed_in(asked.set_name, asked.instruments))
    ]


def _fate(one: CheckIn, now: datetime, *, begun: bool) -> tuple[str, str | Promise, datetime | None]:
    if one.answered_at is not None:
        return "ok", _("Answered"), one.answered_at
    if one.ended_at is not None:
        return "info", WHY.get(one.ended_why, one.ended_why), one.ended_at
    if one.expires_at is None:
        return "due", _("Not yet: it comes"), None
    if one.expires_at <= now:
        return "look", _("Begun, not finished in time") if begun else _("Not answered in time"), one.expires_at
    return "due", _("Begun, open until") if begun else _("Not yet: open until"), one.expires_at


def rule_words(one: CheckIn) -> str:
    """Return the name of a check-in, with its dose where it belongs to one."""
    kind, _dash, number = one.rule.rpartition("-")
    name = str(RULES[kind]) % {"number": number} if kind in RULES else one.rule
    rule = rule_of(one.rule)
    if one.session is None or (rule is not None and rule.anchor != "each-dose"):
        return name
    return _("%(name)s after dose %(dose)s") % {"name": name, "dose": one.session.number}


def rhythm_words(chosen: Chosen) -> tuple[str, bool]:
    """Return in which hours a parent is asked, and whether she stopped the messages."""
    parts, language = schedule().parts, get_language() or "en"
    names = ", ".join(text(parts[key].label, language) for key in chosen.parts if key in parts)
    if chosen.quiet_from is None or chosen.quiet_to is None:
        return names, chosen.messages_off_at is not None
    quiet = {"names": names, "since": clock(chosen.quiet_from), "until": clock(chosen.quiet_to)}
    return _("%(names)s; quiet from %(since)s to %(until)s") % quiet, chosen.messages_off_at is not None
