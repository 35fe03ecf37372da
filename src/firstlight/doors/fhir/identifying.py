"""Which of our instruments a Questionnaire is."""

import re
from collections.abc import Iterable, Sequence

from firstlight.clinical.instruments import Instrument, instruments
from firstlight.doors.fhir.positions import NotReadable, Problem
from firstlight.doors.fhir.shapes import Coding, Form

OURS = "urn:firstlight:instrument"
CHOOSE = "choose it (on the command line with --as)"


def identify(form: Form, *, named: str = "") -> tuple[Instrument, str]:
    """Return the instrument, and by what it was known: code, name, or said so. Raises NotReadable, also for a contradiction."""
    coded, told = _by_codes(form.codings), _by_names(form.names)
    strange = strange_codings(form)
    if strange and not named:
        raise NotReadable(*(_not_known(coding, coded, told) for coding in strange))
    if named:
        return _chosen(form, named, coded, told), "said"
    if len({definition.name for definition, _ in coded}) > 1:
        raise NotReadable(coded[-1][1].place.problem("the codes name more than one instrument"))
    if coded:
        definition, coding = coded[0]
        if told and definition not in told:
            message = f"{coding.code} is the code of {definition.name}, but the file is named like {told[0].name}"
            raise NotReadable(coding.place.problem(message))
        return definition, "code"
    if not told:
        raise NotReadable(form.root.problem(f"no code and no name says which instrument this is; {CHOOSE}"))
    return _longest(told, form), "name"


def _chosen(
    form: Form, named: str, coded: Sequence[tuple[Instrument, Coding]], told: Sequence[Instrument]
) -> Instrument:
    """Return the instrument that somebody named. Raises NotReadable where the file says that it is another one."""
    chosen = instruments().get(named.lower())
    if chosen is None:
        raise NotReadable(form.root.problem(f"there is no instrument {named}; there are {', '.join(instruments())}"))
    for definition, coding in coded:
        if definition.name != chosen.name:
            raise NotReadable(
                coding.place.problem(f"{coding.code} is the code of {definition.name}, not of {chosen.name}")
            )
    if told and not coded and chosen not in told:
        raise NotReadable(form.root.problem(f"the file is named like {told[0].name}, not like {chosen.name}"))
    return chosen


def strange_codings(form: Form) -> list[Coding]:
    """Return LOINC codes of the whole form that are those of no instrument here: of a variant, or of something else."""
    known = {coding.place.path for _definition, coding in _by_codes(form.codings)}
    return [coding for coding in form.codings if coding.is_loinc and coding.place.path not in known]


def _not_known(coding: Coding, coded: Sequence[tuple[Instrument, Coding]], told: Sequence[Instrument]) -> Problem:
    alike = coded[0][0] if coded else (told[0] if told else None)
    known = alike.codes.get("panel") if alike else None
    said = f"{coding.code} is the code of no questionnaire that is known here"
    if alike is None:
        return coding.place.problem(f"{said}; if it is one of them all the same, {CHOOSE}")
    own = f", whose code is {known}" if known else ""
    return coding.place.problem(f"{said}; if this is {alike.name}{own}, and no variant of it, {CHOOSE}")


def _by_codes(codings: Iterable[Coding]) -> list[tuple[Instrument, Coding]]:
    """Return the instruments whose panel code stands here, or whose total code, which some files put in its place."""
    found = []
    for coding in codings:
        for definition in instruments().values():
            own = {definition.codes.get("panel"), definition.codes.get("total")}
            if (coding.is_loinc and coding.code in own) or (coding.system, coding.code) == (OURS, definition.name):
                found.append((definition, coding))
    return found


def _by_names(names: Iterable[str]) -> list[Instrument]:
    """Return the instruments that the first telling name names."""
    for name in names:
        found = [definition for definition in instruments().values() if _names(definition, name)]
        if found:
            return found
    return []


def _longest(told: list[Instrument], form: Form) -> Instrument:
    """Return the one with the longest name: what is called cadss-6 is not cadss."""
    most = max(len(_plain(definition.name)) for definition in told)
    found = [definition for definition in told if len(_plain(definition.name)) == most]
    if len(found) > 1:
        candidates = ", ".join(definition.name for definition in found)
        raise NotReadable(form.root.problem(f"this could be {candidates}; {CHOOSE}"))
    return found[0]


def is_name_of(definition: Instrument, said: str) -> bool:
    """Tell whether a text is nothing but the name or the title of an instrument: a heading, and no instruction."""
    title = definition.title["en"]
    own = {definition.name, title, title.partition("(")[0], title.partition("(")[2]}
    return _plain(said) != "" and _plain(said) in {_plain(one) for one in own}


def _names(definition: Instrument, name: str) -> bool:
    own, parts = _plain(definition.name), definition.name.split("-")
    title = re.sub(r"\(.*", "", definition.title["en"]).strip().lower()
    if title in name.lower():
        return True
    if own.isalpha():
        return re.search(rf"(?<![a-z0-9]){'[^a-z0-9]*'.join(parts)}(?![a-z0-9])", name.lower()) is not None
    return re.search(rf"{own}(?![0-9])", _plain(name)) is not None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
