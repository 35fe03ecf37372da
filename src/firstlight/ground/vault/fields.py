"""Fields that are encrypted under the key of the person whom the row is about.

A model with such a field says whose key that is: `sealed_under`, a UUID. Sealed fields cannot be filtered or sorted by.
"""

import base64
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models

from firstlight.ground.vault import keyring, services

ERASED = "[erased]"


if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


class _Sealed(str):
    """Text that is sealed already; anything else on its way to the column is a mistake."""


class SealedTextField(_TextField):
    """Text, encrypted at rest. Reads as `ERASED` once the person's key was destroyed."""

    def _place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if value is None:
            return None
        owner: UUID = model_instance.sealed_under  # type: ignore[attr-defined]  # the contract of sealed models
        key_id, key = _key_for(model_instance, owner)
        sealed = keyring.seal(key, self._to_bytes(value), self._place())
        return _Sealed(f"{key_id.hex}.{base64.b64encode(sealed).decode()}")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.model.__name__}.{self.name} is sealed: it cannot be searched by {lookup_name}.")
        return super().get_lookup(lookup_name)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, _Sealed):
            return value
        raise TypeError(f"{self.model.__name__}.{self.name} is sealed: it cannot be searched, sorted or bulk-updated.")

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        key_id, _, sealed = value.partition(".")
        key = services.open_key(UUID(key_id))
        if key is None:
            return self._erased()
        return self._from_bytes(keyring.unseal(key, base64.b64decode(sealed), self._place()))

    def _to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def _from_bytes(self, plain: bytes) -> Any:
        return plain.decode()

    def _erased(self) -> Any:
        return ERASED


if TYPE_CHECKING:
    _JSONField = models.JSONField[Any, Any]
else:
    _JSONField = SealedTextField


class SealedJSONField(_JSONField):
    """JSON, encrypted at rest. Reads as an empty object once the person's key was destroyed."""

    def _to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()

    def _from_bytes(self, plain: bytes) -> Any:
        return json.loads(plain)

    def _erased(self) -> Any:
        return {}

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj))


def _key_for(instance: models.Model, owner: UUID) -> tuple[UUID, bytes]:
    kept: tuple[UUID, UUID, bytes] | None = instance.__dict__.get("_sealing_key")
    if kept is None or kept[0] != owner:
        kept = (owner, *services.key_of(owner))
        instance.__dict__["_sealing_key"] = kept
    return kept[1], kept[2]
