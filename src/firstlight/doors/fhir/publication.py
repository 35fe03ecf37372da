"""What a file says about itself: whether it is in force, whether it is an experiment, its address and its version."""

from collections.abc import Iterator
from dataclasses import dataclass

from firstlight.doors.fhir.positions import Node, Problem

MOST_SOURCE = 300
ACCEPTED = ("active", "draft")
_WHY = {
    "retired": "its publisher withdrew this form; ask for the one that is in force",
    "unknown": "nobody says whether this form is in force; ask its publisher",
}


@dataclass(frozen=True, slots=True)
class Publication:
    """`url` and `version`: as the file states them, "" where it does not."""

    status: str
    experimental: bool
    url: str
    version: str
    copyright: str

    @property
    def source(self) -> str:
        """Return address and version as FHIR writes them together, "url|version"."""
        return f"{self.url}|{self.version}" if self.version else self.url


def publication_of(root: Node) -> Publication:
    """Return what a Questionnaire says about itself."""
    return Publication(
        status=root.string("status"),
        experimental=root.flag("experimental"),
        url=root.string("url"),
        version=root.string("version"),
        copyright=root.string("copyright"),
    )


def publication_problems(root: Node) -> Iterator[Problem]:
    """Yield why a file is not used as it stands: FHIR requires a status, and only these two are forms to use."""
    found, status = root.get("status"), root.string("status")
    expected = " or ".join(ACCEPTED)
    if found is None:
        yield root.problem(f"status is missing: FHIR requires it, and {expected} is expected")
    elif status not in ACCEPTED:
        why = _WHY.get(status, "FHIR's other two are retired and unknown, which are not used")
        yield found.problem(f"status is {found.shown}; {expected} is expected: {why}")
    if len(publication_of(root).source) > MOST_SOURCE:
        place = root.get("version") or root.get("url") or root
        yield place.problem(f"url and version are longer than {MOST_SOURCE} signs together and could not be kept whole")
