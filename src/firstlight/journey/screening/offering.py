"""Which sets a clinician can send to a parent now, and why not the others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from firstlight.clinical.instruments import sharing
from firstlight.ground.audit.actors import Actor
from firstlight.ground.design.clocks import moment_text
from firstlight.ground.people.models import Parent
from firstlight.journey.screening.asking import Question, questions
from firstlight.journey.screening.audiences import audiences
from firstlight.journey.screening.availability import cannot_be_asked, has_text, speaks_to_another
from firstlight.journey.screening.holdbacks import Hold, hold_on, last_dose_of
from firstlight.journey.screening.holding import held_names
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.selectors import begun_of, is_expired, opens_at, sets_of
from firstlight.journey.screening.series import whole_at
from firstlight.journey.screening.sets import Comes, SetPlan, may_follow, question_sets
from firstlight.journey.screening.situations import Life, does_not_fit, life_of
from firstlight.journey.screening.wording import preface_of

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """One set on the page of a parent: `refusal` says why it cannot be sent now; nothing when it can."""

    plan: SetPlan
    minutes: int
    refusal: str | Promise


@dataclass(frozen=True, slots=True)
class Offers:
    """All sets that a clinician can send or ask, and when the next one would open. `waiting`: sent and not finished."""

    sent: tuple[Offer, ...]
    asked: tuple[Offer, ...]
    opens_at: datetime
    waiting: tuple[QuestionSet, ...]
    begun: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Asked:
    """When a parent answered each instrument last, and when her last dose ended."""

    whole: Mapping[str, datetime]
    last_dose_at: datetime | None


def asked_of(parent: Parent) -> Asked:
    """Return what holds back a parent's next questions."""
    return Asked(whole_at(parent.id), last_dose_of(parent.id))


def offers_for(actor: Actor, parent: Parent, now: datetime) -> Offers:
    """Return what can be sent to a parent now, for whoever may read her answers."""
    sets = sets_of(actor, parent.id)
    waiting = tuple(one for one in sets if one.completed_at is None and not is_expired(one, now))
    found = _offers(parent, sets, now)
    return Offers(
        sent=tuple(one for one in found if one.plan.comes is Comes.CLINICIAN),
        asked=tuple(one for one in found if one.plan.comes is Comes.PERSON),
        opens_at=first_free(parent, sets, now),
        waiting=waiting,
        begun=begun_of(waiting),
    )


def questions_face_to_face(parent: Parent, set_name: str) -> tuple[Question, ...]:
    """Return the questions that a clinician asks a parent face to face; none for a set of another kind."""
    plan = question_sets().plans.get(set_name)
    if plan is None or plan.comes is not Comes.PERSON:
        return ()
    concerned = audiences(parent.relation, parent.gave_birth_date)
    return questions(
        plan.instruments,
        {},
        asked_of=[audience for audience, concerns in concerned.items() if concerns],
        silent_about_baby=parent.family.silent_about_baby,
    )


def refusal_of(
    plan: SetPlan,
    parent: Parent,
    sets: Sequence[QuestionSet],
    now: datetime,
    *,
    life: Life,
    asked: Asked,
    held: Collection[str] | None = None,
) -> str | Promise:
    """Return why a set cannot be asked of a parent now; nothing when it can be."""
    missing = [reason for name in plan.instruments if (reason := cannot_be_asked(name, parent.clinic_id, held))]
    waiting = [one for one in sets if one.completed_at is None and not is_expired(one, now)]
    if missing:
        return missing[0]
    if unfit := does_not_fit(plan, life):
        return unfit
    if unspoken := [reason for name in plan.instruments if (reason := speaks_to_another(name, parent, held))]:
        return unspoken[0]
    if any(one.set_name == plan.name for one in waiting):
        return _("It stands open already.")
    if any(sharing(name).intersection(one.instruments) for one in waiting for name in plan.instruments):
        return _("The same stands open among other questions.")
    hold = hold_on(may_follow(plan.instruments), whole=asked.whole, last_dose_at=asked.last_dose_at, now=now)
    return _held_words(hold, ZoneInfo(parent.clinic.timezone), now) if hold else ""


def first_free(parent: Parent, sets: Sequence[QuestionSet], now: datetime) -> datetime:
    """Return when the next set can open so that at most one falls on each of the parent's days: now, or a later morning."""
    zone = ZoneInfo(parent.timezone)
    taken = {
        opens_at(one).astimezone(zone).date()
        for one in sets
        if one.completed_at is not None or not is_expired(one, now)
    }
    today = now.astimezone(zone).date()
    if today not in taken:
        return now
    day = today + DAY
    while day in taken:
        day += DAY
    return datetime.combine(day, time(question_sets().opens_at_hour), tzinfo=zone)


def _offers(parent: Parent, sets: Sequence[QuestionSet], now: datetime) -> list[Offer]:
    life = life_of(parent, now.astimezone(ZoneInfo(parent.timezone)).date())
    held, asked = held_names(parent.clinic_id), asked_of(parent)
    plans = [plan for plan in question_sets().plans.values() if plan.comes in {Comes.CLINICIAN, Comes.PERSON}]
    return [
        Offer(
            plan,
            sum(preface_of(name).minutes for name in plan.instruments),
            refusal_of(plan, parent, sets, now, life=life, asked=asked, held=held),
        )
        for plan in plans
        if not plan.alone or all(has_text(name, held) for name in plan.instruments)
    ]


def _held_words(hold: Hold, zone: ZoneInfo, now: datetime) -> str:
    """Say why an instrument waits, and from when it can be asked."""
    words = {"days": hold.days, "when": moment_text(hold.until, now, zone)}
    if hold.dose_at is None:
        return _("It asks about %(days)s days, and was answered in them. Again from %(when)s.") % words
    words["dose"] = moment_text(hold.dose_at, now, zone)
    return _("It asks about %(days)s days, and a dose is too near (%(dose)s). Again from %(when)s.") % words
