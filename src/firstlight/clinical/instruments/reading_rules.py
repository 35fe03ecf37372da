"""The rules of a data file, read field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from firstlight.clinical.evidence import Record, Tag, require_sources
from firstlight.clinical.instruments.definitions import Item
from firstlight.clinical.instruments.rules import (
    Band,
    Basis,
    Condition,
    Cut,
    Finding,
    ImportantDifference,
    InMothers,
    Outcome,
    ReliableChange,
    SafetyRule,
    Subscale,
    Total,
)


def read_sources(record: Record) -> tuple[str, ...]:
    """The sources that a record names; each must be in the registry."""
    keys = record.strings("sources", default=())
    require_sources(keys, record=record)
    return keys


def read_basis(record: Record) -> Basis:
    """The sources, tag and note of a record that holds more than these."""
    return Basis(sources=read_sources(record), tag=record.choice("tag", Tag), note=record.string("note", ""))


def read_in_mothers(parent: Record) -> InMothers | None:
    """What is said of a result that is read against values found in mothers, or None."""
    record = parent.optional_record("in_mothers")
    if record is None:
        return None
    found = InMothers(record.words("says"), read_basis(record))
    record.done()
    return found


def read_condition(record: Record) -> Condition:
    """One condition; what else its record holds stays for the caller."""
    except_at = record.mapping("except_at")
    if not all(isinstance(value, int) for value in except_at.values()):
        raise record.error("except_at needs whole numbers by item")
    return Condition(
        any_of=record.strings("any_of"),
        at_least=record.integer("at_least"),
        how_many=record.integer("how_many", 1),
        no_more_than=record.optional_integer("no_more_than"),
        except_at=MappingProxyType(except_at),
    )


def read_only_condition(record: Record) -> Condition:
    """A record that is one condition and nothing else."""
    condition = read_condition(record)
    record.done()
    return condition


def read_total(record: Record, items: Mapping[str, Item]) -> Total:
    """A rule of adding up these items; what else its record holds stays for the caller."""
    keys = record.strings("items", default=())
    groups = tuple(_group(entry) for entry in record.records("highest_of"))
    total = total_of(record, items, keys, groups, times=record.integer("times", 1), percent=record.flag("percent"))
    return _recoded(record, items, replace(total, prorates=record.flag("prorates")))


def total_of(
    record: Record,
    items: Mapping[str, Item],
    keys: tuple[str, ...],
    groups: tuple[tuple[str, ...], ...] = (),
    *,
    times: int = 1,
    percent: bool = False,
) -> Total:
    """A rule of adding up, with its ends. An item that is not always asked may add nothing."""
    counted = [*keys, *(key for group in groups for key in group)]
    unknown = set(counted) - set(items)
    if unknown:
        raise record.error(f"there is no item {', '.join(sorted(unknown))}")
    least = {key: 0 if items[key].asked_when else min(items[key].values) for key in counted}
    most = {key: items[key].highest for key in counted}
    if percent:
        return Total(keys, groups, times, percent, 0, 100)
    return Total(keys, groups, times, percent, times * _end(least, keys, groups), times * _end(most, keys, groups))


def _recoded(record: Record, items: Mapping[str, Item], total: Total) -> Total:
    """The same total where values count otherwise: `recoded` says what, lowest value first, by the number of values."""
    weights = {str(number): counts for number, counts in record.mapping("recoded").items()}
    if not weights:
        return total
    worth: dict[str, Mapping[int, float]] = {}
    for key in total.items:
        values = sorted(items[key].values)
        counts = weights.get(str(len(values)), values)
        if len(counts) != len(values) or not all(isinstance(one, (int, float)) for one in counts):
            raise record.error(f"recoded says what each of {len(values)} values counts")
        worth[key] = MappingProxyType(dict(zip(values, counts, strict=True)))
    least, most = (sum(end(one.values()) for one in worth.values()) for end in (min, max))
    if least != int(least) or most != int(most):
        raise record.error("a recoded total has whole ends")
    return replace(total, least=int(least), most=int(most), worth=MappingProxyType(worth))


def _end(values: Mapping[str, int], keys: Sequence[str], groups: Sequence[Sequence[str]]) -> int:
    return sum(values[key] for key in keys) + sum(max(values[key] for key in group) for group in groups)


def read_subscale(record: Record, items: Mapping[str, Item]) -> Subscale:
    subscale = Subscale(
        name=record.string("name"),
        title=record.words("title"),
        total=read_total(record, items),
        cut_off=read_cut(record, "cut_off"),
        basis=read_basis(record),
    )
    record.done()
    return subscale


def read_finding(record: Record) -> Finding:
    finding = Finding(
        name=record.string("name"),
        label=record.words("label"),
        conditions=tuple(read_only_condition(entry) for entry in record.records("all")),
        basis=read_basis(record),
    )
    record.done()
    if not finding.conditions:
        raise record.error("a finding needs its conditions under all")
    return finding


def read_band(record: Record) -> Band:
    band = Band(least=record.integer("from"), most=record.integer("to"), label=record.words("label"))
    record.done()
    return band


def read_outcome(record: Record) -> Outcome:
    label = record.words("label")
    own = (read_condition(record),) if "any_of" in record.names else ()
    outcome = Outcome(label, (*own, *(read_only_condition(entry) for entry in record.records("all"))))
    record.done()
    return outcome


def read_safety(record: Record) -> SafetyRule:
    rule = SafetyRule(
        rule=record.string("rule"),
        condition=read_condition(record),
        action=record.string("action"),
        level=record.string("level", ""),
        sources=read_sources(record),
        tag=record.choice("tag", Tag),
        note=record.string("note", ""),
        also=tuple(read_only_condition(entry) for entry in record.records("also")),
        quiet=record.flag("quiet"),
    )
    record.done()
    if not rule.level and not rule.quiet:
        raise record.error("a rule without a level of the ladder is quiet")
    return rule


def read_cut(parent: Record, name: str) -> Cut | None:
    record = parent.optional_record(name)
    if record is None:
        return None
    basis = read_basis(record)
    cut = Cut(points=record.integer("points"), sources=basis.sources, tag=basis.tag, note=basis.note)
    record.done()
    return cut


def read_reliable_change(parent: Record) -> ReliableChange | None:
    record = parent.optional_record("reliable_change")
    if record is None:
        return None
    others = tuple(_reliable_change(other) for other in record.records("others"))
    return _reliable_change(record, others)


def _reliable_change(record: Record, others: tuple[ReliableChange, ...] = ()) -> ReliableChange:
    basis = read_basis(record)
    change = ReliableChange(
        published=record.optional_integer("points"),
        sd=record.optional_number("sd"),
        retest_r=record.optional_number("r"),
        population=record.string("population"),
        sources=basis.sources,
        tag=basis.tag,
        note=basis.note,
        others=others,
    )
    record.done()
    return change


def read_important_difference(parent: Record) -> ImportantDifference | None:
    record = parent.optional_record("important_difference")
    if record is None:
        return None
    basis = read_basis(record)
    difference = ImportantDifference(
        better=record.integer("better"),
        worse=record.optional_integer("worse"),
        population=record.string("population"),
        sources=basis.sources,
        tag=basis.tag,
        note=basis.note,
    )
    record.done()
    return difference


def _group(record: Record) -> tuple[str, ...]:
    keys = record.strings("items")
    record.done()
    return keys
