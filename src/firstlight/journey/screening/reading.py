"""Question sets as a clinician reads them: flags first, then results, then answers, those that tell something in front."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.evidence import Tag, text
from firstlight.clinical.instruments import NOT_APPLICABLE, Audience, InMothers, Instrument, Item, instrument
from firstlight.ground.people.models import Parent
from firstlight.ground.safety.together import Reached, reached_beside
from firstlight.journey.screening.arrivals import Arrival, waited
from firstlight.journey.screening.audiences import audiences
from firstlight.journey.screening.corrections import correction_of, papers_of
from firstlight.journey.screening.holdbacks import too_old
from firstlight.journey.screening.holding import Holdings
from firstlight.journey.screening.models import PaperForm, QuestionSet
from firstlight.journey.screening.raised import Raised, items_of, raised_by, source_of
from firstlight.journey.screening.selectors import Reply, Scored, is_expired, opens_at
from firstlight.journey.screening.sets import question_sets
from firstlight.journey.screening.sheets import Held, Line, SetSheet, Sheet
from firstlight.journey.screening.wording import NOT_FOR_ME, set_title

MOST_PLAIN_OPTIONS = 6  # an item with more is a scale, where 0 tells as much as 10


def sheets_of(
    sets: Sequence[QuestionSet],
    replies: Mapping[UUID, Sequence[Reply]],
    results: Sequence[Scored],
    now: datetime,
    arrivals: Mapping[UUID, Sequence[Arrival]] | None = None,
) -> list[SetSheet]:
    """Return the sets as they are read, sent or due last in front. A set without any answer has no sheets yet."""
    if not sets:
        return []
    scored = {(one.question_set_id, one.instrument): one for one in results}
    came = arrivals or {}
    asked = {name for one in sets for name in one.instruments}
    holdings, papers = Holdings(sets[0].clinic_id, asked), papers_of(sets)
    gave_birth = not any(instrument(name).in_mothers for name in asked) or _gave_birth(sets[0].parent)
    reached = reached_beside(sets[0].parent_id, {source_of(rule) for name in asked for rule in instrument(name).safety})
    in_order = sorted(sets, key=lambda one: one.completed_at or opens_at(one), reverse=True)
    return [
        _set_sheet(
            one,
            replies.get(one.id, ()),
            scored,
            came.get(one.id, ()),
            holdings,
            papers.get(one.id),
            {source: found for (said_in, source), found in reached.items() if said_in == one.id},
            now,
            gave_birth=gave_birth,
        )
        for one in in_order
    ]


def _gave_birth(parent: Parent) -> bool:
    return audiences(parent.relation, parent.gave_birth_date)[Audience.GAVE_BIRTH] is True


def _set_sheet(
    question_set: QuestionSet,
    replies: Sequence[Reply],
    scored: Mapping[tuple[UUID, str], Scored],
    arrivals: Sequence[Arrival],
    holdings: Holdings,
    paper: PaperForm | None,
    reached: Mapping[str, Reached],
    now: datetime,
    *,
    gave_birth: bool,
) -> SetSheet:
    by_name = {name: [reply for reply in replies if reply.instrument == name] for name in question_set.instruments}
    expired = "expired" if is_expired(question_set, now) else "open"
    words_at = question_set.completed_at or (question_set.expires_at if expired == "expired" else None)
    return SetSheet(
        id=question_set.id,
        title=_title(question_set, paper),
        assigned_at=question_set.assigned_at,
        completed_at=question_set.completed_at,
        state="finished" if question_set.completed_at else expired,
        waited=waited(arrivals),
        sheets=tuple(
            _sheet(
                holdings.instrument(name, words_at),
                own,
                scored.get((question_set.id, name)),
                reached,
                gave_birth=gave_birth,
            )
            for name, own in by_name.items()
            if own
        ),
        paper=paper,
        correction=correction_of(paper) if paper else None,
    )


def _title(question_set: QuestionSet, paper: PaperForm | None) -> str:
    if paper is None:
        return set_title(question_set.set_name)
    return gettext("Rated by a clinician") if paper.rated_at else gettext("On paper")


def _sheet(
    definition: Instrument,
    replies: Sequence[Reply],
    result: Scored | None,
    reached: Mapping[str, Reached],
    *,
    gave_birth: bool,
) -> Sheet:
    language = get_language() or "en"
    by_item = {reply.item: reply for reply in replies}
    flagged = {key for rule in definition.safety for key in items_of(rule, replies)}
    raised = raised_by(definition, replies, reached)
    band = band_words(definition, result.band, language) if result and result.band else None
    in_mothers = definition.in_mothers if band and not gave_birth else None
    total = result.total if result else None
    return Sheet(
        name=definition.name,
        title=text(definition.title, language),
        total=total,
        max=result.max if result and result.max is not None else definition.max,
        band=band,
        complete=bool(result and result.complete),
        too_old=bool(too_old(definition.name, ((reply.item, reply.answered_at) for reply in replies))),
        finished=result is not None,
        validated=definition.validated,
        sources=_sources(definition, result, band, raised, in_mothers),
        total_unchecked=bool(
            result
            and result.total is not None
            and definition.scoring_basis
            and definition.scoring_basis.tag is Tag.UNCHECKED
        ),
        band_unchecked=band is not None and definition.words_tag is Tag.UNCHECKED,
        in_mothers=text(in_mothers.says, language) if in_mothers else "",
        raised=raised,
        held=_held(definition, result, language),
        lines=tuple(
            _line(
                item,
                by_item[item.key],
                language,
                flagged=item.key in flagged,
                counts=item in definition.items,
                scored=total is not None,
            )
            for item in definition.by_key.values()
            if item.key in by_item
        ),
    )


def _sources(
    definition: Instrument,
    result: Scored | None,
    band: str | None,
    raised: Sequence[Raised],
    in_mothers: InMothers | None,
) -> tuple[str, ...]:
    """Return what the shown result comes from, and nothing else: the rule of its total, its band, and what was set off."""
    rule = definition.scoring_basis.sources if definition.scoring_basis else definition.sources
    counted = rule if result and result.total is not None else ()
    words = (definition.bands_sources if definition.bands else rule) if band else ()
    others = in_mothers.basis.sources if in_mothers else ()
    return tuple(dict.fromkeys((*counted, *words, *others, *(key for sign in raised for key in sign.sources))))


def band_words(definition: Instrument, band: str, language: str) -> str:
    """Return a band, stored by its English name, in the reader's language."""
    labels = [*(band.label for band in definition.bands), *(outcome.label for outcome in definition.outcomes)]
    found = next((label for label in labels if text(label) == band), None)
    return text(found, language) if found else band


def _held(definition: Instrument, result: Scored | None, language: str) -> tuple[Held, ...]:
    says = {one.item: one.says for one in question_sets().once if one.instrument == definition.name}
    flagged = [flag for flag in (result.flags if result else ()) if "recorded_at" in flag and flag["item"] in says]
    return tuple(
        Held(text(says[str(flag["item"])], language), datetime.fromisoformat(str(flag["recorded_at"])))
        for flag in flagged
    )


def _line(item: Item, reply: Reply, language: str, *, flagged: bool, counts: bool, scored: bool) -> Line:
    earlier = zip(reply.values[:-1], reply.times[:-1], strict=True)
    return Line(
        number=item.number,
        question=text(item.text, language) if item.worded else "",
        answer=_answer_words(item, reply.value, language),
        value=reply.value,
        answered_at=reply.answered_at,
        earlier=tuple((_answer_words(item, value, language), at) for value, at in earlier),
        flagged=flagged,
        tells=flagged or len(item.options) > MOST_PLAIN_OPTIONS or any(value != 0 for value in reply.values),
        counts=counts,
        scored=scored,
    )


def _answer_words(item: Item, value: int | None, language: str) -> str:
    """Return an answer in words. Where they are not here, its score: never the place in which it is printed."""
    if value == NOT_APPLICABLE and item.optional:
        return str(NOT_FOR_ME)
    if not item.worded and value is not None:
        return str(value)
    label = next((option.label for option in item.options if option.value == value), None)
    return text(label, language) if label else str(_("Passed over"))
