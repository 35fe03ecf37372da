"""The pump: started, paused, changed and ended; the ledger keeps step with it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from firstlight.ground.ledger import services as ledger
from firstlight.ground.ledger.models import EntryKind
from firstlight.ground.ledger.selectors import draws_of, is_settled, journal
from firstlight.ground.ledger.verification import verify
from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing import services
from firstlight.journey.response.models import CheckIn
from tests.journey.dosing.telling import Chair


def pump(chair: Chair, step: Callable[..., object], **more: object) -> None:
    chair.scoped(lambda: step(session=chair.open, by=chair.by("nurse"), at=chair.now, **more))


def given(chair: Chair) -> int:
    return chair.sheet.delivered_ug(chair.now)


def moved(chair: Chair, kind: EntryKind) -> list[int]:
    return chair.scoped(lambda: [row.amount_ug for row in journal(chair.by("nurse")) if row.kind == kind])


def test_pump_starts_at_the_ordered_rate_and_says_when_it_will_be_empty(chair: Chair) -> None:
    chair.infusing()

    step = chair.sheet.steps[0]
    assert (step.kind, step.rate_ug_per_min) == ("start", 875)  # 35 mg in 40 min
    assert chair.sheet.empty_at() == chair.now + timedelta(minutes=40)
    assert given(chair.after(20)) == 17_500
    assert given(chair.after(60)) == 35_000


def test_steps_that_do_not_fit_are_refused(chair: Chair) -> None:
    chair.opened()
    for step, more in (
        (services.start_infusion, {}),
        (services.pause_infusion, {"reason": ""}),
        (services.resume_infusion, {}),
        (services.end_infusion, {}),
        (services.change_rate, {"rate_ug_per_min": 800, "reason": "Nausea."}),
    ):
        with pytest.raises(Refused) as refused:
            pump(chair, step, **more)
        assert refused.value.message.startswith("This session stands at: Before the start.")
    assert chair.open.state == "gates"


def test_pause_needs_no_reason_and_gives_nothing(chair: Chair) -> None:
    chair.infusing().after(10)
    pump(chair, services.pause_infusion, reason="")

    assert given(chair.after(15)) == 8_750
    assert chair.open.state == "paused"
    pump(chair, services.resume_infusion)
    assert given(chair.after(10)) == 17_500
    assert chair.open.state == "infusing"


@pytest.mark.parametrize("rate", [0, -1, 1_751, 87_500])
def test_rate_beyond_twice_the_ordered_one_is_a_slipped_digit(chair: Chair, rate: int) -> None:
    chair.infusing()

    with pytest.raises(Refused) as refused:
        pump(chair, services.change_rate, rate_ug_per_min=rate, reason="Nausea.")

    assert refused.value.message == "The rate should lie above 0 mg and be at most 1.75 mg a minute."
    assert len(chair.sheet.steps) == 1


def test_change_of_rate_says_why(chair: Chair) -> None:
    chair.infusing().after(10)

    with pytest.raises(Refused):
        pump(chair, services.change_rate, rate_ug_per_min=500, reason="")
    pump(chair, services.change_rate, rate_ug_per_min=500, reason="Nausea.")

    assert given(chair.after(10)) == 8_750 + 5_000
    assert chair.sheet.steps[-1].reason == "Nausea."


def test_early_end_says_why_and_gives_no_more_than_ran_in(chair: Chair) -> None:
    chair.infusing().after(12)

    with pytest.raises(Refused) as refused:
        pump(chair, services.end_infusion)
    assert refused.value.message == "The syringe is not empty. Say why the infusion ends early."
    pump(chair, services.end_infusion, reason="She asked to stop.")

    assert chair.open.state == "recovering"
    assert given(chair.after(60)) == 10_500
    assert moved(chair, EntryKind.ADMINISTER) == [10_500]


def test_ledger_balances_with_the_session(chair: Chair) -> None:
    chair.recovering()
    held = chair.scoped(lambda: draws_of(chair.by("nurse"), chair.open.id))
    assert [(one.draw.amount_ug, one.in_hand_ug) for one in held] == [(50_000, 15_000)]

    waste = chair.scoped(
        lambda: ledger.waste(draw=held[0].draw, amount_ug=15_000, reason="Rest", by=chair.by("nurse"), at=chair.now)
    )
    assert not chair.scoped(lambda: is_settled(chair.open.id))
    chair.scoped(lambda: ledger.witness_waste(waste=waste, amount_ug=15_000, by=chair.by("second_nurse"), at=chair.now))

    drawn, administered, wasted = (
        moved(chair, kind) for kind in (EntryKind.DRAW, EntryKind.ADMINISTER, EntryKind.WASTE)
    )
    assert sum(administered) + sum(wasted) == sum(drawn) == 50_000
    assert administered == [35_000]
    assert chair.scoped(lambda: is_settled(chair.open.id))
    assert verify() == []


def test_pump_that_was_stopped_at_once_gave_nothing(chair: Chair) -> None:
    chair.infusing()
    pump(chair, services.end_infusion, reason="Wrong chair.")

    assert moved(chair, EntryKind.ADMINISTER) == []
    assert chair.open.state == "recovering"


def test_end_arranges_the_check_ins_in_the_same_step(chair: Chair) -> None:
    chair.recovering()

    rules = chair.scoped(lambda: [check_in.rule for check_in in CheckIn.objects.exclude(session=None)])

    assert rules[:4] == ["day-1", "day-3", "week-1", "week-2"]


def test_pump_is_not_resumed_past_a_notice_to_act_on(chair: Chair) -> None:
    chair.infusing().after(10)
    chair.only(sbp=201, dbp=95)
    pump(chair, services.pause_infusion, reason="Pressure.")

    with pytest.raises(Refused) as refused:
        pump(chair, services.resume_infusion)
    assert refused.value.message == "A notice is open. Say first what was done about it."
    chair.see(action="prescriber_called")
    pump(chair, services.resume_infusion)

    assert chair.open.state == "infusing"
