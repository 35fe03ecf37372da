"""What parents read about ketamine: short, plain, and never more than is known (requirement P5)."""

import re
from collections.abc import Iterator

import pytest

from firstlight.clinical.evidence import Claim, claims
from tests.clinical.readability import sentences, smog, words

TOPICS = sorted({claim.topic for claim in claims().values()})
PROMISES = re.compile(
    r"\b(cures?|cured|guarantees?|guaranteed|miracle|breakthrough|proven|safe|heals?|just)\b", re.IGNORECASE
)


def of_topic(topic: str) -> Iterator[Claim]:
    return (claim for claim in claims().values() if claim.topic == topic)


@pytest.mark.parametrize("topic", TOPICS)
def test_page_is_readable_after_nine_years_of_school(topic: str) -> None:
    page = " ".join(f"{claim.heading['en']} {claim.text['en']}" for claim in of_topic(topic))

    assert smog(page) <= 9


@pytest.mark.parametrize("claim", claims().values(), ids=claims().keys())
def test_claim_has_short_sentences_and_no_promise(claim: Claim) -> None:
    assert [sentence for sentence in sentences(claim.text["en"]) if len(words(sentence)) > 20] == []
    assert PROMISES.findall(claim.text["en"]) == []
    assert "!" not in claim.text["en"]


@pytest.mark.parametrize("key", ["burnout", "bond", "birth-trauma", "anxiety-after-birth"])
def test_claim_without_evidence_says_that_nothing_was_found(key: str) -> None:
    assert "We found no study" in claims()[key].text["en"]


def test_numbers_of_people_share_one_denominator() -> None:
    shares = [share for claim in claims().values() for share in re.findall(r"\d+ (?:in|of) (\d+)", claim.text["en"])]

    assert shares
    assert set(shares) == {"100"}
