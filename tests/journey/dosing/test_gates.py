"""Every gate: what closes it, what opens it, and who may open it in spite of that."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from firstlight.ground.people.errors import Refused
from firstlight.ground.safety.services import raise_concern
from firstlight.ground.visits.models import Visit, VisitKind
from firstlight.ground.visits.services import cancel
from firstlight.journey.consent import services as consent
from firstlight.journey.dosing import services
from firstlight.journey.planning import services as planning
from firstlight.journey.planning.selectors import current_order
from tests.journey.dosing.telling import Chair
from tests.journey.screening.telling import POSITIVE, bring_text, screened

NO_ESCORT = "Name and phone of an adult who goes home with the parent are missing in the day plan."
CAME_UP = (
    "Came up since the decision: The bipolar screen is positive: decide only after a psychiatric review. "
    "(MDQ, Thu 26 Nov 2026.) "
    "A prescriber runs the rules again and decides first."
)
THEOPHYLLINE = (
    "Came up since the decision: Theophylline or aminophylline: do not give together, seizures become more likely. "
    "(entered by the clinic, Thu 26 Nov 2026.) A prescriber runs the rules again and decides first."
)
BLADDER = (
    "Came up since the decision: Bladder inflammation or trouble passing urine: decide, and ask again in each course. "
    "(entered by the clinic, Thu 26 Nov 2026.) A prescriber decides anew, or opens this for today with the reason."
)
NOT_EVEN_A_PRESCRIBER = ("consent", "touch", "decision", "order", "second_person")


def open_gate(chair: Chair, gate: str, *, by: str = "prescriber", reason: str = "Weighed.") -> None:
    chair.scoped(
        lambda: services.override_gate(session=chair.open, gate=gate, reason=reason, by=chair.by(by), at=chair.now)
    )


def start(chair: Chair) -> None:
    chair.scoped(lambda: services.start_infusion(session=chair.open, by=chair.by("nurse"), at=chair.now))


def withdraw(chair: Chair) -> None:
    house = chair.house
    consent.withdraw(parent=house.mother, episode=house.episode, by=chair.by("mother"), at=chair.now)


def stop_order(chair: Chair) -> None:
    order = current_order(chair.house.episode)
    assert order is not None
    planning.stop_order(order=order, reason="Her wish.", by=chair.by("prescriber"), at=chair.now)


def cancel_integration(chair: Chair) -> None:
    for visit in Visit.objects.filter(kind=VisitKind.INTEGRATION, status="booked"):
        cancel(visit=visit, by=chair.by("nurse"), at=chair.now)


def lose_escort(chair: Chair) -> None:
    chair.plan_day(escort_name="")


def escort_is_a_child(chair: Chair) -> None:
    chair.plan_day(escort_is_adult=False)


def lose_child_care(chair: Chair) -> None:
    chair.plan_day(childcare_name="")


def positive_bipolar_screen(chair: Chair) -> None:
    bring_text(chair.house, "mdq", at=chair.now)
    screened(chair.house, POSITIVE, at=chair.now)


def new_theophylline(chair: Chair) -> None:
    chair.enter("medicine", name="Theophylline", dose="", group="theophylline", within_24h=False)


def new_bladder_pain(chair: Chair) -> None:
    chair.enter("problem", problem="cystitis_luts", note="")


def decide_not_now(chair: Chair) -> None:
    chair.decide("not_now")


def raise_a_concern(chair: Chair) -> None:
    raise_concern(
        parent=chair.house.mother, level="L3", source="nurse", reason="She said so.", by=chair.by("nurse"), at=chair.now
    )


CLOSING: dict[str, tuple[str, Callable[[Chair], None], str]] = {
    "withdrawn": ("consent", withdraw, "The agreement was withdrawn. Nothing is given."),
    "touch": ("touch", withdraw, "Nothing was chosen about touch."),
    "screen": (
        "decision",
        positive_bipolar_screen,
        CAME_UP,
    ),
    "medicine": (
        "decision",
        new_theophylline,
        THEOPHYLLINE,
    ),
    "bladder": (
        "review",
        new_bladder_pain,
        BLADDER,
    ),
    "not now": ("decision", decide_not_now, "There is no decision that treatment is suitable."),
    "stopped": ("order", stop_order, "The order was stopped or replaced. Call this session off."),
    "integration": ("integration", cancel_integration, "No integration visit is booked after this dose."),
    "escort": ("escort", lose_escort, NO_ESCORT),
    "child": ("escort", escort_is_a_child, NO_ESCORT),
    "child care": ("child_care", lose_child_care, "Nobody is named for the children until tomorrow morning."),
    "concern": ("safety", raise_a_concern, "A safety concern is open: a prescriber clears it in the tasks first."),
}


def test_morning_of_a_well_prepared_day_leaves_three_things_to_do(chair: Chair) -> None:
    chair.opened()

    standing = {key: chair.gate(key) for key in ("second_person", "safety", "pressure")}

    assert standing == {
        "second_person": "closed: Name a second person on site.",
        "safety": "closed: Ask what changed since the last visit, and note it.",
        "pressure": "closed: Chart a resting pressure, not older than 30 min.",
    }
    chair.ready()
    assert chair.closed == []
    assert chair.gate("consent") == "open: Signed, current version."
    assert chair.gate("touch") == "open: Agreed: Someone may hold my hand."
    assert chair.gate("decision") == "open: Suitable, decided by Amara Okafor on Mon 23 Nov 2026."
    assert chair.gate("weight").startswith("open: Measured 3 days ago")
    assert chair.gate("preparation") == "open: Preparation with Ines Haddad."
    assert chair.gate("integration") == "open: Booked with Ines Haddad."
    assert chair.gate("escort") == "open: Jonas Lindqvist takes her or him home."
    assert chair.gate("child_care") == "open: Grandmother Vera, until tomorrow morning."
    assert chair.gate("feeding") == "open: A clinician released the words about feeding."
    assert chair.gate("second_person") == "open: Tomas Reyes is on site."
    assert chair.gate("safety") == "open: Asked today."
    assert chair.gate("pressure") == "open: 118/76 mmHg, not above 140/90."


@pytest.mark.parametrize("story", CLOSING)
def test_what_is_missing_closes_its_gate_and_stops_the_start(chair: Chair, story: str) -> None:
    key, close, sentence = CLOSING[story]
    chair.checked()
    chair.scoped(lambda: close(chair))

    assert chair.gate(key) == f"closed: {sentence}"
    with pytest.raises(Refused) as refused:
        start(chair)
    assert refused.value.message.startswith("Not yet: ")
    assert chair.open.state == "prepared"


@pytest.mark.parametrize("gate", NOT_EVEN_A_PRESCRIBER)
def test_some_gates_nobody_opens(chair: Chair, gate: str) -> None:
    chair.opened()
    if gate != "second_person":
        close = {"order": stop_order, "decision": decide_not_now}.get(gate, withdraw)
        chair.scoped(lambda: close(chair))

    with pytest.raises(Refused) as refused:
        open_gate(chair, gate)

    assert refused.value.message.startswith("Nobody can open this gate: ")


def test_concern_is_cleared_in_the_tasks_and_nowhere_else(chair: Chair) -> None:
    chair.opened()
    chair.scoped(lambda: raise_a_concern(chair))

    with pytest.raises(Refused) as refused:
        open_gate(chair, "safety")

    assert refused.value.message.startswith("Nobody can open this gate: ")


def test_prescriber_opens_a_gate_in_her_own_name_with_a_reason(chair: Chair) -> None:
    chair.checked()
    lose_child_care(chair)

    for who in ("nurse", "therapist"):
        with pytest.raises(Refused) as refused:
            open_gate(chair, "child_care", by=who)
        assert refused.value.message == "Only a prescriber can open a closed gate."
    with pytest.raises(Refused) as refused:
        open_gate(chair, "child_care", reason="  ")
    assert refused.value.field == "reason"
    open_gate(chair, "child_care", reason="Her sister is on the way.")

    assert chair.gate("child_care").startswith("opened: ")
    gate = next(gate for gate in chair.gates if gate.key == "child_care")
    assert (gate.opened_by, gate.reason) == ("Amara Okafor", "Her sister is on the way.")
    start(chair)
    assert chair.open.state == "infusing"


def test_prescriber_opens_a_review_for_what_came_up_and_not_for_what_comes_up_after_that(chair: Chair) -> None:
    chair.checked()
    assert chair.gate("review") == "none"
    new_bladder_pain(chair)
    with pytest.raises(Refused, match="Only a prescriber can open a closed gate"):
        open_gate(chair, "review", by="nurse")

    open_gate(chair, "review", reason="A cystitis, treated; no blood.")
    assert chair.gate("review").startswith("opened: Came up since the decision: Bladder")

    chair.enter("problem", problem="porphyria", note="")
    assert chair.gate("review").startswith("closed: Came up since the decision: Porphyria")
    with pytest.raises(Refused, match="Not yet: "):
        start(chair)

    open_gate(chair, "review", reason="Both weighed.")
    start(chair)
    assert chair.open.state == "infusing"


def test_review_is_gone_once_it_was_decided_on(chair: Chair) -> None:
    chair.checked()
    new_bladder_pain(chair)

    chair.decide()

    assert (chair.gate("review"), chair.closed) == ("none", [])


def test_open_gate_needs_no_opening(chair: Chair) -> None:
    chair.ready()

    with pytest.raises(Refused) as refused:
        open_gate(chair, "escort")

    assert refused.value.message == "This gate is not closed."


@pytest.mark.parametrize(
    ("sbp", "dbp", "sentence", "may_open"),
    [
        (140, 90, "open: 140/90 mmHg, not above 140/90.", None),
        (141, 90, "closed: 141/90 mmHg is above 140/90: read again in 10 to 15 min, or a prescriber decides.", True),
        (161, 90, "closed: 161/90 mmHg is above 160/100: hold today, read again in 10 to 15 min.", True),
        (181, 90, "closed: 181/90 mmHg is above 180/100: a labelled contraindication.", False),
    ],
)
def test_resting_pressure_opens_waits_holds_or_stops(
    chair: Chair, sbp: int, dbp: int, sentence: str, may_open: bool | None
) -> None:
    chair.opened().chart(sbp=sbp, dbp=dbp)

    assert chair.gate("pressure") == sentence
    if may_open:
        open_gate(chair, "pressure", reason="Nervous; falls when she sits.")
        assert chair.gate("pressure").startswith("opened: ")
    elif may_open is False:
        with pytest.raises(Refused):
            open_gate(chair, "pressure")


def test_second_reading_that_is_fine_opens_the_gate(chair: Chair) -> None:
    chair.opened().chart(sbp=150, dbp=88)
    chair.after(12).chart(sbp=132, dbp=82)

    assert chair.gate("pressure") == "open: 132/82 mmHg, not above 140/90."


def test_prescriber_decided_about_one_reading_and_not_about_the_next(chair: Chair) -> None:
    chair.opened().chart(sbp=145, dbp=88)
    open_gate(chair, "pressure", reason="Expected.")
    assert chair.gate("pressure").startswith("opened: ")

    chair.after(5).chart(sbp=170, dbp=95)

    assert chair.gate("pressure").startswith("closed: 170/95 mmHg")


def test_nobody_decides_about_a_pressure_that_was_not_measured(chair: Chair) -> None:
    chair.opened()

    with pytest.raises(Refused) as refused:
        open_gate(chair, "pressure")

    assert "Chart a resting pressure" in refused.value.message


def test_resting_pressure_is_good_for_half_an_hour(chair: Chair) -> None:
    chair.checked().after(30)
    assert chair.gate("pressure").startswith("open: ")

    chair.now += timedelta(seconds=1)

    assert chair.gate("pressure") == "closed: Chart a resting pressure, not older than 30 min."
    with pytest.raises(Refused):
        start(chair)


def test_old_weight_closes_the_first_dose_only(chair: Chair) -> None:
    chair.opened()
    chair.now += timedelta(days=5)
    assert chair.gate("weight").startswith("closed: Measured 8 days ago; at most 7")


def test_family_without_children_needs_no_child_care(chair: Chair) -> None:
    chair.plan_day(childcare_name="", childcare_until=None, no_children=True)
    chair.opened()

    assert chair.gate("child_care") == "none"


def test_every_gate_says_what_it_rests_on(chair: Chair) -> None:
    chair.ready()

    assert [gate.key for gate in chair.gates if not gate.basis] == []
