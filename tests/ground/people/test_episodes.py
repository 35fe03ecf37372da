"""An episode moves only as the table says, each step with its author, and a refusal names what would be right."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people import services
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, EpisodeEvent, EpisodeState
from firstlight.ground.people.steps import NEEDS_REASON, STEPS, TRANSITIONS
from tests.cast import NOW, House

ALLOWED = [
    "logged-contacted logged-declined logged-closed",
    "contacted-invited contacted-declined contacted-closed",
    "invited-assessed invited-declined invited-closed",
    "assessed-active assessed-declined assessed-transferred assessed-closed",
    "active-paused active-stopped active-transferred active-closed",
    "paused-active paused-stopped paused-transferred paused-closed",
]
PAIRS = {tuple(pair.split("-")) for line in ALLOWED for pair in line.split()}


def standing(house: House, state: str) -> Episode:
    """Put the mother's episode into a state."""
    Episode.objects.filter(id=house.episode.id).update(state=state)
    return Episode.objects.get(id=house.episode.id)


@pytest.mark.parametrize(("state", "to"), sorted(product(EpisodeState.values, EpisodeState.values)))
def test_an_episode_moves_only_as_the_table_says(house: House, state: str, to: str) -> None:
    with scope(clinic=house.clinic.id):
        episode = standing(house, state)
        if (state, to) in PAIRS:
            services.move(episode=episode, to=to, reason="As agreed.", by=house.actor("prescriber"), at=NOW)
            assert Episode.objects.get(id=episode.id).state == to
        else:
            with pytest.raises(Refused) as refused:
                services.move(episode=episode, to=to, reason="As agreed.", by=house.actor("prescriber"), at=NOW)
            following = [str(EpisodeState(possible).label) for possible in TRANSITIONS[EpisodeState(state)]]
            assert all(label in refused.value.message for label in following)
            assert refused.value.field == "to"
            assert Episode.objects.get(id=episode.id).state == state


def test_each_step_is_kept_with_author_time_and_reason(house: House) -> None:
    with scope(clinic=house.clinic.id):
        episode = standing(house, "active")
        services.pause(episode=episode, reason="Travels for two weeks.", by=house.actor("nurse"), at=NOW)
        services.resume(episode=episode, by=house.actor("prescriber"), at=NOW + timedelta(days=14))

        steps = EpisodeEvent.objects.filter(episode=episode).values_list("state", "at", "by_id")
        assert list(steps) == [
            ("paused", NOW, house.nurse.account_id),
            ("active", NOW + timedelta(days=14), house.prescriber.account_id),
        ]
        assert EpisodeEvent.objects.get(state="paused").reason == "Travels for two weeks."
        assert (episode.state, episode.moved_at) == ("active", NOW + timedelta(days=14))
    written = AuditEvent.objects.filter(parent_id=house.mother.id).order_by("sequence")
    assert [event.action for event in written] == ["episode.paused", "episode.active"]
    assert "Travels" not in str(list(written.values()))


@pytest.mark.parametrize("to", sorted(NEEDS_REASON))
@pytest.mark.parametrize("reason", ["", "   \n "])
def test_a_grave_step_needs_a_reason(house: House, to: EpisodeState, reason: str) -> None:
    with scope(clinic=house.clinic.id):
        state = next(state for state in EpisodeState if to in TRANSITIONS[state])
        with pytest.raises(Refused, match="Write the reason") as refused:
            services.move(episode=standing(house, state), to=to, reason=reason, by=house.actor("prescriber"), at=NOW)

    assert refused.value.field == "reason"


def test_a_reason_without_end_is_refused(house: House) -> None:
    with scope(clinic=house.clinic.id), pytest.raises(Refused, match="at most 2000 characters; this has 100000"):
        services.decline(episode=standing(house, "logged"), reason="a" * 100_000, by=house.actor("nurse"), at=NOW)


def test_a_step_decided_on_an_old_screen_is_refused(house: House) -> None:
    with scope(clinic=house.clinic.id):
        episode = standing(house, "active")
        services.pause(episode=episode, reason="Fever.", by=house.actor("nurse"), at=NOW, expected="active")
        with pytest.raises(Refused, match="moved this to “Paused”"):
            services.stop(episode=episode, reason="Fever.", by=house.actor("prescriber"), at=NOW, expected="active")

        assert Episode.objects.get(id=episode.id).state == "paused"


def test_a_step_that_what_follows_refuses_leaves_the_episode_where_it_stands(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_facts: object) -> None:
        raise Refused("Somebody is in the chair.", field="to", value="stopped")

    monkeypatch.setattr(services.episodes, "announce", refuse)
    with scope(clinic=house.clinic.id):
        episode = standing(house, "active")
        with pytest.raises(Refused, match="in the chair"):
            services.stop(episode=episode, reason="Fever.", by=house.actor("prescriber"), at=NOW)

        assert episode.state == Episode.objects.get(id=episode.id).state == "active"


def test_declining_announces_who_is_at_risk(house: House, announced: dict[str, Any]) -> None:
    with scope(clinic=house.clinic.id):
        by = house.actor("prescriber")
        episode = standing(house, "contacted")
        services.decline(episode=episode, reason="Unstable angina.", at_risk=True, by=by, at=NOW)

    expected = {"episode": episode, "reason": "Unstable angina.", "at_risk": True, "by": by, "at": NOW}
    assert announced["episode.declined"] == expected


def test_the_buttons_and_the_table_agree() -> None:
    for step in STEPS.values():
        for state in step.froms:
            assert step.to is None or step.to in TRANSITIONS[state], (step.verb, state)


def test_every_step_but_those_of_the_assessment_has_a_button() -> None:
    by_button = {(state, step.to) for step in STEPS.values() for state in step.froms}
    by_assessment = {("invited", "assessed"), ("assessed", "active"), ("assessed", "declined")}

    assert {(str(state), str(to)) for state, to in by_button if to} | by_assessment == PAIRS
