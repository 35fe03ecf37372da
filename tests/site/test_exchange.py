"""Ids in fields: whatever a form, a query or a body names is of the own record, or refused with nothing written."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django import forms
from django.db import connection
from django.test import Client

from firstlight.ground.people.offered import RecordField
from tests.site.asking import Answer, ask, browser_of
from tests.site.exchanges import BODIES, BY_NAME, DEVICE, EXCHANGES, FIELDS, NEVER_SENT, STATE, WHOLE, WORDS, Exchange
from tests.site.naming import handed_on_whole, name_of, open_fields, read_by_name, reads_bodies
from tests.site.objects import OF_HILLSIDE, Registry, registry
from tests.site.routes import ROUTES, STAFF
from tests.support import scale
from tests.support.demo import Demo
from tests.support.figures import Figure

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
ONE_ROW = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"}
WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
OF_THE_REQUEST = ("audit_", "django_session")  # what is noted of the asking itself
REFUSED = {404, 409, 422}
NO_RECORD = ("00000000-0000-4000-8000-000000000007", "harbour", "\x00")
OTHERS = (*OF_HILLSIDE, "Elena", "Novak")
BY_ROUTE = {route.name: route for route in ROUTES}


@dataclass(slots=True)
class Written:
    """Which tables were written to; what was taken back at a savepoint does not count."""

    tables: list[str] = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.split()
        if words[0] == "SAVEPOINT":
            self.marks[words[1]] = len(self.tables)
        elif words[:2] == ["ROLLBACK", "TO"]:
            del self.tables[self.marks[words[-1]] :]
        elif (found := WRITES.match(sql)) and not found[1].startswith(OF_THE_REQUEST):
            self.tables.append(found[1])
        return execute(sql, params, many, context)


@dataclass(slots=True)
class World:
    """Everybody, and for each kind of record a genuine one and those of others. `instead`: objects of one route's address."""

    known: Registry
    browsers: dict[str, Client]
    genuine: dict[str, str]
    foreign: dict[str, dict[str, str]]
    session: Any
    instead: dict[str, dict[str, object]]


@pytest.fixture(scope="module")
def world(demo: Demo) -> World:
    """The demo with its outsiders; Maya's infusion is over, and a session of Jonas is being prepared."""
    from django_scopes import scopes_disabled

    known = registry(demo)
    browsers = {letter: browser_of(known.staff["lantern-house"][role]) for letter, role in STAFF.items()}
    browsers |= {"M": browser_of(known.parents["maya"]), "nobody": browser_of(None)}
    with scopes_disabled():
        prepared = _prepared(known)
        instead = _told(known)
        return World(known, browsers, _genuine(known), _foreign(known), prepared, instead)


def _genuine(known: Registry) -> dict[str, str]:
    """Return one record of each kind that may be named."""
    from firstlight.ground.ledger.models import Lot
    from firstlight.ground.people.models import Parent
    from firstlight.ground.visits.models import Room

    staff, maya = known.staff["lantern-house"], known.parents["maya"]
    closed = next(one for one in Parent.objects.filter(clinic=maya.clinic) if one.name == "Lucia Ferreira")
    lot = Lot.objects.filter(clinic=maya.clinic).order_by("concentration_ug_per_ml")[0]
    room = Room.objects.filter(clinic=maya.clinic).order_by("name")[0]
    records = {
        "room": room,
        "lot": lot,
        "record": maya,
        "person": closed,
        "visit": _talk(maya),
        "set of questions": _set(maya),
    }
    roles = {"colleague": "therapist", "nurse": "nurse", "own place": "nurse", "prescriber": "prescriber"}
    return {kind: str(one.id) for kind, one in records.items()} | {
        "email": closed.email, **{kind: str(staff[role].id) for kind, role in roles.items()}
    }  # fmt: skip


def _foreign(known: Registry) -> dict[str, dict[str, str]]:
    """Return others' records of each kind, by whose they are."""
    from firstlight.ground.ledger.models import Lot
    from firstlight.ground.visits.models import Room
    from firstlight.journey.dosing.models import Observation, RecoveryScore, RightNow

    theirs, zelda = known.staff["hillside"], known.parents["zelda"]
    others = {"another parent": known.parents["elena"], "another clinic": zelda}
    family = others | {"the other parent of the family": known.parents["jonas"]}
    colleague = next(one for role, one in known.staff["lantern-house"].items() if role == "therapist")
    room, lot = (model.objects.filter(clinic=zelda.clinic)[0] for model in (Room, Lot))
    return {
        **{kind: {"another clinic": str(theirs[role].id)}
           for kind, role in (("colleague", "therapist"), ("nurse", "nurse"), ("prescriber", "prescriber"))},
        "own place": {"a colleague": str(colleague.id), "another clinic": str(theirs["nurse"].id)},
        "room": {"another clinic": str(room.id)},
        "lot": {"another clinic": str(lot.id)},
        "record": {"another clinic": str(zelda.id)},
        "person": {whose: str(parent.id) for whose, parent in family.items()},
        "visit": {whose: str(_talk(parent).id) for whose, parent in family.items()},
        "set of questions": {whose: str(_set(parent).id) for whose, parent in others.items()},
        DEVICE: {f"{whose}, {model.__name__}": str(model.objects.filter(session__parent=parent)[0].client_id)
                 for model in (Observation, RecoveryScore, RightNow) for whose, parent in others.items()},
    }  # fmt: skip


def _talk(parent: Any) -> Any:
    from firstlight.ground.visits.models import Visit

    return Visit.objects.filter(parent=parent, kind="preparation").order_by("starts_at")[0]


def _set(parent: Any) -> Any:
    from firstlight.journey.screening.models import QuestionSet

    return QuestionSet.objects.filter(parent=parent).order_by("assigned_at")[0]


def _told(known: Registry) -> dict[str, dict[str, object]]:
    """Bring Maya's session to where recovery is scored, and find a task that is open."""
    from firstlight.ground.people.selectors import staff_actor
    from firstlight.ground.worklist.models import Task
    from firstlight.journey.dosing.models import Session
    from firstlight.journey.dosing.services import end_infusion

    session = Session.objects.get(id=known.of("maya")["session_id"])
    nurse = staff_actor(known.staff["lantern-house"]["nurse"])
    end_infusion(session=session, reason="Enough.", by=nurse, at=known.demo.now + timedelta(minutes=1))
    task = Task.objects.filter(clinic=session.clinic, finished_at=None, role="nurse").order_by("opened_at")[0]
    return {"worklist:hand_over": {"task_id": task.id}, "screening:paper": {"instrument": "cadss-6"}}


def _prepared(known: Registry) -> Any:
    """Open the session of the next dosing visit of Jonas, at its own time."""
    from firstlight.ground.people.selectors import staff_actor
    from firstlight.ground.visits.models import Visit
    from firstlight.journey.dosing.services import open_session

    visits = Visit.objects.filter(parent=known.parents["jonas"], kind="dosing", status="booked")
    visit, nurse = visits.order_by("starts_at")[0], known.staff["lantern-house"]["nurse"]
    with time_machine.travel(visit.starts_at, tick=True):
        return open_session(visit=visit, by=staff_actor(nurse), at=visit.starts_at)


def send(world: World, one: Exchange, value: str) -> tuple[Answer, list[str]]:
    """Send the form with a value in its field; return what came back and which tables were written to."""
    values, browser, moment = world.known.of("maya", one.route), world.browsers[one.who], nullcontext()
    if one.at_session:
        values |= {"session_id": world.session.id}
        moment = time_machine.travel(world.session.opened_at, tick=True)
    data = {name: text.format(**world.genuine) for name, text in one.values.items()} | {one.name: one.prefix + value}
    address = BY_ROUTE[one.route].address(**values | world.instead.get(one.route, {}))
    seen = Written()
    with moment:
        if one.at_session:
            browser = browser_of(world.known.staff["lantern-house"][STAFF[one.who]])
        with connection.execute_wrapper(seen):
            if one.asks:
                return ask(browser, "GET", f"{address}?{urlencode(data)}"), seen.tables
            if one.beside:
                address += f"?{urlencode({one.name: data.pop(one.name)})}"
            return ask(browser, "POST", address, data | {"once": str(uuid4())}), seen.tables


def faults(one: Exchange, answer: Answer, tables: list[str], *, noted: bool) -> Iterator[str]:
    """Tell what is wrong with the answer to a record that is not offered. `noted`: the audit should show its refusal."""
    if one.marks and answer.status != 200:
        yield f"marks nothing: {answer.status}"
    elif not one.marks and answer.status not in REFUSED:
        yield f"{answer.status} {answer.leads_to}"
    if tables or {name for name in answer.audited if not name.startswith(("read.", "refused"))}:
        yield f"wrote {tables}, {answer.audited}"
    if noted and answer.refusals != 1:
        yield f"{answer.refusals} refusals: {answer.audited}"
    if shown := [word for word in (OF_HILLSIDE if not one.marks else OTHERS) if word in answer.text]:
        yield f"shows {shown}"


@pytest.mark.parametrize("one", EXCHANGES, ids=str)
def test_foreign_id_in_a_field_is_refused(one: Exchange, world: World) -> None:
    wrong = []
    for whose, value in world.foreign[one.kind].items():
        answer, tables = send(world, one, value)
        noted = not one.marks and one.kind != DEVICE
        wrong += [f"{whose}: {fault}" for fault in faults(one, answer, tables, noted=noted)]
    for value in NO_RECORD if one.kind != DEVICE else NO_RECORD[1:]:
        answer, tables = send(world, one, value)
        wrong += [f"{value!r}: {fault}" for fault in faults(one, answer, tables, noted=False)]

    assert wrong == []


def test_every_exchange_is_counted(figure: Figure, world: World) -> None:
    sent = sum(len(world.foreign[one.kind]) for one in EXCHANGES)

    assert sent > len(EXCHANGES)
    figure("ids of somebody else's record sent in a field, none of which was taken", sent)


def test_exchange_notices_a_form_that_offers_what_is_another_clinics(world: World) -> None:
    """Let the choice of a clinic to work in offer somebody else's place: it is taken, and the exchange no longer holds."""
    one = next(one for one in EXCHANGES if one.name == "place")
    theirs = world.known.staff["hillside"]["nurse"]
    with patch("firstlight.ground.people.views.staff_access.places_of", lambda *_: [theirs]):
        answer, tables = send(world, one, str(theirs.id))

    assert list(faults(one, answer, tables, noted=True)) != []


@pytest.mark.parametrize("one", EXCHANGES, ids=str)
def test_own_id_in_the_same_field_is_taken(one: Exchange, world: World) -> None:
    """What is refused above is the record: the same form with one's own does what it is for."""
    answer, _tables = send(world, one, world.genuine.get(one.kind, str(uuid4())))

    did = [name for name in answer.audited if not name.startswith("read.")]
    assert (answer.status, bool(did)) == ((200, False) if one.asks else (303, True))
    assert answer.refusals == 0


def test_every_field_that_may_name_a_record_is_known() -> None:
    """A new field with open values, a name that is read past the forms or a body needs its line in exchanges.py."""
    assert sorted(open_fields().keys() ^ FIELDS.keys()) == []
    assert sorted(read_by_name() ^ BY_NAME.keys()) == []
    assert sorted(handed_on_whole() ^ WHOLE.keys()) == []
    assert sorted(reads_bodies() ^ BODIES.keys()) == []


def test_field_that_offers_records_tells_the_audit_of_others() -> None:
    """In a plain list of choices, what was not offered is refused in silence."""
    records = {name: field for name, field in open_fields().items() if FIELDS[name] not in {WORDS, STATE, DEVICE}}

    assert [name for name, field in records.items() if not isinstance(field, RecordField)] == []


def test_every_form_that_names_a_record_is_exchanged(world: World) -> None:
    """Ask every route as somebody whom it is meant for, and see which forms read what was sent."""
    met: set[tuple[str, str]] = set()
    forms_met: set[str] = set()
    for route_name, form in [*asked_of_every_route(world), *sent_by_every_exchange(world)]:
        for name in naming(form):
            met.add((route_name, name))
            forms_met.add(name_of(type(form), name))

    exchanged = {
        (one.route, one.name.rpartition("-")[2]) for one in EXCHANGES if one.name not in BY_NAME or one.name == "same"
    }
    assert sorted(met ^ exchanged) == []
    kinds = {name for name, kind in FIELDS.items() if kind not in {WORDS, STATE}}
    assert sorted(kinds - forms_met) == sorted(NEVER_SENT)


def asked_of_every_route(world: World) -> Iterator[tuple[str, forms.BaseForm]]:
    """Send every route a form, with one row where rows are sent, and read it too in the long run; yield what read it."""
    for route in ROUTES:
        who = next((letter for letter in route.meant_for if letter in world.browsers), "nobody")
        address = route.address(**world.known.of("maya", route.name))
        with reading() as found:
            if scale.FULL:
                ask(world.browsers[who], "GET", f"{address}?asked=1")
            ask(world.browsers[who], "POST", address, ONE_ROW)
        yield from ((route.name, form) for form in found)


def sent_by_every_exchange(world: World) -> Iterator[tuple[str, forms.BaseForm]]:
    """Send every form that names a record; yield what read it."""
    for one in EXCHANGES:
        with reading() as found:
            send(world, one, world.genuine.get(one.kind, str(uuid4())))
        yield from ((one.route, form) for form in found)


@contextmanager
def reading() -> Iterator[list[forms.BaseForm]]:
    """Give a list that fills with the forms that read what somebody sent."""
    found: list[forms.BaseForm] = []
    genuine = forms.BaseForm.__init__

    def noted(form: forms.BaseForm, *args: Any, **kwargs: Any) -> None:
        genuine(form, *args, **kwargs)
        if form.is_bound:
            found.append(form)

    with patch.object(forms.BaseForm, "__init__", noted):
        yield found


def naming(form: forms.BaseForm) -> Iterator[str]:
    """Yield the fields of a form that name a record: by the table, or because ids stand among their choices."""
    for name, one in form.fields.items():
        kind = FIELDS.get(name_of(type(form), name), WORDS)
        choices = list(one.choices) if isinstance(one, forms.ChoiceField) else []
        if kind not in {WORDS, STATE} or any(ID.search(str(value)) for value, _label in choices):
            yield name
