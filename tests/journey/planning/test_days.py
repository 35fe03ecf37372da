"""A dosing day: what is missing is named, and nothing about a baby is said where there was a loss."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django_scopes import scope

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Child, Loss
from firstlight.ground.visits.models import Visit
from firstlight.ground.visits.services import cancel
from firstlight.journey.planning import services
from firstlight.journey.planning.models import DayPlan
from firstlight.journey.planning.selectors import DayState, day_state, plan_with_feeds
from firstlight.journey.planning.wording import missing_sentences
from tests.journey.planning.telling import Story
from tests.support.houses import Written

NEXT_MORNING = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)  # 09:00 in New York, the day after the first dose
WHOLE: dict[str, Any] = {
    "escort_name": "Jonas Lindqvist",
    "escort_phone": "+1 518 555 0143",
    "escort_is_adult": True,
    "childcare_name": "Vera Lindqvist",
    "childcare_until": NEXT_MORNING,
}


@pytest.fixture
def series(db: None, told_series: Written[tuple[Story, list[Visit]]]) -> tuple[Story, list[Visit]]:
    """Maya with a booked series; her baby is 20 weeks old and breastfed."""
    return told_series.again()


@pytest.fixture
def story(series: tuple[Story, list[Visit]]) -> Story:
    """Her story so far."""
    return series[0]


@pytest.fixture
def visit(series: tuple[Story, list[Visit]]) -> Visit:
    """The first dosing day: Thursday 26 November, 10:00 in New York."""
    return series[1][0]


def plan(story: Story, visit: Visit, who: str = "mother", **given: Any) -> DayPlan:
    with scope(clinic=story.house.clinic.id):
        return services.set_day_plan(
            parent=story.house.mother, visit=visit, by=story.house.actor(who), at=story.tick(), **given
        )


def state(story: Story, visit: Visit) -> DayState:
    with scope(clinic=story.house.clinic.id):
        return day_state(Visit.objects.select_related("parent__family").get(id=visit.id), story.now)


def release(story: Story, text: str = "Feed before you come.") -> None:
    with scope(clinic=story.house.clinic.id):
        services.release(episode=story.house.episode, text=text, by=story.house.actor("prescriber"), at=story.tick())


def test_empty_day_names_everything(story: Story, visit: Visit) -> None:
    assert state(story, visit).missing == ("escort_name", "escort_phone", "childcare_name", "feeding_release")


def test_one_missing_thing_is_named_in_a_sentence(story: Story, visit: Visit) -> None:
    release(story)
    plan(story, visit, **{**WHOLE, "childcare_name": ""})
    found = state(story, visit)

    assert found.missing == ("childcare_name",)
    assert (
        missing_sentences(list(found.missing), found.about, "Thursday")[0]
        == "One thing is missing for Thursday: who stays with the baby overnight."
    )


def test_day_with_everything_is_complete(story: Story, visit: Visit) -> None:
    plan(story, visit, **WHOLE)
    release(story)

    assert state(story, visit).is_complete
    assert missing_sentences([], "baby", "Thursday") == ("", "")


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        ({"escort_phone": ""}, "escort_phone"),
        ({"escort_is_adult": False}, "escort_is_adult"),
        ({"childcare_until": None}, "childcare_until"),
    ],
)
def test_part_of_the_plan_that_is_missing_is_named(
    story: Story, visit: Visit, left_out: dict[str, Any], missing: str
) -> None:
    release(story)
    plan(story, visit, **(WHOLE | left_out))

    assert state(story, visit).missing == (missing,)


def test_newest_plan_counts_and_the_older_one_stays(story: Story, visit: Visit) -> None:
    plan(story, visit, **WHOLE)
    plan(story, visit, "nurse", **(WHOLE | {"escort_name": "Ada Novak"}))

    found = state(story, visit)
    assert found.plan is not None
    assert (found.plan.escort_name, found.plan.by) == ("Ada Novak", story.house.nurse.account)
    with scope(clinic=story.house.clinic.id):
        assert DayPlan.objects.filter(visit=visit).count() == 2


def test_child_care_that_ends_at_night_is_refused(story: Story, visit: Visit) -> None:
    with pytest.raises(Refused) as refused:
        plan(story, visit, **(WHOLE | {"childcare_until": NEXT_MORNING - timedelta(hours=4)}))

    assert refused.value.field == "childcare_until"
    assert "until at least 06:00 the next morning" in refused.value.message


def test_morning_is_the_parents_not_the_clinics(story: Story, visit: Visit) -> None:
    """06:30 in Denver is 08:30 at the clinic; 05:30 in Denver is 07:30 at the clinic and too early."""
    house = story.house
    with scope(clinic=house.clinic.id):
        house.mother.timezone = "America/Denver"
        house.mother.save()
    plan(story, visit, **(WHOLE | {"childcare_until": datetime(2026, 11, 27, 13, 30, tzinfo=UTC)}))

    with pytest.raises(Refused):
        plan(story, visit, **(WHOLE | {"childcare_until": datetime(2026, 11, 27, 12, 30, tzinfo=UTC)}))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"escort_phone": "call me"}, "escort_phone"),
        ({"escort_phone": "1" * 100_000}, "escort_phone"),
        ({"escort_name": "x" * 100_000}, "escort_name"),
        ({"no_children": True}, "no_children"),
        ({"feeding": "x" * 100_000}, "feeding"),
    ],
)
def test_impossible_plan_is_refused_at_its_field(story: Story, visit: Visit, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        plan(story, visit, **(WHOLE | given))

    assert refused.value.field == field


AFTERNOON, NIGHT = (
    datetime(2026, 11, 26, 18, 0, tzinfo=UTC),
    datetime(2026, 11, 27, 6, 0, tzinfo=UTC),
)  # 13:00 and 01:00


def test_planned_feeds_are_kept_in_order_and_each_once(story: Story, visit: Visit) -> None:
    plan(story, visit, **WHOLE, feeds_at=[NIGHT, AFTERNOON, NIGHT])

    kept = state(story, visit).plan
    assert kept is not None
    assert kept.feeds_at == (AFTERNOON, NIGHT)


def test_day_without_feeds_is_complete(story: Story, visit: Visit) -> None:
    release(story)
    made = plan(story, visit, **WHOLE)

    assert made.feeds_at == ()
    assert state(story, visit).is_complete


@pytest.mark.parametrize(
    ("feeds_at", "right"),
    [
        (
            [AFTERNOON + timedelta(minutes=20)],
            "A feed at 13:20 cannot be planned. Choose full hours from 11:00 to 10:00",
        ),
        ([datetime(2026, 11, 26, 15, 0, tzinfo=UTC)], "A feed at 10:00 cannot be planned."),
        ([datetime(2026, 11, 27, 16, 0, tzinfo=UTC)], "A feed at 11:00 cannot be planned."),
        ([AFTERNOON + timedelta(hours=hour) for hour in range(13)], "13 feeds are too many. Choose at most 12."),
    ],
)
def test_impossible_feeds_are_refused(story: Story, visit: Visit, feeds_at: list[datetime], right: str) -> None:
    with pytest.raises(Refused) as refused:
        plan(story, visit, **WHOLE, feeds_at=feeds_at)

    assert refused.value.field == "feeds_at"
    assert right in refused.value.message


def test_feeds_of_the_next_day_that_names_some_are_taken(series: tuple[Story, list[Visit]]) -> None:
    story, (first, second, third, *_later) = series
    assert feeds_taken(story) is None

    plan(story, third, **WHOLE | {"childcare_until": None}, feeds_at=[third.starts_at + timedelta(hours=5)])
    plan(story, second, **WHOLE | {"childcare_until": None}, feeds_at=[second.starts_at + timedelta(hours=6)])
    plan(story, first, **WHOLE)
    assert feeds_taken(story) == second

    plan(story, second, **WHOLE | {"childcare_until": None})
    assert feeds_taken(story) == third

    story.now = third.ends_at + timedelta(days=30)
    assert feeds_taken(story) == third


def feeds_taken(story: Story) -> Visit | None:
    with scope(clinic=story.house.clinic.id):
        found = plan_with_feeds(story.house.mother, story.now)
        return found.visit if found else None


def test_parent_without_a_child_that_night_needs_nobody(story: Story, visit: Visit) -> None:
    release(story)
    plan(story, visit, **(WHOLE | {"childcare_name": "", "childcare_until": None, "no_children": True}))

    assert state(story, visit).is_complete


def test_older_children_are_not_called_a_baby(story: Story, visit: Visit) -> None:
    with scope(clinic=story.house.clinic.id):
        Child.objects.update(birth_date=datetime(2021, 5, 1, tzinfo=UTC).date(), fed_how="no-milk")

    assert state(story, visit).about == "children"


def test_loss_silences_baby_and_milk_for_both_parents(story: Story, visit: Visit) -> None:
    house = story.house
    with scope(clinic=house.clinic.id):
        Loss.objects.create(
            clinic=house.clinic, family=house.mother.family, recorded_at=story.tick(), recorded_by=house.nurse.account
        )
    found = state(story, visit)
    said = " ".join(missing_sentences(list(found.missing), found.about, "Thursday"))

    assert found.about == "silent"
    assert not found.needs_release
    assert "baby" not in said
    assert "other children" in said


def test_day_of_somebody_else_is_refused(story: Story, visit: Visit) -> None:
    with scope(clinic=story.house.clinic.id), pytest.raises(Refused):
        services.set_day_plan(
            parent=story.house.father, visit=visit, by=story.house.actor("father"), at=story.tick(), **WHOLE
        )


def test_cancelled_day_is_not_planned(story: Story, visit: Visit) -> None:
    with scope(clinic=story.house.clinic.id):
        cancelled = cancel(visit=visit, by=story.house.actor("nurse"), at=story.tick())

    with pytest.raises(Refused, match="no longer booked"):
        plan(story, cancelled, **WHOLE)


def test_words_about_feeding_are_released_by_staff_only(story: Story, visit: Visit) -> None:
    with scope(clinic=story.house.clinic.id), pytest.raises(Refused):
        services.release(episode=story.house.episode, text="All fine.", by=story.house.actor("mother"), at=story.tick())
