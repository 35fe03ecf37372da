"""Which lanes the timeline has, and what is said beside them, read from data/lanes.yaml."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.utils.translation import gettext as _

from firstlight.clinical import instruments
from firstlight.clinical.evidence import Record, Tag, data_file, text
from firstlight.clinical.instruments import Better, Instrument
from firstlight.clinical.protocols import vitals
from firstlight.ground.design.charts.model import Answer, AnswerRange, Limit, ReportLane, ScoreLane
from firstlight.journey.response.mixing import mixed_words
from firstlight.journey.response.selectors import CHECK_IN, Measure
from firstlight.journey.response.tracks import tracks

LONGEST_BAND = 26


@dataclass(frozen=True, slots=True)
class Lanes:
    """The order of lanes, those of the first view, and how long a view may be that draws each answer."""

    opening: tuple[str, ...]
    order: tuple[str, ...]
    opening_reports: tuple[str, ...]
    reports: tuple[str, ...]
    each_answer: timedelta
    weeks: timedelta

    def ordered(self, names: Collection[str]) -> list[str]:
        """Return names of instruments in the order of lanes, those without a place behind."""
        places = {name: place for place, name in enumerate(self.order)}
        return sorted(names, key=lambda name: (places.get(name, len(places)), name))


@cache
def lanes() -> Lanes:
    """Return the lanes. Raises DataError when the file is wrong."""
    page = Record(data_file("firstlight.journey.timeline", "data/lanes.yaml"), where="lanes.yaml")
    page.integer("version")
    page.choice("tag", Tag)
    made = Lanes(
        opening=page.strings("opening"),
        order=page.strings("order"),
        opening_reports=page.strings("opening_reports"),
        reports=page.strings("reports"),
        each_answer=timedelta(days=page.integer("each_answer_days")),
        weeks=timedelta(days=page.integer("weeks_days")),
    )
    page.done()
    known = instruments.instruments()
    unknown = {*made.opening, *made.order} - set(known)
    items = set(instruments.instrument(CHECK_IN).keys)
    unknown |= {*made.reports, *made.opening_reports} - items
    if unknown:
        raise page.error(f"{', '.join(sorted(unknown))}: there is no such instrument or item")
    return made


def direction(better: Better) -> str:
    """Return in words which way is good; of an experience, that more of it is only stronger."""
    words = {Better.LOWER: _("low is good"), Better.HIGHER: _("high is good"), Better.NEITHER: _("more is stronger")}
    return words[better]


def score_lane(measure: Measure) -> ScoreLane:
    """Return the lane of a score on its own scale, with its bands and where they come from."""
    definition = instruments.instrument(measure.key)
    return ScoreLane(
        name=instruments.short_name(definition),
        low=measure.low,
        high=measure.high,
        direction=direction(definition.better),
        answers=answers_of(measure),
        bands=tuple(_limit(band.least, text(band.label)) for band in definition.bands if band.least > measure.low),
        caution=_caution(definition),
        basis=_basis(definition),
        recall_days=definition.recall_days,
    )


def pressure_limits() -> tuple[tuple[Limit, ...], str]:
    """Return the plan's limit of systolic pressure, and in words where it comes from."""
    found = vitals.limits("sbp")
    named = {"sources": ", ".join(found["sources"]), "how": text(Tag(found["tag"]).meaning)}
    return (Limit(found["warn_hi"], _("notice")),), _("Limit: %(sources)s (%(how)s).") % named


def report_lane(measure: Measure, ranges: tuple[AnswerRange, ...] = (), charted: Sequence[Answer] = ()) -> ReportLane:
    """Return the lane of one item of the check-in: each answer, or in a long view what came of each week or month.

    `charted`: what staff asked aloud about one moment, with the same words and the same scale.
    """
    names = {
        "mood": _("Mood"),
        "anxiety": _("Anxiety"),
        "tension": _("Tension"),
        "sleep": _("Sleep"),
        "energy": _("Energy"),
        "closeness": _("Closeness to the child"),
        "side_effects": _("Side effects"),
        "harm": _("Urge to self-harm"),
    }
    return ReportLane(
        name=names.get(measure.key, measure.title),
        low=measure.low,
        high=measure.high,
        direction=direction(Better.LOWER if measure.lower_is_better else Better.HIGHER),
        answers=() if ranges else answers_of(measure),
        ranges=ranges,
        charted=tuple(charted),
        caution=text(tracks().as_measured.short) if measure.key in tracks().as_measured.reports else "",
    )


def _caution(definition: Instrument) -> str:
    said = [] if definition.validated else [_("Our own questions, not validated.")]
    if definition.name in tracks().as_measured.instruments:
        said.append(text(tracks().as_measured.short))
    return " ".join(said)


def answers_of(measure: Measure) -> tuple[Answer, ...]:
    """Return the points of a measure as they are drawn, with why one stands apart."""
    return tuple(
        Answer(
            point.at,
            point.value,
            point.most if point.most != measure.high else None,
            mixed_words(measure.key, point.dose_at, point.at) if point.dose_at is not None else "",
        )
        for point in measure.points
    )


def _limit(least: int, label: str) -> Limit:
    return Limit(least, label if len(label) <= LONGEST_BAND else _("cut-off"))


def _basis(definition: Instrument) -> str:
    if not definition.bands_sources or definition.bands_tag is None:
        return ""
    named = {"sources": ", ".join(definition.bands_sources), "how": text(definition.bands_tag.meaning)}
    return _("Bands: %(sources)s (%(how)s).") % named
