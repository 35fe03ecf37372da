"""Help lines by country: data with sources. They work without a database, a clinic or a signed-in person."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.utils.translation import get_language

from firstlight.clinical.evidence import Record, Words, data_file, require_sources, text

PACKAGE = "firstlight.ground.safety"
COUNTRY = "US"


class Kind(StrEnum):
    """What a line is for. A support line is not for a crisis, and says so."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class TextLine:
    """A number that takes text messages."""

    label_words: Words
    number: str

    @property
    def label(self) -> str:
        return text(self.label_words, get_language() or "en")

    @property
    def number_beside(self) -> str:
        """Return the number as people read it; nothing where the label names it already."""
        return "" if self.number in self.label else _as_read(self.number)


@dataclass(frozen=True, slots=True)
class Helpline:
    """Who answers at a number."""

    key: str
    kind: Kind
    name_words: Words
    says_words: Words
    call: str
    texts: tuple[TextLine, ...]
    sources: tuple[str, ...]

    @property
    def name(self) -> str:
        return text(self.name_words, get_language() or "en")

    @property
    def says(self) -> str:
        return text(self.says_words, get_language() or "en")

    @property
    def shown_number(self) -> str:
        return _as_read(self.call)


def _as_read(number: str) -> str:
    """Return a number as people read it: 1-833-852-6262."""
    digits = number.removeprefix("+")
    return f"{digits[0]}-{digits[1:4]}-{digits[4:7]}-{digits[7:]}" if len(digits) == 11 else digits


@cache
def helplines(country: str = COUNTRY) -> tuple[Helpline, ...]:
    """Return a country's lines, emergency first. Raises DataError for a country that has none."""
    page = Record(data_file(PACKAGE, "data/helplines.yaml"), where="helplines.yaml")
    countries = page.record("countries")
    page.done()
    return tuple(_helpline(record) for record in countries.records(country)) or _none(countries, country)


def _none(countries: Record, country: str) -> tuple[Helpline, ...]:
    raise countries.error(f"there are no lines for {country}")


def _helpline(record: Record) -> Helpline:
    line = Helpline(
        key=record.string("key"),
        kind=record.choice("kind", Kind),
        name_words=record.words("name"),
        says_words=record.words("says"),
        call=record.string("call"),
        texts=tuple(_text_line(one) for one in record.records("texts")),
        sources=record.strings("sources"),
    )
    record.done()
    require_sources(line.sources, record=record)
    return line


def _text_line(record: Record) -> TextLine:
    line = TextLine(record.words("label"), record.string("number"))
    record.done()
    return line
