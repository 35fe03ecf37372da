"""What a clinician noted when she asked about high mood and psychosis."""

from firstlight.clinical.instruments import HealthFacts, instrument, stated_facts
from firstlight.ground.people.models import Parent
from firstlight.journey.screening.selectors import Scored

MIND = "mind-talk"


def mind_said(latest: Scored, parent: Parent) -> HealthFacts:
    """Return what one talk says to the rules. What was left out stays open."""
    definition, silent = instrument(MIND), parent.family.silent_about_baby
    concerned = [item.key for item in definition.items if not (silent and item.about_child)]
    answers = {reply.item: reply.value for reply in latest.answers}
    return stated_facts(definition, answers, concerned=concerned)
