"""What stands beside a change: published values with their sources, and how far each was checked."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstlight.clinical import instruments
from firstlight.clinical.evidence import Tag, text
from firstlight.journey.response.curves import Published, Share
from firstlight.journey.response.models import Standing
from firstlight.journey.response.selectors.course import Line
from firstlight.journey.response.tracks import tracks
from firstlight.journey.response.worsening import worse_words
from firstlight.journey.screening.sets import question_sets

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Fact:
    """One published or own fact beside a figure: its words, its sources, and how far it was checked."""

    words: str
    sources: tuple[str, ...]
    tag: str


def facts_beside(line: Line) -> list[Fact]:
    """Return what stands beside a change: its published values, those that conflict too, and ranges."""
    language, found = get_language() or "en", []
    if not line.before_first_dose:
        found.append(Fact(_no_baseline(), (), ""))
    if line.as_measured:
        rule = tracks().as_measured
        return [*found, Fact(text(rule.note, language), rule.sources, _tag(rule.tag))]
    if line.change and not line.change.judged:
        return [*found, Fact(_unjudged(line, line.change), (), "")]
    if _is_out_of_less(line):
        return [*found, Fact(_no_value(line), (), "")]
    found += [_cut(words, cut) for words, cut in _cuts(line.measure.definition) if cut is not None]
    found += [*_noticed(line.measure.key), Fact(worse_words(line.measure.definition, language), (), "")]
    if not line.before_first_dose:
        return found
    return [*found, _published(line.published, language), *_slow(line, language)]


def contradicting(definition: instruments.Instrument, delta: float) -> instruments.ReliableChange | None:
    """Return another published reliable change that says otherwise of a difference than the one used; None: they agree."""
    cut = definition.reliable_change
    if cut is None:
        return None
    reached = abs(delta) >= cut.points
    return next((one for one in cut.others if (abs(delta) >= one.points) != reached), None)


def _is_out_of_less(line: Line) -> bool:
    return line.change is not None and line.last.most is not None and line.last.most != line.measure.high


def _no_value(line: Line) -> str:
    words = {"most": line.last.most, "high": line.measure.high}
    return (
        _(
            "Out of %(most)s: an item does not apply. Published values are for totals out of %(high)s, and there is none "
            "for fewer items: nothing is called better or remission. As many points the wrong way are told all the same (ours)."
        )
        % words
    )


def _no_baseline() -> str:
    return _(
        "Counted from the first answers: there are none from before the first dose. "
        "Nothing is read as a response to the treatment; what is worse is told."
    )


def _unjudged(line: Line, change: instruments.Change) -> str:
    return _same_days(line.measure.key) if change.overlaps else _near_dose(line.measure.key)


def _near_dose(name: str) -> str:
    words = {"days": instruments.instrument(name).recall_days, "hours": question_sets().long_recall.after_dose // HOUR}
    return (
        _(
            "It asks about %(days)s days. Within %(hours)s hours of a dose that mixes the days before and the hours after, "
            "so no change is read from it. The %(hours)s hours are ours."
        )
        % words
    )


def _same_days(name: str) -> str:
    days = instruments.instrument(name).recall_days
    return _(
        "It asks about %(days)s days, and both times about some of the same ones. No change is read from that."
    ) % {"days": days}


def _cuts(definition: instruments.Instrument) -> list[tuple[str, instruments.Cut | instruments.ReliableChange | None]]:
    others = definition.reliable_change.others if definition.reliable_change else ()
    return [
        (_reliable_words(definition), definition.reliable_change),
        *((_("Another published value of it, not used here: %(points)s points or more."), one) for one in others),
        (_("Response: better by %(points)s %% or more."), definition.response_percent),
        (_remission_words(definition), definition.remission),
    ]


def _reliable_words(definition: instruments.Instrument) -> str:
    shipped = instruments.instrument(definition.name).reliable_change
    if shipped and definition.reliable_change and shipped.points != definition.reliable_change.points:
        return _("Reliable change: %(points)s points or more, as this clinic chose.")
    return _("Reliable change: %(points)s points or more.")


def _remission_words(definition: instruments.Instrument) -> str:
    if definition.better is instruments.Better.LOWER:
        return _("Remission: below %(points)s.")
    return _("Remission: above %(points)s.")


def _cut(words: str, cut: instruments.Cut | instruments.ReliableChange) -> Fact:
    note = f" ({cut.note})" if cut.note else ""
    found_in = f" {_found_in(cut.population)}" if isinstance(cut, instruments.ReliableChange) else ""
    return Fact(f"{words % {'points': cut.points}}{found_in}{note}", cut.sources, _tag(cut.tag))


def _found_in(population: str) -> str:
    return _("Found in: %(population)s.") % {"population": population}


def _noticed(name: str) -> list[Fact]:
    """Return from how many points on people notice a change, as far as that is published."""
    known = instruments.instrument(name).important_difference
    if known is None:
        return []
    words = [_("Noticed: better by %(points)s points or more.") % {"points": known.better}]
    if known.worse is not None:
        words.append(_("Worse by %(points)s or more.") % {"points": known.worse})
    if known.population:
        words.append(_found_in(known.population))
    if known.note:
        words.append(f"({known.note})")
    return [Fact(" ".join(words), known.sources, _tag(known.tag))]


def _published(found: Published | None, language: str) -> Fact:
    if found is None:
        return Fact(_("No published range for this questionnaire at this time."), (), "")
    words = [_("Published, %(when)s:") % {"when": text(found.label, language)}, _share(_("response"), found.response)]
    if found.remission is not None:
        words.append(_share(_("remission"), found.remission))
    if found.worse is not None:
        words.append(_share(_("worse"), found.worse))
    told = f"{words[0]} {', '.join(words[1:])}. {text(found.note, language)}"
    return Fact(told, found.sources, _tag(found.tag))


def _slow(line: Line, language: str) -> list[Fact]:
    """Return by which rule a course is called slow at this time, or that none does."""
    if line.standing is None:
        return []
    rule = tracks().not_on_track
    if line.published is not None:
        return [Fact(_("Not on track: %(rule)s") % {"rule": text(rule.note, language)}, (), _tag(rule.tag))]
    if line.standing.state == Standing.State.NOT_ON_TRACK:
        words = _("It was found not on track while a range was published, and stands so until it is better or worse.")
    else:
        words = _(
            "A slow course is not judged without a published range, and raises no task. No other rule has a source."
        )
    return [Fact(words, (), "")]


def _share(name: str, share: Share) -> str:
    low, high = share.band
    words = {
        "name": name,
        "percent": f"{share.percent:.1f}",
        "low": f"{low:.0f}",
        "high": f"{high:.0f}",
        "n": share.people,
    }
    return _("%(name)s %(percent)s %% of %(n)s people (%(low)s to %(high)s %%)") % words


def _tag(tag: Tag) -> str:
    return text(tag.meaning, get_language() or "en")
