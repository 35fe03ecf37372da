"""Scoring one instrument of a set: with the last tap of its own questions, when the set is sent, and when it was left."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import datetime

from firstlight.clinical.instruments import Flag, Instrument, Score, Scoring, instrument, instrument_json, score
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.journey.screening.asking import Question
from firstlight.journey.screening.holdbacks import too_old
from firstlight.journey.screening.holding import instrument_for
from firstlight.journey.screening.known import known_in, recorded_at, with_known
from firstlight.journey.screening.models import STANDS, QuestionSet, Result
from firstlight.journey.screening.selectors import given_of, questions_of, replies_in
from firstlight.journey.screening.sets import question_sets


@write
def score_what_is_whole(
    *, question_set: QuestionSet, tapped: str, unscored: Collection[str], by: Actor, at: datetime
) -> None:
    """Score a questionnaire with the last tap of its own questions, while others of its set stand open.

    Whoever stops there has answered it: it does not wait for the rest, nor for what its answers brought. One that was scored so
    and changed since is scored again. `tapped`: the instrument of this tap; `unscored`: those that are not whole.
    """
    names = question_set.instruments
    rules = [one for one in question_sets().follows if one.after in names and one.then in names]
    brought = {one.after for one in rules if one.then in unscored}
    linked = {name for one in rules for name in (one.after, one.then)} - brought - set(unscored)
    before = set(
        Result.objects.filter(question_set=question_set, instrument__in=linked).values_list("instrument", flat=True)
    )
    due = [name for name in names if name in {tapped} | brought | before and name not in unscored]
    if due:
        score_each(question_set=question_set, names=due, by=by, at=at)


def not_whole(left: Iterable[Question]) -> set[str]:
    """Return the instruments with an open question that counts in their score: what a form asks after its items does not."""
    return {one.instrument.name for one in left if one.item in one.instrument.items}


@write
def score_each(*, question_set: QuestionSet, names: Iterable[str], by: Actor, at: datetime) -> None:
    """Score some questionnaires of a set that is not finished, and say so if one came to something new."""
    scored = [
        score_one(question_set=question_set, name=name, by=by, at=at)
        for name in names
        if instrument(name).scoring is not Scoring.NONE
    ]
    if any(result.scored_at == at for result in scored):
        announce("screening.part_scored", question_set=question_set, by=by, at=at)


@write
def score_one(*, question_set: QuestionSet, name: str, by: Actor, at: datetime) -> Result:
    """Score one instrument of a set. What it came to before is one row; when it comes to something else, that is amended."""
    definition, replies = instrument_for(question_set.clinic_id, name), replies_in([question_set.id])[question_set.id]
    given = given_of(replies)
    known = known_in(question_set, given)
    asked = {question.item.key for question in questions_of(question_set, given) if question.instrument.name == name}
    answers, shown = with_known(given, known).get(name, {}), {*asked, *known.get(name, {})}
    old = too_old(name, ((reply.item, reply.answered_at) for reply in replies if reply.instrument == name))
    scored = score(definition, answers, asked=shown)
    if old:  # they ask about other days than the rest: no total of both, and what asks for help stands
        fresh = {item: value for item, value in answers.items() if item not in old}
        scored = replace(score(definition, fresh, asked=shown), flags=scored.flags)
    since = recorded_at(question_set) if known.get(name) else {}
    flags = [
        _kept(flag, since.get((name, flag.item)) if flag.item in known.get(name, {}) else None) for flag in scored.flags
    ]
    came_to = _came_to(definition, scored) | {"flags": flags}
    last = Result.objects.filter(STANDS, question_set=question_set, instrument=name).first()
    if last is not None and all(_alike(getattr(last, field), value) for field, value in came_to.items()):
        return last
    result = Result.objects.create(
        clinic_id=question_set.clinic_id,
        question_set=question_set,
        instrument=name,
        scored_at=at,
        amends=last,
        **came_to,
    )
    detail = {"instrument": name, "complete": scored.complete, "flags": len(scored.flags), "amends": last is not None}
    record("screening.scored", by=by, at=at, parent=question_set.parent_id, about=result, detail=detail)
    return result


def version_of(definition: Instrument) -> str:
    """Return a short digest of an instrument's wording, values and bands: two versions never look alike."""
    stated: dict[str, object] = instrument_json(definition)
    stated |= {language: instrument_json(definition, language) for language in definition.languages if language != "en"}
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()[:12]


def _came_to(definition: Instrument, scored: Score) -> dict[str, object]:
    whole, thousandths = (None, 0) if scored.total is None else divmod(round(scored.total * 1000), 1000)
    return {
        "version": version_of(definition),
        "total": whole,
        "thousandths": thousandths,
        "maximum": scored.max,
        "band": scored.band or "",
        "complete": scored.complete,
        "subscales": dict(scored.subscales),
    }


def _alike(kept: object, value: object) -> bool:
    """Tell whether what the database kept says the same; it keeps JSON."""
    return bool(kept == json.loads(json.dumps(value)))


def _kept(flag: Flag, recorded_at: datetime | None) -> dict[str, object]:
    """Return what is kept of a flag. One that rests on an answer of an earlier set says since when that is known."""
    return asdict(flag) | ({"recorded_at": recorded_at.isoformat()} if recorded_at else {})
