"""Entering a questionnaire that was filled in on paper: stored, scored and watched as if it had been tapped."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical.instruments import Flag, Instrument, ScoringError, asked_items, score
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.design.clocks import date_text
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode
from firstlight.ground.people.permissions import Permission
from firstlight.journey.screening.asking import offers_refusal
from firstlight.journey.screening.holdbacks import dose_on
from firstlight.journey.screening.holding import held_names, instrument_for
from firstlight.journey.screening.models import COUNTS, BesideDose, HandedIn, PaperForm, QuestionSet
from firstlight.journey.screening.paper import (
    PAPER,
    Differed,
    PaperSheet,
    Rated,
    enterable,
    filled_in_at,
    is_rated,
    open_to,
)
from firstlight.journey.screening.raters import raters
from firstlight.journey.screening.services.answering import answer, skip
from firstlight.journey.screening.services.completing import complete


@write
def enter_paper(
    *,
    episode: Episode,
    instrument: str,
    values: Mapping[str, int | None],
    filled_in_date: date,
    handed_in_by: str,
    entered_twice: bool,
    by: Actor,
    at: datetime,
    rated: Rated | None = None,
    differed: Sequence[Differed] = (),
    beside_dose: str = "",
) -> QuestionSet:
    """Store one paper form. None is an item that was left empty on it. A safety answer opens its task in here.

    The answers count for the day on which they were written, the task from now. `rated`: what a clinician rates counts for the
    moment of the rating. `differed`: where two passes did not agree. `beside_dose`: before or after the dose of that day, where
    one was given. Raises Refused.
    """
    may_enter(by)
    sheet = PaperSheet(instrument, values, filled_in_date, handed_in_by, entered_twice, rated, differed, beside_dose)
    check_sheet(sheet, episode, at)
    _require_licence(sheet.instrument, episode.clinic_id)
    paper = keep_sheet(sheet, episode, by, at)
    answer_sheet(sheet, paper, by, at)
    return paper.question_set


def may_enter(by: Actor) -> UUID:
    """Return the account of somebody who may enter paper forms. Raises Refused for others."""
    if by.account_id is None or not by.may(Permission.ANSWERS_ENTER):
        raise Refused(_("This needs the right to enter paper forms."), field="by")
    return by.account_id


def _require_licence(name: str, clinic_id: UUID) -> None:
    if not open_to([one for one in enterable() if one.name == name], held_names(clinic_id)):
        raise Refused(
            _("Any form of it needs the owner's licence, which this clinic has not recorded."), field="instrument"
        )


def check_sheet(sheet: PaperSheet, episode: Episode, at: datetime) -> None:
    """Raise Refused, naming the field, for a form that cannot be."""
    definition = next((one for one in enterable() if one.name == sheet.instrument), None)
    if definition is None:
        raise Refused(_("There is no such questionnaire on paper."), field="instrument", value=sheet.instrument)
    _check_values(definition, sheet.values)
    _check_rating(definition, sheet, episode, at)
    if sheet.handed_in_by not in HandedIn.values:
        raise Refused(_("Say who handed it in."), field="handed_in_by", value=sheet.handed_in_by)
    today, born, day = at.astimezone(ZoneInfo(episode.clinic.timezone)).date(), episode.parent.born_on, sheet.day
    if day > today:
        raise Refused(_("This day has not come yet."), field="filled_in_date", value=day)
    if born is not None and day <= born:
        raise Refused(_("This day lies before the parent's birth."), field="filled_in_date", value=day)
    _check_dose(sheet, episode)


def keep_sheet(sheet: PaperSheet, episode: Episode, by: Actor, at: datetime) -> PaperForm:
    """Keep a form and the set that holds its answers, none of them written yet."""
    question_set = _paper_set(episode, sheet, by, at)
    paper = PaperForm.objects.create(
        clinic_id=episode.clinic_id,
        question_set=question_set,
        filled_in_date=sheet.day,
        handed_in_by=sheet.handed_in_by,
        entered_twice=sheet.entered_twice,
        entered_by_id=may_enter(by),
        entered_at=at,
        rated_by_id=sheet.rated.by_id if sheet.rated else None,
        rated_at=sheet.rated.at if sheet.rated else None,
        differed=[one._asdict() for one in sheet.differed] or None,
        beside_dose=sheet.beside_dose if dose_on(episode.parent_id, sheet.day, episode.clinic.timezone) else "",
    )
    detail = {"instrument": sheet.instrument, "twice": sheet.entered_twice}
    record("screening.paper_entered", by=by, at=at, parent=episode.parent_id, about=paper, detail=detail)
    return paper


def answer_sheet(
    sheet: PaperSheet, paper: PaperForm, by: Actor, at: datetime, *, told_before: Collection[Flag] = ()
) -> None:
    """Write the answers of a form and score them. `told_before`: what asks for help in it and brought its task before."""
    question_set = paper.question_set
    tapped_at = question_set.due_at
    for item in asked_items(instrument_for(question_set.clinic_id, sheet.instrument), sheet.values):
        key, value = f"{sheet.instrument}:{item.key}", sheet.values.get(item.key)
        if value is None:
            skip(question_set=question_set, item=key, by=by, at=at, tapped_at=tapped_at)
        else:
            answer(
                question_set=question_set,
                item=key,
                value=value,
                by=by,
                at=at,
                tapped_at=tapped_at,
                told_before=told_before,
            )
    complete(question_set=question_set, by=by, at=at)


def _check_values(definition: Instrument, values: Mapping[str, int | None]) -> None:
    try:
        score(definition, values)
    except ScoringError as error:
        raise Refused(str(error), field="values", value=error.value) from error
    if all(value is None for value in values.values()):
        raise Refused(_("Nothing was entered."), field="values")
    empty = [item for item in asked_items(definition, values) if values.get(item.key) is None]
    if empty and offers_refusal(definition):
        raise Refused(
            _("Question %(number)d is empty. Ask the parent, or enter that she did not want to answer.")
            % {"number": empty[0].number},
            field="values",
        )


def _check_rating(definition: Instrument, sheet: PaperSheet, episode: Episode, at: datetime) -> None:
    """Raise Refused for a rating by nobody, at no time, or with an item left out; and for a parent's form with a rater."""
    rated = sheet.rated
    if not is_rated(definition.name):
        if rated is not None or sheet.handed_in_by == HandedIn.CLINICIAN:
            raise Refused(
                _("A parent fills in this form, no clinician."), field="handed_in_by", value=sheet.handed_in_by
            )
        return
    if rated is None or sheet.handed_in_by != HandedIn.CLINICIAN:
        raise Refused(_("Say who rated it, and when."), field="rated_by")
    if rated.at > at:
        raise Refused(_("This time has not come yet."), field="rated_time", value=rated.at)
    if rated.by_id not in {one.id for one in raters(episode.clinic_id, at)}:
        raise Refused(_("Choose a clinician who works here."), field="rated_by", value=rated.by_id)
    empty = [item for item in definition.items if sheet.values.get(item.key) is None]
    if empty:
        said = _("Item %(number)d is empty. A rating counts with every item.") % {"number": empty[0].number}
        raise Refused(said, field="values")


def _check_dose(sheet: PaperSheet, episode: Episode) -> None:
    """Raise Refused where a dose was given on the day of a parent's form and nobody says on which side of it the form stands."""
    dose = dose_on(episode.parent_id, sheet.day, episode.clinic.timezone) if sheet.rated is None else None
    if dose is None:
        return
    if sheet.beside_dose not in BesideDose.values:
        said = _("A dose was given on this day. Say whether this was filled in before or after it.")
        raise Refused(said, field="beside_dose", value=sheet.beside_dose)
    if sheet.beside_dose == BesideDose.AFTER and dose.ended_at is None:
        raise Refused(_("The dose of this day has not ended."), field="beside_dose", value=sheet.beside_dose)


def _paper_set(episode: Episode, sheet: PaperSheet, by: Actor, at: datetime) -> QuestionSet:
    name, filled_in_date, rated = sheet.instrument, sheet.day, sheet.rated
    Episode.objects.select_for_update().get(id=episode.id)  # two that enter the same sheet at once find one
    written = rated.at.isoformat(timespec="minutes") if rated else filled_in_date.isoformat()
    anchor = f"paper:{name}:{written}"
    if QuestionSet.objects.filter(COUNTS, parent_id=episode.parent_id, set_name=PAPER, anchor=anchor).exists():
        said = (
            _("This rating of that minute was entered already.")
            if rated
            else _("This questionnaire of %(day)s was entered already.")
        )
        raise Refused(said % {"day": date_text(filled_in_date)}, field="filled_in_date", value=filled_in_date)
    question_set = QuestionSet.objects.create(
        clinic_id=episode.clinic_id,
        parent_id=episode.parent_id,
        episode=episode,
        set_name=PAPER,
        instruments=[name],
        anchor=anchor,
        assigned_at=at,
        due_at=rated.at if rated else _filled_in_at(sheet, episode, at),
    )
    detail = {"set": PAPER}
    record("screening.assigned", by=by, at=at, parent=episode.parent_id, about=question_set, detail=detail)
    return question_set


def _filled_in_at(sheet: PaperSheet, episode: Episode, at: datetime) -> datetime:
    zone = episode.clinic.timezone
    return filled_in_at(sheet.day, zone, at, dose_on(episode.parent_id, sheet.day, zone), sheet.beside_dose)
