"""What a clinic says about reporting: its own words once a person has checked them, Firstlight's until then."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import get_language

from firstlight.clinical.evidence import text
from firstlight.ground.design.clocks import date_text
from firstlight.ground.people.models import Clinic, Parent
from firstlight.ground.visits.clocktimes import day_of
from firstlight.journey.learn.models import ReportingSeen, ReportingText
from firstlight.journey.learn.reading import Line, Section, reporting

MUST, MUST_NOT = "must", "not"
"""The two headings whose lines are the clinic's own."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The words that stand now. `checked`: who checked them, against which law, when; or that nobody has yet.

    `digest` changes when the words do, and when somebody checked words that nobody had.
    """

    sections: tuple[Section, ...]
    checked: str
    is_reviewed: bool
    digest: str

    def lines(self, key: str, *, about_child: bool = False) -> list[str]:
        """Return the lines under one heading: those about a baby, or the others."""
        found = (line for section in self.sections if section.key == key for line in section.lines)
        return [text(line.text, get_language() or "en") for line in found if line.about_child is about_child]

    def only(self, *keys: str, silent_about_baby: bool) -> tuple[Section, ...]:
        """Return some of the headings with their lines; after a loss without those about a baby."""
        return tuple(
            replace(
                section, lines=tuple(line for line in section.lines if not (silent_about_baby and line.about_child))
            )
            for section in self.sections
            if section.key in keys
        )


def notice_of(clinic: Clinic) -> Notice:
    """Return what a clinic says about reporting now. Call it inside the clinic's scope."""
    own, language = newest(clinic), get_language() or "en"
    shipped = reporting()
    if own is None:
        sections = shipped.sections
        checked = text(shipped.unreviewed, language).format(region=clinic.region)
    else:
        sections = tuple(_with_own(section, own) for section in shipped.sections)
        day = date_text(day_of(own.reviewed_at, clinic.timezone))
        named = {"name": own.reviewed_by.public_name, "region": own.region, "day": day}
        checked = text(shipped.reviewed, language).format(**named)
    return Notice(sections, checked, own is not None, own.digest if own else digest_of(_shipped_lines()))


def newest(clinic: Clinic) -> ReportingText | None:
    """Return the clinic's newest checked words; None when nobody checked any."""
    return next(reversed(history(clinic)), None)


def history(clinic: Clinic) -> list[ReportingText]:
    """Return all words that were ever checked, oldest first."""
    return list(ReportingText.objects.filter(clinic=clinic).select_related("reviewed_by").order_by("reviewed_at"))


def has_seen(parent: Parent, notice: Notice) -> bool:
    """Tell whether a parent was shown these very words."""
    return ReportingSeen.objects.filter(parent=parent, digest=notice.digest).exists()


def digest_of(lines: Sequence[Sequence[str]], reviewed_at: datetime | None = None) -> str:
    """Return what names a version of the words: a new check of the same words is the same version for a parent."""
    said = json.dumps([[*map(list, lines)], reviewed_at is not None])
    return hashlib.sha256(said.encode()).hexdigest()


def split(words: str) -> list[str]:
    """Return the lines of a typed text, without empty ones."""
    return [line.strip() for line in words.splitlines() if line.strip()]


def _shipped_lines() -> list[list[str]]:
    found = {section.key: section.lines for section in reporting().sections}
    kinds = ((MUST, False), (MUST_NOT, False), (MUST_NOT, True))
    return [[text(line.text) for line in found[key] if line.about_child is child] for key, child in kinds]


def _with_own(section: Section, own: ReportingText) -> Section:
    words = {MUST: (own.must, ""), MUST_NOT: (own.must_not, own.must_not_child)}.get(section.key)
    if words is None:
        return section
    found = [Line({"en": line}, (), bool(place)) for place, typed in enumerate(words) for line in split(typed)]
    return replace(section, lines=tuple(found))
