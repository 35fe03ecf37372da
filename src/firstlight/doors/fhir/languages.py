"""Codes of languages, as BCP 47 writes them and as long as a clinic's wording keeps them."""

import re

MOST_LANGUAGE = 20
_LANGUAGE = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*", re.ASCII | re.IGNORECASE)


def is_language(code: str) -> bool:
    """Tell whether a code can be that of a language."""
    return len(code) <= MOST_LANGUAGE and _LANGUAGE.fullmatch(code) is not None
