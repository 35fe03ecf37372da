"""Asking a parent to answer a set, and taking that back before anybody began."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from firstlight.clinical.evidence import text
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, Parent
from firstlight.journey.screening.holding import without_words
from firstlight.journey.screening.models import Answer, QuestionSet
from firstlight.journey.screening.selectors import is_expired
from firstlight.journey.screening.services.linking import end_links_with_set
from firstlight.journey.screening.sets import SETS


@write
def assign(
    *,
    parent: Parent,
    episode: Episode,
    set_name: str,
    by: Actor,
    at: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    anchor: str = "",
    instruments: Sequence[str] = (),
) -> QuestionSet:
    """Ask a parent to answer a set. The same set for the same anchor, or still open, is returned as it is.

    It can be answered from `due_at` (None: at once) until `expires_at` (None: at any time). `instruments`: other ones than
    the set's own. Raises Refused.
    """
    plan = SETS.get(set_name)
    if plan is None:
        known = ", ".join(SETS)
        raise Refused(
            _("There is no such set. Choose one of: %(known)s.") % {"known": known}, field="set_name", value=set_name
        )
    if missing := without_words(parent.clinic_id, instruments or plan.instruments):
        titles = ", ".join(text(one.title) for one in missing)
        raise Refused(
            _("The text of %(titles)s is not here. A clinic that holds the licence imports it first.")
            % {"titles": titles},
            field="set_name",
            value=set_name,
        )
    Episode.objects.select_for_update().get(id=episode.id)  # two that ask at once find one set
    asked = QuestionSet.objects.filter(parent=parent, episode=episode, set_name=set_name, anchor=anchor)
    standing = (
        asked.first() if anchor else asked.filter(completed_at__isnull=True).order_by("-assigned_at", "-id").first()
    )
    if standing is not None and (anchor or not is_expired(standing, at)):
        return standing
    question_set = QuestionSet.objects.create(
        clinic_id=parent.clinic_id,
        parent=parent,
        episode=episode,
        set_name=set_name,
        instruments=list(instruments or plan.instruments),
        anchor=anchor,
        assigned_at=at,
        due_at=due_at,
        expires_at=expires_at,
    )
    record("screening.assigned", by=by, at=at, parent=parent.id, about=question_set, detail={"set": set_name})
    return question_set


@write
def take_back(*, question_set: QuestionSet, by: Actor, at: datetime, begun_too: bool = False) -> bool:
    """Close a set that nobody began; True when it is closed now. What was begun or sent stays as it is.

    `begun_too`: also one that somebody began. What she answered stays, and is not scored.
    """
    current = QuestionSet.objects.select_for_update(of=("self",)).get(id=question_set.id)
    if current.completed_at is not None or is_expired(current, at):
        return False
    if not begun_too and Answer.objects.filter(question_set=current).exists():
        return False
    current.expires_at = max(at, current.assigned_at + timedelta(seconds=1))
    current.save(update_fields=["expires_at"])
    end_links_with_set(current, at)
    record("screening.taken_back", by=by, at=at, parent=current.parent_id, about=current)
    return True


def assign_first(*, episode: Episode, by: Actor, at: datetime, link: str = "") -> QuestionSet:
    """Ask the first questions of somebody who was invited: follows "episode.invited". Once an episode, however often."""
    return assign(
        parent=episode.parent, episode=episode, set_name="first", anchor=f"episode:{episode.id}", by=by, at=at
    )
