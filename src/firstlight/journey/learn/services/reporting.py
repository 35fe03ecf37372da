"""A clinician answers for the words on reporting; a parent was shown them."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Clinic, Episode, Parent
from firstlight.ground.people.permissions import Permission
from firstlight.journey.learn.models import ReportingSeen, ReportingText
from firstlight.journey.learn.reporting import digest_of, newest, notice_of, split

LINE_LENGTH, MOST_LINES = 200, 8


@write
def review_reporting(
    *, clinic: Clinic, must: str, must_not: str, must_not_child: str = "", by: Actor, at: datetime
) -> ReportingText:
    """Answer for the words on reporting: one line each. What stood before stays on record.

    `must_not_child`: lines about a baby, which a family with a loss does not read.

    Refused: nobody who decides on treatment, no line, too many or too long ones.
    """
    if by.membership_id is None or not by.may(Permission.ASSESS):
        raise Refused(
            _("Only somebody who decides on treatment can answer for these words."), field="by", value=by.role
        )
    lines = {"must": split(must), "must_not": split(must_not), "must_not_child": split(must_not_child)}
    for field, found in lines.items():
        least = 0 if field == "must_not_child" else 1
        if not least <= len(found) <= MOST_LINES or any(len(line) > LINE_LENGTH for line in found):
            message = _("Write one to %(lines)d lines of at most %(letters)d letters each.")
            raise Refused(message % {"lines": MOST_LINES, "letters": LINE_LENGTH}, field=field)
    text = ReportingText.objects.create(
        clinic=clinic,
        must="\n".join(lines["must"]),
        must_not="\n".join(lines["must_not"]),
        must_not_child="\n".join(lines["must_not_child"]),
        region=clinic.region,
        digest=digest_of(list(lines.values()), at),
        reviewed_at=at,
        reviewed_by_id=by.membership_id,
    )
    record("reporting.reviewed", by=by, at=at, about=text, detail={"region": clinic.region, "digest": text.digest})
    return text


def refuse_unchecked_words(*, episode: Episode, link: str, by: Actor, at: datetime) -> None:
    """Refuse an invitation while nobody has checked what its reader is told of reporting: follows "episode.invited".

    In production only: the demo, and a clinic that tries the program, see that the words are not checked.
    """
    if settings.PRODUCTION and newest(episode.clinic) is None:
        raise Refused(
            _(
                "First a prescriber checks the words under “What we report”: parents read them before questions about harm."
            ),
            field="reporting",
        )


@write
def note_reporting_seen(*, parent: Parent, by: Actor, at: datetime) -> ReportingSeen:
    """Note that a parent was shown the words that stand now. Shown once more, they are noted once."""
    digest = notice_of(parent.clinic).digest
    Parent.objects.select_for_update().get(id=parent.id)  # two taps at once note it once
    known = ReportingSeen.objects.filter(parent=parent, digest=digest).first()
    if known is not None:
        return known
    seen = ReportingSeen.objects.create(clinic_id=parent.clinic_id, parent=parent, digest=digest, seen_at=at)
    record("reporting.seen", by=by, at=at, parent=parent.id, about=seen, detail={"digest": digest})
    return seen
