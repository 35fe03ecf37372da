"""The one short name of a questionnaire, wherever there is no room for its title."""

import re

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments.definitions import Instrument
from firstlight.clinical.instruments.reading import instrument

IN_BRACKETS = re.compile(r"\s*\(([^()]+)\)[^()]*$")


def short_name(definition: Instrument) -> str:
    """Return the letters by which a scale is known, as in PHQ-9; of our own questions what they are about, as in Daily life."""
    title = text(definition.title)
    found = IN_BRACKETS.search(title)
    if found is None:
        return title
    return found[1] if definition.validated else title[: found.start()]


def short_name_of(name: str) -> str:
    """Return the same by the name of its file, as answers are kept under it. Raises KeyError for an unknown one."""
    return short_name(instrument(name))
