"""Maya on her way to a plan, told once and written again for each test that goes on from there."""

from typing import TYPE_CHECKING

import pytest

from tests.support.houses import TellOnce, Written

if TYPE_CHECKING:
    from firstlight.ground.visits.models import Visit
    from tests.journey.planning.telling import Story


@pytest.fixture(scope="session")
def told_suitable(tell_once: TellOnce) -> "Written[Story]":
    """Maya, assessed and found suitable; she weighs 70 kg and feeds a baby."""
    from tests.cast import harbour
    from tests.journey.planning.telling import Story

    def suitable() -> Story:
        story = Story(harbour())
        story.baseline()
        story.decide()
        return story

    return tell_once(suitable)


@pytest.fixture(scope="session")
def told_ordered(tell_once: TellOnce, told_suitable: "Written[Story]") -> "Written[Story]":
    """Maya with a signed order and a chosen therapist."""

    def ordered() -> "Story":
        story = told_suitable.again()
        story.order()
        story.choose_therapist()
        return story

    return tell_once(ordered)


@pytest.fixture(scope="session")
def told_series(tell_once: TellOnce) -> "Written[tuple[Story, list[Visit]]]":
    """Maya with a booked series, and its dosing visits; her baby is 20 weeks old and breastfed."""
    from tests.cast import harbour
    from tests.journey.planning.telling import Story

    def booked() -> "tuple[Story, list[Visit]]":
        story = Story(harbour())
        return story, story.up_to_series()

    return tell_once(booked)
