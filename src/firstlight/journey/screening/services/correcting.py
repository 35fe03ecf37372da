"""Correcting a paper form that was entered wrongly, and taking one back. The wrong one stays readable and counts nowhere."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import Answers, Flag, Instrument, flags_with, instrument
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.design.clocks import date_text
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode
from firstlight.ground.safety.services import Lowered, lower_concerns
from firstlight.journey.screening.corrections import sets_behind, sheet_of
from firstlight.journey.screening.models import PaperCorrection, PaperForm, QuestionSet
from firstlight.journey.screening.paper import LONGEST_REASON, Differed, PaperSheet, Rated
from firstlight.journey.screening.services.entering import answer_sheet, check_sheet, keep_sheet, may_enter
from firstlight.journey.screening.strength import strength


@write
def correct_paper(
    *,
    form: PaperForm,
    values: Mapping[str, int | None],
    filled_in_date: date,
    handed_in_by: str,
    entered_twice: bool,
    reason: str,
    by: Actor,
    at: datetime,
    rated: Rated | None = None,
    differed: Sequence[Differed] = (),
    beside_dose: str = "",
) -> QuestionSet:
    """Put a form in the place of one that was entered wrongly. Returns the set that counts from now on.

    What asks for help more than before opens or raises its task in here; what asks for less is a note on the open one, which
    a person finishes, and the safety plan holds no more of it. Raises Refused, also when somebody has corrected the form
    already.
    """
    may_enter(by)
    reason = _reason(reason)
    before, episode = _locked(form)
    old = sheet_of(form)
    new = PaperSheet(old.instrument, values, filled_in_date, handed_in_by, entered_twice, rated, differed, beside_dose)
    check_sheet(new, episode, at)
    if _says(new) == _says(old):
        raise Refused(_("This is what stands already. Nothing was changed."), field="values")
    _supersede(before, at)
    paper = keep_sheet(new, episode, by, at)
    correction = _correction(form, paper, reason, by, at)
    detail = {"instrument": new.instrument, "form": str(form.id)}
    record("screening.paper_corrected", by=by, at=at, parent=before.parent_id, about=correction, detail=detail)
    answer_sheet(new, paper, by, at, told_before=_told(instrument(new.instrument), old.values, new.values))
    _lower(form, old, new.values, reason, by, at)
    return paper.question_set


@write
def take_back_paper(*, form: PaperForm, reason: str, by: Actor, at: datetime) -> PaperCorrection:
    """Say that a form should not stand in this record: it is another person's, or was entered by mistake.

    What it asked for is a note on the open task, which a person finishes. Raises Refused.
    """
    may_enter(by)
    reason = _reason(reason)
    question_set, _episode = _locked(form)
    sheet = sheet_of(form)
    _supersede(question_set, at)
    correction = _correction(form, None, reason, by, at)
    detail = {"instrument": sheet.instrument, "form": str(form.id)}
    record("screening.paper_taken_back", by=by, at=at, parent=question_set.parent_id, about=correction, detail=detail)
    _lower(form, sheet, {}, reason, by, at)
    announce("screening.paper_taken_back", question_set=question_set, by=by, at=at)
    return correction


def _locked(form: PaperForm) -> tuple[QuestionSet, Episode]:
    """Return the set of a form that counts, locked with its episode. Raises Refused for one that counts no more."""
    found = Episode.objects.select_for_update(of=("self",)).select_related("parent__family", "parent__clinic", "clinic")
    episode = found.get(id=form.question_set.episode_id)
    question_set = (
        QuestionSet.objects.select_for_update(of=("self",))
        .select_related("parent__family")
        .get(id=form.question_set_id)
    )
    if question_set.superseded_at is not None:
        message = _(
            "Somebody has corrected this form already, or taken it back. Look at what stands in the answers now."
        )
        raise Refused(message, field="form", value=form.id)
    return question_set, episode


def _says(sheet: PaperSheet) -> tuple[object, ...]:
    given = {key: value for key, value in sheet.values.items() if value is not None}
    return given, sheet.day, sheet.handed_in_by, sheet.rated, sheet.beside_dose


def _supersede(question_set: QuestionSet, at: datetime) -> None:
    question_set.superseded_at = at
    question_set.save(update_fields=["superseded_at"])


def _correction(
    form: PaperForm, replacement: PaperForm | None, reason: str, by: Actor, at: datetime
) -> PaperCorrection:
    return PaperCorrection.objects.create(
        clinic_id=form.clinic_id,
        parent_id=form.question_set.parent_id,
        form=form,
        replacement=replacement,
        reason=reason,
        by_id=may_enter(by),
        at=at,
    )


def _told(definition: Instrument, old: Answers, new: Answers) -> list[Flag]:
    """Return what the wrong form brought to somebody already, at least as strongly as the right one would."""
    return [
        flag for flag in _flags(definition, old) if _strength(definition, flag, old) >= _strength(definition, flag, new)
    ]


def _lower(form: PaperForm, old: PaperSheet, new: Answers, reason: str, by: Actor, at: datetime) -> None:
    """Let answers that ask for less than the wrong form said count as what they are, and say so on the open task."""
    definition = instrument(old.instrument)
    still = _flags(definition, new)
    less = {
        flag: _strength(definition, flag, new) if flag in still else 0
        for flag in _flags(definition, old.values)
        if flag not in still or _strength(definition, flag, new) < _strength(definition, flag, old.values)
    }
    if less:
        lower_concerns(
            parent=form.question_set.parent,
            said_in=sets_behind(form),
            lowered=[Lowered(f"screening:{flag.rule}", f"{definition.name}:{flag.item}", less[flag]) for flag in less],
            reason=_note(definition, form, {flag.item: old.values[flag.item] for flag in less}, new, reason),
            by=by,
            at=at,
        )


def _flags(definition: Instrument, values: Answers) -> list[Flag]:
    return [flag for item in definition.items for flag in flags_with(definition, values, item.key) if flag.level]


def _strength(definition: Instrument, flag: Flag, values: Answers) -> int:
    value = values.get(flag.item)
    return 0 if value is None else strength(definition, value)


def _note(definition: Instrument, form: PaperForm, old: Answers, new: Answers, reason: str) -> str:
    """Return what was entered wrongly as whoever has the task reads it."""
    sheet = {"title": text(definition.title), "day": date_text(form.filled_in_date)}
    if new:
        head = _("Corrected: %(title)s on paper, filled in on %(day)s.") % sheet
        items = [_changed(definition, key, value, new.get(key)) for key, value in old.items()]
    else:
        head = _("Taken back: %(title)s on paper, filled in on %(day)s, should not stand in this record.") % sheet
        items = [_changed(definition, key, value, None, taken_back=True) for key, value in old.items()]
    end = _("This task stays open until somebody finishes it. Reason: %(reason)s") % {"reason": reason}
    return " ".join([head, *items, end])


def _changed(definition: Instrument, key: str, before: int | None, now: int | None, *, taken_back: bool = False) -> str:
    said = {"number": definition.item(key).number, "before": before, "now": now}
    if taken_back:
        return _("Question %(number)d: entered as %(before)d.") % said
    if now is None:
        return _("Question %(number)d: entered as %(before)d, left empty on the paper.") % said
    return _("Question %(number)d: entered as %(before)d, it is %(now)d.") % said


def _reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Say why this is corrected."), field="reason", value="")
    if len(reason) > LONGEST_REASON:
        counted = {"count": len(reason), "most": LONGEST_REASON}
        raise Refused(
            _("At most %(most)d characters; this has %(count)d.") % counted, field="reason", value=len(reason)
        )
    return reason
