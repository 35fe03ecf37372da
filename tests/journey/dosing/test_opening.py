"""A session begins at its visit, under a signed order that is not used up."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from firstlight.clinical.protocols import vitals
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import EpisodeState
from firstlight.ground.people.services.episodes import move
from firstlight.ground.visits import services as visits
from firstlight.journey.dosing.models import Session
from firstlight.journey.dosing.services.opening import vitals_profile
from firstlight.journey.planning import services as planning
from firstlight.journey.planning.selectors import current_order
from tests.journey.dosing.telling import Chair


def test_session_is_opened_once_however_often(chair: Chair) -> None:
    first = chair.opened().session
    again = chair.after(5).opened(by="second_nurse").session

    assert first == again
    assert (chair.open.number, chair.open.place, chair.open.state) == (1, 1, "gates")
    assert chair.open.nurse == chair.house.nurse
    assert len(chair.scoped(lambda: list(Session.objects.all()))) == 1


def test_visit_of_another_day_is_not_opened(chair: Chair) -> None:
    chair.visits.pop(0)

    with pytest.raises(Refused) as refused:
        chair.opened()

    assert refused.value.message == (
        "This visit is booked for Mon 30 Nov 2026. Open it on that day, or move it to today in the visits."
    )


def test_cancelled_visit_is_not_opened(chair: Chair) -> None:
    chair.scoped(lambda: visits.cancel(visit=chair.first, by=chair.by("nurse"), at=chair.now))

    with pytest.raises(Refused) as refused:
        chair.opened()

    assert refused.value.message == "Only a booked dosing visit can be opened."


def test_stopped_order_opens_nothing(chair: Chair) -> None:
    order = chair.scoped(lambda: current_order(chair.house.episode))
    assert order is not None
    chair.scoped(lambda: planning.stop_order(order=order, reason="Her wish.", by=chair.by("prescriber"), at=chair.now))

    with pytest.raises(Refused) as refused:
        chair.opened()

    assert refused.value.message.startswith("There is no signed order for this parent.")


def test_care_that_is_paused_opens_nothing(chair: Chair) -> None:
    chair.house.episode.refresh_from_db()
    chair.scoped(
        lambda: move(
            episode=chair.house.episode,
            to=EpisodeState.PAUSED,
            reason="A cold.",
            by=chair.by("prescriber"),
            at=chair.now,
        )
    )

    with pytest.raises(Refused) as refused:
        chair.opened()

    assert refused.value.message == "Care stands at: Paused. No dose is given."


def test_used_up_order_asks_for_a_new_one_which_counts_anew(chair: Chair) -> None:
    chair.now -= timedelta(minutes=5)
    chair.order(sessions=1)
    chair.now = chair.first.starts_at
    chair.left()
    chair.visits.pop(0)
    chair.now = chair.first.starts_at
    with pytest.raises(Refused) as refused:
        chair.opened()
    assert refused.value.message.startswith("The order was for 1 sessions, and they are done.")

    chair.order(sessions=2)

    assert (chair.opened().open.number, chair.open.place) == (2, 1)


def test_parent_sits_in_one_chair(chair: Chair) -> None:
    chair.opened()
    chair.visits.pop(0)
    chair.now = chair.first.starts_at - timedelta(hours=11)

    with pytest.raises(Refused) as refused:
        chair.opened()

    assert refused.value.message == (
        "Maya Lindqvist has a session under way, opened Thu 26 Nov 10:00 by Ruth Calder. "
        "Go on in that one, or end it first."
    )


def test_database_itself_keeps_a_parent_in_one_chair(chair: Chair) -> None:
    live = chair.opened().open
    second = chair.visits[1]

    def twice() -> None:
        with transaction.atomic():
            Session.objects.create(
                clinic=live.clinic,
                visit=second,
                parent=live.parent,
                episode=live.episode,
                order=live.order,
                number=2,
                place=2,
                vitals_profile=live.vitals_profile,
                nurse=live.nurse,
                opened_at=chair.now,
            )

    with pytest.raises(IntegrityError, match=r"dosing_one_live_session_a_parent|dosing_session\.parent_id"):
        chair.scoped(twice)


@pytest.mark.parametrize(("days", "profile"), [(0, "postpartum"), (42, "postpartum"), (43, "default"), (-1, "default")])
def test_obstetric_limits_count_up_to_six_weeks_after_a_birth(chair: Chair, days: int, profile: str) -> None:
    visit = chair.first
    visit.parent.gave_birth_date = date(2026, 11, 26) - timedelta(days=days)

    found = chair.scoped(lambda: vitals_profile(visit, chair.now))

    assert found == {"postpartum": vitals.POSTPARTUM, "default": vitals.DEFAULT}[profile]


def test_second_person_is_another_one_who_may_chart(chair: Chair) -> None:
    chair.opened()

    for name in ("nurse", "therapist", "administrator"):
        with pytest.raises(Refused):
            chair.join(name)
    chair.join("prescriber")

    assert chair.open.second_person == chair.house.prescriber
