"""Where each shell leads. Earlier stages know no later page; the shells read these lists."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.permissions import Permission


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: a url name, its word, its symbol, and the permission without which it is not shown.

    `also` names further url names under which the entry counts as the current one.
    """

    url: str
    label: str | Promise
    icon: str = ""
    permission: Permission | None = None
    also: tuple[str, ...] = ()


CLINIC: tuple[Item, ...] = (Item("people:people", _("People"), "people", Permission.RECORD_READ),)
# Tabs of one parent's record; each url takes the parent's id.
RECORD: tuple[Item, ...] = ()
PARENT: tuple[Item, ...] = ()
