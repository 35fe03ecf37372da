"""A series that holds together: preparation first, doses apart, a talk soon after each."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from firstlight.ground.people.errors import Refused
from firstlight.ground.visits.models import Visit, VisitKind
from firstlight.ground.visits.services import cancel
from firstlight.journey.planning import services
from firstlight.journey.planning.defaults import defaults
from firstlight.journey.planning.selectors import series_of
from firstlight.journey.planning.services.series import dose_dates
from tests.cast import House
from tests.journey.planning.telling import FIRST_DOSE, Story
from tests.support.houses import Written

WITHIN = timedelta(hours=72)


@pytest.fixture
def story(db: None, told_ordered: Written[Story]) -> Story:
    """Maya with a signed order and a chosen therapist."""
    return told_ordered.again()


def of_kind(visits: list[services.Proposal], kind: str) -> list[services.Proposal]:
    return [one for one in visits if one.kind == kind]


def refusal(story: Story, visits: list[services.Proposal]) -> Refused:
    with pytest.raises(Refused) as refused:
        story.book(visits)
    with scope(clinic=story.house.clinic.id):
        assert not Visit.objects.exists()
    return refused.value


def test_proposal_is_six_doses_in_three_weeks_with_the_chosen_therapist(story: Story) -> None:
    proposed = story.propose()

    doses, talks = of_kind(proposed, VisitKind.DOSING), of_kind(proposed, VisitKind.INTEGRATION)
    (preparation,) = of_kind(proposed, VisitKind.PREPARATION)
    assert len(doses) == len(talks) == 6
    assert doses[-1].starts_at - doses[0].starts_at < timedelta(weeks=3)
    assert preparation.starts_at < doses[0].starts_at
    assert {one.staff for one in [preparation, *talks]} == {story.house.therapist}
    assert {one.staff for one in doses} == {story.house.nurse}
    for dose, talk in zip(doses, talks, strict=True):
        assert timedelta() < talk.starts_at - dose.starts_at <= WITHIN


def test_preparation_moves_to_the_next_workday_when_its_day_is_over(story: Story) -> None:
    story.now = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)  # half past four in Albany, two days before the first dose
    (preparation,) = of_kind(story.propose(), VisitKind.PREPARATION)

    assert preparation.starts_at.date() == date(2026, 11, 25)


def test_preparation_that_finds_no_time_before_the_first_dose_is_refused(story: Story) -> None:
    story.now = datetime(2026, 11, 25, 21, 30, tzinfo=UTC)
    with pytest.raises(Refused, match="There is no free time on Wed 25 Nov 2026"):
        story.propose()


def test_booked_series_is_laid_out_dose_by_dose(story: Story) -> None:
    story.book(story.propose())

    with scope(clinic=story.house.clinic.id):
        series = series_of(story.house.actor("nurse"), story.house.mother.id)
    assert len(series.preparation) == 1
    assert [len(dose.integration) for dose in series.doses] == [1] * 6


@given(first=st.dates(date(2026, 11, 24), date(2028, 1, 1)), sessions=st.integers(1, 8))
def test_doses_lie_at_least_two_days_apart_and_not_on_weekends(first: date, sessions: int) -> None:
    days = dose_dates(first, sessions)

    assert len(days) == sessions
    assert all((later - earlier).days >= 2 for earlier, later in pairwise(days))
    if first.weekday() < 5:
        assert all(day.weekday() < 5 for day in days)


def test_proposal_goes_round_what_is_taken(story: Story) -> None:
    dosing, _ = story.rooms()
    with scope(clinic=story.house.clinic.id):
        nurse = story.house.actor("nurse")
        asked = {"episode": story.house.episode, "nurse": story.house.nurse, "first_date": FIRST_DOSE}
        first = services.propose_series(**asked, dosing_room=dosing, at=story.tick())
        taken = of_kind(first, VisitKind.INTEGRATION)[0]
        services.series.book(
            kind=VisitKind.TALK,
            parent=story.house.father,
            staff=taken.staff,
            starts_at=taken.starts_at,
            minutes=60,
            by=nurse,
            at=story.tick(),
        )
        again = services.propose_series(**asked, dosing_room=dosing, at=story.tick())

    moved = of_kind(again, VisitKind.INTEGRATION)[0]
    assert moved.starts_at != taken.starts_at
    assert moved.starts_at.date() == taken.starts_at.date()


@pytest.mark.parametrize(
    ("dropped", "field", "words"),
    [
        (VisitKind.PREPARATION, "preparation", "A preparation visit with Ines Haddad comes before the first dose."),
        (VisitKind.INTEGRATION, "integration", "has no integration visit within 72 h after it."),
    ],
)
def test_series_without_talks_is_refused(story: Story, dropped: str, field: str, words: str) -> None:
    refused = refusal(story, [one for one in story.propose() if one.kind != dropped])

    assert refused.field == field
    assert words in refused.message


def test_integration_after_73_hours_is_too_late(story: Story) -> None:
    proposed = story.propose()
    dose, talk = of_kind(proposed, VisitKind.DOSING)[-1], of_kind(proposed, VisitKind.INTEGRATION)[-1]
    late = replace(talk, starts_at=dose.starts_at + timedelta(minutes=dose.minutes, hours=73))

    assert refusal(story, [*(one for one in proposed if one is not talk), late]).field == "integration"


def test_doses_on_two_days_running_are_refused(story: Story) -> None:
    proposed = story.propose()
    first, second = of_kind(proposed, VisitKind.DOSING)[:2]
    close = replace(second, starts_at=first.starts_at + timedelta(days=1))

    assert refusal(story, [close if one is second else one for one in proposed]).field == "doses"


def test_more_doses_than_ordered_are_refused(story: Story) -> None:
    proposed = story.propose()
    dose, talk = of_kind(proposed, VisitKind.DOSING)[-1], of_kind(proposed, VisitKind.INTEGRATION)[-1]
    more = [replace(one, starts_at=one.starts_at + timedelta(days=7)) for one in (dose, talk)]

    refused = refusal(story, [*proposed, *more])

    assert refused.message == "7 doses, but the order is for 6."


def test_talk_with_somebody_else_is_refused(story: Story) -> None:
    proposed = story.propose()
    talk = of_kind(proposed, VisitKind.INTEGRATION)[0]

    refused = refusal(story, [replace(one, staff=story.house.nurse) if one is talk else one for one in proposed])

    assert refused.field == "therapist"


def test_series_without_a_chosen_therapist_is_refused(house: House) -> None:
    story = Story(house)
    story.baseline()
    story.decide()
    story.order()

    with pytest.raises(Refused, match="No therapist was chosen yet"):
        story.propose()


def test_series_without_an_order_is_refused(house: House) -> None:
    story = Story(house)
    story.baseline()
    story.decide()
    story.choose_therapist()

    with pytest.raises(Refused, match="There is no signed order"):
        story.propose()


def test_series_can_be_booked_before_the_agreement_is_signed(story: Story) -> None:
    assert len(story.book(story.propose())) == 13


def test_cancelled_talk_shows_as_a_gap(story: Story) -> None:
    visits = story.book(story.propose())
    talk = next(visit for visit in visits if visit.kind == VisitKind.INTEGRATION)
    with scope(clinic=story.house.clinic.id):
        by = story.house.actor("therapist")
        cancel(visit=talk, reason="Ill.", by=by, at=story.tick())
        series = series_of(by, story.house.mother.id)

    assert [dose.lacks_integration for dose in series.doses] == [True, False, False, False, False, False]


def test_first_dose_today_leaves_no_day_for_preparation(story: Story) -> None:
    with pytest.raises(Refused) as refused:
        story.propose(story.now.date())

    assert refused.value.field == "first_date"


def test_no_count_can_be_zero() -> None:
    assert defaults().preparation_count >= 1
    assert defaults().integration_count >= 1
