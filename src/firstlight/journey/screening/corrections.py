"""Paper forms that were kept, and what became of those that were entered wrongly."""

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.screening.models import PaperCorrection, PaperForm, QuestionSet
from firstlight.journey.screening.paper import PAPER, PaperSheet, Rated
from firstlight.journey.screening.selectors import given_in


def papers_of(sets: Iterable[QuestionSet]) -> dict[UUID, PaperForm]:
    """Return the paper form behind each set that has one, with its correction and what it corrects."""
    on_paper = [one.id for one in sets if one.set_name == PAPER]
    if not on_paper:
        return {}
    found = PaperForm.objects.filter(question_set_id__in=on_paper)
    whole = found.select_related(
        "entered_by", "rated_by", "correction__by", "correction__replacement", "corrects__form", "corrects__by"
    )
    return {one.question_set_id: one for one in whole}


def paper_for(actor: Actor, parent_id: UUID, form_id: UUID) -> PaperForm:
    """Return one kept form of a parent for whoever may enter forms; unknown and another's look alike."""
    parent_for(actor, parent_id)
    if not actor.may(Permission.ANSWERS_ENTER):
        raise Http404
    found = PaperForm.objects.filter(id=form_id, question_set__parent_id=parent_id)
    form = found.select_related("question_set__parent__clinic", "question_set__episode", "entered_by").first()
    if form is None:
        raise Http404
    return form


def sheet_of(form: PaperForm) -> PaperSheet:
    """Return what stands on a kept form."""
    (name,) = form.question_set.instruments
    values = given_in(form.question_set)[name]
    rated = Rated(form.rated_by_id, form.rated_at) if form.rated_by_id and form.rated_at else None
    return PaperSheet(
        name, values, form.filled_in_date, form.handed_in_by, form.entered_twice, rated, beside_dose=form.beside_dose
    )


def sets_behind(form: PaperForm) -> list[UUID]:
    """Return the sets of a form and of those in whose place it stands: what one of them asked for was not asked anew."""
    found, place = [form.question_set_id], form
    while (before := PaperForm.objects.filter(correction__replacement=place).first()) is not None:
        found.append(before.question_set_id)
        place = before
    return found


def correction_of(form: PaperForm) -> PaperCorrection | None:
    """Return what says that a form was entered wrongly; None while it counts."""
    return form.correction if hasattr(form, "correction") else None


def stands_for_another(question_set: QuestionSet) -> bool:
    """Tell whether a set is a paper form in the place of one that was entered wrongly."""
    return PaperCorrection.objects.filter(replacement__question_set=question_set).exists()
