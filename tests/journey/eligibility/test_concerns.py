"""Each person is asked what concerns her or him; what cannot concern somebody does not apply, and is never a gap."""

from datetime import timedelta

import pytest
from django_scopes import scope

from firstlight.clinical.instruments import instrument
from firstlight.clinical.protocols import assess
from firstlight.ground.people.models import Loss
from firstlight.ground.people.selectors import parent_actor
from firstlight.ground.people.services import amend_details
from firstlight.journey.eligibility.facts import Facts
from firstlight.journey.eligibility.selectors import facts_for
from firstlight.journey.eligibility.services import record_baseline
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.services import complete, skip
from tests.cast import NOW, House
from tests.journey.screening.telling import answer_all, first_set, own_first_set

MINUTE = timedelta(minutes=1)


def answered(house: House, question_set: QuestionSet) -> Facts:
    """Answer calmly and send; return the facts two minutes later."""
    answer_all(house, question_set)
    with scope(clinic=house.clinic.id):
        complete(question_set=question_set, by=parent_actor(question_set.parent), at=NOW + MINUTE)
        return facts_for(question_set.parent_id, NOW + 2 * MINUTE)


BIRTH_RULES = {
    *("pregnancy", "preeclampsia_eclampsia", "hdp_this_pregnancy", "peripartum_cardiomyopathy"),
    *("infant_preterm_or_under_8wk_breastfed", "tsh_missing_postpartum_12m", "postpartum_warning_symptoms"),
}


ABOUT_A_BIRTH = BIRTH_RULES - {"pregnancy", "infant_preterm_or_under_8wk_breastfed"}


def states(facts: Facts) -> dict[str, str]:
    """Return the state of the rules about birth, pregnancy and milk."""
    return {result.id: result.state for result in assess(facts.values, NOW) if result.id in BIRTH_RULES}


@pytest.mark.parametrize("relation", ["mother", "unknown"])
def test_birth_that_nobody_wrote_down_stays_unknown(house: House, relation: str) -> None:
    house.mother.relation = relation
    house.mother.gave_birth_date = None
    house.mother.save()

    with scope(clinic=house.clinic.id):
        facts = facts_for(house.mother.id, NOW)

    assert "gave_birth" not in facts.values
    assert {states(facts)[rule] for rule in ABOUT_A_BIRTH} == {"unknown"}


def test_birth_of_long_ago_asks_for_nothing_of_the_first_year(house: House) -> None:
    with scope(clinic=house.clinic.id):
        long_ago = {"gave_birth_date": NOW.date() - timedelta(days=9 * 365)}
        amend_details(parent=house.mother, by=house.actor("nurse"), at=NOW, **long_ago)
        found = states(facts_for(house.mother.id, NOW))

    for rule in ("hdp_this_pregnancy", "postpartum_warning_symptoms", "tsh_missing_postpartum_12m"):
        assert found[rule] == "clear"


def test_question_that_she_passes_over_is_left_to_a_person(house: House) -> None:
    asked = first_set(house)
    with scope(clinic=house.clinic.id):
        for item in ("health-10:heart", "health-10:mind"):
            skip(question_set=asked, item=item, by=parent_actor(house.mother), at=NOW)
    answer_all(house, asked)
    with scope(clinic=house.clinic.id):
        complete(question_set=asked, by=parent_actor(house.mother), at=NOW + MINUTE)
        facts = facts_for(house.mother.id, NOW + 2 * MINUTE)

    feeds = {item.key: item.feeds for item in instrument("health-10").items}
    assert set(facts.to_ask) == {*feeds["heart"].clears, *feeds["heart"].ask, *feeds["mind"].ask}
    assert "active_psychosis" in facts.to_ask


def test_rules_about_birth_and_milk_do_not_apply_to_a_father_and_nothing_is_left_to_ask(house: House) -> None:
    facts = answered(house, own_first_set(house, house.father))

    assert set(states(facts).values()) == {"not_applicable"}
    assert facts.to_ask == ()


def test_partner_whose_record_is_silent_is_asked_about_pregnancy_by_a_person(house: House) -> None:
    house.father.relation = "partner"
    house.father.save()

    facts = answered(house, own_first_set(house, house.father))

    assert facts.to_ask == ("pregnancy", "breastfeeding")
    assert {rule for rule, state in states(facts).items() if state == "unknown"} == {
        *("pregnancy", "infant_preterm_or_under_8wk_breastfed"),
    }


def test_clinic_settles_that_a_partner_cannot_be_pregnant(house: House) -> None:
    house.father.relation = "partner"
    house.father.save()
    answers = own_first_set(house, house.father)
    with scope(clinic=house.clinic.id):
        for kind, value in (("pregnancy_test", {"result": "cannot"}), ("breastfeeding", {"breastfeeding": False})):
            record_baseline(parent=house.father, kind=kind, value=value, by=house.actor("prescriber"), at=NOW)

    facts = answered(house, answers)

    assert set(states(facts).values()) == {"not_applicable"}


def test_bereaved_mother_is_asked_nothing_about_a_birth_and_a_person_asks_what_matters(house: House) -> None:
    question_set = first_set(house)
    with scope(clinic=house.clinic.id):
        Loss.objects.create(
            clinic=house.clinic, family=house.mother.family, recorded_at=NOW, recorded_by=house.nurse.account
        )

    facts = answered(house, question_set)

    assert {"pregnancy", "preeclampsia_current", "hypertensive_disorder_this_pregnancy"} <= set(facts.to_ask)
    assert states(facts)["preeclampsia_eclampsia"] == "unknown"
    assert states(facts)["infant_preterm_or_under_8wk_breastfed"] == "not_applicable"
