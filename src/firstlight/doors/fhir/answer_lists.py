"""LOINC's answer lists that a file may name in place of its answers. What they say and count is told by our own data."""

from collections.abc import Mapping
from functools import cache

from firstlight.clinical.evidence import Record, data_file
from firstlight.clinical.instruments import Option, instruments

ADDRESS = "http://loinc.org/vs/"


def listed(url: str) -> tuple[Option, ...] | None:
    """Return the answers of a list in its order, by its address, with or without a version; None for one that is not known."""
    named, _bar, _version = url.partition("|")
    return answer_lists().get(named.removeprefix(ADDRESS)) if named.startswith(ADDRESS) else None


@cache
def answer_lists() -> Mapping[str, tuple[Option, ...]]:
    """Every known list by its LOINC code. Raises KeyError when a list holds an answer that no instrument has."""
    lists = Record(data_file("firstlight.doors.fhir", "data/answer_lists.yaml"), where="answer_lists.yaml").mapping(
        "lists"
    )
    ours = {
        option.code: option
        for one in instruments().values()
        if one.worded
        for item in one.by_key.values()
        for option in item.options
        if option.code
    }
    return {name: tuple(ours[code] for code in entry["answers"]) for name, entry in lists.items()}
