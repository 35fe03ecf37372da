"""What makes a definition wrong even though each of its fields can be read."""

from firstlight.clinical.evidence import Record
from firstlight.clinical.instruments.definitions import Instrument, Scoring, Tier


def proofread(instrument: Instrument, record: Record) -> None:
    """Raise DataError for a definition that contradicts itself."""
    _keys(instrument, record)
    _bands(instrument, record)
    if (instrument.scoring is Scoring.OUTCOME) != bool(instrument.outcomes):
        raise record.error("outcomes belong to scoring: outcome")
    if instrument.outcomes and instrument.outcomes[-1].condition is not None:
        raise record.error("the last outcome must have no condition")
    if instrument.tier is Tier.A and len(instrument.wording_checked) < 2:
        raise record.error("published wording must have been checked in two places")


def _keys(instrument: Instrument, record: Record) -> None:
    keys = [item.key for item in instrument.items]
    if not keys or len(set(keys)) != len(keys):
        raise record.error("items need different keys")
    for item in instrument.items:
        if len(item.options) < 2 or len(set(item.values)) != len(item.values):
            raise record.error(f"{item.key} needs two or more options with different values")
    conditions = [item.asked_when for item in instrument.items]
    conditions += [rule.condition for rule in instrument.safety]
    conditions += [outcome.condition for outcome in instrument.outcomes]
    unknown = {key for condition in conditions if condition for key in condition.any_of} - set(keys)
    if unknown:
        raise record.error(f"there is no item {', '.join(sorted(unknown))}")


def _bands(instrument: Instrument, record: Record) -> None:
    if not instrument.bands:
        return
    highest = instrument.max
    expected = 0
    for band in instrument.bands:
        if band.least != expected or band.most < band.least:
            raise record.error(f"a band begins at {band.least}; it should begin at {expected}")
        expected = band.most + 1
    if highest is None or expected != highest + 1:
        raise record.error(f"the bands end at {expected - 1}, the scores at {highest}")
