"""Two entries of the same microsecond: the one that was written last is the newest, on every engine."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django_scopes import scope

from firstlight.clinical.instruments import instrument
from firstlight.ground.documents.models import Document
from firstlight.ground.people.models import Child, DetailChange, EpisodeEvent, EpisodeState, Feeding
from firstlight.ground.people.selectors.care import episodes_of
from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.said import said_to
from firstlight.ground.safety.selectors import latest_concern, open_concern
from firstlight.ground.visits.models import Visit
from firstlight.ground.worklist.models import Task
from firstlight.journey.consent.models import Consent, TeachBackAnswer, TouchChoice
from firstlight.journey.consent.selectors import agreement_of, consent_of, signatures_about
from firstlight.journey.eligibility.models import Assessment, BaselineEntry, Decision, Kind
from firstlight.journey.eligibility.selectors import (
    decision_of,
    entries_about,
    last_decision_about,
    latest_assessment,
    latest_weight,
)
from firstlight.journey.planning.models import DayPlan, FeedingRelease, Order
from firstlight.journey.planning.selectors import day_plan_of, feeding_release_of, last_plan_of, orders_of
from firstlight.journey.screening.models import Answer, ItemChoice
from firstlight.journey.screening.preferences import chosen_item
from firstlight.journey.screening.strength import has_eased
from firstlight.journey.therapists.models import TherapistChoice
from firstlight.journey.therapists.selectors import choices_of
from tests.cast import NOW, House
from tests.journey.screening.telling import ask

TIMES = 12
"""By chance alone the last one of so many would seldom be the newest."""


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


def document(house: House) -> Document:
    return Document.objects.create(
        clinic=house.clinic, parent=house.mother, kind="note", title="A page", body={}, salt="", digest="", filed_at=NOW
    )


def whose(house: House) -> dict[str, object]:
    return {"clinic": house.clinic, "parent": house.mother, "episode": house.episode, "at": NOW}


def concerns(house: House) -> tuple[list[object], list[object]]:
    task = Task.objects.create(
        clinic=house.clinic, parent=house.mother, kind="concern", title="Look", reason="", role="nurse", urgency="today",
        opened_at=NOW, acknowledge_by=NOW, clock_began_at=NOW,
    )  # fmt: skip
    shared = {"clinic": house.clinic, "parent": house.mother, "task": task, "level": "L2", "source": "s", "asked": "q"}
    made = [Concern.objects.create(**shared, strength=place % 3 + 1, reason="", at=NOW) for place in range(TIMES)]
    said = [one.concern for one in said_to(house.mother.id, source="s", asked="q")]
    return made, [*said[:-1], *{said[-1], latest_concern(task), open_concern(house.mother.id)}]


def weights(house: House) -> tuple[list[object], list[object]]:
    shared = {"clinic": house.clinic, "parent": house.mother, "kind": Kind.WEIGHT, "at": NOW, "by": house.nurse}
    made = [BaselineEntry.objects.create(**shared, value={"weight_g": 70_000 + place}) for place in range(TIMES)]
    newest = latest_weight(house.mother)
    assert newest is not None
    entries = entries_about(house.actor("nurse"), house.mother.id)
    return made, [*entries[:-1], *{entries[-1], newest.entry}]


def decisions(house: House) -> tuple[list[object], list[object]]:
    made = []
    for _ in range(TIMES):
        run = Assessment.objects.create(**whose(house), facts={}, by=house.prescriber)
        shared = {"assessment": run, "outcome": "suitable", "reason": "", "document": document(house)}
        made.append(Decision.objects.create(**whose(house), **shared, by=house.prescriber))
    latest = latest_assessment(house.episode)
    assert latest is not None
    newest = {decision_of(house.episode), last_decision_about(house.mother), latest.decision}
    return made, [*made[:-1], *newest]


def orders(house: House) -> tuple[list[object], list[object]]:
    shared = {"clinic": house.clinic, "parent": house.mother, "kind": Kind.WEIGHT, "at": NOW, "by": house.nurse}
    weight = BaselineEntry.objects.create(**shared, value={"weight_g": 70_000})
    amounts = {"ug_per_kg": 500, "minutes": 40, "sessions": 6, "weeks": 3, "weight_g": 70_000, "dose_ug": 35_000}
    made = [
        Order.objects.create(
            **whose(house), **amounts, route="intravenous", weight=weight, document=document(house), by=house.prescriber
        )
        for _ in range(TIMES)
    ]
    return made, [*reversed(orders_of(house.episode))]


def day_plans(house: House) -> tuple[list[object], list[object]]:
    visit = Visit.objects.create(
        clinic=house.clinic, parent=house.mother, staff=house.nurse, kind="dosing", status="booked", starts_at=NOW,
        ends_at=NOW + timedelta(hours=3), minutes=180,
    )  # fmt: skip
    shared = {"clinic": house.clinic, "parent": house.mother, "visit": visit, "at": NOW, "by": house.mother.account}
    made = [DayPlan.objects.create(**shared, escort_name=f"Escort {place}") for place in range(TIMES)]
    return made, [*made[:-1], *{day_plan_of(visit), last_plan_of(house.mother)}]


def releases(house: House) -> tuple[list[object], list[object]]:
    made = [
        FeedingRelease.objects.create(**whose(house), text=f"Wait {place} hours.", by=house.prescriber)
        for place in range(TIMES)
    ]
    return made, [*made[:-1], feeding_release_of(house.mother)]


def touches(house: House) -> tuple[list[object], list[object]]:
    by = house.mother.account
    made = [TouchChoice.objects.create(**whose(house), choices={}, by=by) for _ in range(TIMES)]
    return made, list(agreement_of(house.episode).touches)


def consents(house: House) -> tuple[list[object], list[object]]:
    by, made = house.mother.account, []
    for version in range(1, TIMES + 1):
        touch = TouchChoice.objects.create(**whose(house), choices={}, by=by)
        words = {"template": "t", "version": version, "digest": "", "signed_name": "Maya", "document": document(house)}
        made.append(Consent.objects.create(**whose(house), **words, touch=touch, by=by))
    assert [one.version for one in signatures_about(house.mother)] == list(range(1, TIMES + 1))
    agreed = list(agreement_of(house.episode).consents)
    return made, [*reversed(agreed[1:]), *{agreed[0], consent_of(house.episode)}]


def teach_back(house: House) -> tuple[list[object], list[object]]:
    by, words = house.mother.account, {"template": "t", "version": 1, "question": "q"}
    made = [
        TeachBackAnswer.objects.create(**whose(house), **words, answer="a", right=bool(place % 2), by=by)
        for place in range(TIMES)
    ]
    return made, list(agreement_of(house.episode).answers)


def therapists(house: House) -> tuple[list[object], list[object]]:
    shared = {"clinic": house.clinic, "episode": house.episode, "at": NOW}
    people = [house.therapist, house.nurse]
    made = [TherapistChoice.objects.create(**shared, therapist=people[place % 2]) for place in range(TIMES)]
    return made, list(choices_of(house.episode))


def steps(house: House) -> tuple[list[object], list[object]]:
    shared = {"clinic": house.clinic, "episode": house.episode, "state": EpisodeState.ACTIVE, "at": NOW}
    made = [EpisodeEvent.objects.create(**shared, reason="") for _ in range(TIMES)]
    (line,) = episodes_of(house.actor("nurse"), house.mother)
    return made, list(line.events)


def feedings(house: House) -> tuple[list[object], list[object]]:
    child = Child.objects.get(family=house.mother.family)
    made = [
        Feeding.objects.create(clinic=house.clinic, child=child, fed_how="mixed", recorded_at=NOW) for _ in range(TIMES)
    ]
    return made, list(Feeding.objects.filter(child=child).order_by("recorded_at", "id"))


def corrections(house: House) -> tuple[list[object], list[object]]:
    made = [
        DetailChange.objects.create(
            clinic=house.clinic, parent=house.mother, name="phone", before="1", after="2", at=NOW
        )
        for _ in range(TIMES)
    ]
    return made, list(DetailChange.objects.filter(parent=house.mother))


KINDS = [
    concerns, weights, decisions, orders, day_plans, releases, touches, consents, teach_back, therapists, steps, feedings,
    corrections,
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_newest_of_one_moment_is_what_was_written_last(
    house: House, kind: Callable[[House], tuple[list[object], list[object]]]
) -> None:
    written, read = kind(house)

    assert read == written


def test_last_choice_of_one_moment_is_what_a_check_in_asks(house: House) -> None:
    for item in ["energy", "tension", "anxiety"] * 4:
        ItemChoice.objects.create(clinic=house.clinic, parent=house.mother, item=item, chosen_at=NOW)

        assert chosen_item(house.mother, NOW, silent_about_baby=False) == item


@pytest.mark.parametrize("last", [0, 1])
def test_last_answer_of_one_moment_says_whether_it_had_eased(house: House, last: int) -> None:
    asked = [ask(house, "week", NOW - timedelta(minutes=place)) for place in range(1, TIMES + 1)]
    latest = ask(house, "week", NOW)

    def said(question_set: object, value: int, at: object) -> Answer:
        return Answer.objects.create(
            clinic=house.clinic, question_set=question_set, instrument="phq-9", item="q9", value=value, answered_at=at
        )

    for place, question_set in enumerate(asked, 1):
        said(question_set, (TIMES - place + last) % 2, NOW - timedelta(hours=1))
    kept = said(latest, 1, NOW)

    assert has_eased(latest, kept, instrument("phq-9")) is (last == 0)
