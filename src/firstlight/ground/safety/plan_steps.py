"""The steps of a safety plan: data with sources, in our own words. The well-known form is copyrighted and not used."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from firstlight.clinical.evidence import Record, Tag, Words, data_file, joined, require_sources, text

PACKAGE = "firstlight.ground.safety"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is called, and what whoever writes it with a parent should think of."""

    key: str
    title_words: Words
    hint_words: Words
    with_children_words: Words | None
    sources: tuple[str, ...]

    @property
    def title(self) -> str:
        return text(self.title_words, get_language() or "en")

    def hint(self, *, silent_about_baby: bool) -> str:
        """Return the hint. After a loss it speaks of no child."""
        more = None if silent_about_baby else self.with_children_words
        return text(joined(self.hint_words, more) if more else self.hint_words, get_language() or "en")


@dataclass(frozen=True, slots=True)
class Written:
    """One step as it was filled in."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class PlanSteps:
    """Every step in order, how long the text of one may be, and what is known of such plans."""

    steps: tuple[Step, ...]
    longest_characters: int
    sources: tuple[str, ...]

    def filled(self, texts: Mapping[str, str]) -> tuple[Written, ...]:
        """Return what a plan says, in order. A step that the data no longer has stays readable under its key."""
        titles = {step.key: step.title for step in self.steps}
        order = [*titles, *(key for key in texts if key not in titles)]
        return tuple(Written(titles.get(key, key), texts[key]) for key in order if texts.get(key))


@cache
def plan_steps() -> PlanSteps:
    """Read the steps. Raises DataError when the file is wrong."""
    page = Record(data_file(PACKAGE, "data/safety_plan.yaml"), where="safety_plan.yaml")
    page.choice("tag", Tag)
    longest = page.integer("longest_characters")
    plan = PlanSteps(tuple(_step(record) for record in page.records("steps")), longest, page.strings("sources"))
    page.done()
    require_sources(plan.sources, record=page)
    if len({step.key for step in plan.steps}) != len(plan.steps):
        raise page.error("a key stands twice")
    return plan


def _step(record: Record) -> Step:
    step = Step(
        key=record.string("key"),
        title_words=record.words("title"),
        hint_words=record.words("hint"),
        with_children_words=record.optional_words("hint_with_children"),
        sources=record.strings("sources"),
    )
    record.done()
    require_sources(step.sources, record=record)
    return step
