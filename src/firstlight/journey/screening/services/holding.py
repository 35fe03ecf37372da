"""The words of a questionnaire that a clinic may use: taken in with the permission, and taken out again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from firstlight.clinical.instruments import Instrument
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.permissions import Permission
from firstlight.journey.screening.holding import Wording, without_words
from firstlight.journey.screening.models import HeldWording, QuestionSet
from firstlight.journey.screening.services.linking import end_links_with_set

PERMISSION_LENGTH = 500
HOLDER_LENGTH = 120


@write
def hold(
    *,
    definition: Instrument,
    wordings: Sequence[Wording],
    permission: str,
    holder: str,
    by: Actor,
    at: datetime,
    source: str = "",
    copyright_notice: str = "",
) -> list[HeldWording]:
    """Take in the words of an instrument, one row a language. What the clinic held in that language is replaced, and kept.

    Raises Refused without a permission, and for words that do not fit the instrument.
    """
    clinic_id, account_id = _may_write(by)
    if not permission.strip():
        raise Refused(_("Say who allowed the use, and when."), field="permission")
    for wording in wordings:
        _check(definition, wording)
    held = HeldWording.objects.select_for_update().filter(clinic_id=clinic_id, instrument=definition.name)
    made = []
    for wording in wordings:
        held.filter(language=wording.language, withdrawn_at=None).update(withdrawn_at=at, withdrawn_by_id=account_id)
        row = HeldWording.objects.create(
            clinic_id=clinic_id,
            instrument=definition.name,
            language=wording.language,
            stem=wording.stem,
            items=wording.to_json(),
            source=source[:300],
            copyright=copyright_notice,
            permission=permission.strip()[:PERMISSION_LENGTH],
            holder=holder.strip()[:HOLDER_LENGTH],
            imported_at=at,
            imported_by_id=account_id,
        )
        detail = {"instrument": definition.name, "language": wording.language}
        record("wording.imported", by=by, at=at, about=row, detail=detail)
        made.append(row)
    return made


@write
def withdraw(*, wording: HeldWording, by: Actor, at: datetime) -> int:
    """Take words out of use. Open questions that cannot be asked without them are closed; return how many.

    Answers stay, and are read under the words under which they were given.
    """
    _clinic_id, account_id = _may_write(by)
    current = HeldWording.objects.select_for_update().get(id=wording.id)
    if current.withdrawn_at is not None:
        raise Refused(_("This text was removed already."), field="wording", value=current.id)
    current.withdrawn_at, current.withdrawn_by_id = at, account_id
    current.save(update_fields=["withdrawn_at", "withdrawn_by"])
    detail = {"instrument": current.instrument, "language": current.language}
    record("wording.withdrawn", by=by, at=at, about=current, detail=detail)
    return _close_open(current, by, at)


def _close_open(wording: HeldWording, by: Actor, at: datetime) -> int:
    if not without_words(wording.clinic_id, [wording.instrument]):
        return 0
    still_open = QuestionSet.objects.select_for_update().filter(clinic_id=wording.clinic_id, completed_at=None)
    closed = 0
    for question_set in still_open:
        ended = question_set.expires_at is not None and question_set.expires_at <= at
        if wording.instrument in question_set.instruments and not ended:
            question_set.expires_at = max(at, question_set.assigned_at + timedelta(seconds=1))
            question_set.save(update_fields=["expires_at"])
            end_links_with_set(question_set, at)
            record("screening.closed", by=by, at=at, parent=question_set.parent_id, about=question_set)
            closed += 1
    return closed


def _may_write(by: Actor) -> tuple[UUID, UUID]:
    """Return in which clinic somebody writes, and who it is."""
    if by.clinic_id is None or by.account_id is None or not by.may(Permission.QUESTIONNAIRES_WRITE):
        raise Refused(_("This needs the right to import questionnaires."), field="by")
    return by.clinic_id, by.account_id


def _check(definition: Instrument, wording: Wording) -> None:
    shape = {key: len(item.options) for key, item in definition.by_key.items()}
    given = {key: len(one.answers) for key, one in wording.items.items()}
    if not set(definition.keys) <= set(given) or any(shape.get(key) != count for key, count in given.items()):
        raise Refused(_("The words do not fit the items of this questionnaire."), field="items")
