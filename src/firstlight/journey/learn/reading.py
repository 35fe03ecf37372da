"""The words of the front door, read from data/*.yaml: our own, by language, each file checked whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from firstlight.clinical.evidence import Claim, Record, Words, claims, data_file, require_sources
from firstlight.clinical.protocols.session import figures

PACKAGE = "firstlight.journey.learn"


@dataclass(frozen=True, slots=True)
class Prose:
    """What a page says before its list, and the claims that it shows."""

    lead: Words
    claims: tuple[Claim, ...]
    reviewed_date: date


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a session's day."""

    when: Words
    heading: Words
    text: Words
    is_dose: bool


@dataclass(frozen=True, slots=True)
class Signs:
    """Signs of one kind, and who names them."""

    heading: Words
    signs: tuple[Words, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, and the sources that say so. None: clinic default, no source checked. `about_child`: about a baby."""

    text: Words
    sources: tuple[str, ...]
    about_child: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Some lines under one heading."""

    key: str
    heading: Words
    lines: tuple[Line, ...]


def page(name: str) -> Record:
    """Return one data file as a record. Raises DataError."""
    return Record(data_file(PACKAGE, f"data/{name}.yaml"), where=f"learn/{name}.yaml")


@cache
def prose() -> Mapping[str, Prose]:
    """Every page's words by its key. Raises DataError, also for a claim that is not in the registry."""
    whole = page("pages")
    reviewed = whole.day("reviewed_date")
    found = {record.string("key"): _prose(record, reviewed) for record in whole.records("pages")}
    whole.done()
    return found


def _prose(record: Record, reviewed: date) -> Prose:
    keys = record.strings("claims", default=())
    if unknown := [key for key in keys if key not in claims()]:
        raise record.error(f"claims are not in the registry: {', '.join(unknown)}")
    shown = Prose(record.words("lead"), tuple(claims()[key] for key in keys), reviewed)
    record.done()
    return shown


@cache
def steps() -> tuple[tuple[Step, ...], Words]:
    """Return the steps of the day, and how often a day like it comes. Their figures are those of the protocols."""
    whole = page("steps")
    numbers = _figures()
    found = tuple(_step(record, numbers) for record in whole.records("steps"))
    usual = _filled(whole.record("usual").words("text"), numbers)
    whole.done()
    return found, usual


def _figures() -> dict[str, Any]:
    known = figures()
    return {
        "solids": known["fasting"]["solids_hours"],
        "fluids": known["fasting"]["clear_fluids_hours"],
        "during": known["monitoring"]["during_minutes"],
        "stay": known["staying"]["from_start_minutes"],
        "driving": known["leaving"]["driving_after_hours"],
        **{name: known["routes"]["intravenous"]["usual"][name] for name in ("minutes", "sessions", "weeks")},
    }


def _filled(words: Words, numbers: Mapping[str, Any]) -> Words:
    return {language: text.format(**numbers) for language, text in words.items()}


def _step(record: Record, numbers: Mapping[str, Any]) -> Step:
    when, heading, text = (_filled(record.words(name), numbers) for name in ("when", "heading", "text"))
    found = Step(when, heading, text, record.flag("is_dose"))
    record.done()
    return found


@cache
def signs() -> tuple[tuple[Signs, ...], Words]:
    """Return the signs by kind, and what to say to whom one of them has happened."""
    whole = page("signs")
    groups = tuple(_signs(record) for record in whole.records("groups"))
    happened = whole.record("happened").words("text")
    whole.done()
    return groups, happened


def _signs(record: Record) -> Signs:
    found = Signs(
        heading=record.words("heading"),
        signs=tuple(_sign(one) for one in record.records("signs")),
        sources=record.strings("sources"),
    )
    require_sources(found.sources, record=record)
    record.done()
    return found


def _sign(record: Record) -> Words:
    found = record.words("text")
    record.done()
    return found


@dataclass(frozen=True, slots=True)
class Reporting:
    """What is reported and what not, and who checks these words: what is said before somebody did, and after."""

    sections: tuple[Section, ...]
    review: Words
    reviewed: Words
    unreviewed: Words


@cache
def reporting() -> Reporting:
    """Return Firstlight's own words on reporting."""
    whole = page("reporting")
    found = Reporting(
        sections=tuple(_section(record) for record in whole.records("sections")),
        review=whole.words("review"),
        reviewed=whole.words("reviewed"),
        unreviewed=whole.words("unreviewed"),
    )
    whole.done()
    return found


def _section(record: Record) -> Section:
    lines = tuple(_line(line) for line in record.records("lines"))
    found = Section(record.string("key"), record.words("heading"), lines)
    record.done()
    return found


def _line(record: Record) -> Line:
    found = Line(record.words("text"), record.strings("sources", default=()), record.flag("about_child"))
    require_sources(found.sources, record=record)
    record.done()
    return found
