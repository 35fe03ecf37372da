"""The words of the front door: plain, short, nothing promised, and every figure the one that stands elsewhere."""

import re

import pytest
import yaml

from firstlight.clinical.evidence import Record, claims, text
from firstlight.clinical.protocols import Action, rules
from firstlight.clinical.protocols.session import figures
from firstlight.journey.learn import reading
from firstlight.journey.learn.barriers import barriers
from firstlight.journey.learn.pages import BY_KEY, PATH, following
from firstlight.journey.learn.rates import Rate, rates
from tests.cast import House
from tests.clinical.readability import sentences, smog, words
from tests.journey.learn.visiting import ASK, READ, page, said_on

PROMISED = re.compile(r"\b(cures?|cured|curing|guarante\w+|miracles?|breakthroughs?|journey|just)\b|!", re.IGNORECASE)


@pytest.mark.parametrize("address", [*READ, *ASK])
def test_page_is_readable_after_nine_years_of_school(house: House, address: str) -> None:
    said = said_on(page(address))

    assert smog(" ".join(said)) <= 9


@pytest.mark.parametrize("address", [*READ, *ASK])
def test_sentences_are_short(house: House, address: str) -> None:
    lengths = [len(words(sentence)) for block in said_on(page(address)) for sentence in sentences(block)]

    assert sum(lengths) / len(lengths) <= 20
    assert max(lengths) <= 30


@pytest.mark.parametrize("address", [*READ, *ASK])
def test_nothing_is_promised(house: House, address: str) -> None:
    assert [block for block in said_on(page(address)) if PROMISED.search(block)] == []


def test_every_rule_that_rules_out_or_needs_a_decision_is_said_once() -> None:
    groups, closer = barriers()
    ruled_out = [rule.id for group in groups for line in group.lines for rule in line.rules]
    decided = [rule.id for line in closer.lines for rule in line.rules]

    assert sorted(ruled_out) == sorted(
        key for key, rule in rules().items() if rule.action is Action.BLOCK and not rule.day
    )
    assert sorted(decided) == sorted(
        key for key, rule in rules().items() if rule.action is Action.REVIEW and not rule.day
    )


def test_line_has_the_sources_of_all_its_rules() -> None:
    heart = barriers()[0][0].lines
    bleed = next(line for line in heart if "bleed in the brain" in text(line.text))
    attack = next(line for line in heart if "heart attack" in text(line.text))

    assert bleed.sources == ("S-LABEL", "K-UK")
    assert bleed.unsourced is None
    assert attack.unsourced is not None
    assert text(attack.unsourced.meaning) == "Clinic default, no source checked"


@pytest.mark.parametrize("rate", rates()[0], ids=lambda rate: text(rate.label))
def test_rate_is_the_one_that_its_claim_states(rate: Rate) -> None:
    said = text(rate.claim.text)
    spelled = {f"{rate.least} of 100", f"{rate.least} to {rate.most} of 100", f"{rate.least} or {rate.most} of 100"}

    assert any(spelling in said for spelling in spelled)


@pytest.mark.parametrize(
    ("label", "expected", "drawn"),
    [
        ("felt far away from body, room or time", "6 to 8 of 10", ("yes", 6, "perhaps", 2)),  # 61 to 75 of 100
        ("were sleepy", "5 to 6 of 10", ("yes", 5, "perhaps", 1)),  # 48 to 61 of 100
        ("were dizzy at some time", "about 3 of 10", ("yes", 3, "perhaps", 0)),  # 33 of 100
        ("felt sick at some time", "2 to 3 of 10", ("yes", 2, "perhaps", 1)),  # 25 of 100: a half
    ],
)
def test_rate_of_ten_people(label: str, expected: str, drawn: tuple[str, int, str, int]) -> None:
    rate = next(rate for rate in rates()[0] if text(rate.label) == label)

    assert rate.words == expected
    assert rate.people.count("yes") == drawn[1]
    assert rate.people.count("perhaps") == drawn[3]
    assert len(rate.people) == 10


def test_steps_name_the_figures_of_the_protocols() -> None:
    steps, usual = reading.steps()
    said = " ".join(f"{text(step.when)} {text(step.text)}" for step in steps) + text(usual)
    known = figures()

    assert f"Every {known['monitoring']['during_minutes']} minutes" in said
    assert f"After {known['routes']['intravenous']['usual']['minutes']} minutes" in said
    assert f"After {known['staying']['from_start_minutes']} minutes" in said
    assert f"{known['leaving']['driving_after_hours']} hours after the dose" in said
    assert "6 sessions in 3 weeks" in said
    assert [step.is_dose for step in steps].count(True) == 1


def test_path_leads_from_each_page_to_the_next() -> None:
    assert [following(page) for page in PATH] == [*PATH[1:], None]
    assert set(BY_KEY) | {"home", "call"} == set(reading.prose())


def test_tabs_give_nobody_away() -> None:
    assert [page.key for page in PATH if re.search("ketamine|parent|depress|drug", str(page.tab), re.IGNORECASE)] == []


def test_every_claim_about_ketamine_stands_on_a_page() -> None:
    shown = {claim.key for prose in reading.prose().values() for claim in prose.claims}

    assert set(claims()) - shown == set()


def test_words_with_a_claim_that_nobody_knows_are_refused() -> None:
    record = Record(yaml.safe_load("{key: x, lead: {en: X.}, claims: [not-a-claim]}"), where="pages.yaml")

    with pytest.raises(ValueError, match="not-a-claim"):
        reading._prose(record, reading.page("pages").day("reviewed_date"))
