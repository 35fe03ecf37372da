"""Clinical facts: added, corrected, withdrawn, never changed or lost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Loss
from firstlight.journey.eligibility import services
from firstlight.journey.eligibility.models import BaselineEntry
from firstlight.journey.eligibility.selectors import baseline_for, entry_for, facts_for, latest_weight, standing
from firstlight.journey.screening.services import complete
from tests.cast import NOW, House
from tests.journey.planning.telling import Story
from tests.journey.screening.telling import answer_all, first_set

MINUTE = timedelta(minutes=1)


def weigh(house: House, grams: int, *, amends: BaselineEntry | None = None, reason: str = "") -> BaselineEntry:
    return services.record_baseline(
        parent=house.mother,
        kind="weight",
        value={"weight_g": grams},
        by=house.actor("nurse"),
        at=NOW if amends is None else NOW + MINUTE,
        amends=amends,
        reason=reason,
    )


def test_correction_keeps_old_value_author_time_and_reason(house: House) -> None:
    with scope(clinic=house.clinic.id):
        first = weigh(house, 70_000)
        second = weigh(house, 75_000, amends=first, reason="Scale was not level.")
        weight = latest_weight(house.mother)
        entries = baseline_for(house.actor("prescriber"), house.mother.id)

    assert weight is not None
    assert weight.entry == second
    assert [(entry.value["weight_g"], entry.by, entry.reason) for entry in entries] == [
        (70_000, house.nurse, ""),
        (75_000, house.nurse, "Scale was not level."),
    ]
    assert standing(entries) == [second]


def test_correction_without_a_reason_is_refused(house: House) -> None:
    with scope(clinic=house.clinic.id), pytest.raises(Refused) as refused:
        weigh(house, 75_000, amends=weigh(house, 70_000), reason="  ")

    assert refused.value.field == "reason"


def test_two_corrections_of_one_entry_are_refused(house: House) -> None:
    with scope(clinic=house.clinic.id):
        first = weigh(house, 70_000)
        weigh(house, 75_000, amends=first, reason="Scale was not level.")
        with pytest.raises(Refused, match="Somebody has corrected this entry already"):
            weigh(house, 71_000, amends=first, reason="Typing.")


def test_withdrawn_entry_counts_no_more_and_stays_readable(house: House) -> None:
    with scope(clinic=house.clinic.id):
        entry = weigh(house, 70_000)
        services.withdraw_entry(entry=entry, reason="Another person.", by=house.actor("nurse"), at=NOW)

        assert latest_weight(house.mother) is None
        assert len(baseline_for(house.actor("nurse"), house.mother.id)) == 2


def test_correction_of_another_persons_entry_is_refused(house: House) -> None:
    with scope(clinic=house.clinic.id):
        entry = weigh(house, 70_000)
        with pytest.raises(Refused) as refused:
            services.record_baseline(
                parent=house.father,
                kind="weight",
                value={"weight_g": 80_000},
                by=house.actor("nurse"),
                at=NOW,
                amends=entry,
                reason="x",
            )

    assert refused.value.field == "amends"


@pytest.mark.parametrize("statement", ["UPDATE {table} SET kind = 'height'", "DELETE FROM {table}"])
@pytest.mark.parametrize("table", ["baselineentry", "assessment", "ruleoutcome", "decision"])
def test_database_refuses_to_change_or_remove_what_was_decided(house: House, table: str, statement: str) -> None:
    story = Story(house)
    story.baseline()
    story.decide()
    sql = statement.format(table=f"eligibility_{table}")
    if table != "baselineentry":
        sql = sql.replace("kind = 'height'", "clinic_id = clinic_id")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_entering_is_audited_without_the_value(house: House) -> None:
    with scope(clinic=house.clinic.id):
        entry = weigh(house, 71_500)

    event = AuditEvent.objects.get(action="baseline.recorded")
    assert (event.parent_id, event.about_id) == (house.mother.id, str(entry.id))
    assert event.detail == {"kind": "weight"}


def test_value_is_sealed_in_the_database(house: House) -> None:
    Story(house).enter("problem", problem="other", note="Canary in a coal mine")

    with connection.cursor() as cursor:
        cursor.execute("SELECT value, reason FROM eligibility_baselineentry")
        assert "anary" not in str(cursor.fetchall())


@pytest.mark.parametrize("outsider", ["prescriber", "nurse", "administrator"])
def test_outsider_finds_no_baseline(house: House, other_house: House, outsider: str) -> None:
    with scope(clinic=house.clinic.id):
        entry = weigh(house, 70_000)
    with scope(clinic=other_house.clinic.id), pytest.raises(Http404):
        entry_for(other_house.actor(outsider), house.mother.id, entry.id)


def test_administrator_of_the_house_reads_no_baseline(house: House) -> None:
    with scope(clinic=house.clinic.id), pytest.raises(Http404):
        baseline_for(house.actor("administrator"), house.mother.id)


def test_facts_say_where_each_comes_from(house: House) -> None:
    story = Story(house)
    answers = first_set(house)
    answer_all(house, answers, {"health-10:organs": 1, "health-10:milk": 0})
    with scope(clinic=house.clinic.id):
        complete(question_set=answers, by=house.actor("mother"), at=NOW + 2 * MINUTE)
    story.enter("weight", weight_g=70_000)

    with scope(clinic=house.clinic.id):
        facts = facts_for(house.mother.id, NOW + 5 * MINUTE)

    origins = {name: facts.known[name].origin for name in ("age_years", "intracerebral_haem", "weight_g", "asq_acute")}
    assert origins == {
        "age_years": "record",
        "intracerebral_haem": "health",
        "weight_g": "baseline",
        "asq_acute": "screen",
    }
    assert facts.values["breastfeeding"] is False
    assert "hepatic_severe" in facts.to_ask


def test_pregnancy_test_counts_by_the_clinics_calendar(house: House) -> None:
    story = Story(house)
    story.enter("pregnancy_test", result="negative", test_date="2026-11-23")
    last_evening = datetime(2026, 12, 8, 4, 30, tzinfo=UTC)  # 23:30 on 7 December in New York, the fourteenth day

    with scope(clinic=house.clinic.id):
        assert facts_for(house.mother.id, last_evening).values["pregnancy"] is False
        assert "pregnancy" not in facts_for(house.mother.id, last_evening + timedelta(hours=1)).values


def test_safety_assessment_counts_only_for_answers_before_it(house: House) -> None:
    story = Story(house, now=NOW - timedelta(days=3))
    story.enter("clearance", clearance="brief_safety_assessment", note="Last month.")
    answers = first_set(house)
    answer_all(house, answers, {"asq:q1": 1})
    with scope(clinic=house.clinic.id):
        complete(question_set=answers, by=house.actor("mother"), at=NOW + 2 * MINUTE)
        before = facts_for(house.mother.id, NOW + 3 * MINUTE)
    story.now = NOW + 3 * MINUTE
    story.enter("clearance", clearance="brief_safety_assessment", note="Today: no plan, no intent.")
    with scope(clinic=house.clinic.id):
        after = facts_for(house.mother.id, NOW + 10 * MINUTE)

    assert before.values["asq_positive_unassessed"] is True
    assert "brief_safety_assessment" not in before.values
    assert after.values["brief_safety_assessment"] is True


def test_loss_takes_the_child_out_of_the_facts(house: House) -> None:
    with scope(clinic=house.clinic.id):
        before = facts_for(house.mother.id, NOW)
        Loss.objects.create(
            clinic=house.clinic, family=house.mother.family, recorded_at=NOW, recorded_by=house.nurse.account
        )
        after = facts_for(house.mother.id, NOW)

    assert before.values["breastfeeding"] is True
    assert after.values["breastfeeding"] is False
    assert "infant_preterm_or_under_8wk_breastfed" not in after.values


def test_father_is_not_asked_about_birth_and_milk(house: House) -> None:
    with scope(clinic=house.clinic.id):
        values = facts_for(house.father.id, NOW).values

    assert (values["gave_birth"], values["can_be_pregnant"], values["breastfeeding"]) == (False, False, False)
