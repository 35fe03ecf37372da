"""Is a charted value out of the plan's range? Rules on typed values; nothing here watches a person.

Sources: clinical-rules of the project (practice-level limits; Mhyre 2014, doi 10.1097/AOG.0000000000000480, for the single
triggers after a birth). Every limit is data: data/vitals.yaml.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from firstlight.clinical.evidence import Words, data_file, text
from firstlight.clinical.quantities import Reading, possible

DEFAULT = "default"
POSTPARTUM = "postpartum_6wk"
PROFILES = (DEFAULT, POSTPARTUM)
LEVELS = ("warn", "act", "emergency")

History = Sequence[tuple[datetime, Mapping[str, int]]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One value out of range: the rule, its level, and when to read again (minutes; None when not asked)."""

    kind: str
    rule: str
    level: str
    value: int
    limit: int
    recheck_minutes: int | None
    tag: str
    sources: tuple[str, ...]

    def sentence(self, language: str = "en") -> str:
        """The rule in words."""
        return sentence(self.rule, self.limit, self.recheck_minutes, language)

    def steps(self, language: str = "en") -> tuple[str, ...]:
        """What to do, in order. No medicine is named: the clinic's own protocol does that."""
        return steps(self.rule, self.level, language)


@cache
def _data() -> dict[str, Any]:
    content: dict[str, Any] = data_file("firstlight.clinical.protocols", "data/vitals.yaml")
    return content


def sentence(rule: str, limit: int, recheck_minutes: int | None, language: str = "en") -> str:
    """A rule's words with its figures. `rule` is the part of a finding's rule after the last colon."""
    words: Words = _data()["sentences"][rule.rsplit(":", maxsplit=1)[-1]]
    return text(words, language).format(limit=limit, recheck=recheck_minutes or "")


def steps(rule: str, level: str, language: str = "en") -> tuple[str, ...]:
    """The steps of a rule, or of its level where the rule has none of its own."""
    listed = _data()["steps"]
    return tuple(text(words, language) for words in listed.get(rule.rsplit(":", maxsplit=1)[-1], listed[level]))


def limits(kind: str) -> Mapping[str, Any]:
    """The limits of one kind of value in the default profile, with tag and sources."""
    found: Mapping[str, Any] = _data()["limits"].get(kind, {})
    return found


def findings(profile: str, values: Mapping[str, int], history: History, at: datetime) -> tuple[Finding, ...]:
    """Everything out of range in one set of values: at most one finding a kind, the gravest.

    `history` holds earlier sets (moment, values) in order of time. Of two equally grave findings the postpartum one
    counts. Raises KeyError for an unknown profile, QuantityError for an unknown kind or an impossible value.
    """
    if profile not in PROFILES:
        raise KeyError(profile)
    found: dict[str, Finding] = {}
    for kind, value in values.items():
        possible(kind, value)
        earlier = [(moment, row[kind]) for moment, row in history if kind in row and moment < at]
        candidates = _postpartum(kind, value, earlier, at) if profile == POSTPARTUM else []
        candidates += _default(kind, value, earlier, at)
        if candidates:
            found[kind] = max(candidates, key=lambda finding: LEVELS.index(finding.level))
    return tuple(found.values())


def check(profile: str, reading: Reading, previous: Sequence[Reading] = ()) -> Finding | None:
    """One reading alone, with the earlier ones of its kind in order of time; None when it is in the plan's range."""
    history = [(earlier.at, {earlier.kind: earlier.value}) for earlier in previous]
    found = findings(profile, {reading.kind: reading.value}, history, reading.at)
    return found[0] if found else None


def _beyond(limit: Mapping[str, Any], name: str, value: int) -> bool:
    if name not in limit:
        return False
    edge: int = limit[name]
    if value == edge:
        return name in limit.get("inclusive", ())
    return value > edge if name.endswith("_hi") else value < edge


def _default(kind: str, value: int, earlier: list[tuple[datetime, int]], at: datetime) -> list[Finding]:
    limit = limits(kind)
    for name, level in (("single_hi", "act"), ("emergency_lo", "emergency"), ("act_lo", "act")):
        if _beyond(limit, name, value):
            return [_finding(kind, _rule(limit, name), level, value, limit, limit[name], None)]
    if _beyond(limit, "act_hi", value):
        return [_act_hi(kind, value, limit, earlier, at)]
    for name in ("warn_hi", "warn_lo"):
        if _beyond(limit, name, value):
            return [_finding(kind, _rule(limit, name), "warn", value, limit, limit[name], _data()["recheck_minutes"])]
    return []


def _rule(limit: Mapping[str, Any], name: str) -> str:
    return f"{name}_inclusive" if name in limit.get("inclusive", ()) else name


def _act_hi(
    kind: str, value: int, limit: Mapping[str, Any], earlier: list[tuple[datetime, int]], at: datetime
) -> Finding:
    minutes: int | None = limit.get("confirm_minutes")
    if minutes is None:
        return _finding(kind, "act_hi_at_once", "act", value, limit, limit["act_hi"], None)
    if _stayed(earlier, at, timedelta(minutes=minutes), lambda before: before > limit["act_hi"]):
        return _finding(kind, "act_hi", "act", value, limit, limit["act_hi"], minutes)
    return _finding(kind, "unconfirmed", "warn", value, limit, limit["act_hi"], minutes)


def _stayed(earlier: list[tuple[datetime, int]], at: datetime, least: timedelta, beyond: Any) -> bool:
    """Tell whether the readings before `at`, back without a break, were beyond a limit, the first at least so long ago."""
    first: datetime | None = None
    for moment, value in reversed(earlier):
        if not beyond(value):
            break
        first = moment
    return first is not None and at - first >= least


def _postpartum(kind: str, value: int, earlier: list[tuple[datetime, int]], at: datetime) -> list[Finding]:
    rules = _data()["postpartum_6wk"]
    single = rules["single_trigger"]
    found = [
        _finding(kind, "mewc:single_trigger", "act", value, single, single[kind][name], None)
        for name in ("act_hi", "act_lo")
        if _beyond(single.get(kind, {}), name, value)
    ]
    severe = rules["severe_pressure"]
    if kind in severe and value >= severe[kind]:
        lasting = timedelta(minutes=severe["persistent_minutes"])
        persistent = _stayed(earlier, at, lasting, lambda before: before >= severe[kind])
        rule, level = ("severe_persistent", "emergency") if persistent else ("severe", "act")
        minutes = severe["persistent_minutes"] if persistent else severe["recheck_minutes"]
        found.insert(0, _finding(kind, rule, level, value, severe, severe[kind], minutes))
    return found


def symptoms() -> tuple[str, ...]:
    """The symptoms that make a raised pressure an emergency."""
    return tuple(_data()["symptoms"]["kinds"])


def symptom_finding(symptom: str, latest: Mapping[str, int]) -> Finding | None:
    """A warning symptom while the last pressure was raised; None when either is missing."""
    rule = _data()["symptoms"]
    raised = latest.get("sbp", 0) > rule["sbp_above"] or latest.get("dbp", 0) > rule["dbp_above"]
    if symptom not in rule["kinds"] or not raised:
        return None
    return _finding("sbp", "symptom", "emergency", latest.get("sbp", 0), rule, rule["sbp_above"], None)


def _finding(
    kind: str, rule: str, level: str, value: int, basis: Mapping[str, Any], limit: int, recheck: int | None
) -> Finding:
    return Finding(kind, rule, level, value, limit, recheck, basis["tag"], tuple(basis["sources"]))
