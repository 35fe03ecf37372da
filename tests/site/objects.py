"""What stands in addresses: for each argument's name, the object of each owner. A new argument needs a line here."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django_scopes import scope

from tests.support.demo import OUTSIDERS, Demo

if TYPE_CHECKING:
    from firstlight.ground.people.models import Clinic, Membership, Parent

PARENTS = {"maya": "Maya Torres", "jonas": "Jonas Torres", "elena": "Elena Novak", "zelda": "Zelda Quartz"}
# Arguments that name a thing of the clinic, not of one parent.
OF_THE_CLINIC = frozenset(
    {"therapist_id", "membership_id", "lot_id", "slot_id", "clinic_id", "draw_id", "waste_id", "wording_id"}
)
# Arguments that name no object.
PLAIN: dict[str, object] = {
    "position": 1,
    "instrument": "epds",
    "number": 1,
    "to": 1,
    "kind": "weight",
    "gate": "escort",
    "verb": "pause",
    "set_name": "mind",
}
WRONG_TOKEN = "a-token-that-nobody-was-given"
# Words that stand in one parent's record only, or name somebody of the other clinic.
OF_HILLSIDE = ("Zelda", "Quartz", "lighthouse", "Hillside", "HS00190", "HS10190", *OUTSIDERS.values())


@dataclass(slots=True)
class Registry:
    """The people and objects of the demo that the matrix asks with and asks for."""

    demo: Demo
    parents: dict[str, Any] = field(default_factory=dict)
    staff: dict[str, dict[str, Any]] = field(default_factory=dict)
    values: dict[str, dict[str, object]] = field(default_factory=dict)

    def of(self, owner: str, route_name: str = "") -> dict[str, object]:
        """Return every argument's value among an owner's objects."""
        return PLAIN | self.values[owner] | self.values.get(f"{owner} {route_name}", {})


def registry(demo: Demo) -> Registry:
    """Find everybody's objects; add what the demo has no example of."""
    from firstlight.ground.people.models import Clinic, Membership, Parent

    made = Registry(demo)
    for slug in ("lantern-house", "hillside"):
        clinic = Clinic.objects.get(slug=slug)
        with scope(clinic=clinic.id):
            found = Membership.objects.filter(clinic=clinic).select_related("account", "clinic").order_by("id")
            made.staff[slug] = {
                one.role: one for one in sorted(found, key=lambda one: one.public_name == "Tomas Reyes")
            }
            by_name = {one.name: one for one in Parent.objects.select_related("account", "clinic", "family")}
            for key, name in PARENTS.items():
                if name in by_name:
                    made.parents[key] = by_name[name]
                    made.values[key] = _clinic_values(made, clinic, slug) | _parent_values(made, by_name[name])
                    made.values[f"{key} dosing:amend_recovery"] = _scored(by_name[name])
                    made.values[f"{key} dosing:amend_right_now"] = _asked(by_name[name])
            _add_missing(made, clinic, slug)
    return made


def _clinic_values(made: Registry, clinic: "Clinic", slug: str) -> dict[str, object]:
    from firstlight.ground.ledger.models import Draw, Lot
    from firstlight.ground.safety.models import RosterSlot

    staff = made.staff[slug]
    return {
        "clinic_id": clinic.id,
        "membership_id": staff["nurse"].id,
        "therapist_id": staff["therapist"].id,
        "lot_id": Lot.objects.order_by("concentration_ug_per_ml")[0].id,
        "draw_id": Draw.objects.order_by("-at")[0].id,
        "slot_id": RosterSlot.objects.order_by("id")[0].id,
        "key": "prescriber",
    }


def _parent_values(made: Registry, parent: "Parent") -> dict[str, object]:
    from firstlight.ground.documents.models import Document
    from firstlight.ground.people.models import Child, Episode
    from firstlight.ground.visits.models import Visit, VisitKind
    from firstlight.ground.worklist.models import Task
    from firstlight.journey.dosing.models import Notice, Observation, Session
    from firstlight.journey.eligibility.models import Assessment, BaselineEntry
    from firstlight.journey.integration.models import Note
    from firstlight.journey.response.models import CheckIn
    from firstlight.journey.screening.models import QuestionSet

    def latest(model: Any, order: str, **where: object) -> object:
        found = model.objects.filter(**where).order_by(order).last()
        return found.id if found else uuid4()

    return {
        "parent_id": parent.id,
        "episode_id": latest(Episode, "opened_at", parent=parent),
        "child_id": latest(Child, "id", family=parent.family),
        "document_id": latest(Document, "filed_at", parent=parent),
        "task_id": latest(Task, "opened_at", parent=parent),
        "visit_id": latest(Visit, "starts_at", parent=parent, kind=VisitKind.DOSING),
        "session_id": latest(Session, "opened_at", parent=parent),
        "notice_id": latest(Notice, "happened_at", session__parent=parent),
        "observation_id": latest(Observation, "happened_at", session__parent=parent, right_now=None),
        "score_id": uuid4(),
        "row_id": uuid4(),
        "set_id": latest(QuestionSet, "assigned_at", parent=parent, set_name="first"),
        "entry_id": latest(BaselineEntry, "at", parent=parent, kind="weight"),
        "assessment_id": latest(Assessment, "at", episode__parent=parent),
        "note_id": latest(Note, "at", parent=parent),
        "check_in_id": latest(CheckIn, "due_at", parent=parent),
        "held_id": _held(made, parent.account_id, "/me/you/"),
        "token": WRONG_TOKEN,
    }


def _scored(parent: "Parent") -> dict[str, object]:
    """Return the last modified Aldrete of a parent with its session, which is over while another one runs."""
    from firstlight.journey.dosing.models import RecoveryScore

    row = RecoveryScore.objects.filter(session__parent=parent).order_by("happened_at").last()
    return {"session_id": row.session_id, "score_id": row.id} if row else {}


def _asked(parent: "Parent") -> dict[str, object]:
    """Return the last answers of a parent about one moment, with their session."""
    from firstlight.journey.dosing.models import RightNow

    row = RightNow.objects.filter(session__parent=parent).order_by("happened_at").last()
    return {"session_id": row.session_id, "row_id": row.id} if row else {}


def _held(made: Registry, account_id: Any, path: str) -> object:
    from firstlight.ground.people.services.holding import hold

    body = [("note", "typed before the session ended")]
    return hold(account_id=account_id, once=uuid4(), path=path, body=body, at=made.demo.now).id


def _add_missing(made: Registry, clinic: "Clinic", slug: str) -> None:
    """Make one of each thing that the demo has no example of: a waste without its witness, links, a kept form of staff."""
    from firstlight.ground.ledger import services as ledger
    from firstlight.ground.ledger.selectors import open_draws
    from firstlight.ground.people.selectors import staff_actor

    staff, owner = made.staff[slug], "maya" if slug == "lantern-house" else "zelda"
    nurse = staff_actor(staff["nurse"])
    held = open_draws(nurse)[0]
    waste = ledger.waste(draw=held.draw, amount_ug=5_000, reason="Spilled", by=nurse, at=made.demo.now)
    wording = _wording(made, staff["administrator"])
    made.values[owner] |= {"waste_id": waste.id, "draw_id": held.draw.id, "wording_id": wording}
    kept = _held(made, staff["nurse"].account_id, "/clinic/tasks/new/")
    made.values[f"{owner} people:held_staff"] = {"held_id": kept}
    for key in PARENTS:
        if key in made.values and made.parents[key].clinic_id == clinic.id:
            _own_pages(made, key)
            _note_events(made, key, staff["therapist"])
            made.values[key] |= {"form_id": _paper(made, key, staff["nurse"])}
    if owner == "maya":
        _make_links(made, clinic)


def _wording(made: Registry, administrator: Any) -> object:
    from firstlight.clinical.instruments import instrument
    from firstlight.ground.people.selectors import staff_actor
    from firstlight.journey.screening.holding import ItemWords, Wording
    from firstlight.journey.screening.services import hold

    definition = instrument("epds")
    words = {item.key: ItemWords("Words", tuple("abcd"[: len(item.options)])) for item in definition.items}
    (held,) = hold(
        definition=definition,
        wordings=[Wording("en", "", words)],
        permission="A letter of the owner",
        holder="The clinic",
        by=staff_actor(administrator),
        at=made.demo.now,
    )
    return held.id


def _paper(made: Registry, key: str, nurse: "Membership") -> object:
    """Keep an EPDS on paper of somebody in care."""
    from firstlight.clinical.instruments import instrument
    from firstlight.ground.people.models import Episode
    from firstlight.ground.people.selectors import staff_actor
    from firstlight.journey.screening.services import enter_paper

    episode = Episode.objects.filter(parent=made.parents[key]).order_by("-opened_at").first()
    if episode is None:
        return uuid4()
    question_set = enter_paper(
        episode=episode,
        instrument="epds",
        values=dict.fromkeys(instrument("epds").keys, 0),
        filled_in_date=made.demo.now.date() - timedelta(days=2),
        handed_in_by="parent",
        entered_twice=False,
        by=staff_actor(nurse),
        at=made.demo.now,
    )
    return question_set.paper.id


def _own_pages(made: Registry, key: str) -> None:
    """Take what a parent's own pages show: papers that were released to her, questions that are still open."""
    from firstlight.ground.documents.models import Document
    from firstlight.journey.screening.models import QuestionSet

    parent = made.parents[key]
    released = [one for one in Document.objects.filter(parent=parent).select_related("release") if one.released_at]
    if key == "maya":
        _ask(made, parent)
    waiting = QuestionSet.objects.filter(parent=parent, completed_at=None).order_by("due_at").first()
    for name in ("documents:my_document", "documents:my_printed"):
        made.values[f"{key} {name}"] = {"document_id": released[0].id} if released else {}
    for name in ("screening:start", "screening:question", "screening:before"):
        made.values[f"{key} {name}"] = {"set_id": waiting.id} if waiting else {}


def _note_events(made: Registry, key: str, therapist: "Membership") -> None:
    """Note two events in a life: one by the therapist, for the parent to read too, and one of her own."""
    from firstlight.ground.people.selectors import parent_actor, staff_actor
    from firstlight.journey.timeline.services import note_event

    parent, at = made.parents[key], made.demo.now
    shared = {"parent": parent, "kind": "moved", "on_date": at.date() - timedelta(days=2), "at": at, "shared": True}
    made.values[key] |= {"event_id": note_event(**shared, by=staff_actor(therapist)).id}
    own = note_event(**shared, by=parent_actor(parent)).id
    for name in ("timeline:share_event", "timeline:take_back_own"):
        made.values[f"{key} {name}"] = {"event_id": own}


def _ask(made: Registry, parent: "Parent") -> None:
    """Ask her something now: her check-ins open in her own hours, and none may be open at this moment."""
    from firstlight.ground.people.models import Episode
    from firstlight.ground.people.selectors import staff_actor
    from firstlight.journey.screening.services import assign

    nurse = staff_actor(made.staff["lantern-house"]["nurse"])
    episode = Episode.objects.filter(parent=parent).order_by("-opened_at")[0]
    assign(parent=parent, episode=episode, set_name="day", by=nurse, at=made.demo.now, due_at=made.demo.now)


def _make_links(made: Registry, clinic: "Clinic") -> None:
    from firstlight.ground.people.models import Episode, Membership
    from firstlight.ground.people.selectors import staff_actor
    from firstlight.ground.people.services import invite, send_start_link
    from firstlight.journey.screening.models import QuestionSet
    from firstlight.journey.screening.services import link_for

    nurse, at = staff_actor(made.staff[clinic.slug]["nurse"]), made.demo.now
    waiting = Episode.objects.filter(clinic=clinic, state="contacted").select_related("parent", "clinic")[0]
    invited = invite(episode=waiting, by=nurse, at=at).token
    newcomer = Membership.objects.get(clinic=clinic, public_name="Isabel Moreau")
    begun = send_start_link(membership=newcomer, by=nurse, at=at).token
    asked = QuestionSet.objects.filter(parent=made.parents["maya"], completed_at=None).order_by("due_at")[0]
    question = link_for(question_set=asked, by=nurse, at=at).rstrip("/").rpartition("/")[2]
    made.values["maya people:invitation"] = made.values["maya people:invitation_password"] = {"token": invited}
    made.values["maya people:staff_start"] = {"token": begun}
    for name in ("screening:link", "screening:link_question", "screening:link_help", "screening:link_before"):
        made.values[f"maya {name}"] = {"token": question}
