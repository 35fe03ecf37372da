"""Reading, answering, choosing about touch, signing, and taking it back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.documents import services as documents
from firstlight.ground.people.errors import CareEnded, Refused
from firstlight.ground.people.going_on import require_care
from firstlight.ground.people.models import Episode, EpisodeState, Parent
from firstlight.ground.people.permissions import Role
from firstlight.ground.people.steps import IN_CARE
from firstlight.ground.visits.models import VisitKind
from firstlight.ground.visits.selectors import next_visit
from firstlight.ground.worklist.services.tasks import open_task
from firstlight.journey.consent.agreements import Edition, Template
from firstlight.journey.consent.models import Consent, TeachBackAnswer, TouchChoice, Withdrawal
from firstlight.journey.consent.selectors import (
    ConsentState,
    agreement_of,
    consent_of,
    consent_state,
    edition_for,
    touch_of,
)
from firstlight.journey.consent.wording import agreement_blocks

SEEN_WITHIN = timedelta(hours=12)  # ours: until when a nurse has seen that an agreement was taken back


@write
def answer_question(
    *, parent: Parent, episode: Episode, part: str, answer: str, by: Actor, at: datetime
) -> TeachBackAnswer:
    """Answer the question about one part. A wrong answer is kept too; the question can be answered again.

    Refused once care has ended: there is nothing to sign.
    """
    shown = edition_for(parent, at)
    _herself(parent, by)
    require_care(episode)
    question = shown.questions.get(part)
    if question is None or answer not in dict(question.options):
        raise Refused(_("Choose one of the answers."), field="answer", value=answer)
    row = TeachBackAnswer.objects.create(
        clinic_id=parent.clinic_id,
        episode=episode,
        parent=parent,
        template=shown.key,
        version=shown.version,
        question=part,
        answer=answer,
        right=answer == question.right,
        at=at,
        by_id=_account(by),
    )
    record("consent.answered", by=by, at=at, parent=parent.id, about=row, detail={"part": part})
    return row


@write
def choose_touch(
    *, parent: Parent, episode: Episode, choices: Mapping[str, bool], by: Actor, at: datetime
) -> TouchChoice:
    """Choose which touch is welcome; what is not named is not.

    Refused: a yes that is new so shortly before an infusion, or once care has ended. One can be taken back at any time.
    """
    _herself(parent, by)
    shown = edition_for(parent, at)
    kinds = dict(shown.touch_kinds)
    if unknown := set(choices) - set(kinds):
        raise Refused(_("Choose from the list."), field="touch", value=min(unknown))
    chosen = {kind: bool(choices.get(kind, False)) for kind in kinds}
    added = {kind for kind, yes in chosen.items() if yes} - set(touch_of(episode).allowed)
    if added:
        require_care(episode)
    _in_time(parent, shown, added, by, at)
    return _keep_touch(episode, chosen, by, at)


@write
def narrow_touch(*, episode: Episode, kind: str, by: Actor, at: datetime) -> TouchChoice:
    """Take a yes about touch back. Nothing can be added this way, so it may be done at any moment, by staff for her too."""
    choices = dict(touch_of(episode).choices)
    if not choices.get(kind):
        raise Refused(_("There is no such yes to take back."), field="touch", value=kind)
    return _keep_touch(episode, choices | {kind: False}, by, at)


@write
def sign(
    *,
    parent: Parent,
    episode: Episode,
    by: Actor,
    at: datetime,
    name: str | None = None,
    agreed: bool = True,
    template: Template | None = None,
    touch: Mapping[str, bool] | None = None,
    teach_back: Mapping[str, str] | None = None,
) -> Consent:
    """Sign the version in force. `touch` and `teach_back` (answer by part) are kept first, when they are given here.

    Refused while a question has no right answer, without the tick, for a name that is not hers, and for an old version.
    """
    _herself(parent, by)
    _may_sign(episode, at)
    shown = edition_for(parent, at)
    if template is not None and (template.key, template.version) != (shown.key, shown.version):
        raise Refused(_("There is a newer version. Please read that one."), field="template", value=template.version)
    for part, answer in (teach_back or {}).items():
        answer_question(parent=parent, episode=episode, part=part, answer=answer, by=by, at=at)
    _is_understood(episode, shown)
    typed = _own_name(parent, parent.name if name is None else name)
    if not agreed:
        raise Refused(_("Tick the box if you agree. You do not have to."), field="agreed", value=False)
    chosen = _touch_to_sign(parent, episode, touch, by, at)
    return _signed(parent, episode, shown, chosen, typed, by, at)


@write
def withdraw(*, parent: Parent, episode: Episode, by: Actor, at: datetime) -> Withdrawal:
    """Take an agreement back, at once and without a reason. Staff may do it when she says so."""
    consent = consent_of(episode)
    if consent is None or consent_state(episode) == ConsentState.WITHDRAWN:
        raise Refused(_("There is no agreement to take back."), field="consent")
    withdrawal = Withdrawal.objects.create(
        clinic_id=parent.clinic_id, episode=episode, parent=parent, consent=consent, at=at, by_id=_account(by)
    )
    record("consent.withdrawn", by=by, at=at, parent=parent.id, about=withdrawal, detail={"version": consent.version})
    if by.parent_id == parent.id:
        _tell_the_clinic(parent, by, at)
    announce("consent.withdrawn", episode=episode, by=by, at=at)
    return withdrawal


def _tell_the_clinic(parent: Parent, by: Actor, at: datetime) -> None:
    open_task(
        clinic_id=parent.clinic_id,
        parent=parent,
        kind="consent-withdrawn",
        title=_("%(name)s took the agreement back") % {"name": parent.name},
        reason=_("No infusion may start. Look at what is booked, and ask what the parent wants."),
        role=Role.NURSE,
        acknowledge_by=at + SEEN_WITHIN,
        urgency="today",
        link_name="consent:of_parent",
        link_id=parent.id,
        by=by,
        at=at,
    )


def _signed(
    parent: Parent, episode: Episode, shown: Edition, touch: TouchChoice, name: str, by: Actor, at: datetime
) -> Consent:
    document = documents.file_document(
        kind="consent",
        parent=parent,
        title=shown.title,
        body=agreement_blocks(shown, touch.choices, name),
        by=by,
        at=at,
        release_now=True,
    )
    documents.sign(document=document, meaning="agreed", by=by, at=at)
    consent = Consent.objects.create(
        clinic_id=parent.clinic_id,
        episode=episode,
        parent=parent,
        template=shown.key,
        version=shown.version,
        digest=shown.digest,
        signed_name=name,
        touch=touch,
        document=document,
        at=at,
        by_id=_account(by),
    )
    detail: dict[str, Any] = {"version": shown.version, "digest": shown.digest}
    record("consent.signed", by=by, at=at, parent=parent.id, about=consent, detail=detail)
    return consent


def _may_sign(episode: Episode, at: datetime) -> None:
    if episode.state not in IN_CARE:
        message = _("There is nothing to sign: this care is “%(state)s”.")
        named = {"state": EpisodeState(episode.state).label}
        raise CareEnded(message % named, field="episode", value=episode.state)
    if consent_state(episode, at) == ConsentState.CURRENT:
        raise Refused(_("You have signed this already."), field="consent")


def _is_understood(episode: Episode, shown: Edition) -> None:
    done = agreement_of(episode).understood(shown)
    missing = [part for part in shown.questions if part not in done]
    if missing:
        words = {"count": len(missing)}
        message = _("%(count)d questions about the text are still open.") % words
        raise Refused(message, field="teach_back", value=missing[0])


def _touch_to_sign(
    parent: Parent, episode: Episode, touch: Mapping[str, bool] | None, by: Actor, at: datetime
) -> TouchChoice:
    """Bind the newest choice to the signature. A choice that another signature holds is repeated as a row of its own."""
    if touch is not None:
        return choose_touch(parent=parent, episode=episode, choices=touch, by=by, at=at)
    newest = TouchChoice.objects.filter(episode=episode).order_by("-at", "-id").first()
    if newest is None or Consent.objects.filter(touch=newest).exists():
        choices = newest.choices if newest and consent_state(episode) != ConsentState.WITHDRAWN else {}
        return choose_touch(parent=parent, episode=episode, choices=choices, by=by, at=at)
    return newest


def _keep_touch(episode: Episode, choices: Mapping[str, bool], by: Actor, at: datetime) -> TouchChoice:
    row = TouchChoice.objects.create(
        clinic_id=episode.clinic_id,
        episode=episode,
        parent=episode.parent,
        choices=dict(choices),
        at=at,
        by_id=_account(by),
    )
    record("consent.touch_chosen", by=by, at=at, parent=episode.parent_id, about=row)
    return row


def _in_time(parent: Parent, shown: Edition, added: set[str], by: Actor, at: datetime) -> None:
    visit = next_visit(by, parent.id, at, [VisitKind.DOSING])
    if added and visit is not None and visit.starts_at - at < timedelta(hours=shown.touch_hours):
        message = _("Your next infusion is less than %(hours)d hours away. You can take a yes back, but not add one.")
        raise Refused(message % {"hours": shown.touch_hours}, field=min(added), value=True)


def _own_name(parent: Parent, typed: str) -> str:
    if " ".join(typed.split()).casefold() != " ".join(parent.name.split()).casefold():
        words = {"name": parent.name}
        message = _("Type your name as we have it: %(name)s. If that is not your name, please tell the clinic.") % words
        raise Refused(message, field="name", value=typed[:200])
    return " ".join(typed.split())


def _herself(parent: Parent, by: Actor) -> None:
    if by.parent_id != parent.id:
        raise Refused(_("Only the parent can do this, signed in as herself or himself."), field="by", value=by.role)


def _account(by: Actor) -> UUID:
    if by.account_id is None:
        raise Refused(_("Please sign in first."), field="by", value=by.role)
    return by.account_id
