from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission, Role, effective
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import membership_for, parent_for, staff_of
from firstlight.ground.worklist import selectors, services
from firstlight.ground.worklist.clearing import is_early, may_finish, who_may_finish
from firstlight.ground.worklist.forms import FinishForm, HandOverForm, NewTaskForm, NoteForm
from firstlight.ground.worklist.history import steps_of
from firstlight.ground.worklist.services.tasks import HAND_OVER_TIME


@dataclass(frozen=True, slots=True)
class Row:
    """A task as one person may see it."""

    task: Any
    title: str
    reason: str
    person: str
    link: str


def _row(request: ClinicRequest, task: Any) -> Row:
    shown = selectors.shown_to(request.actor, task)
    if not selectors.shows_content(request.actor, task):
        return Row(task, shown.title, "", "", "")
    return Row(task, shown.title, task.reason, shown.person, _link(task))


def _link(task: Any) -> str:
    name, arguments = selectors.link_of(task)
    try:
        return reverse(name, args=arguments) if name else ""
    except NoReverseMatch:
        return ""


@require_GET
@staff(Permission.TASKS)
def tasks(request: ClinicRequest) -> HttpResponse:
    """Show the actor's tasks and her role's, those that nobody took first; and the others of the clinic, to stand in."""
    request.open_record(None, "tasks")
    yours = selectors.all_shown_to(request.actor, selectors.open_tasks(request.actor))
    others = selectors.all_shown_to(request.actor, selectors.other_tasks(request.actor))
    waiting = [row for row in yours if not row.task.acknowledged_at]
    taken = [row for row in yours if row.task.acknowledged_at]
    context = {"waiting": waiting, "taken": taken, "others": others, "alarms": selectors.alarms(request.actor)}
    return render(request, "worklist/tasks.html", context)


@require_GET
@staff(Permission.TASKS)
def task(request: ClinicRequest, task_id: UUID) -> HttpResponse:
    """Show one task with its history."""
    return _page(request, selectors.task_for(request.actor, task_id))


@require_POST
@staff(Permission.TASKS)
def acknowledge(request: ClinicRequest, task_id: UUID) -> HttpResponse:
    """Take a task."""
    found = selectors.task_for(request.actor, task_id)
    act = partial(services.acknowledge, task=found, by=request.actor, at=request.now)
    return _done(request, found, act, to=reverse("worklist:task", args=[task_id]))


@require_POST
@staff(Permission.TASKS)
def finish(request: ClinicRequest, task_id: UUID) -> HttpResponse:
    """Close a task with what came of it."""
    found = selectors.task_for(request.actor, task_id)
    form = FinishForm(request.POST, early=is_early(found, request.now))
    if not form.is_valid():
        return _page(request, found, finish_form=form, status=422)
    act = partial(services.finish, task=found, by=request.actor, at=request.now, **form.cleaned_data)
    return _done(request, found, act, to=reverse("worklist:tasks"), finish_form=form)


@require_POST
@staff(Permission.TASKS)
def note(request: ClinicRequest, task_id: UUID) -> HttpResponse:
    """Write a note on an open task. Whoever may not read what it is about, may not write on it."""
    found = selectors.task_for(request.actor, task_id)
    if not selectors.shows_content(request.actor, found):
        raise Http404
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, note_form=form, status=422)
    act = partial(services.note_on, task=found, note=form.cleaned_data["words"], by=request.actor, at=request.now)
    return _done(request, found, act, to=reverse("worklist:task", args=[task_id]), note_form=form)


@require_POST
@staff(Permission.TASKS)
def hand_over(request: ClinicRequest, task_id: UUID) -> HttpResponse:
    """Give a task to a colleague."""
    found = selectors.task_for(request.actor, task_id)
    form = HandOverForm(request.POST, colleagues=_colleagues(request))
    if not form.is_valid():
        return _page(request, found, hand_over_form=form, status=422)
    to = membership_for(request.actor, UUID(form.cleaned_data["to"]))
    note = form.cleaned_data["note"]
    act = partial(services.hand_over, task=found, to=to, note=note, by=request.actor, at=request.now)
    return _done(request, found, act, to=reverse("worklist:tasks"), hand_over_form=form)


@require_http_methods(["GET", "POST"])
@staff(Permission.TASKS)
def new_task(request: ClinicRequest) -> HttpResponse:
    """Give a task to a role, about a parent (`?about=`) or about nobody."""
    about = _about(request)
    form = NewTaskForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return render(request, "worklist/new_task.html", {"form": form, "about": about}, status=status)
    values = form.cleaned_data

    def act() -> HttpResponse:
        services.open_task(
            clinic_id=about.clinic_id if about else request.clinic.id,  # type: ignore[union-attr]  # staff have a clinic
            parent=about,
            kind="by-hand",
            title=values["title"],
            reason=values["reason"],
            role=values["role"],
            acknowledge_by=request.now + HAND_OVER_TIME[values["urgency"]],
            urgency=values["urgency"],
            by=request.actor,
            at=request.now,
        )
        return see_other(reverse("worklist:tasks"))

    return once(request, act)


def _about(request: ClinicRequest) -> Any:
    asked = request.GET.get("about")
    if not asked:
        return None
    try:
        parent_id = UUID(asked)
    except ValueError as error:
        raise Http404 from error
    if not request.actor.may(Permission.RECORD_READ):
        raise Http404
    request.open_record(parent_id, "task")
    return parent_for(request.actor, parent_id)


def _colleagues(request: ClinicRequest) -> list[Any]:
    return [
        person
        for person in staff_of(request.actor.clinic_id, request.now)  # type: ignore[arg-type]  # staff have a clinic
        if person.id != request.actor.membership_id and Permission.TASKS in effective(Role(person.role), person.denied)
    ]


def _done(
    request: ClinicRequest,
    found: Any,
    write: Callable[[], Any],
    *,
    to: str,
    **forms: FinishForm | HandOverForm | NoteForm,
) -> HttpResponse:
    def act() -> HttpResponse:
        try:
            write()
        except Refused as refused:
            return _page(request, found, refused=refused, status=422, **forms)
        return see_other(to)

    return once(request, act)


def _page(
    request: ClinicRequest,
    found: Any,
    *,
    finish_form: Any = None,
    hand_over_form: Any = None,
    note_form: Any = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    request.open_record(found.parent_id, "task")
    current = selectors.task_for(request.actor, found.id)
    theirs, early = may_finish(request.actor, current), is_early(current, request.now)
    context = {
        "row": _row(request, current),
        "task": current,
        "facts": selectors.facts_of(request.actor, current),
        "steps": steps_of(request.actor, current),
        "finish_form": finish_form or FinishForm(early=early),
        "early": early,
        "may_finish": theirs,
        "clear_it": () if theirs else who_may_finish(current, request.now),
        "note_form": note_form or NoteForm(),
        "hand_over_form": hand_over_form or HandOverForm(colleagues=_colleagues(request)),
        "refused": refused,
        "parent": current.parent if selectors.shows_content(request.actor, current) else None,
    }
    return render(request, "worklist/task.html", context, status=status)
