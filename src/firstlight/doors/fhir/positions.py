"""JSON with places: every value knows its path and its line, so that a refusal can point at what is wrong."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]  # public in json.decoder, absent from its types

MOST_CHARACTERS = 2_000_000
MOST_LEVELS = 64
MOST_SHOWN = 120
_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_CANNOT_BE_KEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")  # no database and no page takes them all
_WORDS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where in the document, on which line, and what would be right."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.path}: {self.message}"


class NotReadable(Exception):
    """A document that cannot be used, with everything that is wrong with it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a document. Objects hold nodes by name, lists hold nodes."""

    value: object
    path: str
    line: int

    def get(self, name: str) -> "Node | None":
        """Return a field of an object; None when there is none, or when this is no object."""
        return self.value.get(name) if isinstance(self.value, Mapping) else None

    def each(self, name: str) -> Iterator["Node"]:
        """Yield the entries of a list under a name."""
        found = self.get(name)
        if found is not None and isinstance(found.value, tuple):
            yield from found.value

    def string(self, name: str) -> str:
        """Return a text under a name, trimmed; "" when there is none."""
        found = self.get(name)
        return found.value.strip() if found is not None and isinstance(found.value, str) else ""

    def number(self, name: str) -> int | float | None:
        """Return a number under a name; None when there is none."""
        found = self.get(name)
        if found is None or isinstance(found.value, bool) or not isinstance(found.value, int | float):
            return None
        return found.value

    @property
    def shown(self) -> str:
        """Return a plain value as the file writes it, cut where it is long; of a list or an object only that it is one."""
        if isinstance(self.value, Mapping | tuple):
            return "an object" if isinstance(self.value, Mapping) else "a list"
        written = json.dumps(self.value, ensure_ascii=False)
        return written if len(written) <= MOST_SHOWN else f"{written[:MOST_SHOWN]}…"

    def flag(self, name: str) -> bool:
        """Tell whether true stands under a name."""
        found = self.get(name)
        return found is not None and found.value is True

    def walk(self) -> Iterator[tuple[str, "Node"]]:
        """Yield every field of this value and of all that it holds, with its name."""
        if isinstance(self.value, Mapping):
            for name, inner in self.value.items():
                yield name, inner
                yield from inner.walk()
        elif isinstance(self.value, tuple):
            for inner in self.value:
                yield from inner.walk()

    def problem(self, message: str) -> Problem:
        """Return what is wrong with this value."""
        return Problem(self.path, self.line, message)


def parse(document: str) -> Node:
    """Read a JSON document strictly. Raises NotReadable with the line of the first thing that is no JSON."""
    if len(document) > MOST_CHARACTERS:
        raise NotReadable(Problem("$", 1, f"the file is longer than {MOST_CHARACTERS:,} characters"))
    return _Parser(document.removeprefix("\ufeff")).whole()


class _Parser:
    def __init__(self, document: str) -> None:
        self.text = document
        self.at = 0
        self.line = 1
        self.counted = 0

    def whole(self) -> Node:
        node = self.node("$", 0)
        self.space()
        if self.at != len(self.text):
            raise self.wrong("$", "there is something after the end of the document")
        return node

    def node(self, path: str, level: int) -> Node:
        self.space()
        line, sign = self.here(), self.text[self.at : self.at + 1]
        if level > MOST_LEVELS:
            raise self.wrong(path, f"it is nested deeper than {MOST_LEVELS} levels")
        if sign == "{":
            return Node(self.mapping(path, level), path, line)
        if sign == "[":
            return Node(self.sequence(path, level), path, line)
        return Node(self.string(path) if sign == '"' else self.plain(path), path, line)

    def mapping(self, path: str, level: int) -> Mapping[str, Node]:
        found: dict[str, Node] = {}
        self.at += 1
        if self.closes("}"):
            return found
        while True:
            self.space()
            if self.text[self.at : self.at + 1] != '"':
                raise self.wrong(path, "a name in double quotes is expected here")
            name = self.string(path)
            if name in found:
                raise self.wrong(f"{path}.{name}", f"{name} stands twice in one object")
            self.expect(":", path)
            found[name] = self.node(f"{path}.{name}", level + 1)
            if self.closes("}"):
                return found
            self.expect(",", path)

    def sequence(self, path: str, level: int) -> tuple[Node, ...]:
        found: list[Node] = []
        self.at += 1
        if self.closes("]"):
            return ()
        while True:
            found.append(self.node(f"{path}[{len(found)}]", level + 1))
            if self.closes("]"):
                return tuple(found)
            self.expect(",", path)

    def string(self, path: str) -> str:
        try:
            value, self.at = scanstring(self.text, self.at + 1, True)
        except json.JSONDecodeError as error:
            self.at = error.pos
            raise self.wrong(path, "this text does not end, or holds a sign that JSON does not allow") from None
        if _CANNOT_BE_KEPT.search(value):
            raise self.wrong(path, "this text holds a sign that cannot be kept: a control sign, or half of one")
        return str(value)

    def plain(self, path: str) -> object:
        for word, value in _WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        found = _NUMBER.match(self.text, self.at)
        if found is None:
            raise self.wrong(path, "a value is expected here")
        self.at = found.end()
        return float(found[0]) if set(found[0]) & set(".eE") else _whole(found[0])

    def closes(self, sign: str) -> bool:
        self.space()
        if self.text[self.at : self.at + 1] != sign:
            return False
        self.at += 1
        return True

    def expect(self, sign: str, path: str) -> None:
        self.space()
        if self.text[self.at : self.at + 1] != sign:
            raise self.wrong(path, f"{sign} is expected here")
        self.at += 1

    def space(self) -> None:
        if found := _SPACE.match(self.text, self.at):
            self.at = found.end()

    def here(self) -> int:
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def wrong(self, path: str, message: str) -> NotReadable:
        return NotReadable(Problem(path, 1 + self.text.count("\n", 0, self.at), message))


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)
