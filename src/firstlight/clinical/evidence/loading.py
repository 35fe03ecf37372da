"""Data files: read once, checked whole, refused with file and place."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Any, TypeVar

import yaml

from firstlight.clinical.evidence.wording import FALLBACK, Words

try:
    from yaml import CSafeLoader as SafeLoader  # ten times as fast: every command reads forty of these files
except ImportError:  # a PyYAML that was built without libyaml
    from yaml import SafeLoader  # type: ignore[assignment]  # the same, in Python

Choice = TypeVar("Choice", bound=StrEnum)


class DataError(ValueError):
    """A data file that says something impossible, unknown or twice."""

    def __init__(self, *, where: str, problem: str) -> None:
        self.where = where
        self.problem = problem
        super().__init__(f"{where}: {problem}")


class _StrictLoader(SafeLoader):
    """Refuses a key given twice, and reads yes, no, on and off as the words they are."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    keys = [loader.construct_object(key) for key, _ in node.value]
    for key in keys:
        if keys.count(key) > 1:
            raise DataError(where=str(node.start_mark).strip(), problem=f"{key!r} is given twice")
    return dict(loader.construct_pairs(node, deep=True))


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(content: str, *, where: str) -> Any:
    """Parse one document; DataError with the place when it cannot be parsed."""
    try:
        return yaml.load(content, Loader=_StrictLoader)  # nosec B506 - a SafeLoader, only stricter
    except yaml.YAMLError as error:
        raise DataError(where=where, problem=str(error)) from error


def data_files(package: str, folder: str) -> Iterator[tuple[str, Any]]:
    """Each YAML file of a package's folder in the order of names, parsed, with the name for messages."""
    for path in sorted(files(package).joinpath(folder).iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".yaml"):
            where = f"{folder}/{path.name}"
            yield where, read_yaml(path.read_text(encoding="utf-8"), where=where)


def data_file(package: str, name: str) -> Any:
    """One YAML file of a package, parsed."""
    return read_yaml(files(package).joinpath(name).read_text(encoding="utf-8"), where=name)


class Record:
    """One mapping of a data file, read field by field with its type; `done()` refuses what nobody asked for."""

    def __init__(self, data: object, *, where: str) -> None:
        if not isinstance(data, Mapping):
            raise DataError(where=where, problem=f"expected fields, found {data!r}")
        self.where = where
        self._left: dict[str, Any] = {str(key): value for key, value in data.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that were not read yet."""
        return tuple(self._left)

    def words(self, name: str) -> Words:
        """Words by language; English must be among them."""
        value = self._take(name, dict)
        if not value.get(FALLBACK) or not all(isinstance(words, str) for words in value.values()):
            raise self.error(f"{name} needs words under {FALLBACK!r}")
        return {language: " ".join(words.split()) for language, words in value.items()}

    def optional_words(self, name: str) -> Words | None:
        return self.words(name) if name in self._left else None

    def string(self, name: str, default: str | None = None) -> str:
        value = self._take(name, str, default)
        return " ".join(value.split())

    def integer(self, name: str, default: int | None = None) -> int:
        return int(self._take(name, int, default))

    def optional_integer(self, name: str) -> int | None:
        return self.integer(name) if name in self._left else None

    def optional_number(self, name: str) -> float | None:
        return float(self._take(name, (int, float))) if name in self._left else None

    def flag(self, name: str, *, default: bool = False) -> bool:
        return bool(self._take(name, bool, default))

    def day(self, name: str) -> date:
        value: date = self._take(name, date)
        return value

    def optional_day(self, name: str) -> date | None:
        return self.day(name) if name in self._left else None

    def strings(self, name: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = self._take(name, (list, tuple), default)
        if not all(isinstance(entry, str) for entry in value):
            raise self.error(f"{name} must be a list of words")
        return tuple(value)

    def choice(self, name: str, kind: type[Choice], *, default: Choice | None = None) -> Choice:
        value = self._take(name, str, default)
        try:
            return kind(value)
        except ValueError:
            raise self.error(f"{name} is {value!r}; it must be one of {', '.join(kind)}") from None

    def records(self, name: str) -> list["Record"]:
        """A list of mappings; an absent name is an empty list."""
        entries = self._take(name, list, [])
        return [Record(entry, where=f"{self.where}, {name} {number}") for number, entry in enumerate(entries, 1)]

    def record(self, name: str) -> "Record":
        return Record(self._take(name, dict), where=f"{self.where}, {name}")

    def optional_record(self, name: str) -> "Record | None":
        return self.record(name) if name in self._left else None

    def mapping(self, name: str) -> dict[str, Any]:
        return dict(self._take(name, dict, {}))

    def done(self) -> None:
        """Refuse fields that were not read: a misspelt field must never be silently without effect."""
        if self._left:
            raise self.error(f"unknown {', '.join(self._left)}")

    def error(self, problem: str) -> DataError:
        return DataError(where=self.where, problem=problem)

    def _take(self, name: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        value = self._left.pop(name, default)
        if value is None:
            raise self.error(f"{name} is missing")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(f"{name} is {value!r}")
        return value
