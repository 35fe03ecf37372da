"""Words on a page that nobody marked for translation, told from data by where they are written: in our own source."""

import ast
import re
from functools import cache

import yaml

from tests.architecture.source import PACKAGE, modules, templates
from tests.support.pseudo import bare_words

TAGS = re.compile(r"{%-?\s*comment.*?endcomment\s*%}|{#.*?#}|{%\s*blocktranslate.*?endblocktranslate\s*%}", re.DOTALL)
SPLIT = re.compile(r"{%.*?%}|{{.*?}}|<[^>]*>", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")
# Texts with a language key of their own, and what the demo's people wrote.
OTHER_LANGUAGES = ("src/firstlight/clinical/", "src/firstlight/doors/demo/")


@cache
def written() -> frozenset[str]:
    """Return every text that stands unmarked in a template, and every text of the code."""
    found = set()
    for _name, _app, text in templates():
        found |= {_plain(part) for part in SPLIT.split(TAGS.sub("", text))}
    for name, text in modules():
        if name.startswith(OTHER_LANGUAGES):
            continue
        tree = ast.parse(text)
        found |= {
            _plain(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    return frozenset(text for text in found - _data() if WORD.search(text))


def _data() -> frozenset[str]:
    """Return every text of the data files, which carry languages of their own."""
    found: set[str] = set()

    def collect(node: object) -> None:
        if isinstance(node, str):
            found.add(_plain(node))
        elif isinstance(node, dict):
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    for path in PACKAGE.rglob("*.yaml"):
        collect(yaml.safe_load(path.read_text()))
    return frozenset(found)


def bare_texts(html: str) -> list[str]:
    """Return the texts of a page made under the pseudo-locale that are unmarked and written in our own source.

    What comes from records and from data files, which carry languages of their own, is written elsewhere.
    """
    return sorted({text for found in bare_words(html) if (text := _plain(found)) in written()})


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .,:;()[]/–-·×%")
