"""What the shells show around a page. The doors fill it; a page never links upwards by itself."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a navigation. `icon` names a symbol of the sprite; a `count` above zero stands behind the label."""

    label: str
    url: str
    icon: str = ""
    current: bool = False
    count: int = 0


def no_record_links(record_id: object) -> tuple[Link, ...]:
    """Return no links: the shell of a page without records."""
    return ()


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything that a base template needs from outside its page. An empty address hides its control.

    `exit_url` is an address of our own that ends the session and then redirects to a neutral site.
    After `lock_after_seconds` without a touch the page leads to `lock_url`; none locks never.
    `awake_url` says how long the sign-in lasts; a page warns from `warn_seconds` before its end on.
    `alarms` stand above every page until somebody takes them.
    `record_links` gives the tabs of one record, already limited to what the asking person may open.
    """

    home_url: str = "/"
    exit_url: str = ""
    help_url: str = ""
    sign_out_url: str = ""
    items: tuple[Link, ...] = ()
    account: tuple[Link, ...] = ()
    place: str = ""
    person: str = ""
    hand: str = "right"
    awake_url: str = ""
    warn_seconds: int = 0
    lock_url: str = ""
    worker_url: str = ""
    lock_after_seconds: int = 0
    alarms: tuple[Link, ...] = ()
    record_links: Callable[[object], tuple[Link, ...]] = field(default=no_record_links)
