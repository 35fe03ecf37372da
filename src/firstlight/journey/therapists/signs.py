"""Signs to watch out for, as data with its source."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils.translation import get_language

from firstlight.clinical.evidence import Record, Words, data_file, text

PACKAGE = "firstlight.journey.therapists"


@dataclass(frozen=True, slots=True)
class Signs:
    """The list, where it comes from, and when it was last looked at."""

    by_key: dict[str, Words]
    source: str
    reviewed_date: date

    @property
    def texts(self) -> list[str]:
        """Return the signs in the reader's language."""
        return [text(words, get_language() or "en") for words in self.by_key.values()]


@cache
def signs() -> Signs:
    """Return the signs to watch out for in a therapist or a clinic."""
    record = Record(data_file(PACKAGE, "data/signs.yaml"), where="signs.yaml")
    by_key = {}
    for sign in record.records("signs"):
        by_key[sign.string("key")] = sign.words("text")
        sign.done()
    read = Signs(by_key, record.string("source"), record.day("reviewed_date"))
    record.done()
    return read
