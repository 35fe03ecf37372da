"""An ended episode leaves no dose in the calendar."""

import pytest

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, EpisodeState
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


def test_session_that_was_only_opened_and_the_talk_after_it_stay(chair: Chair) -> None:
    chair.opened()
    ended(chair, EpisodeState.STOPPED)

    assert "dosing" in booked(chair)


@pytest.mark.parametrize("state", [EpisodeState.STOPPED, EpisodeState.TRANSFERRED, EpisodeState.CLOSED])
@pytest.mark.parametrize("stage", ["infusing", "recovering"])
def test_care_does_not_end_while_somebody_is_in_the_chair(chair: Chair, state: EpisodeState, stage: str) -> None:
    getattr(chair, stage)()
    with pytest.raises(Refused, match="Ruth Calder has this person in the chair"):
        ended(chair, state)

    assert chair.scoped(lambda: Episode.objects.get(id=chair.house.episode.id).state) == EpisodeState.ACTIVE
    assert booked(chair).count("dosing") == 6


def test_care_ends_once_the_person_has_left_and_the_talk_after_the_dose_stays(chair: Chair) -> None:
    chair.left()
    ended(chair, EpisodeState.STOPPED)

    assert booked(chair) == ["integration"]
