"""What somebody may see of the worklist, and whether messages reach anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.http import Http404
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Clinic
from firstlight.ground.people.permissions import Permission, Role
from firstlight.ground.people.selectors import parent_for
from firstlight.ground.worklist.models import DeliveryAddress, Lease, OutboxMessage, Task, TaskEvent, Urgency
from firstlight.ground.worklist.order import by_danger

WORKER = "worker"
TEST_KEY = "delivery-test:"
PAGE_FAILED, UNANSWERED = "page-failed", "nobody-answers"
ALARMS: Mapping[str, str | Promise] = {
    "message-failed": lazy("Messages do not go out"),
    "delivery-test-failed": lazy("Today's test message did not go out"),
    "job-failed": lazy("Work in the background fails"),
    PAGE_FAILED: lazy("A page did not go out"),
    UNANSWERED: lazy("Nobody has taken an urgent task"),
}


def _open() -> QuerySet[Task]:
    found = Task.objects.filter(finished_at__isnull=True).select_related("owner", "acknowledged_by", "parent")
    return found.order_by(F("acknowledged_at").asc(nulls_first=True), *by_danger(), "acknowledge_by")


def _theirs(actor: Actor) -> Q:
    mine = Q(owner_id=actor.membership_id)
    my_role = Q(role=actor.role) & (Q(owner__isnull=True) | Q(for_everyone=True))
    passed_up = Q(for_everyone=True) if actor.role == Role.ADMINISTRATOR else Q(pk__in=[])
    return mine | my_role | passed_up | _paged(actor) | _anybodys(actor)


def _paged(actor: Actor) -> Q:
    """Return what nobody took and about which this person was paged: whoever is called finds it where her work stands."""
    kinds = (TaskEvent.Kind.PAGED, TaskEvent.Kind.ESCALATED)
    calls = TaskEvent.objects.filter(
        task=OuterRef("pk"), kind__in=kinds, detail__to__icontains=str(actor.membership_id)
    )
    return Q(acknowledged_at__isnull=True) & Q(Exists(calls))


def _anybodys(actor: Actor) -> Q:
    """Return what is urgent now and nobody took: everybody's who may take it. Alarms are not: they stand above every page."""
    if not actor.may(Permission.RECORD_READ):
        return Q(pk__in=[])
    return Q(urgency=Urgency.NOW, acknowledged_at__isnull=True) & ~Q(kind__in=ALARMS)


def open_tasks(actor: Actor) -> list[Task]:
    """Return the open tasks that are the actor's: hers, her role's that nobody owns, those she was paged about, urgent ones.

    Tasks that nobody took come first, those with the most danger on top, then the most overdue.
    """
    _must_have_tasks(actor)
    return list(_open().filter(_theirs(actor)))


def other_tasks(actor: Actor) -> list[Task]:
    """Return the clinic's other open tasks that the actor may see, so that she can stand in."""
    _must_have_tasks(actor)
    if not (actor.may(Permission.RECORD_READ) or actor.role == Role.ADMINISTRATOR):
        return []
    found = _open().exclude(pk__in=_open().filter(_theirs(actor)).values("pk"))
    return list(found if actor.may(Permission.RECORD_READ) else found.filter(role=Role.ADMINISTRATOR))


def tasks_about(actor: Actor, parent_id: UUID) -> list[Task]:
    """Return the open tasks about a parent. Who may not read records sees those of her own role."""
    parent_for(actor, parent_id)
    _must_have_tasks(actor)
    found = _open().filter(parent_id=parent_id)
    return list(found if actor.may(Permission.RECORD_READ) else found.filter(role=actor.role))


def task_for(actor: Actor, task_id: UUID) -> Task:
    """Return one task that the actor may see, open or finished."""
    _must_have_tasks(actor)
    reachable = Q() if actor.may(Permission.RECORD_READ) else _theirs(actor) | Q(role=actor.role)
    found = Task.objects.filter(reachable, id=task_id).select_related("owner", "acknowledged_by", "parent").first()
    if found is None:
        raise Http404
    return found


def events_of(actor: Actor, task: Task) -> list[TaskEvent]:
    """Return what happened to a task, in order."""
    return list(TaskEvent.objects.filter(task=task_for(actor, task.id)).select_related("by"))


BEGINS_CLOCK = (TaskEvent.Kind.OPENED, TaskEvent.Kind.HANDED_OVER, TaskEvent.Kind.RAISED)


def was_raised(task: Task) -> bool:
    """Tell whether the clock began last with something new or stronger, which came to a task that was there."""
    with scope(clinic=task.clinic_id):
        began = TaskEvent.objects.filter(task=task, kind__in=BEGINS_CLOCK).order_by("-sequence")
        return began.values_list("kind", flat=True).first() == TaskEvent.Kind.RAISED


def asked_of(task: Task) -> set[UUID]:
    """Return the places of those whom a page about a task went to since its clock began last: two steps may share a second."""
    kinds, asked = (*BEGINS_CLOCK, TaskEvent.Kind.PAGED, TaskEvent.Kind.ESCALATED), set[UUID]()
    with scope(clinic=task.clinic_id):
        steps = list(
            TaskEvent.objects.filter(task=task, kind__in=kinds).order_by("sequence").values_list("kind", "detail")
        )
    for kind, detail in steps:
        asked = set() if kind in BEGINS_CLOCK else asked | {UUID(member) for member in detail["to"]}
    return asked


def shows_content(actor: Actor, task: Task) -> bool:
    """Tell whether this person may read what a task is about: a task about a parent needs the record's permission."""
    return task.parent_id is None or task.role == actor.role or actor.may(Permission.RECORD_READ)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that stands beside a task while it is read: its label, what it says now, and where that is."""

    label: str
    says: str
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A task in the words that one person may read: its title, whom it is about, and what a list says beside it."""

    task: Task
    title: str
    person: str
    note: Fact | None = None


def all_shown_to(actor: Actor, tasks: Sequence[Task]) -> list[Shown]:
    """Return tasks as this person may see them in a list, with what stands beside some. More tasks ask no more queries."""
    readable = [task for task in tasks if task.parent_id is not None and shows_content(actor, task)]
    notes: Mapping[UUID, Fact] = import_string(settings.FIRSTLIGHT_TASK_NOTES)(actor, readable) if readable else {}
    return [replace(shown_to(actor, task), note=notes.get(task.id)) for task in tasks]


def shown_to(actor: Actor, task: Task) -> Shown:
    """Return a task as this person may see it; a title may hold a parent's name."""
    if not shows_content(actor, task):
        return Shown(task, _("A task about a person in care"), "")
    return Shown(task, task.title, task.parent.name if task.parent else "")


def alarms(actor: Actor) -> list[Task]:
    """Return the open alarms of the clinic's own machinery; every person of staff sees them."""
    if actor.membership_id is None:
        return []
    with scope(clinic=actor.clinic_id):
        return list(_open().filter(kind__in=ALARMS))


@dataclass(frozen=True, slots=True)
class Ringing:
    """An alarm that nobody has taken yet. `task_id`: what to open, which is the task itself when nobody took that one."""

    task_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What nobody has taken yet: how many tasks wait for one person, and the alarms that everybody sees."""

    count: int = 0
    ringing: tuple[Ringing, ...] = ()


def waiting(actor: Actor) -> Waiting:
    """Return what waits for a person of staff, nothing for anyone else. One query, for the shell of every page."""
    if actor.membership_id is None or not actor.may(Permission.TASKS):
        return Waiting()
    with scope(clinic=actor.clinic_id):
        found = Task.objects.filter(finished_at__isnull=True, acknowledged_at__isnull=True)
        theirs = Case(When(_theirs(actor), then=Value(value=True)), default=Value(value=False))
        found = found.annotate(is_theirs=theirs).filter(Q(is_theirs=True) | Q(kind__in=ALARMS))
        rows = list(found.order_by("opened_at").values_list("id", "kind", "link_id", "is_theirs"))
    alarms = [
        (about if kind == UNANSWERED else str(own), kind) for own, kind, about, _theirs_too in rows if kind in ALARMS
    ]
    return Waiting(
        count=sum(is_theirs for *_rest, is_theirs in rows),
        ringing=tuple(Ringing(task_id, str(ALARMS[kind])) for task_id, kind in alarms),
    )


def facts_of(actor: Actor, task: Task) -> Sequence[Fact]:
    """Return what other parts of the record say to somebody who may read what the task is about."""
    if task.parent_id is None or not shows_content(actor, task):
        return ()
    found: Sequence[Fact] = import_string(settings.FIRSTLIGHT_TASK_FACTS)(actor, task)
    return found


def _must_have_tasks(actor: Actor) -> None:
    if actor.membership_id is None or not actor.may(Permission.TASKS):
        raise Http404


@dataclass(frozen=True, slots=True)
class Watching:
    """Messages reach people: today's test went out at `since`."""

    since: datetime


@dataclass(frozen=True, slots=True)
class NotWatching:
    """Messages reach nobody. `reason`: no-channel, no-address, untested, failed or no-worker."""

    reason: str


def today(clinic: Clinic, now: datetime) -> date:
    """Return the date at the clinic's walls."""
    return now.astimezone(ZoneInfo(clinic.timezone)).date()


def delivery_state(clinic_id: UUID, now: datetime) -> Watching | NotWatching:
    """Tell whether a page would leave this house: a real channel, a living worker, today's test passed, nothing dead since."""
    if not channel_reaches_people():
        return NotWatching("no-channel")
    with scope(clinic=clinic_id):
        if not DeliveryAddress.objects.exists():
            return NotWatching("no-address")
        key = f"{TEST_KEY}{today(Clinic.objects.get(id=clinic_id), now)}"
        test = OutboxMessage.objects.filter(key=key).first()
        if test is None or (test.sent_at is None and test.dead_at is None):
            return NotWatching("untested")
        broken = OutboxMessage.objects.filter(urgent=True, dead_at__gt=test.sent_at or test.made_at).exists()
    if test.sent_at is None or broken:
        return NotWatching("failed")
    if not Lease.objects.filter(name=WORKER, until__gt=now).exists():
        return NotWatching("no-worker")
    return Watching(test.sent_at)


def channel_reaches_people() -> bool:
    """Tell whether mail leaves this machine. A folder of files reaches nobody, except in the demo, where it stands for mail."""
    return bool(settings.DEMO) or not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


def delivery_address(clinic_id: UUID) -> str:
    """Return the clinic's own mailbox, or nothing."""
    with scope(clinic=clinic_id):
        found = DeliveryAddress.objects.first()
    return found.address if found else ""


def latest_test(clinic_id: UUID) -> OutboxMessage | None:
    """Return the newest test message."""
    with scope(clinic=clinic_id):
        return OutboxMessage.objects.filter(key__startswith=TEST_KEY).order_by("-made_at").first()


def link_of(task: Task) -> tuple[str, list[Any]]:
    """Return the url name and arguments of what a task is about."""
    return task.link_name, [task.link_id] if task.link_id else []
