"""Every form that a parent can send, sent again after her care has ended: it is meant to work then, or it is refused."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from tests.site.asking import ask, browser_of
from tests.site.routes import ROUTES, Route
from tests.support.houses import TellOnce, Written

if TYPE_CHECKING:
    from firstlight.ground.people.models import Membership
    from tests.cast import House
    from tests.journey.planning.telling import Story

ENDINGS = ("declined", "stopped", "transferred", "closed")
NOT_STOPPED = frozenset(ENDINGS) - {"stopped"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as a parent sends it, what the audit writes of it while she is in care, and after which endings it is refused.

    `done` is nothing where the audit notes nothing. `why`: what it still is for after the other endings.
    """

    form: dict[str, str]
    done: str
    refused_after: frozenset[str] = frozenset()
    why: str = ""
    who: str = "mother"


HER_OWN = "what she sets for herself stays hers"
EVERY = frozenset(ENDINGS)
FORMS: dict[str, Sent] = {
    "people:you": Sent({"hand": "left", "timezone": "America/New_York"}, "parent.amended", why=HER_OWN),
    "people:pin": Sent({"pin": "4711", "minutes": "5"}, "pin.set", why=HER_OWN),
    "people:parent_everywhere": Sent({}, "signed_out.everywhere", why="nobody is kept signed in"),
    "people:parent_sign_out": Sent({}, "signed_out", why="nobody is kept signed in"),
    "people:held_parent": Sent({}, "", why="a kept form can be thrown away"),
    "screening:question": Sent(
        {"item": "phq-2:q1", "value": "1"}, "screening.answered", NOT_STOPPED, "what was sent before a stop stays open"
    ),
    "screening:before": Sent({}, "reporting.seen", NOT_STOPPED, "it stands before these questions"),
    "consent:part": Sent({"answer": ""}, "consent.answered", EVERY),
    "consent:touch": Sent({"hand": "on"}, "consent.touch_chosen", EVERY),
    "consent:sign": Sent({"name": "Jonas Lindqvist", "agreed": "on"}, "consent.signed", EVERY, who="father"),
    "consent:withdraw": Sent({}, "consent.withdrawn", why="an agreement can be taken back at any time"),
    "therapists:choose": Sent({}, "therapist.chosen", EVERY),
    "planning:mine": Sent({"escort_name": "Sam"}, "day.planned", EVERY),
    "planning:of_day": Sent({"escort_name": "Sam"}, "day.planned", EVERY),
    "timeline:own_events": Sent({"kind": "moved", "on_date": "2026-11-20"}, "life_event.noted", why=HER_OWN),
    "timeline:share_event": Sent({"shared": "yes"}, "life_event.shared", why=HER_OWN),
    "timeline:take_back_own": Sent({}, "life_event.taken_back", why=HER_OWN),
    "response:hours": Sent({"parts": "morning"}, "asking_hours.chosen", why=HER_OWN),
    "response:after_stop": Sent({"wish": "nothing"}, "", why="only then there is something to choose"),
    "response:messages": Sent({"do": "stop"}, "messages.stopped", why=HER_OWN),
}
# Pages that answer to a form as they answer to a look.
ONLY_READ = frozenset({"portal:today", "safety:parent_help", "timeline:line", "integration:shared"})
OWN = tuple(route for route in ROUTES if route.meant_for == "M")


@dataclass
class InCare:
    """Maya in treatment with everything that she can write about; Jonas, who has read his agreement and not signed it."""

    story: "Story"
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def house(self) -> "House":
        return self.story.house


def tell() -> InCare:
    """Bring both of them that far."""
    from firstlight.ground.people.models import Episode
    from firstlight.journey.consent.selectors import edition_for
    from firstlight.journey.consent.services import answer_question
    from firstlight.journey.screening.services import assign
    from firstlight.journey.timeline.services import note_event
    from tests.cast import NOW, harbour
    from tests.journey.planning.telling import Story

    story = Story(harbour())
    house, by = story.house, story.house.actor("mother")
    days = story.up_to_series()
    story.agree()
    with scope(clinic=house.clinic.id):
        Episode.objects.filter(id=house.episode.id).update(state="active")
        fathers = Episode.objects.create(
            clinic=house.clinic, parent=house.father, state="active", source="call", opened_at=NOW, moved_at=NOW
        )
        shown = edition_for(house.father, story.now)
        for part, question in shown.questions.items():
            answer_question(
                parent=house.father, episode=fathers, part=part, answer=question.right, by=house.actor("father"), at=story.now
            )  # fmt: skip
        asked = assign(
            parent=house.mother, episode=house.episode, set_name="brief", by=house.actor("nurse"), at=story.tick()
        )
        event = note_event(parent=house.mother, kind="moved", on_date=story.now.date(), by=by, at=story.tick())
        other = _second_therapist(house)
    number = next(place for place, part in enumerate(shown.parts, 1) if part.question)
    right = next(iter(shown.questions.values())).right
    return InCare(
        story,
        {
            "set_id": asked.id,
            "event_id": event.id,
            "visit_id": days[0].id,
            "therapist_id": other.id,
            "number": number,
            "position": 1,
            "to": 0,
            "right": right,
            "fathers": fathers.id,
        },
    )


def _second_therapist(house: "House") -> "Membership":
    from firstlight.ground.people.permissions import Role
    from tests.cast import member
    from tests.journey.therapists.test_choosing import listed

    return listed(house, member(house.clinic, "Noor Elamin", Role.THERAPIST, "Social worker"))


@pytest.fixture(scope="module")
def told(tell_once: TellOnce) -> Written[InCare]:
    return tell_once(tell)


@pytest.fixture
def in_care(db: None, told: Written[InCare]) -> Iterator[InCare]:
    found = deepcopy(told.again())
    with time_machine.travel(found.story.now + timedelta(hours=1), tick=False):
        yield found


def end(in_care: InCare, how: str) -> None:
    """End the care of both, as the clinic does it."""
    from firstlight.ground.people.models import Episode
    from firstlight.ground.people.services import move

    house = in_care.house
    with scope(clinic=house.clinic.id):
        for episode_id in (house.episode.id, in_care.values["fathers"]):
            if how == "declined":
                Episode.objects.filter(id=episode_id).update(state="assessed")
            episode = Episode.objects.select_related("parent").get(id=episode_id)
            move(episode=episode, to=how, reason="Told so.", by=house.actor("prescriber"), at=in_care.story.tick())


def send_all(in_care: InCare) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Send every form, each as if none had been sent; return its status, and what the audit wrote beside reading."""
    from firstlight.ground.people.services.holding import hold

    mother, now = in_care.house.mother, in_care.story.now
    held = hold(account_id=mother.account_id, once=uuid4(), path="/me/you/", body=[("note", "typed")], at=now)
    values = in_care.values | {"held_id": held.id}
    found = {}
    for route in OWN:
        if route.name in FORMS:
            browser = browser_of(getattr(in_care.house, FORMS[route.name].who))
            form = {name: value or values["right"] for name, value in FORMS[route.name].form.items()}
            answer = ask(browser, "POST", route.address(**values), form)
            found[route.name] = (answer.status, tuple(one for one in answer.audited if not one.startswith("read.")))
    return found


def takes_a_form(browser: Client, route: Route) -> bool:
    """Tell whether a page takes a form at all, whatever its address names."""
    values = {name: 1 if name in {"number", "position", "to"} else uuid4() for name in route.arguments}
    return ask(browser, "POST", route.address(**values)).status != 405


def test_every_form_of_a_parent_is_here(in_care: InCare) -> None:
    found = {route.name for route in OWN if takes_a_form(browser_of(in_care.house.mother), route)}

    assert found - set(FORMS) - ONLY_READ == set()


def test_in_care_every_form_does_what_it_is_for(in_care: InCare) -> None:
    sent = send_all(in_care)

    assert {name: sent[name] for name, form in FORMS.items() if form.done and form.done not in sent[name][1]} == {}


@pytest.mark.parametrize("how", ENDINGS)
def test_after_care_a_form_is_refused_or_meant_to_work(in_care: InCare, how: str) -> None:
    end(in_care, how)
    sent = send_all(in_care)
    refused = {name for name, form in FORMS.items() if how in form.refused_after}

    assert {name: sent[name] for name in refused if sent[name][1]} == {}
    assert {name: sent[name][0] for name in refused if sent[name][0] not in {303, 410, 422}} == {}
    assert {name: sent[name] for name in set(FORMS) - refused if FORMS[name].done not in ("", *sent[name][1])} == {}
    assert [name for name in set(FORMS) - refused if not FORMS[name].why] == []
