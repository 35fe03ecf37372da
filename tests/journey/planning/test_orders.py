"""A signed order: computed from a fresh weight, held against limits that nobody slips past."""

from datetime import UTC, datetime, timedelta

import pytest
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from firstlight.ground.documents.selectors import intact, signatures_of
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import EpisodeState
from firstlight.journey.planning import services
from firstlight.journey.planning.models import Order
from firstlight.journey.planning.selectors import current_order, orders_of
from firstlight.journey.planning.wording import order_blocks, order_words
from tests.cast import House
from tests.journey.planning.telling import Story
from tests.support.houses import Written


@pytest.fixture
def story(db: None, told_suitable: Written[Story]) -> Story:
    """Maya, assessed and found suitable, 70 kg."""
    return told_suitable.again()


def refusal(story: Story, mg_per_kg: str = "0.5", **more: object) -> Refused:
    with pytest.raises(Refused) as refused:
        story.order(mg_per_kg, **more)
    with scope(clinic=story.house.clinic.id):
        assert current_order(story.house.episode) is None
    return refused.value


def test_order_holds_dose_in_micrograms_from_the_weight_that_was_taken(story: Story) -> None:
    order = story.order()

    assert (order.dose_ug, order.ug_per_kg, order.minutes, order.weight_g) == (35_000, 500, 40, 70_000)
    assert (order.sessions, order.weeks, order.route, order.medicine) == (6, 3, "intravenous", "ketamine, racemic")
    assert order_words(order) == "Ketamine, racemic: 35 mg (0.5 mg/kg), intravenous, over 40 min"


def test_order_is_a_document_that_the_prescriber_signed(story: Story) -> None:
    order = story.order()

    with scope(clinic=story.house.clinic.id):
        signatures = signatures_of(order.document)
        assert intact(order.document)
        text = str(order.document.blocks)
    assert [(one.name, one.meaning) for one in signatures] == [("Amara Okafor", "ordered")]
    assert "35 mg" in text
    assert "0.5 mg/kg" in text


def test_order_makes_the_episode_active(story: Story) -> None:
    story.order()

    story.house.episode.refresh_from_db()
    assert story.house.episode.state == EpisodeState.ACTIVE


@pytest.mark.parametrize(
    ("mg_per_kg", "more", "field", "words"),
    [
        ("1.1", {"reason": "Please."}, "mg_per_kg", "above the limit of 1 mg/kg and 100 mg"),
        ("5", {"reason": "Please."}, "mg_per_kg", "It cannot be ordered here."),
        ("0.8", {}, "reason", "needs a reason"),
        ("0.5", {"minutes": 29}, "minutes", "at least 30 min"),
        ("0.5", {"route": "intramuscular", "minutes": 0}, "minutes", "at least 1 min"),
        ("0.5", {"sessions": 0}, "sessions", "Choose 1 to 8"),
        ("0.5", {"sessions": 9}, "sessions", "Choose 1 to 8"),
        ("0.5", {"weeks": 0}, "weeks", "Choose 1 to 6"),
        ("0.5", {"route": "intranasal"}, "route", "intranasal"),
    ],
)
def test_order_beyond_a_limit_is_refused(
    story: Story, mg_per_kg: str, more: dict[str, object], field: str, words: str
) -> None:
    refused = refusal(story, mg_per_kg, **more)

    assert refused.field == field
    assert words in refused.message


def test_dose_above_the_soft_limit_is_signed_with_its_reason(story: Story) -> None:
    order = story.order("0.8", reason="No effect at 0.5 mg/kg.")

    assert (order.dose_ug, order.reason) == (56_000, "No effect at 0.5 mg/kg.")


@pytest.mark.parametrize("naked", [".5", "0.50", "5.0", "1e0", "0,5", "-0.5", "", "half", "0.5 mg"])
def test_dose_that_can_be_misread_is_refused(story: Story, naked: str) -> None:
    assert refusal(story, naked).field == "mg_per_kg"


def test_tenfold_dose_is_refused_even_with_a_reason(story: Story) -> None:
    """The mix-up of PSNet 2021, as an order: 950 mg where 95 was meant."""
    story.enter("weight", weight_g=95_000)

    assert refusal(story, "10", reason="As always.").field == "mg_per_kg"


def test_weight_of_last_week_is_refused(house: House) -> None:
    story = Story(house)
    story.baseline()
    story.now += timedelta(days=8)
    story.enter("blood_pressure", sbp=120, dbp=80)
    story.decide()

    refused = refusal(story)

    assert refused.field == "weight"
    assert "Weigh again" in refused.message


def test_weight_of_an_evening_keeps_the_clinics_day(house: House) -> None:
    story = Story(house, datetime(2026, 11, 24, 2, 0, tzinfo=UTC))  # Monday evening in New York
    story.baseline()
    story.decide()

    order = story.order()
    story.now += timedelta(days=8)
    with pytest.raises(Refused, match="of Mon 23 Nov 2026"):
        story.order()
    assert "Mon 23 Nov 2026" in str(order_blocks(order))


def test_order_without_any_weight_is_refused(house: House) -> None:
    story = Story(house)
    story.baseline(weight=None)
    story.decide()

    assert refusal(story).field == "weight"


def test_body_mass_index_of_30_needs_a_choice_in_words(house: House) -> None:
    story = Story(house)
    story.baseline(weight={"weight_g": 90_000})
    story.decide()

    assert refusal(story).field == "reason"
    assert story.order(reason="Measured weight, as in the trials.").dose_ug == 45_000


@pytest.mark.parametrize("outcome", [None, "not_now", "declined"])
def test_order_without_the_decision_suitable_is_refused(house: House, outcome: str | None) -> None:
    story = Story(house)
    story.baseline()
    if outcome:
        story.decide(outcome)

    assert refusal(story).field == "episode"


def test_new_order_replaces_the_old_one(story: Story) -> None:
    first, second = story.order(), story.order("0.4")

    with scope(clinic=story.house.clinic.id):
        assert current_order(story.house.episode) == second
        assert [order.replaces for order in orders_of(story.house.episode)] == [first, None]


def test_stopped_order_counts_no_more(story: Story) -> None:
    order = story.order()
    with scope(clinic=story.house.clinic.id):
        by = story.house.actor("prescriber")
        services.stop_order(order=order, reason="Raised liver enzymes.", by=by, at=story.tick())
        assert current_order(story.house.episode) is None
        with pytest.raises(Refused, match="no longer counts"):
            services.stop_order(order=order, reason="Again.", by=by, at=story.tick())


def test_stopping_needs_a_reason(story: Story) -> None:
    order = story.order()

    with scope(clinic=story.house.clinic.id), pytest.raises(Refused) as refused:
        services.stop_order(order=order, reason=" ", by=story.house.actor("prescriber"), at=story.tick())

    assert refused.value.field == "reason"


@given(grams=st.integers(30_000, 200_000), ug_per_kg=st.integers(1, 1_000))
def test_ordered_dose_never_exceeds_what_was_asked_for(grams: int, ug_per_kg: int) -> None:
    from firstlight.clinical.protocols import dose
    from firstlight.clinical.quantities import DosePerKilogram, Minutes, QuantityError, Weight

    try:
        plan = dose.order(
            weight=Weight(grams), per_kilogram=DosePerKilogram(ug_per_kg), minutes=Minutes(40), route="intravenous"
        )
    except QuantityError:
        return
    asked_ug = grams * ug_per_kg / 1_000
    assert asked_ug - 100 < plan.mass.ug <= min(asked_ug, 100_000)


def test_order_keeps_its_weight_when_a_new_one_is_entered(story: Story) -> None:
    order = story.order()
    story.enter("weight", weight_g=80_000)

    with scope(clinic=story.house.clinic.id):
        assert Order.objects.get(id=order.id).weight_g == 70_000
