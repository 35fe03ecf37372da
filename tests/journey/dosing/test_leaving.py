"""The door: each criterion, the escort, the decision of a prescriber, and the summary."""

from typing import Any
from uuid import uuid4

import pytest

from firstlight.ground.documents.printing import pdf
from firstlight.ground.documents.selectors import documents_of
from firstlight.ground.ledger.selectors import draws_of
from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing import services
from firstlight.journey.dosing.models import Summary
from firstlight.journey.dosing.readiness import readiness
from tests.journey.dosing.telling import Chair

ONLY_PRESCRIBER = ". A prescriber can decide otherwise, with a reason."


def states(chair: Chair, **door: Any) -> dict[str, str]:
    asked = {"escort_name": "Jonas", "gait_steady": True, "oriented": True, **door}
    return {one.key: one.state for one in chair.told(lambda sheet: readiness(sheet, chair.now, **asked))}


def text_of(chair: Chair) -> str:
    summary = chair.sheet.summary
    assert summary is not None
    blocks = chair.scoped(lambda: summary.document.blocks)
    return "\n".join(
        " | ".join(row) for block in blocks for row in [[block["heading"]], *block.get("table", {}).get("rows", [])]
    )


@pytest.mark.begins("rested")
def test_rested_parent_is_ready(chair: Chair) -> None:
    assert set(states(chair).values()) == {"met"}


@pytest.mark.parametrize(
    ("key", "values", "door", "state"),
    [
        ("moaas", {"moaas": 4}, {}, "not_met"),
        ("dissociation", {"dissociation": 1}, {}, "met"),
        ("dissociation", {"dissociation": 2}, {}, "not_met"),
        ("pressure", {"sbp": 159, "dbp": 99}, {}, "not_met"),
        ("pressure", {"sbp": 128, "dbp": 84}, {}, "met"),
        ("gait", {}, {"gait_steady": False}, "not_met"),
        ("gait", {}, {"gait_steady": None}, "unknown"),
        ("oriented", {}, {"oriented": False}, "not_met"),
        ("oriented", {}, {"oriented": None}, "unknown"),
    ],
)
@pytest.mark.begins("rested")
def test_each_criterion_holds_the_door(
    chair: Chair, key: str, values: dict[str, Any], door: dict[str, Any], state: str
) -> None:
    chair.chart(**values)

    assert states(chair, **door)[key] == state
    if state != "met":
        with pytest.raises(Refused) as refused:
            chair.leave(**door)
        assert refused.value.message.startswith("Not ready: ")
        assert refused.value.message.endswith(ONLY_PRESCRIBER)
        assert chair.open.state == "recovering"


@pytest.mark.begins("recovering")
def test_two_hours_from_the_start_have_to_pass(chair: Chair) -> None:
    chair.after(79)
    chair.chart()

    assert states(chair)["time"] == "not_met"
    assert states(chair.after(1))["time"] == "met"


def test_pressure_near_the_value_before_the_dose_is_no_rise(chair: Chair) -> None:
    chair.opened().chart(sbp=138, dbp=88)
    chair.recovering_from_here(baseline=False)
    chair.after(90).chart(sbp=146, dbp=92)

    assert states(chair)["pressure"] == "met"


@pytest.mark.begins("recovering")
def test_what_was_not_charted_after_the_end_is_unknown(chair: Chair) -> None:
    chair.after(90)

    assert {key for key, state in states(chair).items() if state == "unknown"} == {"moaas", "dissociation", "pressure"}


@pytest.mark.parametrize("escort", ["", "   "])
@pytest.mark.begins("rested")
def test_nobody_leaves_alone_whoever_decides(chair: Chair, escort: str) -> None:
    for who in ("nurse", "prescriber"):
        with pytest.raises(Refused) as refused:
            chair.leave(by=who, escort_name=escort, reason="She insists.")
        assert refused.value.message == "Enter who takes her or him home. Nobody leaves alone."
    assert chair.open.state == "recovering"


@pytest.mark.begins("rested")
def test_prescriber_decides_otherwise_with_a_reason_and_nobody_else_does(chair: Chair) -> None:
    chair.chart(dissociation=3)

    for who, reason in (("nurse", "Her sister drives."), ("prescriber", " ")):
        with pytest.raises(Refused):
            chair.leave(by=who, reason=reason)
    chair.leave(by="prescriber", reason="A little dreamy; her husband is a nurse.")

    departure = chair.sheet.departure
    assert departure is not None
    assert departure.readiness["decided"] is True
    assert departure.reason == "A little dreamy; her husband is a nurse."
    assert departure.by == chair.house.prescriber.account


@pytest.mark.begins("rested")
def test_nobody_leaves_past_a_notice_that_nobody_saw(chair: Chair) -> None:
    chair.chart(hr=112)

    with pytest.raises(Refused) as refused:
        chair.leave()
    assert refused.value.message == "A notice is open. Say first what was done about it."
    chair.see(action="watching")
    chair.leave()

    assert chair.open.state == "left"


@pytest.mark.begins("left")
def test_leaving_closes_the_visit_with_its_minutes(chair: Chair) -> None:
    visit = chair.open.visit
    assert (visit.status, visit.minutes) == ("happened", 120)
    assert chair.open.left_at == chair.now


@pytest.mark.begins("rested")
def test_session_that_ran_on_for_a_day_can_still_be_closed(chair: Chair) -> None:
    chair.after(30 * 60)
    chair.chart()
    chair.leave()

    assert chair.open.visit.minutes == 12 * 60


@pytest.mark.begins("infusing")
def test_summary_holds_what_was_charted_and_nothing_else(chair: Chair) -> None:
    chair.after(10).chart(sbp=165, dbp=90)
    chair.see(action="rechecked")
    chair.after(1).mark("medicine_given", "Ondansetron 4 mg, intravenous")
    chair.after(29)
    chair.scoped(lambda: services.end_infusion(session=chair.open, by=chair.by("nurse"), at=chair.now))
    chair.after(80).chart()
    chair.leave()

    said = text_of(chair)
    for line in (
        "Session | 1 of 6 ordered",
        "Infusion | 10:00–10:40",
        "Left | 12:00",
        "Ordered | ketamine, racemic 35 mg (0.5 mg/kg for 70 kg), intravenous, over 40 min",
        "Given | 35 mg",
        "10:10 | 165/90 | 72 | 98 | 14 | 5 | 0 | 0",
        "10:11 | Medicine given: Ondansetron 4 mg, intravenous | Ruth Calder",
        "10:00 | Infusion started, 0.88 mg a minute | Ruth Calder",
        "10:10 | Systolic pressure 165 mmHg, above 160: read it again in 10 min | Read again, Ruth Calder, 10:10",
        "Escort is here | Jonas Lindqvist | met",
    ):
        assert line in said
    summary = chair.sheet.summary
    assert summary is not None
    assert chair.scoped(lambda: pdf(summary.document)).startswith(b"%PDF")


@pytest.mark.begins("left")
def test_summary_is_for_the_clinic_until_somebody_releases_it(chair: Chair) -> None:
    mine = chair.scoped(lambda: documents_of(chair.by("mother"), chair.house.mother.id))
    theirs = chair.scoped(lambda: documents_of(chair.by("prescriber"), chair.house.mother.id))

    assert "session_summary" not in {document.kind for document in mine}
    assert "session_summary" in {document.kind for document in theirs}


@pytest.mark.begins("left")
def test_correction_after_the_session_writes_a_second_summary(chair: Chair) -> None:
    chair.after(60)
    row = chair.sheet.observations[0]
    chair.scoped(
        lambda: services.amend(
            observation=row,
            client_id=uuid4(),
            values={**row.values(), "sbp": 128},
            reason="Read from the wrong line.",
            by=chair.by("nurse"),
            at=chair.now,
        )
    )

    assert len(chair.scoped(lambda: list(Summary.objects.all()))) == 2
    assert "corrected by Ruth Calder: Read from the wrong line." in text_of(chair)


def test_session_is_called_off_before_the_start_with_its_visit(chair: Chair) -> None:
    chair.drawn()
    with pytest.raises(Refused):
        chair.scoped(lambda: services.cancel(session=chair.open, reason="", by=chair.by("nurse"), at=chair.now))
    chair.scoped(lambda: services.cancel(session=chair.open, reason="A fever.", by=chair.by("nurse"), at=chair.now))

    assert (chair.open.state, chair.open.visit.status) == ("cancelled", "cancelled")
    assert [one.in_hand_ug for one in chair.scoped(lambda: draws_of(chair.by("nurse"), chair.open.id))] == [50_000]
    chair.visits.pop(0)
    chair.now = chair.first.starts_at
    assert chair.opened().open.number == 1


@pytest.mark.begins("infusing")
def test_running_session_is_ended_and_not_called_off(chair: Chair) -> None:
    with pytest.raises(Refused) as refused:
        chair.scoped(lambda: services.cancel(session=chair.open, reason="x", by=chair.by("nurse"), at=chair.now))

    assert refused.value.field == "state"
