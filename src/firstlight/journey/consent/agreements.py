"""Agreements as versioned data: parts to read, questions to check that they were understood, touch, statement.

An edition is what one parent is shown of a version: without what is about a baby where a loss was recorded.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from firstlight.clinical.evidence import Record, Strength, Words, data_files, require_sources, text
from firstlight.ground.audit.chain import canonical

PACKAGE = "firstlight.journey.consent"
LONGEST_PART = 150


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences; `silent` says them without a baby. Strength and sources where they claim something."""

    words: Words
    silent: Words | None
    strength: Strength | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    words: Words
    right: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a part. A wrong answer is followed by `explain`, and the question is asked again."""

    words: Words
    explain: Words
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One chunk of an agreement, at most 150 words."""

    key: str
    heading: Words
    paragraphs: tuple[Paragraph, ...]
    question: Question | None
    about_child: bool
    about_milk: bool


@dataclass(frozen=True, slots=True)
class Template:
    """One version of an agreement."""

    key: str
    version: int
    effective_date: date
    title: Words
    summary: tuple[Paragraph, ...]
    parts: tuple[Part, ...]
    touch_heading: Words
    touch_text: Words
    touch_kinds: Mapping[str, Words]
    touch_hours: int
    statement: Words


@cache
def templates() -> Mapping[tuple[str, int], Template]:
    """Every version by key and number. Raises DataError when a file is wrong or a version is there twice."""
    found: dict[tuple[str, int], Template] = {}
    for where, document in data_files(PACKAGE, "data"):
        page = Record(document, where=where)
        template = _template(page)
        if (template.key, template.version) in found:
            raise page.error("this version is already there")
        found[template.key, template.version] = template
        page.done()
    return found


def current_template(today: date) -> Template:
    """Return the newest version that is in force."""
    in_force = [template for template in templates().values() if template.effective_date <= today]
    return max(in_force, key=lambda template: template.version)


def _template(page: Record) -> Template:
    touch = page.record("touch")
    template = Template(
        key=page.string("key"),
        version=page.integer("version"),
        effective_date=page.day("effective_date"),
        title=page.words("title"),
        summary=tuple(_paragraph(record) for record in page.records("summary")),
        parts=tuple(_part(record) for record in page.records("parts")),
        touch_hours=touch.integer("decided_hours"),
        touch_heading=touch.words("heading"),
        touch_text=touch.words("text"),
        touch_kinds={kind.string("key"): _last(kind) for kind in touch.records("kinds")},
        statement=page.words("statement"),
    )
    touch.done()
    return template


def _last(record: Record) -> Words:
    words = record.words("text")
    record.done()
    return words


def _part(record: Record) -> Part:
    question = record.optional_record("question")
    part = Part(
        key=record.string("key"),
        heading=record.words("heading"),
        paragraphs=tuple(_paragraph(paragraph) for paragraph in record.records("paragraphs")),
        question=_question(question) if question else None,
        about_child=record.flag("about_child"),
        about_milk=record.flag("about_milk"),
    )
    record.done()
    length = sum(len(text(paragraph.words).split()) for paragraph in part.paragraphs)
    if length > LONGEST_PART:
        raise record.error(f"{part.key} has {length} words, {LONGEST_PART} are allowed")
    return part


def _paragraph(record: Record) -> Paragraph:
    sources = record.strings("sources", default=())
    require_sources(sources, record=record)
    strength = record.string("strength", "")
    paragraph = Paragraph(
        words=record.words("text"),
        silent=record.optional_words("silent"),
        strength=Strength(strength) if strength else None,
        sources=sources,
    )
    record.done()
    return paragraph


def _question(record: Record) -> Question:
    options = tuple(_option(option) for option in record.records("options"))
    if len([option for option in options if option.right]) != 1:
        raise record.error("a question has one right answer")
    question = Question(record.words("text"), record.words("explain"), options)
    record.done()
    return question


def _option(record: Record) -> Option:
    option = Option(record.string("key"), record.words("text"), record.flag("right"))
    record.done()
    return option


@dataclass(frozen=True, slots=True)
class ShownParagraph:
    text: str
    strength: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question in one language; `right` is the key of the right answer."""

    text: str
    explain: str
    options: tuple[tuple[str, str], ...]
    right: str


@dataclass(frozen=True, slots=True)
class ShownPart:
    key: str
    heading: str
    paragraphs: tuple[ShownParagraph, ...]
    question: ShownQuestion | None


@dataclass(frozen=True, slots=True)
class Edition:
    """A version as one parent is shown it, in one language."""

    key: str
    version: int
    language: str
    title: str
    summary: tuple[ShownParagraph, ...]
    parts: tuple[ShownPart, ...]
    touch_heading: str
    touch_text: str
    touch_kinds: tuple[tuple[str, str], ...]
    touch_hours: int
    statement: str

    @property
    def questions(self) -> dict[str, ShownQuestion]:
        return {part.key: part.question for part in self.parts if part.question}

    @property
    def digest(self) -> str:
        """Return the SHA-256 of every word shown."""
        shown = {"title": self.title, "statement": self.statement, "touch": [self.touch_text, *self.touch_kinds]}
        parts = [[part.heading, *(paragraph.text for paragraph in part.paragraphs)] for part in self.parts]
        return hashlib.sha256(canonical({**shown, "version": self.version, "parts": parts})).hexdigest()


def edition(template: Template, *, silent: bool, milk: bool, language: str) -> Edition:
    """Choose what one parent is shown. `silent`: a loss was recorded. `milk`: she could be breastfeeding."""
    kept = [part for part in template.parts if not (silent and part.about_child) and (milk or not part.about_milk)]
    return Edition(
        key=template.key,
        version=template.version,
        language=language,
        title=text(template.title, language),
        summary=tuple(_shown(paragraph, silent, language) for paragraph in template.summary),
        parts=tuple(_shown_part(part, silent, language) for part in kept),
        touch_heading=text(template.touch_heading, language),
        touch_text=text(template.touch_text, language),
        touch_kinds=tuple((key, text(words, language)) for key, words in template.touch_kinds.items()),
        touch_hours=template.touch_hours,
        statement=text(template.statement, language),
    )


def _shown(paragraph: Paragraph, silent: bool, language: str) -> ShownParagraph:
    words = paragraph.silent if silent and paragraph.silent else paragraph.words
    return ShownParagraph(text(words, language), str(paragraph.strength or ""), paragraph.sources)


def _shown_part(part: Part, silent: bool, language: str) -> ShownPart:
    question = part.question
    asked = None
    if question:
        options = tuple((option.key, text(option.words, language)) for option in question.options)
        right = next(option.key for option in question.options if option.right)
        asked = ShownQuestion(text(question.words, language), text(question.explain, language), options, right)
    paragraphs = tuple(_shown(paragraph, silent, language) for paragraph in part.paragraphs)
    return ShownPart(part.key, text(part.heading, language), paragraphs, asked)
