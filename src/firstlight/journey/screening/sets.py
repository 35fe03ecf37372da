"""The question sets, read from data/sets.yaml: which instruments, of whom, and when their answers are read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from firstlight.clinical.evidence import DataError, Record, Tag, Words, data_file, require_sources
from firstlight.clinical.instruments import Kind, instruments

PACKAGE, FILE = "firstlight.journey.screening", "data/sets.yaml"
MOST_LETTERS_OF_A_KEY = 20


class Comes(StrEnum):
    """How a set comes about. `PERSON`: a clinician asks it face to face; it is never sent."""

    INVITATION = "invitation"
    SCHEDULE = "schedule"
    CLINICIAN = "clinician"
    PERSON = "person"


class For(StrEnum):
    """Whose situation a set fits. All but the first look at a birth within the months that the file names."""

    EVERYONE = "everyone"
    GAVE_BIRTH = "gave-birth"
    CHILD = "child"
    OTHER_PARENT = "other-parent"


@dataclass(frozen=True, slots=True)
class SetPlan:
    """One named set. `read_within`: how soon a completed set is read by a person; None: only its flags ask for one.

    `title` is for the clinic, `ask` and `skipping` for the parent. `short`: of the items of which a parent chooses one, only
    that one is asked, and all are on one page. A schedule may ask other instruments under a set's name.
    `unscored`: what a form asks after its items, and what counts nowhere, is asked too. `alone`: one questionnaire that no
    clinician's set asks by itself. `for_mothers`: made for mothers, whatever the words.
    """

    name: str
    instruments: tuple[str, ...]
    title: Words
    ask: Words
    skipping: Words
    comes: Comes
    whom: For
    about_child: bool
    read_within: timedelta | None = None
    short: bool = False
    unscored: bool = True
    alone: bool = False
    for_mothers: bool = False


@dataclass(frozen=True, slots=True)
class Follow:
    """One instrument that follows another in the same sitting, and when. Exactly one of `total` and `item` decides."""

    after: str
    then: str
    says: Words
    total_at_least: int | None
    fathers_at_least: int | None
    item: str
    at_least: int
    same_items: Mapping[str, str]
    sources: tuple[str, ...]
    tag: Tag
    note: str


@dataclass(frozen=True, slots=True)
class Once:
    """An answer that stays true once it was given."""

    instrument: str
    item: str
    value: int
    says: Words


@dataclass(frozen=True, slots=True)
class LongRecall:
    """From how many days on an instrument mixes in the time before a dose, and for how long after one it does."""

    least: timedelta
    after_dose: timedelta


@dataclass(frozen=True, slots=True)
class Sets:
    """The whole file."""

    plans: Mapping[str, SetPlan]
    months_after_birth: int
    opens_at_hour: int
    long_recall: LongRecall
    left_after: timedelta
    follows: tuple[Follow, ...] = field(default=())
    once: tuple[Once, ...] = field(default=())


@cache
def question_sets() -> Sets:
    """Return the sets. Raises DataError when the file is wrong."""
    page = Record(data_file(PACKAGE, FILE), where="sets.yaml")
    page.integer("version")
    page.choice("tag", Tag)
    together = list(map(_plan, page.records("sets")))
    plans = _by_name([*together, *_alone(page.record("one_by_one"), together)])
    found = Sets(
        plans=plans,
        months_after_birth=page.integer("months_after_birth"),
        opens_at_hour=page.integer("opens_at_hour"),
        long_recall=_long_recall(page.record("long_recall")),
        left_after=timedelta(hours=page.integer("left_after_hours")),
        follows=tuple(map(_follow, page.records("followed_by"))),
        once=tuple(map(_once, page.records("recorded_once"))),
    )
    page.done()
    return found


def followed_in(set_name: str, names: Collection[str]) -> frozenset[str]:
    """Return which instruments of a set were not asked at first: an answer to another one brought them."""
    plan = SETS.get(set_name)
    own = plan.instruments if plan else ()
    rules = [one for one in question_sets().follows if one.after in names and one.then in names]
    return frozenset(one.then for one in rules if one.then not in own)


def _plan(record: Record) -> SetPlan:
    hours = record.optional_integer("read_within_hours")
    plan = SetPlan(
        name=record.string("key"),
        instruments=record.strings("asks"),
        title=record.words("title"),
        ask=record.words("ask"),
        skipping=record.words("skipping"),
        comes=record.choice("comes", Comes),
        whom=record.choice("for", For, default=For.EVERYONE),
        about_child=record.flag("about_child"),
        read_within=timedelta(hours=hours) if hours else None,
        short=record.flag("short"),
        unscored=not record.flag("leaves_out_unscored"),
    )
    record.done()
    if not plan.instruments or len(plan.name) > MOST_LETTERS_OF_A_KEY:
        raise record.error(f"a set asks something and has a key of at most {MOST_LETTERS_OF_A_KEY} letters")
    return plan


def _alone(record: Record, together: Sequence[SetPlan]) -> list[SetPlan]:
    """Return a set for each published questionnaire that no other set which a clinician sends asks by itself."""
    asked = {plan.instruments for plan in together if plan.comes is Comes.CLINICIAN}
    about_child, for_child = record.strings("about_child"), record.strings("for_child")
    for_mothers = record.strings("for_mothers")
    ask, skipping = record.words("ask"), record.words("skipping")
    record.done()
    free = {
        name: one
        for name, one in instruments().items()
        if one.validated and one.kind is Kind.QUESTIONNAIRE and (name,) not in asked
    }
    if unknown := {*about_child, *for_child, *for_mothers} - set(free):
        raise record.error(f"{', '.join(sorted(unknown))} cannot be asked alone")
    return [
        SetPlan(
            name=f"one-{name}",
            instruments=(name,),
            title=one.title,
            ask=ask,
            skipping=skipping,
            comes=Comes.CLINICIAN,
            whom=For.CHILD if name in for_child else For.EVERYONE,
            about_child=name in about_child,
            alone=True,
            for_mothers=name in for_mothers,
        )
        for name, one in free.items()
    ]


def _by_name(found: Iterable[SetPlan]) -> Mapping[str, SetPlan]:
    plans: dict[str, SetPlan] = {}
    for plan in found:
        if plan.name in plans:
            raise DataError(where="sets.yaml", problem=f"{plan.name} is there twice")
        plans[plan.name] = plan
    return MappingProxyType(plans)


def _long_recall(record: Record) -> LongRecall:
    found = LongRecall(timedelta(days=record.integer("from_days")), timedelta(hours=record.integer("after_dose_hours")))
    record.done()
    return found


def _follow(record: Record) -> Follow:
    when = record.record("when")
    follow = Follow(
        after=record.string("after"),
        then=record.string("then"),
        says=record.words("says"),
        total_at_least=when.optional_integer("total_at_least"),
        fathers_at_least=when.optional_integer("fathers_at_least"),
        item=when.string("item", ""),
        at_least=when.integer("at_least", 0),
        same_items=MappingProxyType(record.mapping("same_items")),
        sources=record.strings("sources"),
        tag=record.choice("tag", Tag),
        note=record.string("note"),
    )
    when.done()
    record.done()
    require_sources(follow.sources, record=record)
    if (follow.total_at_least is None) == (not follow.item) or bool(follow.item) != (follow.at_least > 0):
        raise record.error("when names a total, or an item with at_least")
    return follow


def _once(record: Record) -> Once:
    once = Once(record.string("instrument"), record.string("item"), record.integer("value"), record.words("says"))
    record.done()
    return once


def may_follow(names: Iterable[str]) -> tuple[str, ...]:
    """Return instruments together with all that the answers to them may bring in the same sitting."""
    found = list(dict.fromkeys(names))
    for name in found:  # grows while it is walked: what follows may be followed itself
        found += [rule.then for rule in question_sets().follows if rule.after == name and rule.then not in found]
    return tuple(found)


def may_be_followed(instrument: str, names: Collection[str]) -> bool:
    """Tell whether the answers to an instrument decide if another one follows that is not in the set yet."""
    return any(rule.after == instrument and rule.then not in names for rule in question_sets().follows)


SETS: Mapping[str, SetPlan] = question_sets().plans


def asks_unscored(set_name: str) -> bool:
    """Tell whether a set asks what a form asks after its items; paper keeps to the items."""
    plan = SETS.get(set_name)
    return plan is not None and plan.unscored
