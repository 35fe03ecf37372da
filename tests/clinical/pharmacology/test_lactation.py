"""Milk: the samples of Wolfson 2022 by hand, the two relative infant doses, and what must never be said."""

import re

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from firstlight.clinical.evidence import sources, text
from firstlight.clinical.pharmacology.doses import Isomer, RateChange, Route, infusion
from firstlight.clinical.pharmacology.errors import (
    Cancelled,
    NotANumber,
    NothingAsked,
    PharmacologyError,
    TimesOutOfOrder,
    VariabilityUnknown,
    WrongKind,
)
from firstlight.clinical.pharmacology.lactation import milk
from firstlight.clinical.pharmacology.lactation_evidence import (
    ADVICE,
    EACH_DOSE_ALONE,
    EVIDENCE_SOURCES,
    INTAKE,
    NO_RULE,
    PLASMA_AS_VENOUS,
    RATIO,
    READING,
    S_AS_RACEMATE,
    STUDIES,
    UNKNOWN,
)
from firstlight.clinical.pharmacology.lactation_people import Band
from tests.clinical.pharmacology.asking import area, dose, given, levels, racemate
from tests.support.scale import count

FEEDS = (3, 6, 9, 12)


def muscle(mg: float, name: str = "clements1981"):
    return given(name, racemate(mg, Route.INTRAMUSCULAR))


def ketamine(planned, feeds=FEEDS, infant_kg: float = 5.0):
    return milk(planned, feeds_h=feeds, infant_kg=infant_kg).analytes[0]


@pytest.mark.parametrize(
    ("mg", "ratio", "samples", "relative_percent"),
    [(35, 0.66, (51, 19, 9, 5), 0.63), (70, 0.81, (125, 46, 23, 12), 0.77)],
)
def test_wolfsons_samples_fit_when_they_are_read_as_pooled(mg, ratio, samples, relative_percent) -> None:
    # reference, section 3: at 0.5 and 1.0 mg/kg the ratios 0.66 and 0.81 give these samples (mcg/L) and these figures
    found = ketamine(muscle(mg))
    scale = ratio / 0.8

    assert [feed.average_ug_per_l.value * scale for feed in found.feeds] == pytest.approx(samples, abs=1)
    assert found.by_samples_percent.value * scale == pytest.approx(relative_percent, abs=0.01)


def test_relative_infant_dose_over_a_day_is_area_times_ratio_times_intake() -> None:
    # by hand: 0.8 × AUC(0–24) / 24 × 0.150 / (500 mcg/kg) × 100
    planned = muscle(35)
    by_hand = 0.8 * area(planned, "ketamine", until_h=24) / 24 * 0.150 / 500 * 100

    assert ketamine(planned).by_day_percent.value == pytest.approx(by_hand, rel=1e-9)
    # all of it: 0.93 × 35 / 80.2157 = 0.405776 mg·h/L; 0.8 × 405.776 × 0.150 / 24 / 500 × 100 = 0.4058 %
    assert ketamine(planned).waiting[0].relative_infant_dose_percent.value == pytest.approx(0.4058, abs=0.0002)


def test_milk_at_a_feed_is_plasma_times_the_ratio_with_its_band() -> None:
    planned = muscle(35)
    plasma = levels(planned, [6.0])["ketamine"][0]
    feed = ketamine(planned).feeds[1]

    assert feed.milk_ug_per_l.value == pytest.approx(0.8 * plasma)
    assert (feed.milk_ug_per_l.low, feed.milk_ug_per_l.high) == pytest.approx((0.6 * plasma, 1.5 * plasma))


def test_infant_drinks_its_share_of_the_day() -> None:
    # 5 kg × 0.150 L/kg/day × 3 h / 24 h = 0.09375 L
    feed = ketamine(muscle(35)).feeds[0]

    assert feed.infant_dose_ug.value == pytest.approx(feed.average_ug_per_l.value * 0.09375)


def test_relative_infant_dose_depends_neither_on_dose_nor_on_infant() -> None:
    one, other = ketamine(muscle(35)), ketamine(muscle(70), infant_kg=9)

    assert one.by_day_percent.value == pytest.approx(other.by_day_percent.value)
    assert one.by_samples_percent.high == pytest.approx(other.by_samples_percent.high)


def shares(planned, feeds=FEEDS, n: int | None = None) -> list[Band]:
    """Every relative infant dose of an estimate."""
    return [
        band
        for one in milk(planned, feeds_h=feeds, infant_kg=5, n=n).analytes
        for band in (one.by_samples_percent, one.by_day_percent, *(w.relative_infant_dose_percent for w in one.waiting))
    ]


@pytest.mark.parametrize("n", [None, 200])
def test_same_dose_again_days_later_leaves_the_relative_infant_dose_as_it_was(n: int | None) -> None:
    # once the area of the first day was divided by both doses: 0.178 % where one dose has 0.356 %
    first = racemate(35, duration_min=40)
    once = milk(given("otto2021", first), feeds_h=FEEDS, infant_kg=5).analytes[0].by_day_percent
    twice = given("otto2021", first, racemate(35, duration_min=40, start_min=3 * 1440))

    assert once.value == pytest.approx(0.356, abs=0.001)
    for found, expected in zip(shares(twice, n=n), shares(given("otto2021", first), n=n), strict=True):
        assert (found.value, found.low, found.high) == pytest.approx((expected.value, expected.low, expected.high))


def test_several_doses_say_that_each_is_taken_alone() -> None:
    twice = given("otto2021", *(racemate(35, duration_min=40, start_min=start) for start in (0, 3 * 1440)))

    assert EACH_DOSE_ALONE in milk(twice, feeds_h=FEEDS, infant_kg=5).assumptions
    assert EACH_DOSE_ALONE not in milk(muscle(35), feeds_h=FEEDS, infant_kg=5).assumptions


def test_infusion_whose_rate_changes_is_one_dose() -> None:
    changes = [RateChange(at, rate_mg_per_h=52.5) for at in (0, 10, 25)]
    cut = given("otto2021", *infusion(isomer=Isomer.RACEMATE, changes=changes, end_min=40))
    whole = given("otto2021", racemate(35, duration_min=40))

    assert [one.value for one in shares(cut)] == pytest.approx([one.value for one in shares(whole)])


doses_of_a_plan = st.builds(
    lambda route, mg, start_min: racemate(mg, route, start_min=start_min),
    route=st.sampled_from([Route.INTRAVENOUS, Route.INTRAMUSCULAR, Route.ORAL, Route.SUBLINGUAL]),
    mg=st.floats(0.1, 500),
    start_min=st.integers(0, 7 * 1440).map(float),
)


@settings(max_examples=count(reduced=25, full=500), deadline=None)
@drawn(doses_of_a_plan, doses_of_a_plan)
def test_another_dose_never_lowers_the_relative_infant_dose(one, other) -> None:
    feeds = [max(one.start_h, other.start_h) + after for after in FEEDS]
    before, after = (shares(given("otto2021", *doses), feeds) for doses in ((one,), (one, other)))

    for less, more in zip(before, after, strict=True):
        assert more.value >= less.value * (1 - 1e-9)
        assert more.high >= less.high * (1 - 1e-9)


def test_norketamine_is_counted_and_outlasts_ketamine() -> None:
    parent, metabolite = milk(muscle(35, "otto2021"), feeds_h=FEEDS, infant_kg=5).analytes

    assert metabolite.analyte == "norketamine"
    assert metabolite.feeds[-1].milk_ug_per_l.value > 3 * parent.feeds[-1].milk_ug_per_l.value


def test_waiting_leaves_less() -> None:
    shares = [one.relative_infant_dose_percent.value for one in ketamine(muscle(35)).waiting]

    assert [one.wait_h for one in ketamine(muscle(35)).waiting] == [0, 12, 24]
    assert shares[0] > shares[1] > shares[2] > 0


def test_clock_may_begin_before_the_dose() -> None:
    late = given("clements1981", racemate(35, Route.INTRAMUSCULAR, start_min=120))

    assert ketamine(late, feeds=(5, 8)).feeds[0].average_ug_per_l.value == pytest.approx(
        ketamine(muscle(35), feeds=(3, 6)).feeds[0].average_ug_per_l.value
    )
    with pytest.raises(TimesOutOfOrder, match="after the first dose, at 2 h"):
        ketamine(late, feeds=(1, 5))


@pytest.mark.parametrize(
    ("feeds", "infant_kg", "refusal"),
    [
        ((6, 3), 5, TimesOutOfOrder),
        ((3, 6), 0, NotANumber),
        ((3, 6), float("nan"), NotANumber),
        ((3,), 70, NotANumber),
        ((3, 1e9), 5, NotANumber),
    ],
)
def test_impossible_question_is_refused(feeds, infant_kg: float, refusal) -> None:
    with pytest.raises(refusal):
        ketamine(muscle(35), feeds=feeds, infant_kg=infant_kg)


def test_ratio_and_reading_are_carried_along_as_assumptions() -> None:
    names = {text(one.name) for one in milk(muscle(35), feeds_h=FEEDS, infant_kg=5).assumptions}

    assert {"milk to plasma", "reading of Wolfson's samples", "intramuscular absorption"} <= names
    assert (RATIO.value, RATIO.low, RATIO.high) == (0.8, 0.6, 1.5)


def test_conflicting_advice_stands_side_by_side() -> None:
    says = {one.source: text(one.says) for one in ADVICE}

    assert "not to breast-feed" in says["S-LABEL"]
    assert "Low risk" in says["LACT"]
    assert "12 h" in says["WOLFSON-22"]
    assert "No professional society was found" in text(NO_RULE)
    assert set(EVIDENCE_SOURCES) <= set(sources())
    assert sum(study.people for study in STUDIES) == 9


@pytest.mark.parametrize(
    ("name", "read_as_venous"),
    [("otto2021", False), ("clements1981", False), ("simons2022", True), ("kamp2020", True), ("domino1984", True)],
)
def test_ratio_on_plasma_of_another_site_is_a_named_assumption(name: str, read_as_venous: bool) -> None:
    # the ratio was derived against plasma of clements1981, which is its own measure whatever its site
    assert "against plasma of clements1981, which behaves like venous plasma" in text(RATIO.why)
    estimate = milk(given(name, racemate(35, duration_min=40)), feeds_h=FEEDS, infant_kg=5)

    assert (PLASMA_AS_VENOUS in estimate.assumptions) == read_as_venous


@pytest.mark.parametrize(
    ("feeds", "refusal", "words"),
    [
        ([6, 3], TimesOutOfOrder, r"feeds: \[6\.0, 3\.0\] cannot be used; each time is later"),
        ([], NothingAsked, r"feeds: \[\] cannot be used; give the number of hours for each feed"),
        ([3, float("nan")], NotANumber, "feeds: nan cannot be used; give the number of hours"),
    ],
)
def test_refusal_of_feeds_speaks_of_feeds(feeds: list[float], refusal: type[PharmacologyError], words: str) -> None:
    with pytest.raises(refusal, match=words):
        ketamine(muscle(35), feeds=feeds)


def test_nothing_says_safe() -> None:
    assumed = [text(one.why) for one in (RATIO, INTAKE, READING, S_AS_RACEMATE)]
    words = " ".join(
        [
            *(text(one) for one in (NO_RULE, *UNKNOWN)),
            *assumed,
            *(text(one.says) for one in ADVICE),
            *(text(study.result) for study in STUDIES),
        ]
    )

    assert not re.search(r"\bsafe", words, re.IGNORECASE)


def test_esketamine_is_estimated_only_with_the_words_that_nobody_measured_it() -> None:
    planned = given("perezruixo2021", dose("perezruixo2021", 56, Route.INTRANASAL))
    estimate = milk(planned, feeds_h=(3,), infant_kg=5)

    assert estimate.analytes[0].feeds[0].milk_ug_per_l.value > 0
    assert S_AS_RACEMATE in estimate.assumptions
    assert S_AS_RACEMATE not in milk(muscle(35), feeds_h=(3,), infant_kg=5).assumptions
    assert any(text(one.about) == "esketamine" and one.source == "S-LABEL" for one in ADVICE)


def test_band_over_drawn_parents_holds_people_and_ratio() -> None:
    planned = muscle(35, "otto2021")
    alone = milk(planned, feeds_h=(3, 6), infant_kg=5)
    drawn = milk(planned, feeds_h=(3, 6), infant_kg=5, n=1000)
    narrow, wide = (one.analytes[0].feeds[0].average_ug_per_l for one in (alone, drawn))

    assert wide.value == narrow.value
    # the ratio's own band is its 5th to 95th percentile; people can only widen it
    assert wide.low < narrow.low
    assert wide.high > narrow.high
    assert "ratio alone" in text(alone.assumptions[-1].why)
    assert "drawn people" in text(drawn.assumptions[-1].why)


def test_drawn_parents_are_told_as_they_are_done_and_can_be_ended() -> None:
    heard: list[tuple[int, int]] = []

    def cancel(done: int, of: int) -> None:
        raise Cancelled

    planned = muscle(35, "otto2021")
    told = milk(planned, feeds_h=(3, 6), infant_kg=5, n=100, progress=lambda done, of: heard.append((done, of)))
    milk(planned, feeds_h=(3, 6), infant_kg=5, progress=cancel)  # the typical parent alone: nothing to tell

    # ketamine and norketamine, each at the feeds and over the day
    assert heard == [(25, 100), (50, 100), (75, 100), (100, 100)]
    assert told == milk(planned, feeds_h=(3, 6), infant_kg=5, n=100)
    assert repr(told) == "<Milk otto2021: ketamine, norketamine at 2 feeds, infant of 5 kg>"
    with pytest.raises(Cancelled):
        milk(planned, feeds_h=(3, 6), infant_kg=5, n=100, progress=cancel)
    with pytest.raises(WrongKind, match=r"progress: 'loud' .* such as Bar"):
        milk(planned, feeds_h=(3, 6), infant_kg=5, n=100, progress="loud")


def test_band_over_parents_of_a_model_without_variability_is_refused() -> None:
    with pytest.raises(VariabilityUnknown):
        milk(muscle(35), feeds_h=(3,), infant_kg=5, n=10)
    with pytest.raises(NotANumber, match="draw 1 to"):
        milk(muscle(35, "otto2021"), feeds_h=(3,), infant_kg=5, n=0)
