"""How strongly an answer asks for help, and whether that had eased since the last time somebody asked."""

from collections.abc import Mapping, Sequence

from firstlight.clinical.instruments import Instrument, SafetyRule, flags
from firstlight.journey.screening.asking import offers_refusal
from firstlight.journey.screening.models import IN_A_SET_THAT_COUNTS, Answer, QuestionSet

NO_ANSWER_GIVEN = 2
"""The value of "I do not want to answer", where that is an answer of its own."""


UNSURE = {"mind-talk": {0: 0, 1: 3, 2: 1}}
"""Where "not sure" has a higher value than "yes" but says less. Above 2, which "not sure" counted as in what was kept before."""


def strength(definition: Instrument, value: int) -> int:
    """Return a number that is higher for an answer that says more. A yes says more than not to answer, or not to be sure."""
    if offers_refusal(definition):
        return 1 if value == NO_ANSWER_GIVEN else 2
    return UNSURE.get(definition.name, {}).get(value, value)


def ever_reached(rule: SafetyRule, values: Mapping[str, Sequence[int]]) -> list[str]:
    """Return the items with which a rule was reached by the values that each ever had, in the rule's order."""
    return list(rule.reached({item: max(given, default=None) for item, given in values.items()}))


def has_eased(question_set: QuestionSet, kept: Answer, definition: Instrument) -> bool:
    """Tell whether the last answer to this question, in an earlier set, no longer asked for help.

    A question that was passed over in between says nothing. Within one set a tap may be a slip, which is no easing.
    """
    earlier = Answer.objects.filter(
        IN_A_SET_THAT_COUNTS,
        question_set__parent_id=question_set.parent_id,
        instrument=kept.instrument,
        item=kept.item,
        value__isnull=False,
        amended_by__isnull=True,
    ).exclude(question_set=question_set)
    last = earlier.order_by("-answered_at", "-id").values_list("value", flat=True).first()
    return last is not None and not flags(definition, {kept.item: last})
