"""Words in several languages, as the data files hold them."""

from collections.abc import Mapping

Words = Mapping[str, str]
FALLBACK = "en"


def joined(*parts: Words) -> Words:
    """One text made of several, in each language that all of them have. A part without English raises KeyError."""
    languages = {FALLBACK, *parts[0]}.intersection(*parts)
    return {language: " ".join(part[language] for part in parts) for language in sorted({FALLBACK, *languages})}


def text(words: Words, language: str = FALLBACK) -> str:
    """The words in this language ("es-MX"), else in its parent ("es"), else in English. A gap is never filled."""
    return words.get(language) or words.get(language.split("-", maxsplit=1)[0]) or words[FALLBACK]
