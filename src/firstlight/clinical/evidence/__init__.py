"""Where numbers and sentences come from: sources with tags and dates, claims with strength, words by language."""

from firstlight.clinical.evidence.loading import DataError, Record, data_file, data_files
from firstlight.clinical.evidence.registry import (
    Claim,
    Source,
    Strength,
    Tag,
    claims,
    require_sources,
    sources,
)
from firstlight.clinical.evidence.wording import Words, joined, text

__all__ = [
    "Claim",
    "DataError",
    "Record",
    "Source",
    "Strength",
    "Tag",
    "Words",
    "claims",
    "data_file",
    "data_files",
    "joined",
    "require_sources",
    "sources",
    "text",
]
