"""Who waits at the door, who is in care, and one parent's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.http import Http404

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import (
    Child,
    Clinic,
    DetailChange,
    Episode,
    EpisodeEvent,
    EpisodeState,
    Feeding,
    Invitation,
    Loss,
    Parent,
)
from firstlight.ground.people.names import phone_digits
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors.records import episodes_in, reaches
from firstlight.ground.people.steps import AT_THE_DOOR, IN_CARE, NEXT
from firstlight.ground.vault.keyring import blind_index

PEOPLE_ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Enquiry:
    """One line of the door's list."""

    episode: Episode
    parent: Parent
    twins: int
    next: str


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list of people: the latest episode says the state."""

    parent: Parent
    episode: Episode
    age: int | None
    next: str


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A child with how it is fed, and since when that is known."""

    child: Child
    fed_since: datetime | None


@dataclass(frozen=True, slots=True)
class FamilyView:
    """A family as staff see it. `loss` silences everything about the baby on the parents' own pages."""

    children: list[ChildLine]
    others: list[Parent]
    loss: Loss | None


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    """An episode with its steps, the latest last."""

    episode: Episode
    events: list[EpisodeEvent]
    invitation: Invitation | None


def enquiries_of(actor: Actor) -> list[Enquiry]:
    """Return who waits for an answer, longest first, then who was invited."""
    if not actor.may(Permission.ENQUIRIES):
        raise Http404
    episodes = episodes_in(actor, AT_THE_DOOR)
    episodes.sort(key=lambda episode: (episode.state == EpisodeState.INVITED, episode.moved_at))
    twins = _twins([episode.parent for episode in episodes])
    return [
        Enquiry(episode, episode.parent, twins[episode.parent_id], str(NEXT[EpisodeState(episode.state)]))
        for episode in episodes
    ]


def _twins(parents: Sequence[Parent]) -> dict[UUID, int]:
    """Return for each parent how many others share a number or an address."""
    known = Parent.objects.values_list("id", "email_index", "phone_index")
    by_index: dict[str, set[UUID]] = {}
    for parent_id, *indexes in known:
        for index in filter(None, indexes):
            by_index.setdefault(index, set()).add(parent_id)
    return {
        parent.id: len(
            (by_index.get(parent.email_index, set()) | by_index.get(parent.phone_index, set())) - {parent.id}
        )
        for parent in parents
    }


def same_person(actor: Actor, *, email: str, phone: str, other_than: UUID | None = None) -> list[Parent]:
    """Return who has this address or number already. Couples share a telephone: it may be somebody else."""
    if not actor.may(Permission.ENQUIRIES):
        raise Http404
    found: dict[UUID, Parent] = {}
    everybody = Parent.objects.select_related("family", "clinic")
    everybody = everybody.exclude(id=other_than) if other_than else everybody
    for index, value in (("email_index", email), ("phone_index", phone_digits(phone))):
        if value:
            found |= {parent.id: parent for parent in everybody.filter(**{index: blind_index(value)})}
    return list(found.values())


def people_of(actor: Actor, now: datetime, *, state: str = "", search: str = "", page: str = "") -> Page[Person]:
    """Return who is in care, or in one state, by name; a page of them. Names are sealed, so the search runs over opened names.

    Nothing but ids and names is read of people who are not on the page.
    """
    today = now.astimezone(ZoneInfo(_zone(actor))).date()
    wanted = [EpisodeState(state)] if state in EpisodeState.values else list(IN_CARE)
    episodes = Episode.objects.order_by("opened_at").values_list("parent_id", "id", "state")
    latest = {parent_id: (episode_id, stands) for parent_id, episode_id, stands in episodes}
    words = search.casefold().split()
    found = [
        (name.casefold(), latest[parent_id][0])
        for parent_id, name in Parent.objects.values_list("id", "name")
        if parent_id in latest and latest[parent_id][1] in wanted and all(word in name.casefold() for word in words)
    ]
    shown = Paginator(sorted(found), PEOPLE_ON_A_PAGE).get_page(page)
    by_id = Episode.objects.select_related("parent__family", "parent__clinic").in_bulk([one for _name, one in shown])
    people = [_person(by_id[episode_id], today) for _name, episode_id in shown]
    return Page(people, shown.number, cast("Paginator[Person]", shown.paginator))


def _person(episode: Episode, today: date) -> Person:
    following = str(NEXT[EpisodeState(episode.state)])
    return Person(episode.parent, episode, episode.parent.age_on(today), following)


def _zone(actor: Actor) -> str:
    if actor.clinic_id is None or not actor.may(Permission.RECORD_READ):
        raise Http404
    return Clinic.objects.get(id=actor.clinic_id).timezone


def family_of(actor: Actor, parent: Parent) -> FamilyView:
    """Return the family of a parent whom the actor may see. For staff only."""
    if actor.membership_id is None or not reaches(actor, parent):
        raise Http404
    children = Child.objects.filter(family_id=parent.family_id).order_by("birth_date")
    fed = {
        line.child_id: line.recorded_at
        for line in Feeding.objects.filter(child__in=children).order_by("recorded_at", "id")
    }
    return FamilyView(
        children=[ChildLine(child, fed.get(child.id)) for child in children],
        others=list(Parent.objects.filter(family_id=parent.family_id).exclude(id=parent.id)),
        loss=Loss.objects.filter(family_id=parent.family_id).first(),
    )


def child_for(actor: Actor, child_id: UUID, parent: Parent) -> Child:
    """Return a child of a parent whom the actor may see."""
    if not reaches(actor, parent):
        raise Http404
    child = Child.objects.filter(id=child_id, family_id=parent.family_id).first()
    if child is None:
        raise Http404
    return child


def episodes_of(actor: Actor, parent: Parent) -> list[EpisodeLine]:
    """Return a parent's episodes with their steps, the latest first."""
    if not reaches(actor, parent):
        raise Http404
    episodes = list(Episode.objects.filter(parent=parent).select_related("parent").order_by("-opened_at", "-id"))
    events: dict[UUID, list[EpisodeEvent]] = {episode.id: [] for episode in episodes}
    for event in EpisodeEvent.objects.filter(episode__in=episodes).select_related("episode", "by").order_by("at", "id"):
        events[event.episode_id].append(event)
    sent = {one.episode_id: one for one in Invitation.objects.filter(episode__in=episodes).order_by("made_at")}
    return [EpisodeLine(episode, events[episode.id], sent.get(episode.id)) for episode in episodes]


def moves_of(actor: Actor, parent: Parent) -> list[tuple[str, datetime]]:
    """Return into which state a parent's care moved, and when, without the reasons; the first step in front."""
    if not reaches(actor, parent):
        raise Http404
    return list(EpisodeEvent.objects.filter(episode__parent=parent).order_by("at", "id").values_list("state", "at"))


def changes_of(actor: Actor, parent: Parent) -> list[DetailChange]:
    """Return what was corrected in a parent's details, the latest first."""
    if not reaches(actor, parent):
        raise Http404
    return list(DetailChange.objects.filter(parent=parent).select_related("by").order_by("-at", "-id"))
