"""Who acts: one value that every write and every selector takes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the system itself, at the moment of acting. `permissions` already has the denied ones taken out."""

    role: str
    name: str = ""
    account_id: UUID | None = None
    clinic_id: UUID | None = None
    membership_id: UUID | None = None
    parent_id: UUID | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)

    def may(self, permission: str) -> bool:
        """Tell whether this actor holds a permission."""
        return permission in self.permissions

    @classmethod
    def system(cls, clinic_id: UUID | None, permissions: Iterable[str] = ()) -> "Actor":
        """Return the actor for background work in one clinic."""
        return cls(role="system", name="Firstlight", clinic_id=clinic_id, permissions=frozenset(permissions))

    @classmethod
    def nobody(cls) -> "Actor":
        """Return the actor for someone who is not signed in."""
        return cls(role="anyone")
