"""The modified Aldrete: charted after the dose, corrected by a new row. It raises no notice and holds nobody back."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing.models import RecoveryScore, Session, SessionState
from firstlight.journey.dosing.recovery import definition, said
from firstlight.journey.dosing.services.summing import file_summary
from firstlight.journey.dosing.services.writing import entry, lock, move_on, reason_given, require, sent_before


@write
def score_recovery(
    *, session: Session, client_id: UUID, values: Mapping[str, int], by: Actor, at: datetime
) -> RecoveryScore:
    """Write one modified Aldrete. One that arrives again is the same row.

    Raises Contradicts when this device id was used for other values, Refused for a score that cannot be.
    """
    session = lock(session)
    earlier = sent_before(RecoveryScore, session, client_id, values)
    if earlier is not None:
        return earlier
    require(session, SessionState.RECOVERING)
    _check(values)
    row = RecoveryScore.objects.create(client_id=client_id, **values, **entry(session, by=by, at=at))
    move_on(session)
    record("recovery.scored", by=by, at=at, parent=session.parent_id, about=row)
    return row


@write
def amend_recovery(
    *, row: RecoveryScore, client_id: UUID, values: Mapping[str, int], reason: str, by: Actor, at: datetime
) -> RecoveryScore:
    """Correct a modified Aldrete: a new row that names the old one and the reason. The old one stays readable.

    A session that is over can be corrected too; its summary is then written anew beside the first one.
    """
    session = lock(row.session)
    earlier = sent_before(RecoveryScore, session, client_id, values)
    if earlier is not None:
        return earlier
    reason = reason_given(reason, _("Say why this is corrected."))
    require(session, SessionState.RECOVERING, SessionState.LEFT)
    _check(values)
    if RecoveryScore.objects.filter(amends=row).exists():
        raise Refused(_("This score was corrected already. Correct the newer one."), field="amends")
    amended = RecoveryScore.objects.create(
        client_id=client_id,
        amends=row,
        reason=reason,
        **values,
        **entry(session, by=by, at=at, happened_at=row.happened_at),
    )
    move_on(session)
    record("recovery.amended", by=by, at=at, parent=session.parent_id, about=amended)
    if session.state == SessionState.LEFT:
        file_summary(session=session, by=by, at=at)
    return amended


def _check(values: Mapping[str, int]) -> None:
    """Refuse a row that is missing, since five rows make the total, and a value that the table does not have."""
    for item in definition().items:
        name, value = said(item.text), values.get(item.key)
        if value is None:
            raise Refused(_("%(name)s is missing: the score needs all five rows.") % {"name": name}, field=item.key)
        if value not in item.values:
            shown = {"name": name, "value": value, "possible": ", ".join(str(one) for one in item.values)}
            message = _("%(name)s %(value)s cannot be. Possible: %(possible)s.") % shown
            raise Refused(message, field=item.key, value=value)
