"""What stands beside a concern's task: the answers that it rests on and the safety plan; in a list, that the plan holds it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.design.clocks import date_text, local
from firstlight.ground.people.permissions import Permission
from firstlight.ground.safety.following import CONTACT, KIND, taken_in
from firstlight.ground.safety.ladder import ladder
from firstlight.ground.safety.models import Concern, SafetyPlan
from firstlight.ground.safety.said import by_question, is_in_plan, tasks_in_plan
from firstlight.ground.safety.selectors import current_plan, latest_concern
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.selectors import Fact


def facts_of(actor: Actor, task: Task) -> Sequence[Fact]:
    """Return what a concern's task rests on where that is more than its head says, and the safety plan, for whoever may read it.

    The plan stands beside the call after a concern too.
    """
    if task.kind not in (KIND, CONTACT) or task.parent_id is None or not actor.may(Permission.ANSWERS_READ):
        return ()
    plan = current_plan(task.parent_id)
    address = reverse("safety:plan", args=[task.parent_id])
    own = Fact(_("Safety plan"), _stands(task, plan) if plan else _("None is written yet."), address)
    if task.kind == KIND:
        return [*_rests_on(task), own]
    return [own, *(_one_more(found) for found in taken_in(task))]


def notes_of(actor: Actor, tasks: Sequence[Task]) -> Mapping[UUID, Fact]:
    """Return what a list says of tasks that rest on nothing but what a safety plan holds, for whoever may read it."""
    concerns = [task for task in tasks if task.kind == KIND]
    if not concerns or not actor.may(Permission.ANSWERS_READ):
        return {}
    return {
        task_id: Fact(_("Safety plan"), _("In the safety plan"), reverse("safety:plan", args=[plan.parent_id]))
        for task_id, plan in tasks_in_plan(concerns).items()
    }


def _rests_on(task: Task) -> list[Fact]:
    """Return the last word on each question of a task that came to rest on several, the highest level first."""
    rows = list(Concern.objects.filter(task=task).order_by("at", "id"))
    last = sorted((series[-1].concern for series in by_question(rows)), key=lambda one: one.level, reverse=True)
    if len(last) < 2:
        return []
    address = (
        reverse(task.link_name, args=[task.link_id]) if task.link_name else reverse("worklist:task", args=[task.id])
    )
    return [Fact(ladder().levels[one.level].title, one.reason, address) for one in last]


def _one_more(concern: Task) -> Fact:
    """Return what a call shows of a concern that it took in."""
    return Fact(_("One more concern"), concern.title, reverse("worklist:task", args=[concern.id]))


def _stands(task: Task, plan: SafetyPlan) -> str:
    said = {"number": plan.number, "day": date_text(local(plan.at, task.clinic.timezone).date())}
    latest = latest_concern(task)
    if latest is not None and latest.known_in_id == plan.id:
        if is_in_plan(plan, latest):
            return _("Version %(number)d, since %(day)s. The same answer stood before it was written.") % said
        return (
            _("Version %(number)d, since %(day)s. What stood before it was entered wrongly: it does not hold this.")
            % said
        )
    return _("Version %(number)d, since %(day)s.") % said
