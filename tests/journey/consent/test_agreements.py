"""The words of the agreement: short, plain, sourced, and without a baby where there was a loss."""

import re
from datetime import date

import pytest

from firstlight.clinical.evidence import DataError, Record
from firstlight.journey.consent import agreements
from firstlight.journey.consent.agreements import Edition, current_template, edition, templates
from tests.clinical.readability import sentences, smog, words

DAY = date(2026, 11, 23)
PROMISES = re.compile(r"\b(cures?|cured|guarantees?|guaranteed|proven|heals?|miracle|just|journey)\b", re.IGNORECASE)
ABOUT_A_BABY = re.compile(r"\b(bab(y|ies)|birth|breastfeed\w*|milk|pregnan\w*|newborn|infant)\b", re.IGNORECASE)


def shown(*, silent: bool = False, milk: bool = True) -> Edition:
    return edition(current_template(DAY), silent=silent, milk=milk, language="en")


def every_word(of: Edition) -> str:
    parts = [
        f"{part.heading}. " + " ".join(paragraph.text for paragraph in part.paragraphs) + _question(part.question)
        for part in of.parts
    ]
    summary = " ".join(paragraph.text for paragraph in of.summary)
    kinds = " ".join(label + "." for _, label in of.touch_kinds)
    return " ".join([summary, *parts, of.touch_text, kinds, of.statement])


def _question(question: agreements.ShownQuestion | None) -> str:
    if question is None:
        return ""
    return " ".join(["", question.text, question.explain, *(f"{label}." for _, label in question.options)])


@pytest.mark.parametrize("part", shown().parts, ids=lambda part: part.key)
def test_part_has_at_most_150_words(part: agreements.ShownPart) -> None:
    assert sum(len(paragraph.text.split()) for paragraph in part.paragraphs) <= 150


def test_summary_has_at_most_150_words() -> None:
    assert sum(len(paragraph.text.split()) for paragraph in shown().summary) <= 150


@pytest.mark.parametrize("part", shown().parts, ids=lambda part: part.key)
def test_part_is_readable_after_nine_years_of_school(part: agreements.ShownPart) -> None:
    text = " ".join([*(paragraph.text for paragraph in part.paragraphs), _question(part.question)])

    assert smog(text) <= 11
    assert [sentence for sentence in sentences(text) if len(words(sentence)) > 26] == []


def test_agreement_is_readable_after_nine_years_of_school() -> None:
    text = every_word(shown())
    lengths = [len(words(sentence)) for sentence in sentences(text)]

    assert smog(text) <= 9
    assert sum(lengths) / len(lengths) <= 20


def test_agreement_promises_nothing() -> None:
    assert PROMISES.findall(every_word(shown())) == []
    assert "!" not in every_word(shown())


def test_numbers_of_people_share_one_denominator() -> None:
    assert set(re.findall(r"\d+ (?:in|of) (\d+)", every_word(shown()))) == {"100"}


@pytest.mark.parametrize(
    "subject",
    ["not approved", "off-label", "very few reports|one report", "blood pressure", "Talk therapy", "zuranolone", "drive",
     "children", "breastfeed", "touch", "inspectors", "child is being harmed", "stop at any time"],
)  # fmt: skip
def test_agreement_covers_what_it_must(subject: str) -> None:
    assert re.search(subject, every_word(shown()))


def test_agreement_after_a_loss_says_nothing_about_a_baby() -> None:
    assert ABOUT_A_BABY.findall(every_word(shown(silent=True))) == []


def test_father_reads_nothing_about_his_milk() -> None:
    assert "milk" not in {part.key for part in shown(milk=False).parts}


@pytest.mark.parametrize("part", [part for part in shown().parts if part.question], ids=lambda part: part.key)
def test_right_answer_does_not_always_stand_first(part: agreements.ShownPart) -> None:
    assert part.question is not None
    assert part.question.right in dict(part.question.options)


def test_right_answers_stand_in_different_places() -> None:
    places = {[key for key, _ in one.options].index(one.right) for one in shown().questions.values()}

    assert len(places) > 1


def test_claim_with_sources_says_how_strong_it_is() -> None:
    claims = [paragraph for part in shown().parts for paragraph in part.paragraphs if paragraph.sources]

    assert claims
    assert all(paragraph.strength for paragraph in claims)


def test_digest_changes_with_any_word() -> None:
    assert shown().digest != shown(milk=False).digest
    assert shown().digest == shown().digest


def test_version_that_is_not_in_force_yet_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    (now,) = templates().values()
    later = agreements.Template(
        **{name: getattr(now, name) for name in now.__slots__} | {"version": 2, "effective_date": date(2027, 1, 1)}
    )
    monkeypatch.setattr(agreements, "templates", lambda: {("a", 1): now, ("a", 2): later})

    assert current_template(date(2026, 12, 31)).version == 1
    assert current_template(date(2027, 1, 1)).version == 2


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ([{"key": "a", "text": {"en": "A"}}], "one right answer"),
        (
            [{"key": "a", "text": {"en": "A"}, "right": True}, {"key": "b", "text": {"en": "B"}, "right": True}],
            "one right",
        ),
    ],
)
def test_question_without_exactly_one_right_answer_is_refused(options: list[object], problem: str) -> None:
    question = {"text": {"en": "Q?"}, "explain": {"en": "E."}, "options": options}

    with pytest.raises(DataError, match=problem):
        agreements._question(Record(question, where="test"))


def test_part_that_is_too_long_is_refused() -> None:
    long = {"key": "x", "heading": {"en": "X"}, "paragraphs": [{"text": {"en": "word " * 151}}]}

    with pytest.raises(DataError, match="151 words"):
        agreements._part(Record(long, where="test"))
