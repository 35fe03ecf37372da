"""What is asked after a stop, in words: for the parent's page of hours, and for the clinic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from firstlight.ground.design.clocks import date_text, local
from firstlight.journey.response.stopping import Stopped, Wish

Text = str | Promise
TO_PARENT: Mapping[str, Text] = {
    "nothing": lazy("You asked us to ask you nothing more. That is all right."),
    "go-on": lazy("Questions go on as before, until %(last)s at the latest, because you wanted it."),
    "watched": lazy(
        "A few questions may still come until %(until)s: in the weeks after your last day at the clinic something can "
        "still change, and we would like to know. After that none comes unless you want it."
    ),
    "over": lazy("No more questions come."),
}
TO_CLINIC: Mapping[str, Text] = {
    "nothing": lazy("The parent wants no more questions."),
    "go-on": lazy("The parent wants the questions to go on, until %(last)s at the latest."),
    "watched": lazy("Asked for safety until %(until)s. After that only if the parent wants it."),
    "over": lazy("Nothing is asked any more."),
}
PARENT_SAYS: Mapping[Wish, Text] = {
    Wish.NOTHING: lazy("Ask me nothing more"),
    Wish.GO_ON: lazy("Go on asking me"),
    Wish.SAFETY: lazy("Ask me until %(until)s only"),
}
ENTERED_FOR_HER: Mapping[Wish, Text] = {
    Wish.NOTHING: lazy("Wants no more questions"),
    Wish.GO_ON: lazy("Wants them to go on"),
    Wish.SAFETY: lazy("Wants them until %(until)s only"),
}


@dataclass(frozen=True, slots=True)
class Asking:
    """How it stands, and what can be chosen instead: each wish with its words.

    `comes`: something may still be asked. `undecided`: it still comes, and nobody has said yet what is wanted.
    """

    words: str
    choices: tuple[tuple[str, str], ...]
    comes: bool
    undecided: bool
    said_at: datetime | None
    said_by: str


def asking_after(stopped: Stopped, last: datetime | None, now: datetime, zone: str, *, staff: bool = False) -> Asking:
    """Say how it stands now. `last`: until when check-ins would come if she wanted them to go on."""
    state, watched = _state(stopped, last, now), stopped.watches(now)
    comes = state in {"go-on", "watched"}
    days = {
        "until": date_text(local(stopped.safety_until, zone).date()) if stopped.safety_until else "",
        "last": date_text(local(last, zone).date()) if last else "",
    }
    possible = {Wish.NOTHING: comes, Wish.GO_ON: last is not None, Wish.SAFETY: watched}
    said = ENTERED_FOR_HER if staff else PARENT_SAYS
    choices = tuple(
        (wish.value, str(said[wish]) % days) for wish, can in possible.items() if can and wish is not stopped.wish
    )
    words = (TO_CLINIC if staff else TO_PARENT)[state]
    return Asking(
        str(words) % days, choices, comes, comes and stopped.said_at is None, stopped.said_at, stopped.said_by
    )


def _state(stopped: Stopped, last: datetime | None, now: datetime) -> str:
    if stopped.wish is Wish.NOTHING:
        return "nothing"
    if stopped.wish is Wish.GO_ON:
        return "go-on" if last else "over"
    return "watched" if stopped.watches(now) else "over"
