"""What makes a definition wrong even though each of its fields can be read."""

from collections.abc import Iterator

from firstlight.clinical.evidence import Record
from firstlight.clinical.instruments.definitions import Instrument, Scoring, Tier
from firstlight.clinical.instruments.details import check_details
from firstlight.clinical.instruments.rules import Condition, Total


def proofread(instrument: Instrument, record: Record) -> None:
    """Raise DataError for a definition that contradicts itself."""
    _keys(instrument, record)
    _wording(instrument, record)
    _totals(instrument, record)
    _bands(instrument, record)
    _outcomes(instrument, record)
    _change(instrument, record)
    check_details(instrument, record)


def _keys(instrument: Instrument, record: Record) -> None:
    asked = (*instrument.items, *instrument.unscored)
    keys = [item.key for item in asked]
    if not instrument.items or len(set(keys)) != len(keys):
        raise record.error("items need different keys")
    for item in asked:
        if len(item.options) < 2 or len(set(item.values)) != len(item.values):
            raise record.error(f"{item.key} needs two or more options with different values")
    for names in (
        [part.name for part in instrument.subscales],
        [finding.name for finding in instrument.findings],
        [rule.rule for rule in instrument.safety],
    ):
        if len(set(names)) != len(names):
            raise record.error(f"{', '.join(names)} need different names")
    for condition in _conditions(instrument):
        _condition(instrument, condition, record)


def _condition(instrument: Instrument, condition: Condition, record: Record) -> None:
    unknown = {*condition.any_of, *condition.except_at} - set(instrument.by_key)
    if unknown:
        raise record.error(f"there is no item {', '.join(sorted(unknown))}")
    for key in condition.any_of:
        if condition.except_at.get(key, condition.at_least) > instrument.item(key).highest:
            raise record.error(f"{key} never has {condition.at_least}")
    most = len(condition.any_of) if condition.no_more_than is None else condition.no_more_than
    if not 0 <= condition.how_many <= most <= len(condition.any_of) or not condition.any_of:
        raise record.error(f"a condition over {', '.join(condition.any_of)} can never hold")


def _conditions(instrument: Instrument) -> Iterator[Condition]:
    yield from (item.asked_when for item in (*instrument.items, *instrument.unscored) if item.asked_when)
    for rule in instrument.safety:
        yield from (rule.condition, *rule.also)
    for outcome in instrument.outcomes:
        yield from outcome.conditions
    for finding in instrument.findings:
        yield from finding.conditions


def _wording(instrument: Instrument, record: Record) -> None:
    if instrument.licensed:
        if any(item.worded for item in (*instrument.items, *instrument.unscored)) or instrument.stem:
            raise record.error(f"tier {instrument.tier.value} ships no text")
        return
    if not (instrument.worded and all(item.worded for item in instrument.unscored)):
        raise record.error("every item needs its text")
    if instrument.tier is Tier.A and len(instrument.wording_checked) < 2:
        raise record.error("published wording must have been checked in two places")


def _totals(instrument: Instrument, record: Record) -> None:
    if (instrument.scoring is Scoring.SUM) != (instrument.total is not None):
        raise record.error("a total belongs to scoring: sum")
    for total in (instrument.total, *(part.total for part in instrument.subscales)):
        if total is not None:
            _total(total, record)


def _total(total: Total, record: Record) -> None:
    keys = [*total.items, *(key for group in total.highest_of for key in group)]
    if not keys or len(set(keys)) != len(keys):
        raise record.error("a total counts each of its items once")
    if total.times < 1 or (total.percent and (total.times > 1 or total.highest_of)):
        raise record.error("a total is multiplied, or a percentage of plain items")
    if total.worth and (total.times > 1 or total.percent or total.highest_of):
        raise record.error("a recoded total adds up plain items")
    if total.prorates and not total.percent:
        raise record.error("only a percentage counts the answered items alone")


def _bands(instrument: Instrument, record: Record) -> None:
    if not instrument.bands:
        return
    if instrument.min is None or instrument.max is None:
        raise record.error("bands belong to a total")
    expected = instrument.min
    for band in instrument.bands:
        if band.least != expected or band.most < band.least:
            raise record.error(f"a band begins at {band.least}; it should begin at {expected}")
        expected = band.most + 1
    if expected != instrument.max + 1:
        raise record.error(f"the bands end at {expected - 1}, the scores at {instrument.max}")
    if instrument.bands_tag is None:
        raise record.error("bands need a bands_source")


def _outcomes(instrument: Instrument, record: Record) -> None:
    if instrument.in_mothers and not (instrument.bands or instrument.outcomes):
        raise record.error("in_mothers stands where there are bands or outcomes")
    if instrument.outcomes and (instrument.scoring is Scoring.NONE or instrument.bands):
        raise record.error("outcomes stand where there are no bands")
    if instrument.scoring is Scoring.OUTCOME and not instrument.outcomes:
        raise record.error("outcomes belong to scoring: outcome")
    if instrument.outcomes and (
        instrument.outcomes[-1].conditions or not all(one.conditions for one in instrument.outcomes[:-1])
    ):
        raise record.error("the last outcome, and only that, must have no condition")


def _change(instrument: Instrument, record: Record) -> None:
    used = instrument.reliable_change
    for reliable in (used, *used.others) if used else ():
        computed = reliable.sd is not None and reliable.retest_r is not None
        if (reliable.published is not None) == computed:
            raise record.error("a reliable change is published, or computed from sd and r")
        if (computed and not (reliable.sd or 0) > 0) or (computed and not 0 <= (reliable.retest_r or 0) < 1):
            raise record.error("sd is above 0, r from 0 to below 1")
        if not reliable.population.strip():
            raise record.error("a reliable change says in whom it was found")
    if instrument.important_difference and not instrument.important_difference.population.strip():
        raise record.error("an important difference says in whom it was found")
    judged = (used, instrument.important_difference, instrument.response_percent, instrument.remission)
    if any(judged) and instrument.max is None:
        raise record.error("only a total can change")
