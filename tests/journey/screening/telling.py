"""What the stories of the question sets share: a set on a parent's phone, and quick fingers."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django_scopes import scope
from playwright.sync_api import BrowserContext

from firstlight.clinical.instruments import instrument
from firstlight.ground.people.models import Episode, EpisodeState, Membership, Parent
from firstlight.ground.people.selectors import parent_actor
from firstlight.journey.learn.services import note_reporting_seen
from firstlight.journey.screening.asking import next_open
from firstlight.journey.screening.holding import ItemWords, Wording
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.selectors import given_in, questions_of
from firstlight.journey.screening.services import answer, assign, hold, tap
from tests.cast import NOW, House
from tests.support.signed_in import client_of

CALM = {"asq": 0, "phq-9": 1, "gad-7": 1, "health-10": 0, "check-in": 5, "phq-9:q9": 0, "check-in:harm": 0}
POSITIVE = {f"q{number}": 1 for number in range(1, 15)} | {"q15": 3}
"""Answers to the bipolar screen (MDQ): thirteen yes, at the same time, a serious problem."""
NEGATIVE = dict.fromkeys(POSITIVE, 0)


def first_set(house: House, *, at: datetime = NOW) -> QuestionSet:
    """Ask Maya the first questions."""
    with scope(clinic=house.clinic.id):
        return assign(parent=house.mother, episode=house.episode, set_name="first", by=house.actor("nurse"), at=at)


def own_first_set(house: House, parent: Parent, *, at: datetime = NOW) -> QuestionSet:
    """Invite another parent of the house, and ask him or her the first questions."""
    with scope(clinic=house.clinic.id):
        episode = Episode.objects.create(
            clinic=house.clinic, parent=parent, state=EpisodeState.INVITED, source="call", opened_at=at, moved_at=at
        )
        return assign(parent=parent, episode=episode, set_name="first", by=house.actor("nurse"), at=at)


def day_set(
    house: House,
    *,
    at: datetime = NOW,
    expires_at: datetime | None = None,
    set_name: str = "day",
    told: bool = True,
) -> QuestionSet:
    """Ask Maya how the day after a dose was: in four taps, or with every question. `told`: she has read what must be reported."""
    if told:
        was_told(house)
    with scope(clinic=house.clinic.id):
        return assign(
            parent=house.mother,
            episode=house.episode,
            set_name=set_name,
            by=house.actor("nurse"),
            at=at,
            due_at=at,
            expires_at=expires_at,
            anchor="dose:5b0e1c9a-58f1-4f0e-8b51-0a4f3c6f8a11+24h",
        )


def answer_all(
    house: House,
    question_set: QuestionSet,
    values: Mapping[str, int] | None = None,
    *,
    leave: str = "",
    at: datetime = NOW,
) -> int:
    """Answer every question that is asked: calmly, or with the given values by key; stop at `leave`. Return the taps."""
    chosen, taps, by = values or {}, 0, parent_actor(question_set.parent)
    with scope(clinic=house.clinic.id):
        while question := next_open(questions_of(question_set, given_in(question_set)), given_in(question_set)):
            if question.key == leave:
                break
            calm = CALM.get(question.key, CALM.get(question.instrument.name, 0))
            value = chosen.get(question.key, calm)
            taps += 1
            answer(question_set=question_set, item=question.key, value=value, by=by, at=at + timedelta(seconds=taps))
    return taps


def ask(house: House, name: str, at: datetime) -> QuestionSet:
    """Ask the mother a set anew: one of each name a minute."""
    return assign(
        parent=house.mother, episode=house.episode, set_name=name, anchor=f"test:{at:%d-%H-%M}", by=house.actor("nurse"), at=at
    )  # fmt: skip


def screened(house: House, values: Mapping[str, int], *, at: datetime) -> None:
    """Let Maya answer the bipolar screen, of which the clinic holds a text, on her phone."""
    question_set = ask(house, "highs", at)
    for key, value in values.items():
        if question_set.completed_at is None:
            tap(question_set=question_set, item=f"mdq:{key}", value=value, by=house.actor("mother"), at=at)
    assert question_set.completed_at is not None


def was_told(house: House) -> None:
    """Let Maya have read what must be reported, as she did before her first questions."""
    with scope(clinic=house.clinic.id):
        note_reporting_seen(parent=house.mother, by=parent_actor(house.mother), at=NOW)


def sign_in(device: BrowserContext, person: Membership | Parent) -> None:
    """Let somebody be signed in on a device, without the sign-in pages."""
    for name, morsel in client_of(person).cookies.items():
        path = "/me/" if name == "fl_me" else "/clinic/"
        device.add_cookies([{"name": name, "value": morsel.value, "domain": "127.0.0.1", "path": path}])


def bring_text(house: House, *names: str, at: datetime = NOW) -> None:
    """Let the clinic hold a text of some questionnaires, as its administrator brings it."""
    for name in names:
        definition = instrument(name)
        words = {
            item.key: ItemWords(f"Question {item.number}", tuple(map(str, item.values))) for item in definition.items
        }
        with scope(clinic=house.clinic.id):
            hold(
                definition=definition,
                wordings=[Wording("en", "", words)],
                permission="A letter of the owner",
                holder=house.clinic.name,
                by=house.actor("administrator"),
                at=at,
            )
