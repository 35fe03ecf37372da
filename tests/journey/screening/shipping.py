"""Questionnaires that a story needs and that are not shipped: their numbers are real, their words stand in for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from firstlight.clinical.instruments import instruments, reading

YES_NO = [{"value": 1, "label": {"en": "Yes"}}, {"value": 0, "label": {"en": "No"}}]
ALWAYS = [{"value": number, "label": {"en": f"Answer {number}"}} for number in range(5)]


def document(name: str, items: int, options: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Return the data file of a questionnaire of our own with some plain items."""
    return {
        "name": name,
        "title": {"en": f"Stands in for {name}"},
        "kind": "questionnaire",
        "tier": "ours",
        "validated": False,
        "languages": ["en"],
        "licence": "Apache-2.0, Firstlight",
        "citation": "Firstlight's tests",
        "options": options,
        "items": [{"key": f"q{number}", "text": {"en": f"{name}, item {number}"}} for number in range(1, items + 1)],
        "scoring": "sum",
    } | more


STAND_INS = (
    document("phq-2", 2, ALWAYS[:4], recall_days=14),
    document("pc-ptsd-5", 5, YES_NO),
    document("pcl-5", 20, ALWAYS),
    document("pbq", 25, ALWAYS),
    document("city-bits", 4, ALWAYS[:4]),
    document("city-bits-partner", 4, ALWAYS[:4]),
)


@contextmanager
def shipped() -> Iterator[None]:
    """Let the questionnaires above be shipped too, unless they are."""
    extra = [(f"data/{one['name']}.yaml", one) for one in STAND_INS if one["name"] not in instruments()]
    shipped_files = reading.data_files
    with patch.object(reading, "data_files", lambda *where: [*shipped_files(*where), *extra]):
        instruments.cache_clear()
        try:
            yield
        finally:
            instruments.cache_clear()
    instruments.cache_clear()
