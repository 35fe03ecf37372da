"""Words in several languages, as the data files hold them."""

from collections.abc import Mapping

Words = Mapping[str, str]
FALLBACK = "en"


def text(words: Words, language: str = FALLBACK) -> str:
    """The words in this language ("es-MX"), else in its parent ("es"), else in English. A gap is never filled."""
    return words.get(language) or words.get(language.split("-", maxsplit=1)[0]) or words[FALLBACK]
