"""Where each shell leads. Earlier stages know no later page; the shells read this list."""

from dataclasses import dataclass

from django.utils.functional import Promise

from firstlight.ground.people.permissions import Permission


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: a url name, its word, and the permission without which it is not shown."""

    url: str
    label: str | Promise
    icon: str
    permission: Permission | None = None


CLINIC: tuple[Item, ...] = ()
# Tabs of one parent's record; each url takes the parent's id.
RECORD: tuple[Item, ...] = ()
PARENT: tuple[Item, ...] = ()

NAVIGATION = {"clinic": CLINIC, "record": RECORD, "parent": PARENT}
