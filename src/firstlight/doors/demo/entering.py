"""From the first call to the decision: how each of the demo's parents comes in, told through the services only."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from firstlight.doors.demo.answers import answer_set, scores_for
from firstlight.doors.demo.cast import Role
from firstlight.doors.demo.house import House
from firstlight.ground.people import services as people
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.people.selectors import parent_actor
from firstlight.ground.visits.clocktimes import day_of
from firstlight.ground.worklist import services as worklist
from firstlight.ground.worklist.selectors import tasks_about
from firstlight.journey.eligibility import services as eligibility
from firstlight.journey.eligibility.selectors import outcomes_of
from firstlight.journey.screening.models import QuestionSet

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def enquire(role: Role, house: House, at: datetime, *, source: str = "call") -> Episode:
    """Log the first call."""
    return people.log_enquiry(
        clinic_id=house.clinic_id,
        name=role.name,
        phone=role.phone,
        email=role.email,
        best_time="evenings",
        concern="",
        source=source,
        referred_by="Dr. Pam Willis, obstetrician" if source == "referral" else "",
        relation=role.relation,
        by=house.actor("administrator"),
        at=at,
    )


def accepted(role: Role, house: House, episode: Episode, at: datetime) -> Iterator[datetime]:
    """Call back, invite, and let the parent come in. The family is entered with it."""
    yield at
    people.contact(episode=episode, note="Called back.", by=house.actor("nurse"), at=at)
    episode.refresh_from_db()
    invited = people.invite(episode=episode, by=house.actor("nurse"), at=at)
    episode.refresh_from_db()
    parent = episode.parent
    born = _weeks_before(role.birth_weeks_ago, at, house) if role.birth_weeks_ago else None
    people.amend_details(
        parent=parent,
        birth_date=role.born,
        gave_birth_date=born,
        by=house.actor("nurse"),
        at=at,
    )
    weeks = role.birth_weeks_ago or role.child_weeks_ago
    if weeks:
        day = _weeks_before(weeks, at, house)
        people.add_child(
            family=parent.family, birth_date=day, fed_how=role.fed, born_preterm=False, by=house.actor("nurse"), at=at
        )
    if role.loss:
        people.record_loss(family=parent.family, by=house.actor("nurse"), at=at)
    yield at + 5 * HOUR
    people.accept(invitation=invited.invitation, password=None, by=parent_actor(parent), at=at + 5 * HOUR)


def _weeks_before(weeks: int, at: datetime, house: House) -> date:
    return day_of(at - timedelta(weeks=weeks), house.clinic.timezone)


def first_answers(
    role: Role, episode: Episode, random: Random, at: datetime, *, only: int | None = None
) -> Iterator[datetime]:
    """Answer the first set, one tap after the other."""
    yield at
    parent = Parent.objects.select_related("family", "clinic", "account").get(id=episode.parent_id)
    question_set = QuestionSet.objects.get(parent=parent, set_name="first")
    wanted = scores_for(role, random, worried=role.story == "concern")
    answer_set(question_set, parent_actor(parent), at, wanted, only=only)


def baseline(role: Role, house: House, episode: Episode, at: datetime) -> Iterator[datetime]:
    """The prescriber's thin baseline: what the rules ask for."""
    yield at
    parent = Parent.objects.select_related("family", "clinic").get(id=episode.parent_id)
    today = day_of(at, house.clinic.timezone).isoformat()
    entries: list[tuple[str, dict[str, object]]] = [
        ("weight", {"weight_g": role.weight_kg * 1000}),
        ("height", {"height_cm": 170}),
        ("blood_pressure", {"sbp": role.pressure, "dbp": role.pressure * 2 // 3}),
        ("medicine", {"name": "sertraline", "dose": "100 mg a day", "group": "none"}),
        ("medicine", {"nothing_else": True}),
        ("allergy", {"nothing_else": True}),
        ("problem", {"nothing_else": True}),
        ("treatment_trial", _trial("sertraline", "ssri_snri", 12, "partial")),
        ("treatment_trial", _trial("cognitive behavioural therapy", "psychotherapy", 16, "none")),
        ("treatment_trial", {"nothing_else": True}),
        ("indication", {"diagnosis": "Major depressive disorder, recurrent", "severity": "severe"}),
        ("laboratory", {"test": "tsh", "result": "1.8 mIU/L", "raised": False, "test_date": today}),
        ("laboratory", {"test": "liver_enzymes", "result": "ALT 19 U/L", "raised": False, "test_date": today}),
    ]  # fmt: skip
    if role.birth_weeks_ago:
        birth: dict[str, object] = {
            "hypertensive_disorder": False,
            "preeclampsia_this_pregnancy": False,
            "preeclampsia_current": False,
            "clearance": True,
        }
        entries += [
            ("pregnancy_test", {"result": "negative", "test_date": today}),
            ("obstetric", birth),
            ("breastfeeding", {"breastfeeding": role.fed in {"breast", "mixed"}}),
        ]
    else:
        entries.append(("pregnancy_test", {"result": "cannot"}))
    for kind, value in entries:
        eligibility.record_baseline(parent=parent, kind=kind, value=value, by=house.actor("prescriber"), at=at)


def measured(role: Role, house: House, episode: Episode, at: datetime) -> None:
    """Weigh and measure again, where time has passed before the first dose."""
    parent = Parent.objects.select_related("family", "clinic").get(id=episode.parent_id)
    again: list[tuple[str, dict[str, object]]] = [
        ("weight", {"weight_g": role.weight_kg * 1000}),
        ("blood_pressure", {"sbp": role.pressure, "dbp": role.pressure * 2 // 3}),
    ]
    for kind, value in again:
        eligibility.record_baseline(parent=parent, kind=kind, value=value, by=house.actor("prescriber"), at=at)


def _trial(treatment: str, group: str, weeks: int, outcome: str) -> dict[str, object]:
    return {"treatment": treatment, "group": group, "weeks": weeks, "adequate": True, "outcome": outcome}


def decided(role: Role, house: House, episode: Episode, at: datetime) -> Iterator[datetime]:
    """Run the rules, and decide: each rule that asks for a decision gets one, with its reason."""
    yield at
    episode.refresh_from_db()
    assessment = eligibility.assess_now(episode=episode, by=house.actor("prescriber"), at=at)
    reasons = {outcome.rule: reason_for(outcome.rule) for outcome in outcomes_of(assessment) if outcome.needs_reason}
    eligibility.decide(
        assessment=assessment,
        outcome="suitable",
        reason="Two adequate trials without enough relief; severe and recurrent. Talked through with the parent.",
        reviews=reasons,
        by=house.actor("prescriber"),
        at=at,
    )
    tasks_done(house, episode, at)


def tasks_done(house: House, episode: Episode, at: datetime) -> None:
    """Take and finish what the answers asked for: they were read for the decision."""
    prescriber = house.actor("prescriber")
    for task in tasks_about(prescriber, episode.parent_id):
        worklist.acknowledge(task=task, by=prescriber, at=at)
        worklist.finish(task=task, by=prescriber, at=at, outcome="Read for the assessment.")


def reason_for(rule: str) -> str:
    """Return what the prescriber wrote beside one rule."""
    return {
        "breastfeeding": "Low transfer in two small studies; sources conflict. Feeding plan released, infant watched.",
        "asq_positive_unassessed": "Brief safety assessment done today.",
    }.get(rule, "Asked in the talk: nothing that speaks against it.")


def into_care(role: Role, house: House, at: datetime, random: Random, found: list[Episode]) -> Iterator[datetime]:
    """From the first call to the decision, within six days."""
    yield at
    episode = enquire(role, house, at)
    found.append(episode)
    yield from accepted(role, house, episode, at + 3 * HOUR)
    yield from first_answers(role, episode, random, at + DAY)
    yield from baseline(role, house, episode, at + 4 * DAY)
    yield from decided(role, house, episode, at + 4 * DAY + HOUR)
