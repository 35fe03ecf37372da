"""A concern becomes somebody's task in the same transaction as the answer that raised it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django_scopes import scope

from firstlight.clinical.evidence import text
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.people.models import Parent
from firstlight.ground.safety.following import KIND
from firstlight.ground.safety.ladder import Level, fact_source, ladder
from firstlight.ground.safety.models import Came, Concern, SafetyPlan
from firstlight.ground.safety.said import plan_that_holds, said_to
from firstlight.ground.safety.selectors import open_concern
from firstlight.ground.safety.timing import page_at, take_by
from firstlight.ground.safety.together import beside_fact, stands_beside
from firstlight.ground.worklist import services as worklist
from firstlight.ground.worklist.models import Task


@dataclass(frozen=True, slots=True)
class Sign:
    """What was said, or seen: all of it that a concern and its task hold. See `raise_concern`."""

    parent: Parent
    level: str
    source: str
    reason: str
    link_name: str = ""
    link_id: object = ""
    asked: str = ""
    strength: int = 0
    said_in: UUID | None = None
    eased: bool = False

    @property
    def rung(self) -> Level:
        """Return what its level asks for. Raises KeyError for an unknown one."""
        return ladder().levels[self.level]


@write
def raise_concern(
    *,
    parent: Parent,
    level: str,
    source: str,
    reason: str,
    by: Actor,
    at: datetime,
    link_name: str = "",
    link_id: object = "",
    asked: str = "",
    strength: int = 0,
    said_in: UUID | None = None,
    eased: bool = False,
) -> Concern:
    """Make sure that somebody has a task with a clock for this concern.

    The same again (known in the open task or the safety plan, level not higher) joins the open task and pages nobody.
    Anything new or stronger starts the clock again and pages again, also when somebody had taken the task. What only the
    plan knows, with no task open, opens one like any other. `asked` and `strength`: which question was answered, and how
    strongly, where the words alone would not tell that it is weaker. `said_in`: the answers that it rests on, so that they can
    be corrected. `eased`: it had gone in between, so that it counts as new. Beside something that
    makes it more (see `together`), its level is that of both. Raises KeyError for an unknown level.
    """
    sign = Sign(parent, level, source, reason, link_name, link_id, asked, strength, said_in, eased)
    with scope(clinic=parent.clinic_id):
        worklist.one_at_a_time(parent.id)
        sign = _weighed(sign, at)
        always = eased or sign.rung.never_joins
        plan = None
        if not always:
            plan = plan_that_holds(parent.id, level=sign.level, source=source, asked=asked, strength=strength)
        standing = _standing(parent.id)
        known = standing is not None and (plan is not None or _is_known(standing.task, sign))
        joins = standing is not None and known and not (always or ladder().stronger(sign.level, standing.level))
        return _keep(sign, standing, plan, by, at, joins=joins)


@write
def raise_held_back(*, held: Concern, strength: int, why: str, by: Actor, at: datetime) -> Concern:
    """Page for an answer that joined as known only because something else was entered wrongly. `why` is said to its reader.

    Like any new answer: it opens a task with a clock, or starts the clock of the open one again. `strength`: what it counts as.
    """
    sign = Sign(
        parent=held.parent,
        level=held.level,
        source=held.source,
        reason=f"{held.reason} {why}",
        link_name=held.task.link_name,
        link_id=held.task.link_id,
        asked=held.asked,
        strength=strength,
        said_in=held.said_in,
    )
    with scope(clinic=held.clinic_id):
        worklist.one_at_a_time(held.parent_id)
        return _keep(_weighed(sign, at), _standing(held.parent_id), None, by, at, joins=False)


@write
def weigh_fact(*, parent: Parent, fact: str, by: Actor, at: datetime) -> Concern | None:
    """Raise what a clinical fact, entered now, makes of a concern that stands beside it; nothing when none does."""
    with scope(clinic=parent.clinic_id):
        found = beside_fact(parent.id, fact)
    if found is None:
        return None
    pair, beside = found
    return raise_concern(
        parent=parent,
        level=pair.level,
        source=fact_source(fact),
        reason=f"{beside.reason} {text(pair.says_words, settings.LANGUAGE_CODE)}",
        link_name=beside.task.link_name,
        link_id=beside.task.link_id,
        by=by,
        at=at,
    )


def _standing(parent_id: UUID) -> Concern | None:
    """Return the strongest concern whose task is open, with that task locked: finished this moment, it takes nothing more."""
    while (found := open_concern(parent_id)) is not None:
        if (task := worklist.still_open(found.task)) is not None:
            found.task = task
            return found
    return None


def _weighed(sign: Sign, at: datetime) -> Sign:
    """Return a sign at the level of what stands beside it, and with words that say so."""
    pair = stands_beside(sign.parent.id, sign.source, at)
    if pair is None:
        return sign
    reason = f"{sign.reason} {text(pair.says_words, settings.LANGUAGE_CODE)}"
    stronger = ladder().stronger(pair.level, sign.level)
    return replace(sign, level=pair.level if stronger else sign.level, reason=reason)


def _keep(
    sign: Sign, standing: Concern | None, plan: SafetyPlan | None, by: Actor, at: datetime, *, joins: bool
) -> Concern:
    """Open a task for a sign, or raise or join the one that stands, and write down what came of it."""
    if standing is None:
        came, task = Came.OPENED, _open(sign, by, at)
    elif joins:
        detail = {"level": sign.level, "source": sign.source}
        came, task = Came.JOINED, worklist.join(task=standing.task, note=sign.reason, by=by, at=at, detail=detail)
    else:
        came, task = Came.RAISED, _raise(sign, standing, by, at)
    concern = Concern.objects.create(
        clinic_id=sign.parent.clinic_id,
        parent=sign.parent,
        task=task,
        level=sign.level,
        source=sign.source,
        asked=sign.asked,
        strength=sign.strength,
        said_in=sign.said_in,
        eased=sign.eased,
        came=came,
        known_in=plan,
        reason=sign.reason,
        at=at,
    )
    detail = {"level": sign.level, "source": sign.source}
    record("concern.raised", by=by, at=at, parent=sign.parent.id, about=concern, detail=detail)
    if came != Came.JOINED:
        announce("concern.raised", concern=concern, by=by, at=at)
    return concern


def _is_known(task: Task, sign: Sign) -> bool:
    """Tell whether an open task holds this already. Of one question, the last answer counts: a stronger one is new."""
    if not sign.asked:
        return any(one.reason == sign.reason for one in Concern.objects.filter(task=task, source=sign.source))
    said = said_to(sign.parent.id, source=sign.source, asked=sign.asked)
    held = [one for one in said if one.concern.task_id == task.id]
    return bool(held) and held[-1].strength >= sign.strength


def _open(sign: Sign, by: Actor, at: datetime) -> Task:
    return worklist.open_task(
        clinic_id=sign.parent.clinic_id,
        parent=sign.parent,
        kind=KIND,
        title=title_of(sign.rung),
        reason=words_of(sign.level, sign.reason, sign.source),
        role=sign.rung.role,
        acknowledge_by=take_by(sign.rung, sign.parent.clinic_id, at),
        urgency=sign.rung.urgency,
        page_minutes=sign.rung.page_minutes,
        cleared_by=sign.rung.cleared_by,
        page_at=page_at(sign.rung, sign.parent.clinic_id, at),
        link_name=sign.link_name,
        link_id=sign.link_id,
        by=by,
        at=at,
    )


def _raise(sign: Sign, standing: Concern, by: Actor, at: datetime) -> Task:
    """Raise the task that stands: on the stronger level of the two, with what is asked for by each that stands on it."""
    level = ladder().levels[max(sign.level, standing.level)]
    on_it = Concern.objects.filter(task=standing.task, level=level.key).order_by("at", "id")
    sources = [*on_it.values_list("source", flat=True), *([sign.source] if sign.level == level.key else [])]
    return worklist.raise_again(
        task=standing.task,
        title=title_of(level),
        reason=words_of(level.key, sign.reason, *sources),
        role=level.role,
        acknowledge_by=take_by(level, sign.parent.clinic_id, at),
        urgency=level.urgency,
        page_minutes=level.page_minutes,
        cleared_by=level.cleared_by,
        page_at=page_at(level, sign.parent.clinic_id, at),
        by=by,
        at=at,
    )


def title_of(level: Level) -> str:
    """Return the title in the clinic's language: the answer that raised the concern may have been given in another."""
    return text(level.title_words, settings.LANGUAGE_CODE)


def words_of(level: str, reason: str, *sources: str) -> str:
    """Return why a task is there, and what is done about concerns of these sources on its level, each once."""
    does = dict.fromkeys(text(ladder().does_about(level, source), settings.LANGUAGE_CODE) for source in sources)
    return "\n".join([reason, *does])
