"""Facts for the rules, each with where it came from. Pure: entries and answers in, facts out.

A fact that nobody stated is absent, so the rule that needs it says unknown. Of two statements the newer one counts;
at the same moment the clinic's.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from firstlight.journey.eligibility.limits import limits
from firstlight.journey.eligibility.lists import Choice, lists
from firstlight.journey.eligibility.models import Kind

# A problem of the list that only takes part in another fact.
PARTS = {"bipolar", "sleep_apnoea", "other"}
BMI_LIMIT = 30


@dataclass(frozen=True, slots=True)
class Statement:
    """One baseline entry as the merging sees it."""

    kind: str
    value: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: `origin` is baseline, record, health (its questions), screen (ASQ), mdq, effects or asked (by a person)."""

    name: str
    value: Any
    origin: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A "yes" or "not sure" to a question about several things: it proves none of them, and a person asks.

    `since`: when it was said first, of the same answers in a row. `known_at`: from when somebody could know it.
    """

    origin: str
    since: datetime
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one parent at one moment, by name. `to_ask`: facts that an answer left open for a person.

    `lapsed`: of these, what was answered with no so long ago that it is asked again, with the day of that answer. `doubts`: what
    an answer left open, as far as nothing newer says yes or no.
    """

    known: Mapping[str, Fact]
    to_ask: tuple[str, ...] = ()
    lapsed: Mapping[str, datetime] = field(default_factory=dict)
    doubts: Mapping[str, Doubt] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """Return what clinical.protocols.assess takes."""
        return {name: fact.value for name, fact in self.known.items()}


def merge(
    groups: Iterable[Iterable[Fact]],
    to_ask: Sequence[str] = (),
    lapsed: Mapping[str, datetime] | None = None,
    doubts: Mapping[str, Doubt] | None = None,
) -> Facts:
    """Join facts from several origins, newest first; a later group wins at the same moment.

    A "no" that is older than a doubt about the same says nothing any more.
    """
    known: dict[str, Fact] = {}
    for fact in (fact for group in groups for fact in group):
        held = known.get(fact.name)
        if held is None or held.at is None or (fact.at is not None and fact.at >= held.at):
            known[fact.name] = fact
    doubts = doubts or {}
    known = {name: fact for name, fact in known.items() if name not in doubts or not _is_doubted(fact, doubts[name])}
    open_ones = tuple(dict.fromkeys(name for name in to_ask if name not in known))
    return Facts(
        known,
        open_ones,
        lapsed={name: at for name, at in (lapsed or {}).items() if name not in known},
        doubts={name: doubt for name, doubt in doubts.items() if name not in known},
    )


def _is_doubted(fact: Fact, doubt: Doubt) -> bool:
    return fact.value is False and (fact.at is None or fact.at < doubt.since)


def still_lifting(known: Mapping[str, Fact], lifts: Mapping[str, Collection[str]]) -> dict[str, Fact]:
    """Leave out what lifts a rule where something that the rule rests on was stated after it: it was not about that.

    `lifts`: by the name of a fact that lifts, the facts of the rules that it lifts.
    """
    return {
        name: fact
        for name, fact in known.items()
        if not any(_is_after(known.get(stated), fact) for stated in lifts.get(name, ()))
    }


def _is_after(stated: Fact | None, lift: Fact) -> bool:
    if stated is None or stated.value is not True or stated.at is None or lift.at is None:
        return False
    return stated.at > lift.at


def yes_stands(groups: Sequence[Sequence[Fact]], names: Collection[str]) -> list[list[Fact]]:
    """Leave out of each group a no of these facts where another group holds a yes.

    A list without an entry, a talk without a sign and a negative screen clear nothing that was said elsewhere.
    """
    yes = [{fact.name for fact in group if fact.value is True and fact.name in names} for group in groups]
    others = [set().union(*yes[:place], *yes[place + 1 :]) for place in range(len(groups))]
    return [
        [fact for fact in group if not (fact.value is False and fact.name in held)]
        for group, held in zip(groups, others, strict=True)
    ]


def baseline_facts(statements: Sequence[Statement], here: datetime) -> list[Fact]:
    """Facts from what the clinic entered; withdrawn and amended entries are left out by the caller.

    `here` is the present in the clinic's zone: a test counts for whole days of the clinic's calendar.
    """
    by_kind: dict[str, list[Statement]] = {}
    for statement in sorted(statements, key=lambda one: one.at):
        by_kind.setdefault(statement.kind, []).append(statement)
    found: list[Fact] = []
    for facts_of in (_problems, _medicines, _allergies, _indication, _measures, _obstetric, _others):
        found += facts_of(by_kind, here)
    return found


def _fact(name: str, value: Any, at: datetime) -> Fact:
    return Fact(name, value, "baseline", at)


Found = Mapping[str, list[Statement]]


def _split(by_kind: Found, kind: Kind) -> tuple[list[Statement], datetime | None]:
    """Return a list's entries, and when somebody last said that there is nothing else."""
    entries = [one for one in by_kind.get(kind, []) if not one.value.get("nothing_else")]
    closed = [one.at for one in by_kind.get(kind, []) if one.value.get("nothing_else")]
    return entries, closed[-1] if closed else None


def _listed(names: Iterable[str], present: Mapping[str, datetime], closed_at: datetime | None) -> list[Fact]:
    found = []
    for name in names:
        if name in present:
            found.append(_fact(name, True, present[name]))
        elif closed_at is not None:
            found.append(_fact(name, False, closed_at))
    return found


def _problems(by_kind: Found, now: datetime) -> list[Fact]:
    entries, closed_at = _split(by_kind, Kind.PROBLEM)
    present = {one.value["problem"]: one.at for one in entries}
    names = [choice.key for choice in lists()["problems"] if choice.key not in PARTS]
    return (
        _listed(names, present, closed_at)
        + _bipolar(by_kind, present, closed_at)
        + _airway(by_kind, present, closed_at)
    )


def _bipolar(by_kind: Found, present: Mapping[str, datetime], closed_at: datetime | None) -> list[Fact]:
    name = "bipolar_without_stabiliser"
    if "bipolar" not in present:
        return _listed([name], {}, closed_at)
    medicines, medicines_closed_at = _split(by_kind, Kind.MEDICINE)
    stabilisers = [one for one in medicines if _group(one).stabiliser]
    if stabilisers:
        return [_fact(name, False, stabilisers[-1].at)]
    return [_fact(name, True, medicines_closed_at)] if medicines_closed_at else []


def _airway(by_kind: Found, present: Mapping[str, datetime], closed_at: datetime | None) -> list[Fact]:
    name = "osa_or_bmi_30"
    if "sleep_apnoea" in present:
        return [_fact(name, True, present["sleep_apnoea"])]
    weights, heights = by_kind.get(Kind.WEIGHT, []), by_kind.get(Kind.HEIGHT, [])
    if not weights or not heights:
        return []
    height_cm = heights[-1].value["height_cm"]
    heavy = weights[-1].value["weight_g"] * 10 >= BMI_LIMIT * height_cm * height_cm
    if heavy:
        return [_fact(name, True, weights[-1].at)]
    return [_fact(name, False, closed_at)] if closed_at else []


def _group(medicine: Statement) -> Choice:
    return next(choice for choice in lists()["medicines"] if choice.key == medicine.value["group"])


def _medicines(by_kind: Found, now: datetime) -> list[Fact]:
    entries, closed_at = _split(by_kind, Kind.MEDICINE)
    present = {one.value["group"]: one.at for one in entries}
    depressants = [one for one in entries if _group(one).depressant]
    if depressants:
        present["opioid_or_cns_depressant"] = depressants[-1].at
        if len(depressants) > 1 or any(one.value["within_24h"] for one in depressants):
            present["cns_depressants_two_or_same_day"] = depressants[-1].at
    recent = [one for one in entries if one.value["group"] == "ergot_bromocriptine" and one.value["within_24h"]]
    if recent:
        present["ergot_bromocriptine_24h"] = recent[-1].at
    derived = ("opioid_or_cns_depressant", "cns_depressants_two_or_same_day", "ergot_bromocriptine_24h")
    return _listed((*(choice.key for choice in lists()["medicines"]), *derived), present, closed_at)


def _allergies(by_kind: Found, now: datetime) -> list[Fact]:
    entries, closed_at = _split(by_kind, Kind.ALLERGY)
    reactions = [one.at for one in entries if one.value["group"] == "ketamine"]
    return _listed(["hypersensitivity"], {"hypersensitivity": reactions[-1]} if reactions else {}, closed_at)


def _indication(by_kind: Found, now: datetime) -> list[Fact]:
    indications, trials = by_kind.get(Kind.INDICATION, []), by_kind.get(Kind.TREATMENT_TRIAL, [])
    documented = [
        ("indication_documented", indications),
        ("severity_documented", indications),
        ("treatment_history_documented", trials),
    ]
    return [_fact(name, bool(entries), entries[-1].at if entries else now) for name, entries in documented]


def _measures(by_kind: Found, now: datetime) -> list[Fact]:
    found = []
    if weights := by_kind.get(Kind.WEIGHT):
        found.append(_fact("weight_g", weights[-1].value["weight_g"], weights[-1].at))
    if heights := by_kind.get(Kind.HEIGHT):
        found.append(_fact("height_cm", heights[-1].value["height_cm"], heights[-1].at))
    if pressures := by_kind.get(Kind.BLOOD_PRESSURE):
        newest = pressures[-1]
        if now - newest.at <= timedelta(days=limits().blood_pressure_counts_days):
            found += [_fact(name, newest.value[name], newest.at) for name in ("sbp", "dbp")]
    return found


def _obstetric(by_kind: Found, now: datetime) -> list[Fact]:
    found = []
    if tests := by_kind.get(Kind.PREGNANCY_TEST):
        found += _pregnancy(tests[-1], now)
    if histories := by_kind.get(Kind.OBSTETRIC):
        value, at = histories[-1].value, histories[-1].at
        found.append(_fact("hypertensive_disorder_this_pregnancy", value["hypertensive_disorder"], at))
        found += [_fact(name, value[name], at) for name in ("preeclampsia_this_pregnancy", "preeclampsia_current")]
        found.append(_fact("obstetric_clearance", value["clearance"], at))
        found += [_fact(choice.key, choice.key in value["symptoms"], at) for choice in lists()["symptoms"]]
    if feedings := by_kind.get(Kind.BREASTFEEDING):
        found.append(_fact("breastfeeding", feedings[-1].value["breastfeeding"], feedings[-1].at))
    return found


def _pregnancy(test: Statement, here: datetime) -> list[Fact]:
    result = test.value["result"]
    if result == "cannot":
        return [_fact("can_be_pregnant", False, test.at)]
    found = [_fact("can_be_pregnant", True, test.at)]
    taken = date.fromisoformat(test.value["test_date"])
    if result == "positive" or (here.date() - taken).days <= limits().pregnancy_test_counts_days:
        found.append(_fact("pregnancy", result == "positive", test.at))
    return found


def _others(by_kind: Found, now: datetime) -> list[Fact]:
    tests = {one.value["test"]: one for one in by_kind.get(Kind.LABORATORY, [])}
    found = [_fact("tsh_known", "tsh" in tests, tests["tsh"].at if "tsh" in tests else now)]
    if "liver_enzymes" in tests:
        found.append(_fact("liver_enzymes_raised", tests["liver_enzymes"].value["raised"], tests["liver_enzymes"].at))
    found += [_fact(one.value["clearance"], True, one.at) for one in by_kind.get(Kind.CLEARANCE, [])]
    return found
