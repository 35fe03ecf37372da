"""How an episode may move: each step, from where, who may take it, and whether it needs a reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.models import EpisodeState
from firstlight.ground.people.permissions import Permission

S = EpisodeState
P = Permission

AT_THE_DOOR = (S.LOGGED, S.CONTACTED, S.INVITED)
IN_CARE = (S.INVITED, S.ASSESSED, S.ACTIVE, S.PAUSED)
ENDED = (S.DECLINED, S.STOPPED, S.TRANSFERRED, S.CLOSED)
LEFT = (S.DECLINED, S.TRANSFERRED, S.CLOSED)
"""Who is in somebody else's care, or in nobody's, is not asked any more. After a stop she still may be: that is when it shows."""

# From each state to those that may follow it.
TRANSITIONS: Mapping[EpisodeState, tuple[EpisodeState, ...]] = {
    S.LOGGED: (S.CONTACTED, S.DECLINED, S.CLOSED),
    S.CONTACTED: (S.INVITED, S.DECLINED, S.CLOSED),
    S.INVITED: (S.ASSESSED, S.DECLINED, S.CLOSED),
    S.ASSESSED: (S.ACTIVE, S.DECLINED, S.TRANSFERRED, S.CLOSED),
    S.ACTIVE: (S.PAUSED, S.STOPPED, S.TRANSFERRED, S.CLOSED),
    S.PAUSED: (S.ACTIVE, S.STOPPED, S.TRANSFERRED, S.CLOSED),
    S.DECLINED: (),
    S.STOPPED: (),
    S.TRANSFERRED: (),
    S.CLOSED: (),
}
NEEDS_REASON = frozenset({S.DECLINED, S.PAUSED, S.STOPPED, S.TRANSFERRED, S.CLOSED})

# What comes next in each state, as the lists say it. Later stages know more; this is always true.
NEXT: Mapping[EpisodeState, str | Promise] = {
    S.LOGGED: _("Call back"),
    S.CONTACTED: _("Decide: invite or decline"),
    S.INVITED: _("Questions and assessment"),
    S.ASSESSED: _("Consent, order, first visit"),
    S.ACTIVE: _("Sessions and check-ins"),
    S.PAUSED: _("Decide when to go on"),
    S.DECLINED: _("Nothing: declined"),
    S.STOPPED: _("Nothing: stopped"),
    S.TRANSFERRED: _("Nothing: with another clinic"),
    S.CLOSED: _("Nothing: closed"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One button: the state it leads to (None: it stays), from which states, its word, and what follows.

    `reason` is the label of the reason's field, empty where none is asked. The usual next step is `lit`.
    """

    verb: str
    to: EpisodeState | None
    froms: tuple[EpisodeState, ...]
    permission: Permission
    label: str | Promise
    follows: str | Promise
    reason: str | Promise
    grave: bool = False
    lit: bool = False


# fmt: off
STEPS: Mapping[str, Step] = {step.verb: step for step in (
    Step("contact", S.CONTACTED, (S.LOGGED,), P.ENQUIRIES, _("Note the call"),
         _("The enquiry counts as answered."), _("What was said"), lit=True),
    Step("invite", S.INVITED, (S.CONTACTED,), P.ENQUIRIES, _("Invite"),
         _("A link goes out by email. It works once, for 14 days."), "", lit=True),
    Step("decline", S.DECLINED, AT_THE_DOOR, P.ENQUIRIES, _("Decline"),
         _("The person gets a letter: your reason, word for word, and other places that can help. This ends the enquiry."),
         _("Reason, as the person reads it"), grave=True),
    Step("withdraw", S.CLOSED, AT_THE_DOOR, P.ENQUIRIES, _("Close the enquiry"),
         _("For somebody who no longer wants it, or cannot be reached. This ends the enquiry."), _("Reason"), grave=True),
    Step("pause", S.PAUSED, (S.ACTIVE,), P.PLAN_WRITE, _("Pause treatment"),
         _("No session can start until treatment is resumed. For some weeks after the last dose check-ins go on, for safety; "
           "other questions wait."), _("Reason")),
    Step("resume", S.ACTIVE, (S.PAUSED,), P.EPISODE_MOVE, _("Resume treatment"),
         _("Sessions can start again."), _("Reason"), lit=True),
    Step("stop", S.STOPPED, (S.ACTIVE, S.PAUSED), P.EPISODE_MOVE, _("Stop treatment"),
         _("This ends the episode and calls off the doses to come. A talk after a dose that was given stays booked. "
           "For some weeks after the last dose check-ins go on, for safety; later ones come only if the parent wants them."),
         _("Reason"), grave=True),
    Step("transfer", S.TRANSFERRED, (S.ASSESSED, S.ACTIVE, S.PAUSED), P.EPISODE_MOVE, _("Transfer"),
         _("Care goes on elsewhere. This ends the episode here, the check-ins, and the doses to come. Nothing is sent to the "
           "other clinic: hand over by telephone or letter first."),
         _("Where to, and why"), grave=True),
    Step("close", S.CLOSED, (S.ASSESSED, S.ACTIVE, S.PAUSED), P.EPISODE_MOVE, _("Close"),
         _("The episode ends as finished. Check-ins end, and doses to come are called off."), _("Reason"), grave=True),
    Step("link", None, IN_CARE, P.ENQUIRIES, _("Send a new sign-in link"),
         _("A link goes out by email. It works once, for 14 days. An earlier link stops working."), ""),
)}
# fmt: on


def steps_from(state: str, permissions: frozenset[str]) -> list[Step]:
    """Return the steps that somebody with these permissions may take from a state, the usual next one first."""
    return [step for step in STEPS.values() if state in step.froms and step.permission in permissions]
