"""How many of ten people felt something: figures of the claims, drawn with one denominator."""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from firstlight.clinical.evidence import Claim, Record, Words, claims
from firstlight.journey.learn.reading import page

PEOPLE = 10


@dataclass(frozen=True, slots=True)
class Rate:
    """A figure of a claim: `least` to `most` of 100 people."""

    claim: Claim
    label: Words
    least: int
    most: int

    @property
    def surely(self) -> int:
        """Of ten, rounded; a half counts down."""
        return (self.least + 4) // PEOPLE

    @property
    def perhaps(self) -> int:
        """Of ten, rounded; a half counts up."""
        return (self.most + 5) // PEOPLE

    @property
    def people(self) -> tuple[str, ...]:
        """Ten people as they are drawn: yes, perhaps, no."""
        some = self.perhaps - self.surely
        return ("yes",) * self.surely + ("perhaps",) * some + ("no",) * (PEOPLE - self.perhaps)

    @property
    def words(self) -> str:
        """The same in words, as in: 6 to 8 of 10."""
        if self.surely == self.perhaps:
            return _("about %(count)d of 10") % {"count": self.surely}
        return _("%(least)d to %(most)d of 10") % {"least": self.surely, "most": self.perhaps}


@cache
def rates() -> tuple[tuple[Rate, ...], Words]:
    """Return the rates, and in whom they were counted. Raises DataError."""
    whole = page("rates")
    found, note = tuple(_rate(record) for record in whole.records("rates")), whole.words("note")
    whole.done()
    return found, note


def _rate(record: Record) -> Rate:
    key = record.string("claim")
    if key not in claims():
        raise record.error(f"claim {key} is not in the registry")
    rate = Rate(claims()[key], record.words("label"), record.integer("least"), record.integer("most"))
    record.done()
    return rate
