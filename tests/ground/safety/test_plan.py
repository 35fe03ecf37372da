"""The safety plan: written by a clinician, read by her whose it is, each version kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django_scopes import scope, scopes_disabled
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.evidence import sources
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Membership
from firstlight.ground.safety import selectors
from firstlight.ground.safety.models import SafetyPlan
from firstlight.ground.safety.plan_steps import plan_steps
from firstlight.ground.safety.services import write_safety_plan
from tests.cast import NOW, House

HOUR = timedelta(hours=1)
WORDS = {"signs": "I stop answering my sister.", "people": "Ada, +1 518 555 0177"}


@pytest.fixture(autouse=True)
def inside(house: House) -> Any:
    with scope(clinic=house.clinic.id):
        yield


def plan_of(house: House, **more: Any) -> SafetyPlan:
    facts: dict[str, Any] = {"parent": house.mother, "steps": WORDS, "by": house.actor("nurse"), "at": NOW} | more
    return write_safety_plan(**facts)


def test_plan_has_the_six_steps_of_the_method_in_order_and_in_our_words() -> None:
    # clinical-facts section 5: warning signs; internal coping; social distraction; people to ask; professionals; safe home
    assert [step.key for step in plan_steps().steps] == ["signs", "alone", "company", "people", "professionals", "home"]
    assert sources()["SAFETY-PLAN"].tag == "ours"
    assert {key for step in plan_steps().steps for key in step.sources} <= set(sources())
    assert set(plan_steps().sources) <= set(sources())


def test_hint_speaks_of_the_children_and_after_a_loss_of_none() -> None:
    spoken = {step.key: step.hint(silent_about_baby=False) for step in plan_steps().steps}
    silent = [step.hint(silent_about_baby=True) + step.title for step in plan_steps().steps]

    assert "who takes the children" in spoken["people"]
    assert not [words for words in silent if "child" in words or "baby" in words]


def test_plan_is_kept_with_its_author_and_counted_up(house: House) -> None:
    first = plan_of(house)
    second = plan_of(house, steps=WORDS | {"alone": "A shower."}, by=house.actor("prescriber"), at=NOW + HOUR)

    assert (first.number, first.written_by, first.texts) == (1, house.nurse, WORDS)
    assert (second.number, second.written_by) == (2, house.prescriber)
    assert selectors.current_plan(house.mother.id) == second
    assert selectors.plans_for(house.actor("therapist"), house.mother.id) == [second, first]


def test_same_words_again_make_no_second_version(house: House) -> None:
    plan = plan_of(house)

    assert plan == plan_of(house, steps={"signs": WORDS["signs"] + "  ", "alone": " ", **WORDS}, at=NOW + HOUR)
    assert SafetyPlan.objects.count() == 1


def test_earlier_words_again_are_a_version_of_their_own(house: House) -> None:
    plan_of(house)
    plan_of(house, steps={"alone": "A walk."}, at=NOW + HOUR)

    assert plan_of(house, at=NOW + 2 * HOUR).number == 3


def test_plans_of_one_family_are_counted_apart(house: House) -> None:
    plan_of(house)

    assert plan_of(house, parent=house.father).number == 1
    assert selectors.own_plan(house.actor("father")) != selectors.own_plan(house.actor("mother"))


@pytest.mark.parametrize("steps", [{}, {"signs": ""}, {"signs": " \n ", "home": ""}])
def test_plan_without_a_word_is_refused(house: House, steps: dict[str, str]) -> None:
    with pytest.raises(Refused, match="Fill in at least one step") as refused:
        plan_of(house, steps=steps)

    assert refused.value.field == "steps"
    assert not SafetyPlan.objects.exists()


def test_text_may_have_2000_characters_and_no_more(house: House) -> None:
    assert plan_of(house, steps={"alone": "x" * 2_000}).texts["alone"] == "x" * 2_000
    with pytest.raises(Refused, match=r"This step has 2,001 characters; it may have 2,000\.") as refused:
        plan_of(house, steps={"alone": "x" * 2_001})

    assert (refused.value.field, refused.value.value) == ("alone", 2_001)


def test_line_ends_of_a_browser_count_once(house: House) -> None:
    typed = "\r\n".join(["a"] * 1_000)

    assert len(plan_of(house, steps={"alone": typed}).texts["alone"]) == 1_999


def test_unknown_step_is_refused(house: House) -> None:
    with pytest.raises(Refused, match="no such step") as refused:
        plan_of(house, steps=WORDS | {"hope": "Spring."})

    assert (refused.value.field, refused.value.value) == ("hope", "hope")


@pytest.mark.parametrize("who", ["administrator", "mother", "father"])
def test_only_clinicians_write_a_plan(house: House, who: str) -> None:
    with pytest.raises(Refused, match="a clinician who may read the answers") as refused:
        plan_of(house, by=house.actor(who))

    assert refused.value.field == "by"


def test_clinician_of_another_clinic_writes_no_plan(house: House, other_house: House) -> None:
    with pytest.raises(Refused):
        plan_of(house, by=other_house.actor("prescriber"))


def test_clinician_whose_right_was_taken_writes_and_reads_no_plan(house: House) -> None:
    plan_of(house)
    Membership.objects.filter(id=house.nurse.id).update(denied=["answers.read"])
    house.nurse.refresh_from_db()

    with pytest.raises(Refused):
        plan_of(house, steps={"alone": "A walk."})
    with pytest.raises(Http404):
        selectors.plans_for(house.actor("nurse"), house.mother.id)


@pytest.mark.parametrize("who", ["administrator", "father"])
def test_plan_is_unknown_to_whoever_may_not_read_it(house: House, who: str) -> None:
    plan_of(house)

    with pytest.raises(Http404):
        selectors.plans_for(house.actor(who), house.mother.id)


def test_plan_is_unknown_in_another_clinic(house: House, other_house: House) -> None:
    plan_of(house)
    with scope(clinic=other_house.clinic.id), pytest.raises(Http404):
        selectors.plans_for(other_house.actor("prescriber"), house.mother.id)


def test_staff_have_no_plan_of_their_own(house: House) -> None:
    with pytest.raises(Http404):
        selectors.own_plan(house.actor("nurse"))


def test_version_that_a_colleague_wrote_meanwhile_is_not_replaced_unread(house: House) -> None:
    plan_of(house)
    plan_of(house, steps={"alone": "A walk."}, by=house.actor("therapist"), expected=1, at=NOW + HOUR)

    with pytest.raises(Refused, match="Ines Haddad wrote version 2 meanwhile") as refused:
        plan_of(house, steps={"alone": "A bath."}, expected=1, at=NOW + 2 * HOUR)
    assert (refused.value.field, refused.value.value) == ("expected", 1)
    assert plan_of(house, steps={"alone": "A bath."}, expected=2, at=NOW + 2 * HOUR).number == 3


def test_audit_names_the_version_and_none_of_its_words(house: House) -> None:
    plan = plan_of(house)

    event = AuditEvent.objects.get(action="safety_plan.written")
    assert (event.parent_id, event.about_id) == (house.mother.id, str(plan.id))
    assert event.detail == {"number": 1, "steps": 2}


def test_words_are_sealed_in_the_table(house: House) -> None:
    plan_of(house)
    with scopes_disabled(), connection.cursor() as cursor:
        cursor.execute("SELECT texts FROM safety_safetyplan")
        (kept,) = cursor.fetchone()

    assert "sister" not in kept


def test_plan_cannot_be_changed_or_removed(house: House) -> None:
    plan_of(house)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SafetyPlan.objects.update(number=7)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SafetyPlan.objects.all().delete()


def test_step_that_the_data_no_longer_has_stays_readable() -> None:
    written = plan_steps().filled({"hope": "Spring.", "home": "Ada keeps the tablets."})

    assert [(one.title, one.text) for one in written] == [
        ("How my home gets safer", "Ada keeps the tablets."),
        ("hope", "Spring."),
    ]


@given(st.dictionaries(st.sampled_from([step.key for step in plan_steps().steps]), st.text(min_size=1, max_size=50)))
def test_everything_that_was_filled_in_is_shown_in_the_order_of_the_steps(texts: dict[str, str]) -> None:
    order = [step.key for step in plan_steps().steps if step.key in texts]

    assert [one.text for one in plan_steps().filled(texts)] == [texts[key] for key in order]
