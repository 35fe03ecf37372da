"""The prescriber's decision: blocks need facts, reviews need words."""

from datetime import timedelta

import pytest
from django_scopes import scope

from firstlight.ground.people.errors import Refused
from firstlight.journey.eligibility import services
from firstlight.journey.eligibility.selectors import decision_of, outcomes_of
from tests.cast import NOW, House


def test_smoke(house: House) -> None:
    with scope(clinic=house.clinic.id):
        by = house.actor("prescriber")
        services.record_baseline(parent=house.mother, kind="weight", value={"weight_g": 70_000}, by=by, at=NOW)
        assessment = services.assess_now(episode=house.episode, by=by, at=NOW + timedelta(minutes=1))
        assert outcomes_of(assessment)
        with pytest.raises(Refused) as refused:
            services.decide(
                assessment=assessment, outcome="suitable", reason="fits", by=by, at=NOW + timedelta(minutes=2)
            )
        services.decide(
            assessment=assessment, outcome="not_now", reason="more facts", by=by, at=NOW + timedelta(minutes=2)
        )
        assert decision_of(house.episode).outcome == "not_now"
