"""SMOG grade (McLaughlin 1969): years of school a reader needs, from the share of words of three syllables or more."""

import math
import re


def sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.?!:])\s+", text.strip()) if sentence]


def words(sentence: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9'-]+", sentence)


def syllables(word: str) -> int:
    """Groups of vowels, without a silent e or ed."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", plain))
    silent = re.search(r"[^l]e$|[^aeiouytd]ed$", plain)
    return max(groups - 1 if silent else groups, 1)


def smog(text: str) -> float:
    found = sentences(text)
    long_words = sum(syllables(word) >= 3 for sentence in found for word in words(sentence))
    return 3.1291 + 1.0430 * math.sqrt(long_words * 30 / len(found))
