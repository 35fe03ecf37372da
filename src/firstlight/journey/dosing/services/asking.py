"""What a parent says of this moment, charted by staff: before the dose and about two hours after. It holds nobody back.

An urge to self-harm opens its task in the same transaction, by the ladder of the check-in.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from firstlight.clinical.instruments import Flag, flags, instrument
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.design.clocks import time_text
from firstlight.ground.people.errors import Refused
from firstlight.ground.safety.services import Lowered, lower_concerns, raise_concern
from firstlight.journey.dosing.models import LIVE, Observation, RightNow, Session, SessionState
from firstlight.journey.dosing.right_now import NAME, NAMES, definition, flags_of, words_of
from firstlight.journey.dosing.services.summing import file_summary
from firstlight.journey.dosing.services.writing import entry, lock, move_on, reason_given, require, sent_before

ASQ = "asq"


@write
def chart_right_now(
    *, session: Session, client_id: UUID, values: Mapping[str, int], by: Actor, at: datetime
) -> RightNow:
    """Write what the parent said of this moment. One that arrives again is the same row.

    A question may stay open: nobody has to answer. Raises Contradicts when this device id was used for other answers, Refused
    for answers that cannot be and while the medicine runs in.
    """
    session = lock(session)
    earlier = sent_before(RightNow, session, client_id, values)
    if earlier is not None:
        return earlier
    require(session, SessionState.GATES, SessionState.PREPARED, SessionState.RECOVERING)
    _check(values)
    columns = {"client_id": client_id, **entry(session, by=by, at=at)}
    row = RightNow.objects.create(observation=Observation.objects.create(**columns), **values, **columns)
    _ask_for_help(row, told=(), by=by, at=at)
    move_on(session)
    detail = {"items": sorted(values)}
    record("right_now.charted", by=by, at=at, parent=session.parent_id, about=row, detail=detail)
    return row


@write
def amend_right_now(
    *, row: RightNow, client_id: UUID, values: Mapping[str, int], reason: str, by: Actor, at: datetime
) -> RightNow:
    """Correct what was charted: a new row that names the old one and the reason. The old one stays readable.

    What asks for help now and did not before opens its task in here; what was charted so by mistake is a note on the open task,
    which a person finishes. A session that is over can be corrected too; its summary is then written anew.
    """
    session = lock(row.session)
    earlier = sent_before(RightNow, session, client_id, values)
    if earlier is not None:
        return earlier
    reason = reason_given(reason, _("Say why this is corrected."))
    require(session, *LIVE, SessionState.LEFT)
    _check(values)
    if RightNow.objects.filter(amends=row).exists():
        raise Refused(_("These answers were corrected already. Correct the newer ones."), field="amends")
    columns = {
        "client_id": client_id,
        "reason": reason,
        **entry(session, by=by, at=at, happened_at=row.happened_at),
    }
    observation = Observation.objects.create(amends_id=row.observation_id, **columns)
    amended = RightNow.objects.create(amends=row, observation=observation, **values, **columns)
    told = flags_of(row)
    _ask_for_help(amended, told=told, by=by, at=at)
    _lower(amended, told, by=by, at=at)
    move_on(session)
    detail = {"items": sorted(values)}
    record("right_now.amended", by=by, at=at, parent=session.parent_id, about=amended, detail=detail)
    if session.state == SessionState.LEFT:
        file_summary(session=session, by=by, at=at)
    return amended


def _check(values: Mapping[str, int]) -> None:
    """Refuse an empty set, and a value that the question does not have."""
    if not values:
        raise Refused(_("Tap at least one answer."), field="values")
    for key, value in values.items():
        item = definition().item(key)
        if value not in item.values:
            shown = {"name": NAMES[key], "value": value, "possible": ", ".join(str(one) for one in item.values)}
            message = _("%(name)s %(value)s cannot be. Possible: %(possible)s.") % shown
            raise Refused(message, field=key, value=value)


def _ask_for_help(row: RightNow, *, told: tuple[Flag, ...], by: Actor, at: datetime) -> None:
    """Open or renew the task that an answer asks for. `told`: what the row in whose place this one stands brought already."""
    parent = row.session.parent
    for flag in flags_of(row):
        if flag in told:
            continue
        raise_concern(
            parent=parent,
            level=flag.level,
            source=_source(flag),
            reason=_told(row, flag),
            link_name="dosing:session",
            link_id=row.session_id,
            asked=f"{NAME}:{flag.item}",
            strength=row.values()[flag.item],
            said_in=row.id,
            eased=_has_eased(row, flag),
            by=by,
            at=at,
        )


def _lower(row: RightNow, told: tuple[Flag, ...], *, by: Actor, at: datetime) -> None:
    """Let what was charted as an urge by mistake count as none, and say so on the open task."""
    still = flags_of(row)
    less = [flag for flag in told if flag not in still]
    if less:
        lower_concerns(
            parent=row.session.parent,
            said_in=[one.id for one in _before(row)],
            lowered=[Lowered(_source(flag), f"{NAME}:{flag.item}", 0) for flag in less],
            reason=_note(row),
            by=by,
            at=at,
        )


def _before(row: RightNow) -> Iterator[RightNow]:
    """Yield the rows in whose place this one stands, the latest first."""
    earlier = row.amends
    while earlier is not None:
        yield earlier
        earlier = earlier.amends


def _has_eased(row: RightNow, flag: Flag) -> bool:
    """Tell whether the parent's last answer to this question in a session, before this moment, asked for no help."""
    behind = [row.id, *(one.id for one in _before(row))]
    earlier = RightNow.objects.filter(session__parent_id=row.session.parent_id, amended_by__isnull=True)
    earlier = earlier.filter(**{f"{flag.item}__isnull": False}, happened_at__lte=row.happened_at).exclude(id__in=behind)
    last = earlier.order_by("-happened_at", "-sequence").first()
    return last is not None and not flags(definition(), {flag.item: last.values()[flag.item]})


def _source(flag: Flag) -> str:
    return f"session:{flag.rule}"


def _told(row: RightNow, flag: Flag) -> str:
    """Return the answer as whoever has the task reads it, with what is asked next."""
    item = definition().item(flag.item)
    answer = next(option.label for option in item.options if option.value == row.values()[flag.item])
    said = _("Said in the session at %(at)s: %(question)s Answer: %(answer)s.") % {
        "at": time_text(row.happened_at, row.session.clinic.timezone),
        "question": words_of(item.text),
        "answer": words_of(answer),
    }
    ask = _("To be asked in the same sitting: %(title)s.") % {"title": words_of(instrument(ASQ).title)}
    return f"{said} {ask}"


def _note(row: RightNow) -> str:
    said = {"at": time_text(row.happened_at, row.session.clinic.timezone), "reason": row.reason}
    return (
        _(
            "Corrected: an urge to self-harm was charted in the session at %(at)s by mistake. "
            "This task stays open until somebody finishes it. Reason: %(reason)s"
        )
        % said
    )
