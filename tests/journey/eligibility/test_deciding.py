"""The prescriber's decision: blocks need facts, reviews need words, and all of it is signed."""

from datetime import timedelta

import pytest
from django_scopes import scope

from firstlight.ground.documents.selectors import intact, signatures_of
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import EpisodeState
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.selectors import tasks_about
from firstlight.journey.eligibility import services
from firstlight.journey.eligibility.models import Assessment
from firstlight.journey.eligibility.selectors import decision_of, new_since, outcomes_of
from firstlight.journey.screening.services import complete
from tests.cast import NOW, House
from tests.journey.planning.telling import Story
from tests.journey.screening.telling import answer_all, first_set

MINUTE = timedelta(minutes=1)


def decide(house: House, run: Assessment, outcome: str = "suitable", reviews: dict[str, str] | None = None) -> None:
    with scope(clinic=house.clinic.id):
        services.decide(
            assessment=run,
            outcome=outcome,
            reason="Fits.",
            reviews=reviews,
            by=house.actor("prescriber"),
            at=NOW + timedelta(hours=2),
        )


def reasons(house: House, run: Assessment) -> dict[str, str]:
    with scope(clinic=house.clinic.id):
        return {one.rule: "Weighed." for one in outcomes_of(run) if one.needs_reason}


def test_every_rule_is_kept_with_inputs_and_source(house: House) -> None:
    story = Story(house)
    story.baseline()
    run = story.run()
    with scope(clinic=house.clinic.id):
        outcomes = {outcome.rule: outcome for outcome in outcomes_of(run)}

    pressure = outcomes["resting_bp"]
    assert pressure.state == "clear"
    assert [(one.words, one.value) for one in pressure.inputs] == [
        ("Systolic blood pressure at rest", "118 mmHg"),
        ("Diastolic blood pressure at rest", "76 mmHg"),
    ]
    assert all(one.at is not None and one.origin == "entered by the clinic" for one in pressure.inputs)
    assert pressure.sources == ("K-CH",)
    assert outcomes["no_indication"].is_ours


def test_what_blocks_stands_first(house: House) -> None:
    story = Story(house)
    story.baseline(blood_pressure={"sbp": 190, "dbp": 110})
    run = story.run()
    with scope(clinic=house.clinic.id):
        outcomes = outcomes_of(run)

    firing = [one for one in outcomes if one.state == "fires"]
    assert [one.action for one in outcomes[:2]] == ["block", "block"]
    assert {one.rule for one in firing if one.blocks} == {"resting_bp", "day_bp_160_100"}


def test_suitable_is_refused_while_a_block_fires_whatever_the_reason(house: House) -> None:
    story = Story(house)
    story.baseline(problem={"problem": "active_psychosis", "note": ""})
    run = story.run()

    with pytest.raises(Refused, match="Only new facts clear a block") as refused:
        decide(house, run, reviews=reasons(house, run) | {"active_psychosis": "I think it is fine."})

    assert refused.value.field == "outcome"
    with scope(clinic=house.clinic.id):
        assert decision_of(house.episode) is None
    assert house.episode.state == EpisodeState.INVITED


def test_new_fact_clears_a_block(house: House) -> None:
    story = Story(house)
    story.baseline(blood_pressure={"sbp": 190, "dbp": 110})
    story.run()
    story.enter("blood_pressure", sbp=128, dbp=82)

    assert story.decide().outcome == "suitable"


def test_review_without_a_reason_is_refused_and_named(house: House) -> None:
    story = Story(house)
    story.baseline()
    run = story.run()

    with pytest.raises(Refused) as refused:
        decide(house, run, reviews=reasons(house, run) | {"breastfeeding": "   "})

    assert refused.value.field == "review-breastfeeding"


def test_block_that_could_not_be_checked_needs_a_reason_too(house: House) -> None:
    story = Story(house)
    story.baseline(pregnancy_test=None)
    run = story.run()
    said = reasons(house, run)

    assert "pregnancy" in said
    with pytest.raises(Refused) as refused:
        decide(house, run, reviews={rule: text for rule, text in said.items() if rule != "pregnancy"})
    assert refused.value.field == "review-pregnancy"


@pytest.mark.parametrize(
    ("outcome", "state"),
    [("suitable", EpisodeState.ASSESSED), ("not_now", EpisodeState.ASSESSED), ("declined", EpisodeState.DECLINED)],
)
def test_decision_moves_the_episode(house: House, outcome: str, state: EpisodeState) -> None:
    story = Story(house)
    story.baseline()
    story.decide(outcome)

    house.episode.refresh_from_db()
    assert house.episode.state == state


def test_not_now_needs_no_reviews(house: House) -> None:
    run = Story(house).run()

    decide(house, run, "not_now")

    with scope(clinic=house.clinic.id):
        decision = decision_of(house.episode)
    assert decision is not None
    assert decision.outcome == "not_now"


def test_decision_is_a_signed_document_that_holds_the_reasons(house: House) -> None:
    story = Story(house)
    story.baseline()
    decision = story.decide()

    with scope(clinic=house.clinic.id):
        signatures = signatures_of(decision.document)
        assert intact(decision.document)
    assert [(one.name, one.meaning) for one in signatures] == [("Amara Okafor", "decided")]
    assert "Weighed with the parent." in str(decision.document.blocks)
    assert "Severe, no change after sertraline." in str(decision.document.blocks)


def test_fact_entered_after_the_run_makes_the_decision_wait(house: House) -> None:
    story = Story(house)
    story.baseline()
    run = story.run()
    story.enter("problem", problem="current_mania", note="")
    with scope(clinic=house.clinic.id):
        assert new_since(run)

    with pytest.raises(Refused, match="Run the rules again first"):
        decide(house, run, reviews=reasons(house, run))


def test_run_is_decided_once(house: House) -> None:
    story = Story(house)
    story.baseline()
    run = story.run()
    story.decide("not_now", run)

    with pytest.raises(Refused, match="This run has its decision"):
        decide(house, run, reviews=reasons(house, run))


def test_older_run_cannot_be_decided(house: House) -> None:
    story = Story(house)
    story.baseline()
    old = story.run()
    story.run()

    with pytest.raises(Refused, match="Decide on the newest run"):
        decide(house, old, reviews=reasons(house, old))


def test_decision_needs_a_reason_of_bearable_length(house: House) -> None:
    run = Story(house).run()
    for text, words in (("  ", "Give the reason"), ("x" * 2_001, "2001 characters are too many")):
        with scope(clinic=house.clinic.id), pytest.raises(Refused, match=words):
            services.decide(
                assessment=run, outcome="not_now", reason=text, by=house.actor("prescriber"), at=NOW + MINUTE
            )


def test_declined_parent_is_not_assessed_again(house: House) -> None:
    story = Story(house)
    story.baseline()
    story.decide("declined")

    with pytest.raises(Refused, match="Declined"):
        story.run()


def test_decision_finishes_the_task_to_read_the_answers_and_no_other(house: House) -> None:
    question_set = first_set(house)
    answer_all(house, question_set, {"asq:q1": 1})
    story = Story(house)
    with scope(clinic=house.clinic.id):
        complete(question_set=question_set, by=house.actor("mother"), at=story.now)
    story.baseline()
    run = story.run()
    decide(house, run, "not_now")

    with scope(clinic=house.clinic.id):
        (left,) = tasks_about(house.actor("prescriber"), house.mother.id)
        read = Task.objects.get(kind="answers-to-read")
    assert left.kind != "answers-to-read"
    assert (read.outcome, read.acknowledged_by) == ("Read for the decision.", house.prescriber)
