"""The session written down for good, drafted from charted facts alone."""

from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.documents.services import file_document
from firstlight.journey.dosing.models import Session, Summary
from firstlight.journey.dosing.selectors import sheet_of
from firstlight.journey.dosing.services.writing import entry
from firstlight.journey.dosing.summary import summary_blocks

KIND = "session_summary"


@write
def file_summary(*, session: Session, by: Actor, at: datetime) -> Summary:
    """File the summary of a session that is over. What is corrected later makes a new one; the first one stays."""
    document = file_document(
        kind=KIND,
        parent=session.parent,
        title=_("Session %(number)d, summary") % {"number": session.number},
        body=summary_blocks(sheet_of(session)),
        by=by,
        at=at,
    )
    summary = Summary.objects.create(document=document, **entry(session, by=by, at=at))
    record("session.summed_up", by=by, at=at, parent=session.parent_id, about=summary)
    return summary
