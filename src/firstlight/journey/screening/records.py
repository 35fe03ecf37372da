"""One parent's record of answers for whoever may read it: all of it, or page after page, the newest sets in front."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from firstlight.clinical.instruments import instrument
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Parent
from firstlight.journey.screening.arrivals import Arrival, arrivals_in
from firstlight.journey.screening.models import IN_A_SET_THAT_COUNTS, STANDS, Answer, QuestionSet, Result
from firstlight.journey.screening.not_asked import Unasked, not_asked_about
from firstlight.journey.screening.selectors import Reply, Scored, may_read_answers, replies_in, scored_of
from firstlight.journey.screening.strength import ever_reached

SETS_ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Record:
    """What one parent was asked and answered: sets newest first, replies by set, results oldest first.

    What was entered wrongly is among it: here it stays readable. `not_asked`: what was due and not asked, with the reason.
    """

    parent: Parent
    sets: tuple[QuestionSet, ...]
    replies: Mapping[UUID, list[Reply]]
    results: tuple[Scored, ...]
    arrivals: Mapping[UUID, list[Arrival]]
    not_asked: tuple[Unasked, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """How many sets of another page hold an answer that asked for help."""

    page: int
    sets: int


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of a record, and where on the others an answer asked for help."""

    record: Record
    page: Page[UUID]
    elsewhere: tuple[Signs, ...]


def record_of(actor: Actor, parent_id: UUID) -> Record:
    """Return one parent's whole record of answers, in five queries, for whoever may read it."""
    parent = may_read_answers(actor, parent_id)
    return _record(actor, parent, _newest_first(parent_id))


def record_page(actor: Actor, parent_id: UUID, *, page: str = "", holding: UUID | None = None) -> RecordPage:
    """Return one page of a parent's record of answers, for whoever may read it: a numbered one, or that of one set.

    However many sets there are, the number of queries stays. Nothing but ids and answers that a rule watches is read of sets
    that are not on the page.
    """
    parent = may_read_answers(actor, parent_id)
    asked = list(_newest_first(parent_id).values_list("id", "instruments", "superseded_at"))
    ids = [set_id for set_id, _names, _superseded_at in asked]
    pages = Paginator(ids, SETS_ON_A_PAGE)
    shown = pages.get_page(_page_of(ids, holding) if holding in ids else page)
    names = {name for _id, names, superseded_at in asked if superseded_at is None for name in names}
    crying = _asked_for_help(parent_id, names) - set(shown) if shown.has_other_pages() else set()
    found = Counter(_page_of(ids, set_id) for set_id in crying)
    return RecordPage(
        _record(actor, parent, _newest_first(parent_id).filter(id__in=list(shown))),
        Page(list(shown), shown.number, pages),
        tuple(Signs(number, found[number]) for number in sorted(found)),
    )


def _newest_first(parent_id: UUID) -> QuerySet[QuestionSet]:
    """Return the sets in the order of the page: when they were sent, or can be answered from; of equals always the same."""
    stands_at = Coalesce(F("completed_at"), F("due_at"), F("assigned_at"))
    return QuestionSet.objects.filter(parent_id=parent_id).order_by(stands_at.desc(), "-assigned_at", "-id")


def _record(actor: Actor, parent: Parent, found: QuerySet[QuestionSet]) -> Record:
    sets = {one.id: one for one in found}
    replies = replies_in(sets)
    rows = list(Result.objects.filter(STANDS, question_set_id__in=list(sets)).order_by("scored_at", "id"))
    for row in rows:
        row.question_set = sets[row.question_set_id]  # read already: a join would make each of hundreds once more
    scored, unasked = tuple(scored_of(rows, replies)), tuple(not_asked_about(actor, parent))
    return Record(parent, tuple(sets.values()), replies, scored, arrivals_in(sets), unasked)


def _page_of(ids: Sequence[UUID], set_id: UUID) -> int:
    return ids.index(set_id) // SETS_ON_A_PAGE + 1


def _asked_for_help(parent_id: UUID, names: Collection[str]) -> set[UUID]:
    """Return the sets that count in which an answer, also one that was changed later, reached a rule."""
    watched = [Q(instrument=name, item__in=instrument(name).watched) for name in names if instrument(name).watched]
    if not watched:
        return set()
    rows = Answer.objects.filter(IN_A_SET_THAT_COUNTS, reduce(or_, watched), question_set__parent_id=parent_id)
    said: dict[tuple[UUID, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for set_id, name, item, value in rows.values_list("question_set_id", "instrument", "item", "value"):
        if value is not None:
            said[set_id, name][item].append(value)
    return {
        set_id
        for (set_id, name), values in said.items()
        if any(ever_reached(rule, values) for rule in instrument(name).safety)
    }
