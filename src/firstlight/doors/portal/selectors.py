"""What a parent's first page says: one next step, chosen from all stages, and what is coming up."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstlight.doors.portal.situation import Situation
from firstlight.doors.portal.wording import (
    SET_WORDS,
    STATE_WORDS,
    VISIT_WORDS,
    WHO_LOOKS,
    words_of_set,
    words_of_what_followed,
)
from firstlight.ground.design.clocks import day_text, moment_text, time_text
from firstlight.ground.people.models import EpisodeState
from firstlight.ground.visits.models import Visit, VisitKind
from firstlight.ground.worklist.models import Task
from firstlight.journey.consent.selectors import ConsentState
from firstlight.journey.planning.selectors import day_state
from firstlight.journey.planning.wording import missing_sentences
from firstlight.journey.response.arranging import cannot_be_asked
from firstlight.journey.response.schedule import rule_of
from firstlight.journey.screening.asking import is_answered
from firstlight.journey.screening.holding import held_names
from firstlight.journey.screening.selectors import given_in, opens_at, questions_of
from firstlight.journey.screening.sets import SETS, followed_in

SOON = timedelta(hours=36)
THE_CLINICS = frozenset({"feeding_release"})  # what the clinic, not the parent, still has to bring
ENDED = frozenset(
    {EpisodeState.DECLINED, EpisodeState.STOPPED, EpisodeState.TRANSFERRED, EpisodeState.CLOSED, EpisodeState.PAUSED}
)
QUESTIONS_AHEAD = timedelta(days=14)
NOT_ASKED = ENDED - {EpisodeState.STOPPED}  # after a stop she is asked on: that is when it shows


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one lit thing. Without `url` somebody else acts, and `text` says who."""

    title: str
    text: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class ComingUp:
    """One line of what is to come."""

    at: datetime
    words: str
    url: str = ""


def day_at_the_clinic(here: Situation) -> NextStep | None:
    """On the day of a dose that day is the one thing, and questions that stand open wait below."""
    visit = here.dosing_today
    if visit is None or state_first(here) or _rests(here):
        return None
    missing = day_plan_missing(here) if visit.starts_at > here.now else None
    return missing or _visit_step(visit, here)


def waiting_questions(here: Situation) -> NextStep | None:
    """Questions that can be answered now come first: somebody wants to know how she is."""
    question_set = next((one for one in here.unfinished if opens_at(one) <= here.now), None)
    if question_set is None:
        return None
    given = given_in(question_set)
    asked = questions_of(question_set, given, in_words=False) if given else ()
    still = [question for question in asked if not is_answered(question, given)]
    left, begun = len(still), bool(given)
    names = {question.instrument.name for question in still}
    words = words_of_set(question_set, names)
    title = ngettext("%(count)d question is left.", "%(count)d questions are left.", left) if begun else words.title
    if names and names <= followed_in(question_set.set_name, question_set.instruments):
        words = words_of_what_followed(names)
        title = ngettext("%(count)d more question.", "%(count)d more questions.", left)
    until = question_set.expires_at
    text = str(words.text)
    if until is not None:
        text = _("%(text)s Open until %(when)s.") % {"text": text, "when": moment_text(until, here.now, here.zone)}
    return NextStep(
        title=title % {"count": left},
        text=text,
        url=reverse("screening:start", args=[question_set.id]),
        action=_("Go on") if begun else _("Begin"),
    )


def agreement_to_read(here: Situation) -> NextStep | None:
    """Once treatment is thought suitable, the agreement is read at home, in her own time."""
    if not here.suitable or here.consent not in {ConsentState.MISSING, ConsentState.OUTDATED}:
        return None
    if here.consent == ConsentState.OUTDATED:
        text = _("The agreement has changed since you signed. Nothing is given before you have signed the new one.")
    else:
        text = _("It says what is done, what can go wrong, and that you can stop. Nothing is given before you sign.")
    return NextStep(_("There is an agreement to read."), text, reverse("consent:mine"), _("Read it"))


def day_plan_missing(here: Situation) -> NextStep | None:
    """A dosing day needs people at home; what is missing is named while there is time to find them."""
    visit = here.next_dosing
    if visit is None:
        return None
    state = day_state(visit, here.now)
    missing = [key for key in state.missing if key not in THE_CLINICS]
    heading, what = missing_sentences(missing, state.about, day_text(visit.starts_at, here.now, here.zone))
    if not heading:
        return None
    text = f"{what} " + _("You can fill this in now, or bring it along when you know it.")
    return NextStep(heading, text.strip(), reverse("planning:of_day", args=[visit.id]), _("Open the plan"))


def visit_soon(here: Situation) -> NextStep | None:
    """A visit under way, or within a day and a half."""
    visit = next(iter(here.visits), None)
    if visit is None or visit.starts_at - here.now > SOON:
        return None
    return _visit_step(visit, here)


def _visit_step(visit: Visit, here: Situation) -> NextStep:
    when, what = moment_text(visit.starts_at, here.now, here.zone), VISIT_WORDS[visit.kind]
    title = _("%(what)s, %(when)s.")
    if visit.starts_at <= here.now:
        when, title = time_text(visit.starts_at, here.zone), _("%(what)s, since %(when)s.")
    dosing = visit.kind == VisitKind.DOSING
    return NextStep(
        title=title % {"when": when, "what": what},
        text=_("With %(who)s.") % {"who": visit.staff.public_name},
        url=reverse("planning:of_day", args=[visit.id]) if dosing else reverse("visits:mine"),
        action=_("Open the plan") if dosing else _("See your visits"),
    )


def letter_to_read(here: Situation) -> NextStep | None:
    """A decision against treatment: the letter says why, and what else can help."""
    if here.decision is None or here.suitable:
        return None
    text = _("It says what was decided, why, and what else can help. You can call the clinic about it.")
    return NextStep(_("There is a letter for you."), text, reverse("documents:mine"), _("Read it"))


def ended_or_paused(here: Situation) -> NextStep | None:
    """Care that rests or has ended. After a stop it leads to where she chooses what is still asked, until she did."""
    if here.episode is None or here.episode.state not in ENDED:
        return None
    words, asking = STATE_WORDS[here.episode.state], here.asking_after_stop
    told = {"phone": here.parent.clinic.phone, "questions": asking.words if asking else ""}
    step = NextStep(str(words.title), str(words.text) % told)
    if asking is None or not asking.undecided:
        return step
    return replace(step, url=reverse("response:hours"), action=_("Choose about questions"))


def taken_back(here: Situation) -> NextStep | None:
    """An agreement that she took back."""
    if here.consent != ConsentState.WITHDRAWN:
        return None
    text = _("No treatment is given. Your care team talks with you about what comes next.")
    return NextStep(_("You took your agreement back."), text)


def answers_being_read(here: Situation) -> NextStep | None:
    """The first questions are sent, and nobody has decided yet."""
    if here.decision is not None or here.episode is None:
        return None
    sent = [one for one in here.sets if one.set_name == "first" and one.completed_at]
    plan = SETS["first"]
    if not sent or sent[0].completed_at is None or plan.read_within is None:
        return None
    by = sent[0].completed_at + plan.read_within
    text = _("A prescriber reads them by %(when)s, and then talks with you.")
    if by <= here.now:
        text = _("A prescriber reads them. If you have not heard from us, call %(phone)s.")
    words = {"when": moment_text(by, here.now, here.zone), "phone": here.parent.clinic.phone}
    return NextStep(_("Your answers are with the clinic."), text % words)


def next_visit_later(here: Situation) -> NextStep | None:
    """The next visit lies further ahead: nothing is needed now."""
    visit = next(iter(here.visits), None)
    if visit is None:
        return None
    title = _("Nothing is needed from you now.")
    when = {"when": moment_text(visit.starts_at, here.now, here.zone), "what": VISIT_WORDS[visit.kind]}
    return NextStep(title, _("Next: %(what)s, %(when)s.") % when)


def clinic_acts(here: Situation) -> NextStep:
    """Nothing waits for her; say who acts."""
    title, phone = _("The next step is with the clinic."), {"phone": here.parent.clinic.phone}
    if here.had_a_dose and here.looked_at is not None:
        text = _who_looks(here.looked_at, here)
    elif here.had_a_dose:
        text = _("A prescriber talks with you about what comes next. No day is set for it yet. To ask: %(phone)s.")
    elif here.suitable:
        text = _("Your prescriber writes the plan. Then you hear the dates. Questions: %(phone)s.")
    else:
        text = _("You hear from us. You do not have to wait: you can call %(phone)s.")
    return NextStep(title, text % phone)


def _who_looks(task: Task, here: Situation) -> str:
    """Return who looks at her answers and by when; where that has passed, whom to call."""
    if task.acknowledged_at is not None:
        when, text = task.acknowledged_at, _("%(role)s has had your answers since %(when)s, and talks with you.")
    elif task.acknowledge_by > here.now:
        when, text = task.acknowledge_by, _("%(role)s looks at your answers by %(when)s, and then talks with you.")
    else:
        when, text = (
            task.acknowledge_by,
            _("%(role)s was to look at your answers by %(when)s. That has not happened yet."),
        )
    role = task.acknowledged_by.role if task.acknowledged_by else task.role
    words = {"role": WHO_LOOKS.get(role, WHO_LOOKS[""]), "when": moment_text(when, here.now, here.zone)}
    return text % words + " " + _("Questions: %(phone)s.")


# In this order: the first that applies is the one lit thing.
STEPS: tuple[Callable[[Situation], NextStep | None], ...] = (
    day_at_the_clinic,
    waiting_questions,
    ended_or_paused,
    taken_back,
    agreement_to_read,
    day_plan_missing,
    visit_soon,
    next_visit_later,
    answers_being_read,
    letter_to_read,
)


def next_step(here: Situation) -> NextStep:
    """Return the one thing to do now, or who acts next."""
    return next((step for find in STEPS if (step := find(here)) is not None), None) or clinic_acts(here)


def _rests(here: Situation) -> bool:
    paused = here.episode is not None and here.episode.state == EpisodeState.PAUSED
    return paused or here.consent == ConsentState.WITHDRAWN


def care_ended(here: Situation) -> bool:
    """Tell whether nothing goes on here; a pause is not an end."""
    return here.episode is not None and here.episode.state in ENDED - {EpisodeState.PAUSED}


def state_first(here: Situation) -> bool:
    """Tell whether the page opens with the state of care, in front of her own line: while it rests, and when it has ended."""
    return here.episode is not None and here.episode.state in ENDED


def coming_up(here: Situation, limit: int = 3) -> list[ComingUp]:
    """Return the next visits and questions, earliest first.

    While care rests or without her agreement no dose is coming, and no talk about one that was not given. No questions are
    said to come in the hours of a day at the clinic: they open when she has left.
    """
    withheld = [
        one for one in here.visits if one.kind == VisitKind.DOSING and one.starts_at > here.now and _rests(here)
    ]
    since = withheld[0].starts_at if withheld else None
    visits = [
        ComingUp(one.starts_at, str(VISIT_WORDS[one.kind]), reverse("visits:mine"))
        for one in here.visits
        if one.starts_at > here.now and (since is None or one.starts_at < since or one.kind == VisitKind.TALK)
    ]
    sets = [
        ComingUp(opens_at(one), str(words_of_set(one).coming))
        for one in here.unfinished
        if opens_at(one) > here.quiet_until
    ]
    sets += _open_on_the_day(here)
    return sorted([*visits, *sets, *_check_ins(here)], key=lambda one: one.at)[:limit]


def _open_on_the_day(here: Situation) -> list[ComingUp]:
    """Return the questions that stand open while the day at the clinic is the one thing."""
    if day_at_the_clinic(here) is None:
        return []
    standing = [one for one in here.unfinished if opens_at(one) <= here.now]
    return [
        ComingUp(opens_at(one), str(words_of_set(one).coming), reverse("screening:start", args=[one.id]))
        for one in standing
    ]


def _check_ins(here: Situation) -> list[ComingUp]:
    """Return the check-ins that open later and can be asked, of each kind the next one. While care rests none comes."""
    if here.episode is not None and here.episode.state in NOT_ASKED:
        return []
    near = [one for one in here.coming_check_ins if here.quiet_until < one.due_at < here.now + QUESTIONS_AHEAD]
    coming = [(one, rule) for one in near if (rule := rule_of(one.rule))]
    relation = here.parent.relation
    silent = any(all(cannot_be_asked(name, (), relation) for name in rule.may_ask) for _, rule in coming)
    held = held_names(coming[0][0].clinic_id) if silent else frozenset()
    found = [
        ComingUp(one.due_at, str(SET_WORDS[rule.set_name].coming))
        for one, rule in coming
        if any(cannot_be_asked(name, held, relation) is None for name in rule.may_ask)
    ]
    latest_first = sorted(found, key=lambda one: one.at, reverse=True)
    return list({one.words: one for one in latest_first}.values())
