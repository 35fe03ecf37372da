"""An ended episode leaves no dose in the calendar."""

import pytest

from firstlight.ground.people.models import EpisodeState
from firstlight.ground.people.services.episodes import move
from firstlight.ground.visits.models import Visit
from tests.journey.dosing.telling import Chair


def ended(chair: Chair, to: EpisodeState) -> None:
    chair.scoped(
        lambda: move(episode=chair.house.episode, to=to, reason="Moved away.", by=chair.by("prescriber"), at=chair.now)
    )


def booked(chair: Chair) -> list[str]:
    return chair.scoped(
        lambda: list(Visit.objects.filter(parent=chair.house.mother, status="booked").values_list("kind", flat=True))
    )


@pytest.mark.parametrize("state", [EpisodeState.STOPPED, EpisodeState.TRANSFERRED, EpisodeState.CLOSED])
def test_doses_to_come_and_their_talks_are_called_off_when_the_episode_ends(chair: Chair, state: EpisodeState) -> None:
    assert booked(chair).count("dosing") == 6
    ended(chair, state)

    assert booked(chair) == []


def test_pause_leaves_the_dates(chair: Chair) -> None:
    before = booked(chair)
    ended(chair, EpisodeState.PAUSED)

    assert booked(chair) == before


def test_session_under_way_and_the_talk_after_it_stay(chair: Chair) -> None:
    chair.infusing().after(5)
    ended(chair, EpisodeState.STOPPED)

    assert booked(chair) == ["dosing", "integration"]
