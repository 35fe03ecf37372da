"""What comes up after a signed decision: a rule that blocks opens it again, one that asks for a decision makes a review due."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import pytest
from django.db import transaction
from django_scopes import scope

from firstlight.clinical.evidence import text
from firstlight.clinical.protocols import Action, rules
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Child
from firstlight.ground.people.services import add_child, amend_details, record_feeding
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import finish
from firstlight.journey.eligibility.lists import lists
from firstlight.journey.eligibility.models import BaselineEntry, Kind
from firstlight.journey.eligibility.reopening import KIND, REVIEW_KIND, Reopened, reopened, reopening
from firstlight.journey.eligibility.selectors import facts_for
from firstlight.journey.eligibility.services import withdraw_entry
from firstlight.journey.screening.services import assign, complete
from tests.cast import House, hillside
from tests.journey.planning.telling import Story
from tests.journey.screening.telling import answer_all
from tests.support.reading import words_of
from tests.support.signed_in import client_of

Late = Callable[[Story], None]
LISTED = {choice.key for choice in lists()["problems"]}
NO_BIRTH_TROUBLE = {
    "hypertensive_disorder": False,
    "preeclampsia_this_pregnancy": False,
    "preeclampsia_current": False,
    "clearance": False,
    "symptoms": [],
}
DOSE_STOPPED = (
    "Came up since the decision: Theophylline or aminophylline: do not give together, seizures become more likely."
)


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


@pytest.fixture
def story(house: House) -> Story:
    """Maya, decided on as suitable: no milk, thyroid known, nothing else that asks for a decision."""
    story = Story(house)
    tsh = {"test": "tsh", "result": "1.8", "raised": False, "test_date": "2026-11-20"}
    story.baseline(breastfeeding={"breastfeeding": False}, laboratory=tsh)
    story.decide()
    return story


def entered(kind: str, **value: object) -> Late:
    """Enter one fact after the decision."""
    return lambda story: story.enter(kind, **value)


def medicine(group: str, *, recent: bool = False) -> Late:
    return entered("medicine", name=group, dose="", group=group, within_24h=recent)


def withdrawn(kind: Kind) -> Late:
    """Take back the newest entry of a kind."""

    def late(story: Story) -> None:
        entry = BaselineEntry.objects.filter(kind=kind).latest("at")
        withdraw_entry(entry=entry, reason="Another person's.", by=story.house.actor("nurse"), at=story.tick())

    return late


def answered(story: Story, set_name: str, values: Mapping[str, int], instruments: Sequence[str] = ()) -> None:
    """Let Maya answer a set on her phone, calmly but for these."""
    house = story.house
    story.now += timedelta(minutes=10)
    question_set = assign(
        parent=house.mother, episode=house.episode, set_name=set_name, anchor=f"test:{story.now:%d-%H-%M}",
        instruments=instruments, by=house.actor("nurse"), at=story.now,
    )  # fmt: skip
    answer_all(house, question_set, values, at=story.now)
    story.now += timedelta(minutes=10)
    complete(question_set=question_set, by=house.actor("mother"), at=story.now)


def said_yes(item: str) -> Late:
    """Let Maya answer one health question with yes, on her phone."""
    return lambda story: answered(story, "first", {f"health-10:{item}": 1})


def screen(**values: int) -> Late:
    return lambda story: answered(story, "first", {f"asq:{item}": value for item, value in values.items()})


def birth_three_weeks_ago(story: Story) -> None:
    amend_details(
        parent=story.house.mother, gave_birth_date=date(2026, 11, 2), by=story.house.actor("nurse"), at=story.tick()
    )  # fmt: skip


def warned_after_a_birth(story: Story) -> None:
    birth_three_weeks_ago(story)
    story.enter("obstetric", **{**NO_BIRTH_TROUBLE, "symptoms": ["new_headache"]})


def newborn_at_the_breast(story: Story) -> None:
    house = story.house
    add_child(
        family=house.mother.family, birth_date=date(2026, 11, 2), fed_how="breast", by=house.actor("nurse"), at=story.tick()
    )  # fmt: skip
    story.enter("breastfeeding", breastfeeding=True)


def born_in_2010(story: Story) -> None:
    amend_details(
        parent=story.house.mother, birth_date=date(2010, 4, 17), by=story.house.actor("nurse"), at=story.tick()
    )  # fmt: skip


LATE: dict[str, Late] = {key: entered("problem", problem=key, note="") for key in rules() if key in LISTED} | {
    "hypersensitivity": entered("allergy", substance="Ketamine", group="ketamine", reaction="Rash"),
    "resting_bp": entered("blood_pressure", sbp=176, dbp=104),
    "pregnancy": entered("pregnancy_test", result="positive", test_date="2026-11-23"),
    "preeclampsia_eclampsia": entered("obstetric", **{**NO_BIRTH_TROUBLE, "preeclampsia_current": True}),
    "hdp_this_pregnancy": entered("obstetric", **{**NO_BIRTH_TROUBLE, "hypertensive_disorder": True}),
    "postpartum_warning_symptoms": warned_after_a_birth,
    "tsh_missing_postpartum_12m": withdrawn(Kind.LABORATORY),
    "breastfeeding": entered("breastfeeding", breastfeeding=True),
    "infant_preterm_or_under_8wk_breastfed": newborn_at_the_breast,
    "no_indication": withdrawn(Kind.INDICATION),
    "asq_acute": screen(q1=1, q5=1),
    "asq_positive_unassessed": screen(q1=1, q5=0),
    "bipolar_without_stabiliser": entered("problem", problem="bipolar", note=""),
    "age_under_18": born_in_2010,
    "liver_enzymes_raised": entered(
        "laboratory", test="liver_enzymes", result="3 x", raised=True, test_date="2026-11-23"
    ),
    "osa_or_bmi_30": entered("weight", weight_g=100_000),
    "ergot_bromocriptine_24h": medicine("ergot_bromocriptine", recent=True),
    "theophylline": medicine("theophylline"),
    "cns_depressants_two_or_same_day": medicine("opioid", recent=True),
    "glp1_receptor_agonist": medicine("glp1_receptor_agonist"),
}
"""How each rule that asks for a decision can come to fire after one."""


def up(story: Story) -> Reopened | None:
    return reopened(story.house.episode, story.now)


def texts(found: Reopened | None) -> list[str]:
    return [one.told for one in found.findings] if found else []


def test_every_rule_that_asks_for_a_decision_is_watched_or_names_why_not() -> None:
    asking = {key for key, rule in rules().items() if rule.action in {Action.BLOCK, Action.REVIEW}}
    watched, left_out = set(reopening().watched), reopening().not_here

    assert watched | set(left_out) == asking
    assert watched.isdisjoint(left_out)
    assert all(text(because, "en").strip() for because in left_out.values())
    assert {key for key, rule in rules().items() if rule.day} == set(left_out)


def test_every_watched_rule_has_a_story_of_how_it_comes_up_late() -> None:
    assert set(LATE) == set(reopening().watched)


@pytest.mark.parametrize("action", [Action.BLOCK, Action.REVIEW])
def test_every_rule_that_comes_to_fire_after_the_decision_waits_for_a_prescriber(story: Story, action: Action) -> None:
    assert up(story) is None
    before = story.now
    for key in (key for key in LATE if rules()[key].action is action):
        with transaction.atomic():
            LATE[key](story)

            found = up(story)
            assert found is not None, key
            finding = next((one for one in found.findings if one.rule == key), None)
            assert finding is not None, key
            assert finding.stops is (action is Action.BLOCK or key in reopening().named), key
            task = Task.objects.get(kind=KIND if finding.stops else REVIEW_KIND)
            assert finding.told in task.reason.splitlines(), key
            assert finding.source, key
            assert (task.role, task.cleared_by) == ("prescriber", ["prescriber"])
            if finding.stops:
                with pytest.raises(Refused, match="Came up since the decision: "):
                    story.order()
            transaction.set_rollback(True)
        story.now = before
    assert up(story) is None


def test_new_medicine_stops_orders_says_who_entered_it_and_is_decided_anew(story: Story) -> None:
    medicine("theophylline")(story)

    with pytest.raises(Refused) as refused:
        story.order()
    assert refused.value.message.startswith(f"{DOSE_STOPPED} (entered by the clinic, Mon 23 Nov 2026.)")
    task = Task.objects.get(kind=KIND)
    assert task.title == "Before any dose: a rule blocks since the decision"
    with pytest.raises(Refused, match="rules block this"):
        story.decide()

    withdrawn(Kind.MEDICINE)(story)
    assert up(story) is not None  # the task stands until a prescriber has decided
    story.decide()

    task.refresh_from_db()
    assert (up(story), task.outcome) == (None, "Decided: Suitable for treatment.")
    assert story.order().sessions


def test_review_leaves_the_decision_and_its_task_is_finished_by_deciding(story: Story) -> None:
    entered("problem", problem="cystitis_luts", note="Since the last dose")(story)

    found = up(story)
    assert found is not None
    assert (found.stops, [one.rule for one in found.due]) == (False, ["cystitis_luts"])
    task = Task.objects.get(kind=REVIEW_KIND)
    assert task.title == "Before the next dose: something came up to review"
    with pytest.raises(Refused, match="To be cleared by: Prescriber"):
        finish(task=task, by=story.house.actor("nurse"), at=story.tick(), outcome="Seen.")

    story.decide()

    task.refresh_from_db()
    assert (up(story), task.outcome) == (None, "Decided: Suitable for treatment.")


def test_same_thing_said_again_joins_the_open_task_and_another_is_added(story: Story) -> None:
    medicine("theophylline")(story)
    medicine("theophylline")(story)
    entered("problem", problem="porphyria", note="")(story)

    task = Task.objects.get(kind=KIND)
    assert Task.objects.filter(kind=REVIEW_KIND).count() == 0
    assert [line.split(":")[0] for line in task.reason.splitlines()][:2] == [
        "Theophylline or aminophylline",
        "Porphyria",
    ]


def test_task_is_due_by_the_next_dose(house: House) -> None:
    story = Story(house)
    first = story.up_to_series()[0]
    story.now = first.starts_at - timedelta(hours=3)

    medicine("theophylline")(story)

    assert Task.objects.get(kind=KIND).acknowledge_by == first.starts_at


def test_nothing_is_opened_by_a_baseline_before_the_decision_nor_under_a_decision_not_now(house: House) -> None:
    story = Story(house)
    story.baseline(medicine={"name": "Theophylline", "dose": "", "group": "theophylline", "within_24h": False})
    assert up(story) is None

    story.decide("not_now")
    entered("problem", problem="nyha_3_4", note="")(story)

    assert up(story) is None
    assert not Task.objects.filter(kind__in=(KIND, REVIEW_KIND)).exists()


def test_yes_of_the_parents_after_the_decision_proves_nothing_and_is_asked_before_the_next_dose(story: Story) -> None:
    assert facts_for(story.house.mother.id, story.now).values["intracerebral_haem"] is False

    said_yes("brain")(story)

    known = facts_for(story.house.mother.id, story.now)
    assert "intracerebral_haem" not in known.values
    found = up(story)
    assert found is not None
    assert not found.stops
    assert {"vasc_aneurysm_avm", "intracerebral_haem", "cva_or_cerebral_trauma"} <= set(found.rules)
    assert (
        "To be asked, an answer left it open: A bleed inside the brain, ever: contraindicated. "
        "(answered by the parent, Mon 23 Nov 2026.)" in texts(found)
    )
    assert Task.objects.get(kind=REVIEW_KIND).reason.startswith("To be asked, an answer left it open: ")

    story.now += timedelta(hours=1)
    story.enter("problem", nothing_else=True)
    assert up(story) is None


def test_same_yes_again_is_nothing_new_after_the_clinic_asked(story: Story) -> None:
    said_yes("heart")(story)
    story.now += timedelta(hours=1)
    story.enter("problem", nothing_else=True)
    story.decide()

    said_yes("heart")(story)

    assert up(story) is None


def test_bladder_on_the_list_of_side_effects_is_reviewed_before_the_next_dose(story: Story) -> None:
    for value, rules_up in ((1, ()), (2, ("cystitis_luts",))):
        answered(story, "month", {"side-effects:urgency": value}, ["side-effects"])

        found = up(story)
        assert (found.rules if found else ()) == rules_up
    assert found is not None
    assert "the parent's list of side effects, Mon 23 Nov 2026" in found.findings[0].told


def test_review_of_an_addiction_is_not_about_what_was_stated_after_it(house: House) -> None:
    story = Story(house)
    story.baseline(problem={"problem": "sud_active", "note": "Alcohol"})
    story.enter("clearance", clearance="addiction_review", note="Sober for a year.")
    story.decide()
    assert up(story) is None

    entered("problem", problem="sud_active", note="Ketamine, at home")(story)

    found = up(story)
    assert found is not None
    assert (found.stops, found.rules) == (True, ("sud_active",))


def test_feeding_that_changed_is_reviewed(story: Story) -> None:
    house = story.house
    withdrawn(Kind.BREASTFEEDING)(story)
    story.decide()
    child = Child.objects.get(family=house.mother.family)
    record_feeding(child=child, fed_how="formula", by=house.actor("mother"), at=story.tick())
    story.decide()

    record_feeding(child=child, fed_how="breast", by=house.actor("mother"), at=story.tick())

    assert Task.objects.filter(kind=REVIEW_KIND, finished_at=None).get().reason.startswith("Breast-feeding: ")


def test_what_came_up_says_which_values_it_rests_on(story: Story) -> None:
    LATE["resting_bp"](story)
    LATE["no_indication"](story)

    said = dict(zip(up(story).rules, texts(up(story)), strict=True))  # type: ignore[union-attr]  # both came up

    assert "(Systolic blood pressure at rest: 176 mmHg, entered by the clinic, Mon 23 Nov 2026; " in said["resting_bp"]
    assert "Indication documented: no, " in said["no_indication"]


def test_page_tells_prescriber_and_nurse_what_came_up_and_on_what_it_rests(story: Story) -> None:
    house = story.house
    medicine("theophylline")(story)
    entered("problem", problem="porphyria", note="")(story)

    for member in (house.prescriber, house.nurse):
        words = words_of(client_of(member).get(f"/clinic/people/{house.mother.id}/assessment/").content.decode())
        assert "Open again: no dose starts until a prescriber has decided anew." in words
        assert "seizures become more likely. (entered by the clinic, Mon 23 Nov 2026)" in words
        assert "To review before the next dose: it starts when a prescriber has decided on this." in words
        assert "Porphyria: caution, decide." in words


def test_parent_and_the_other_clinic_read_nothing_of_it(story: Story) -> None:
    medicine("theophylline")(story)
    entered("problem", problem="porphyria", note="")(story)
    house = story.house

    for path in ("/me/", "/me/plan/", "/me/documents/"):
        page = client_of(house.mother).get(path)
        assert page.status_code == 200
        words = words_of(page.content.decode()).lower()
        assert not [said for said in ("theophylline", "porphyria", "came up", "open again", "review") if said in words]
    address = f"/clinic/people/{house.mother.id}/assessment/"
    assert client_of(hillside().prescriber).get(address).status_code == 404
