"""The addresses of a parent's pages stand in her browser's history, in mails and on a screen that others see."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from firstlight.clinical.instruments.reading import instruments
from tests.site.routes import ROUTES

# Parts of words that tell what somebody does here, wherever in an address they stand.
TELLING = (
    "therap", "ketamin", "depress", "anxi", "burnout", "trauma", "suicid", "psych", "mental", "mood", "symptom",
    "diagnos", "treat", "dose", "dosing", "session", "infusion", "medic", "drug", "clinic", "hospital", "patient",
    "score", "screening", "questionnaire", "assess", "consent", "baby", "child", "pregnan", "birth", "feeding", "milk",
)  # fmt: skip
# Pages that moved away from a telling address; these two lead on, and nothing else does.
MOVED = {"therapists:moved_mine": "therapists:mine", "therapists:moved_others": "therapists:others"}
ARGUMENT = re.compile(r"<[^>]+>")


def telling(address: str) -> list[str]:
    """Return what an address tells: a part of a word, or the name of a questionnaire."""
    words = set(re.split(r"[^a-z0-9-]+", address.lower()))
    return [part for part in TELLING if part in address.lower()] + sorted(words & set(instruments()))


def test_no_address_of_a_parent_tells_what_she_does_here() -> None:
    own = [route for route in ROUTES if route.realm == "/me/" and route.name not in MOVED]

    assert len(own) > 40
    assert {route.path: found for route in own if (found := telling(ARGUMENT.sub("", route.path)))} == {}


@pytest.mark.parametrize("address", ["me/therapist/", "me/q/phq-9/", "me/sessions/", "me/Ketamine/", "me/my-symptoms/"])
def test_telling_address_is_found(address: str) -> None:
    assert telling(address)


@pytest.mark.django_db
@pytest.mark.parametrize(("old", "new"), MOVED.items())
def test_old_address_leads_on_for_good_and_to_everybody_alike(old: str, new: str) -> None:
    answer = Client().get(reverse(old))

    assert (answer.status_code, answer["Location"]) == (301, reverse(new))
    assert not telling(answer["Location"])
