"""The forecast in the session: from the pump's own history, for those who chart, below the charted values."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from firstlight.journey.dosing import services
from firstlight.journey.dosing.forecast import forecast_of, pumped
from tests.journey.dosing.telling import Chair
from tests.journey.dosing.test_pages import Browser, text, words


def pump(chair: Chair, step: Callable[..., object], **more: object) -> None:
    chair.scoped(lambda: step(session=chair.open, by=chair.by("nurse"), at=chair.now, **more))


def stretches(chair: Chair) -> list[tuple[float, float, float]]:
    """Return start, length in minutes and milligrams of what was pumped."""
    return [(dose.start_min, dose.duration_min or 0, round(dose.amount_mg, 3)) for dose in pumped(chair.sheet)]


def expected(chair: Chair) -> tuple[float, float]:
    """Return what the page says is expected now, and at its highest, in ng/mL."""
    shown = chair.told(lambda sheet: forecast_of(sheet, chair.now))
    assert shown is not None
    assert shown.chart is not None
    found = re.match(r"Expected now: about ([\d.]+) ng/mL .* Highest: about ([\d.]+) at", shown.chart.title)
    assert found is not None
    return float(found[1]), float(found[2])


def test_running_infusion_is_forecast_to_its_end(chair: Chair) -> None:
    """35 mg over 40 min at 70 kg: 158 to 177 ng/mL at the end in venous models (reference, section 0)."""
    chair.infusing()
    assert stretches(chair) == [(0, 40, 35)]
    assert 150 <= expected(chair)[1] <= 177

    at_20, at_40, at_60 = (expected(chair.after(20))[0] for _ in range(3))
    assert at_20 < at_40
    assert at_60 < at_40


def test_rate_pause_and_early_end_change_what_is_forecast(chair: Chair) -> None:
    """875 mcg/min for 10 min is 8.75 mg; then 500 mcg/min for 10 min is 5 mg; a pause of 10 min; 500 again for 10 min."""
    chair.infusing()
    whole = expected(chair)[1]
    pump(chair.after(10), services.change_rate, rate_ug_per_min=500, reason="Nausea.")
    assert stretches(chair) == [(0, 10, 8.75), (10, 52.5, 26.25)]
    assert expected(chair)[1] < whole

    pump(chair.after(10), services.pause_infusion, reason="")
    assert stretches(chair) == [(0, 10, 8.75), (10, 10, 5)]

    pump(chair.after(10), services.resume_infusion)
    pump(chair.after(10), services.end_infusion, reason="Dizzy.")
    assert stretches(chair) == [(0, 10, 8.75), (10, 10, 5), (30, 10, 5)]


def test_empty_syringe_gives_no_more_than_it_held(chair: Chair) -> None:
    chair.infusing()
    pump(chair.after(55), services.end_infusion)

    assert stretches(chair) == [(0, 40, 35)]


def test_infusion_that_was_paused_at_once_is_not_forecast(chair: Chair) -> None:
    chair.infusing()
    pump(chair, services.pause_infusion, reason="")

    assert pumped(chair.sheet) == ()
    assert chair.told(lambda sheet: forecast_of(sheet, chair.now)) is None


@pytest.mark.parametrize("stage", ["opened", "checked"])
def test_nothing_is_forecast_before_the_start(chair: Chair, stage: str) -> None:
    getattr(chair, stage)()

    assert chair.told(lambda sheet: forecast_of(sheet, chair.now)) is None
    assert "Forecast of this infusion" not in text(Browser(chair).get())


def test_forecast_is_closed_and_stands_below_values_and_trend(chair: Chair) -> None:
    chair.infusing()
    chair.chart()
    page = text(Browser(chair).get())

    assert '<details class="session-forecast">' in page
    places = [
        page.index(mark) for mark in ("Save the values", "Charted since the session", "session-forecast", 'id="log"')
    ]
    assert places == sorted(places)
    assert "otto2021" in page
    assert "Expected, not charted: a population estimate for venous blood" in words(Browser(chair).get())


def test_poll_brings_the_forecast_anew_when_the_rate_changes(chair: Chair) -> None:
    chair.infusing()
    browser = Browser(chair)
    first = browser.get("live/")
    pump(chair, services.change_rate, rate_ug_per_min=400, reason="Nausea.")
    second = browser.get("live/", if_none_match=first["ETag"])

    ends = [re.search(r"35 mg, ends at (\d\d:\d\d)", text(answer)) for answer in (first, second)]
    assert second.status_code == 200
    assert ends[0] is not None
    assert ends[1] is not None
    assert ends[0][1] < ends[1][1]


def test_forecast_is_for_those_who_chart(chair: Chair) -> None:
    chair.infusing()

    assert "session-forecast" in text(Browser(chair, "prescriber").get())
    assert "session-forecast" not in text(Browser(chair, "therapist").get())


def test_session_that_is_over_forecasts_nothing(chair: Chair) -> None:
    chair.left()

    assert "session-forecast" not in text(Browser(chair).get())


def test_same_pump_history_is_computed_once(chair: Chair) -> None:
    from firstlight.clinical.pharmacology.forecasting import forecast

    chair.infusing()
    expected(chair)
    before = forecast.cache_info().misses
    chair.now += timedelta(seconds=10)
    expected(chair)

    assert forecast.cache_info().misses == before
