"""The forecast of a dose: what the clinic sees, what it refuses, and that a parent sees none of it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope
from playwright.sync_api import Page, Route

from firstlight.clinical.pharmacology.people import Person
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import Loss
from firstlight.journey.planning.forecast_basis import span
from firstlight.journey.planning.forecast_words import chart_of, to_the_end
from firstlight.journey.planning.services import set_day_plan
from tests.cast import NOW, House, harbour
from tests.clinical.pharmacology.asking import racemate
from tests.journey.planning.telling import Story
from tests.journey.screening.telling import sign_in
from tests.site.crawling import FRAME
from tests.support.browser import Devices
from tests.support.signed_in import client_of

ASKED = {"dose_mg": "35", "minutes": "40", "feeds": "3, 6, 9, 12", "infant_kg": ""}
FIRST_KEY = re.compile("dose_mg=4&")
MOST_READS = 20
UNSAFE = re.compile(r"(?<![\d.])\.\d+ (?:mg|mL)|\d\.0+ |\d(?:mg|mL|kg|mcg|min)\b|µg|\bIV\b|\bsafe\b", re.IGNORECASE)


@pytest.fixture(autouse=True)
def at_the_time_of_the_story() -> Iterator[None]:
    """Let pages and stories share a clock."""
    with time_machine.travel(NOW.replace(hour=15), tick=True):
        yield


@pytest.fixture
def suitable(house: House) -> Story:
    """Maya, found suitable; she weighs 70 kg and feeds a baby."""
    story = Story(house)
    story.baseline()
    story.decide()
    return story


def address(house: House) -> str:
    return reverse("planning:forecast", args=[house.mother.id])


def seen(house: House, *, who: str = "prescriber", part: bool = False, **asked: str) -> Any:
    headers = {"HX-Request": "true"} if part else {}
    return client_of(getattr(house, who)).get(address(house), asked, headers=headers)


def words(answer: Any) -> str:
    """Return what stands on a page, its drawings included."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("&#x27;", "'")


def test_forecast_begins_with_the_order_that_stands(suitable: Story) -> None:
    suitable.order("0.4")
    page = words(seen(suitable.house, who="nurse"))

    assert "28 mg (0.4 mg/kg) over 40 min: highest at about" in page
    assert "A population estimate for those who plan, not this person's level. It orders nothing." in page


def test_order_by_another_route_is_refused_by_its_name_and_never_forecast_as_an_infusion(suitable: Story) -> None:
    suitable.order("0.5", route="intramuscular")
    page = words(seen(suitable.house))

    assert "The order that stands is intramuscular; forecasts here are of intravenous infusions." in page
    assert "highest at about" not in page
    assert "35 mg (0.5 mg/kg) over 40 min: highest at about" in words(seen(suitable.house, dose_mg="35", minutes="40"))


def test_forecast_without_an_order_begins_with_the_usual_dose(suitable: Story) -> None:
    """0.5 mg/kg at 70 kg; venous models put the end of the infusion at 158 ng/mL and more (reference, section 0)."""
    page = words(seen(suitable.house))
    found = re.search(r"35 mg \(0.5 mg/kg\) over 40 min: highest at about (\d+) ng/mL, 40 min after the start", page)

    assert found is not None
    assert 150 <= int(found[1]) <= 177


def test_forecast_names_model_site_isomer_limits_and_sources(suitable: Story) -> None:
    page = words(seen(suitable.house))

    assert "otto2021 : the only venous model with norketamine and with variability between people" in page
    assert "It is of racemic ketamine, both isomers together." in page
    assert "venous blood; racemic ketamine, both isomers together" in page
    folded = seen(suitable.house).content.decode().partition("assumptions</summary>")
    assert "Otto et al. 2021" in folded[0]
    assert "Otto et al. 2021" not in folded[2]
    assert "In arterial blood the model simons2022 expects" in page
    assert "may be raised until 2 h 10 min, most at about 40 min" in page
    assert "R-ketamine behaves like S-ketamine" in page
    assert "Bowdle et al. 1998" in page
    assert "Found in one source" in page


def test_each_of_two_sessions_has_windows_under_a_name_of_its_own() -> None:
    """The second infusion begins after the pressure window of the first one has ended."""
    doses = tuple(racemate(35, start_min=start, duration_min=40) for start in (0, 240))
    until_min, found = to_the_end(doses, Person(weight_kg=70))
    table = chart_of(found, title="Two sessions", started_at=NOW, until_min=until_min, zone=ZoneInfo("UTC")).table

    named = [(when, what) for when, what, _words in table.rows if what[-1:].isdigit()]
    assert [what for _when, what in named] == [
        *("Blood pressure 1", "Dissociation 1"),
        *("Blood pressure 2", "Dissociation 2"),
    ]
    assert [when for when, what in named if what.startswith("Blood")] == [
        f"{NOW:%H:%M}",
        f"{NOW + timedelta(minutes=240):%H:%M}",
    ]


def test_sessions_of_several_days_are_told_from_the_start_and_not_by_a_clock_without_a_day() -> None:
    doses = tuple(racemate(35, start_min=start, duration_min=40) for start in (0, 3 * 1440))
    until_min, found = to_the_end(doses, Person(weight_kg=70))
    drawn = chart_of(found, title="Two days", started_at=NOW, until_min=until_min, zone=ZoneInfo("UTC"))

    moments = [(when, what) for when, what, _words in drawn.table.rows]
    assert len(moments) == len(set(moments))
    assert ("3 days", "Blood pressure 2") in moments
    assert "00:00" not in drawn.svg


@pytest.mark.parametrize(
    ("minutes", "words"), [(40, "40 min"), (130, "2 h 10 min"), (1440, "1 day"), (4337, "3 days 17 min")]
)
def test_length_of_time_over_days_keeps_its_minutes(minutes: float, words: str) -> None:
    assert span(minutes) == words


def test_milk_is_estimated_at_the_feeds_with_both_sides_of_the_advice(suitable: Story) -> None:
    page = words(seen(suitable.house, **ASKED))

    assert "Expected in milk at these feeds" in page
    assert "mcg/L" in page
    assert "Milk of 48 h without the first 12 h" in page
    assert "The label recommends not to breast-feed during treatment." in page
    assert "Likely compatible." in page
    assert "newborn and preterm infants: no data" in page
    assert "taken in" not in page


def test_what_a_baby_takes_in_needs_its_weight(suitable: Story) -> None:
    page = words(seen(suitable.house, **(ASKED | {"infant_kg": "5.2"})))

    assert "Ketamine taken in, mcg" in page


def test_without_a_day_plan_feeds_are_said_to_be_a_default(suitable: Story) -> None:
    page = words(seen(suitable.house))

    assert "No day plan names a feed. The clinic's default, which is ours: 3, 6, 9, 12 h after the start." in page
    assert "about 12 h" not in page


@pytest.mark.parametrize(("who", "whose"), [("mother", "the parent"), ("nurse", "the clinic")])
def test_milk_is_estimated_at_the_feeds_of_her_day_plan(suitable: Story, who: str, whose: str) -> None:
    """13:00 and 01:00 in New York; the infusion is expected at 10:30, half an hour after the visit begins."""
    house = suitable.house
    visit = Story(house, now=suitable.now).up_to_series()[0]
    planned = [visit.starts_at + timedelta(hours=hours) for hours in (3, 15)]
    with scope(clinic=house.clinic.id):
        set_day_plan(parent=house.mother, visit=visit, by=house.actor(who), at=visit.starts_at, feeds_at=planned)
    answer = seen(house)

    assert 'value="2:30, 14:30"' in answer.content.decode()
    assert (
        f"From the day plan of Thu 26 Nov 2026, as {whose} filled it: about 13:00, 01:00. Counted from 10:30: the "
        "infusion is expected 30 min after the visit begins (ours)."
    ) in words(answer)
    assert re.search(r"Ketamine in milk: about \S+ mcg/L at 2 h 30 min, \S+ at 14 h 30 min", words(answer))


@pytest.mark.parametrize("feeds", ["3, 6, 9", "3,6,9", "3;6;9", "3 h, 6 h, 9 h", " 3, 6, 9, ", "3:00, 6:00, 9:00"])
def test_feeds_are_read_as_people_write_them(suitable: Story, feeds: str) -> None:
    asked = words(seen(suitable.house, part=True, **(ASKED | {"feeds": "3, 6, 9"})))

    assert asked == words(seen(suitable.house, part=True, **(ASKED | {"feeds": feeds})))


def test_half_an_hour_is_a_feed_of_its_own(suitable: Story) -> None:
    page = words(seen(suitable.house, part=True, **(ASKED | {"feeds": "4.5"})))

    assert re.search(r"Ketamine in milk: about \S+ mcg/L at 4 h 30 min ", page)


def test_without_a_feed_the_page_says_why_milk_is_not_estimated(suitable: Story) -> None:
    page = words(seen(suitable.house, **(ASKED | {"feeds": " "})))

    assert "Milk is not estimated No feed was given." in page
    assert "mcg/L" not in page


def test_dose_above_the_studied_range_is_called_illustrative(suitable: Story) -> None:
    page = words(seen(suitable.house, **(ASKED | {"dose_mg": "70", "minutes": "30"})))

    assert "Above 0.75 mg/kg: an order would need a reason." in page
    assert "Dashed, above 200 ng/mL, and under 50: illustrative" in page


def test_part_for_htmx_has_the_answer_alone(suitable: Story) -> None:
    part = seen(suitable.house, part=True, **(ASKED | {"dose_mg": "42"})).content.decode()

    assert "42 mg (0.6 mg/kg)" in part
    assert "<html" not in part
    assert "<form" not in part


def test_new_answer_is_announced_in_a_sentence(suitable: Story) -> None:
    """The region stands on the page before anything is typed; the part brings its words, and none where it alerts anyway."""
    page = seen(suitable.house).content.decode()
    part = seen(suitable.house, part=True, **(ASKED | {"dose_mg": "42"})).content.decode()
    refused = seen(suitable.house, part=True, **(ASKED | {"dose_mg": "0"})).content.decode()

    assert '<p id="forecast-said" class="quiet-text" role="status" aria-live="polite"></p>' in page
    assert re.search(r'<p id="forecast-said" hx-swap-oob="innerHTML">42 mg \(0.6 mg/kg\) over 40 min: [^<]+</p>', part)
    assert '<p id="forecast-said" hx-swap-oob="innerHTML"></p>' in refused
    assert 'role="alert"' in refused


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"dose_mg": "350"}, "350 mg cannot be ordered at 70 kg, so it is not forecast. Above 0, at most 70 mg."),
    ({"dose_mg": "0"}, "0 mg cannot be ordered at 70 kg"),
    (
        {"dose_mg": ".5"},
        ".5 cannot be read as a dose. Write a zero before the point. Write milligrams, such as 35 or 27.5.",
    ),
    (
        {"dose_mg": "40.0"},
        "40.0 cannot be read as a dose. Leave out the zero at the end. Write milligrams, such as 35 or 27.5.",
    ),
    ({"dose_mg": "40 ug"}, "40 ug cannot be read as a dose."),
    ({"dose_mg": "forty"}, "forty cannot be read as a dose. Write milligrams, such as 35 or 27.5."),
    ({"dose_mg": "3500000000000"}, "cannot be read as a dose."),
    ({"minutes": "4O"}, "Write whole minutes, such as 40."),
    ({"minutes": "40.0"}, "40.0 cannot be read as minutes. Leave out the zero at the end. Write whole minutes"),
    ({"minutes": "4e1"}, "4e1 cannot be read as minutes. Write the number in full."),
    ({"minutes": "٤٠"}, "٤٠ cannot be read as minutes. Write whole minutes"),
    ({"minutes": "40,5"}, "40,5 cannot be read as minutes. Write whole minutes"),
    ({"minutes": "-40"}, "-40 cannot be read as minutes. An amount is never negative."),
    ({"minutes": ""}, "Write whole minutes, such as 40."),
    ({"dose_mg": ""}, "Write milligrams, such as 35 or 27.5."),
    ({"dose_mg": "٣٤"}, "٣٤ cannot be read as a dose."),
    ({"minutes": "20"}, "20 min cannot be forecast. Choose 30 to 240 min."),
    ({"feeds": "6, 3"}, "6, 3 cannot be read as feeds. Write hours after the start in rising order"),
    ({"feeds": "nan"}, "nan cannot be read as a feed. Write hours, such as 4.5 or 4:30, or 4, 5 for two."),
    ({"feeds": "3, inf"}, "inf cannot be read as a feed."),
    ({"feeds": "4,5"}, "4,5 cannot be read as a feed. Write hours, such as 4.5 or 4:30, or 4, 5 for two."),
    ({"feeds": "3; 4,5"}, "4,5 cannot be read as a feed."),
    ({"feeds": "3, 6.0"}, "6.0 cannot be read as a feed. Leave out the zero at the end."),
    ({"feeds": "1e1"}, "1e1 cannot be read as a feed. Write the number in full."),
    ({"feeds": "٣, ٦"}, "٣ cannot be read as a feed."),
    ({"feeds": "3, , 6"}, "cannot be read as a feed."),
    ({"feeds": "-3"}, "-3 cannot be read as a feed. An amount is never negative."),
    ({"feeds": "3.333"}, "3.333 cannot be read as a feed. That is finer than can be measured."),
    ({"feeds": "3:75"}, "3:75 cannot be read as a feed."),
    ({"feeds": "0"}, "0 cannot be read as feeds."),
    ({"feeds": "36"}, "up to 24 h"),
    ({"infant_kg": "4,5"}, "4,5 cannot be read as a weight. Write kilograms with a point, such as 5.2."),
    ({"infant_kg": "4.50"}, "4.50 cannot be read as a weight. Leave out the zero at the end."),
    ({"infant_kg": "nan"}, "nan cannot be read as a weight."),
    ({"infant_kg": "inf"}, "inf cannot be read as a weight."),
    ({"infant_kg": "1e3"}, "1e3 cannot be read as a weight. Write the number in full."),
    ({"infant_kg": "٤"}, "٤ cannot be read as a weight."),
    ({"infant_kg": "52"}, "52 cannot be a baby's weight. Write kilograms, 0.4 to 20, such as 5.2."),
]


@pytest.mark.parametrize("part", [False, True])
def test_impossible_question_is_refused_and_keeps_what_was_typed(suitable: Story, part: bool) -> None:
    for typed, right in REFUSED:
        asked = ASKED | typed
        answer = seen(suitable.house, part=part, **asked)

        assert answer.status_code == 422, typed
        assert right in words(answer)
        assert "highest at about" not in words(answer)
        if not part:
            assert all(f'value="{value}"' in answer.content.decode() for value in asked.values() if value), typed


def test_forecast_without_a_weight_says_who_enters_it(house: House) -> None:
    page = words(seen(house))

    assert "A forecast needs the weight. The nurse enters it in the baseline." in page


def test_milk_is_not_asked_about_where_nobody_breastfeeds(suitable: Story) -> None:
    suitable.enter("breastfeeding", breastfeeding=False)
    page = words(seen(suitable.house))

    assert "Milk is not estimated The record does not say that a baby is breastfed." in page
    assert "Feeds after the start" not in page
    assert "mcg/L" not in page


def test_loss_leaves_no_milk_in_the_forecast(suitable: Story) -> None:
    house = suitable.house
    with scope(clinic=house.clinic.id):
        Loss.objects.create(
            clinic=house.clinic, family=house.mother.family, recorded_at=NOW, recorded_by=house.nurse.account
        )
    page = words(seen(house, **ASKED))

    assert "35 mg (0.5 mg/kg) over 40 min" in page
    assert not re.search(r"\bmilk|\bfeeds?\b|\bbaby", page, re.IGNORECASE)


@pytest.mark.parametrize("who", ["therapist", "administrator"])
def test_forecast_is_for_those_who_plan(suitable: Story, who: str) -> None:
    assert seen(suitable.house, who=who).status_code == 404


def test_parent_sees_nothing_of_it(suitable: Story) -> None:
    house = suitable.house
    Story(house, now=suitable.now).up_to_series()
    phone = client_of(house.mother)
    her_plan = phone.get("/me/plan/").content.decode()

    assert not re.search(r"forecast|ng/mL|mcg/L|otto2021", her_plan, re.IGNORECASE)
    assert phone.get(address(house)).status_code in {302, 404}


def test_forecast_costs_few_reads_and_is_one_reading_of_the_record(suitable: Story) -> None:
    suitable.order()
    client = client_of(suitable.house.prescriber)
    client.get(address(suitable.house))
    before = AuditEvent.objects.filter(action="read.plan.forecast").count()
    with CaptureQueriesContext(connection) as captured:
        client.get(address(suitable.house), ASKED)
    asked = [one["sql"] for one in captured.captured_queries if not FRAME.match(one["sql"])]

    assert len(asked) <= MOST_READS
    assert AuditEvent.objects.filter(action="read.plan.forecast").count() == before + 1


def test_forecast_is_written_as_ismp_asks(suitable: Story) -> None:
    page = words(seen(suitable.house, **(ASKED | {"infant_kg": "5.2"})))

    assert UNSAFE.findall(page) == []


def test_plan_leads_to_the_forecast(suitable: Story) -> None:
    plan = reverse("planning:plan", args=[suitable.house.mother.id])

    assert address(suitable.house) in client_of(suitable.house.nurse).get(plan).content.decode()
    assert address(suitable.house) not in client_of(suitable.house.therapist).get(plan).content.decode()


def test_prescriber_types_a_dose_and_sees_it_forecast(
    live: object, devices: Devices, axe: Callable[[Page], None]
) -> None:
    house = harbour()
    story = Story(house)
    story.baseline()
    story.decide()
    for device in (devices.desktop(), devices.phone()):
        sign_in(device, house.prescriber)
        page = device.new_page()
        page.goto(address(house))

        page.get_by_role("textbox", name="Dose").focus()
        page.keyboard.press("Control+a")
        page.keyboard.type("42")
        page.get_by_role("heading", name="42 mg (0.6 mg/kg) over 40 min").wait_for()
        page.get_by_role("textbox", name="Over").fill("20")
        page.get_by_text("20 min cannot be forecast. Choose 30 to 240 min.").wait_for()
        axe(page)
        assert page.get_by_role("textbox", name="Dose").input_value() == "42"
        page.get_by_role("textbox", name="Over").fill("60")
        page.get_by_role("heading", name="42 mg (0.6 mg/kg) over 60 min").wait_for()
        assert page.get_by_role("status").filter(has_text="42 mg (0.6 mg/kg) over 60 min: highest").count() == 1
        page.get_by_text("The same as a table").first.click()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_typing_fast_leaves_the_last_answer_standing(live: object, devices: Devices) -> None:
    """Her first key's answer is held up on the way, and comes through after that of the last: it must not be shown."""
    house = harbour()
    story = Story(house)
    story.baseline()
    story.decide()
    device = devices.desktop()
    sign_in(device, house.prescriber)
    page = device.new_page()
    page.goto(address(house))
    held: list[Route] = []
    page.route(FIRST_KEY, lambda route: held.append(route))  # noqa: PLW0108  # Playwright marks its handlers; a list takes no mark
    given_up: list[str] = []
    page.on("requestfailed", lambda request: given_up.append(request.url))

    dose = page.get_by_role("textbox", name="Dose")
    dose.fill("")
    with page.expect_request(FIRST_KEY):
        page.keyboard.type("4")
    page.keyboard.type("2.5", delay=5)
    page.get_by_role("heading", name="42.5 mg (0.607 mg/kg) over 40 min").wait_for()
    assert held
    assert any(FIRST_KEY.search(url) for url in given_up)

    for number in range(20):
        dose.fill("")
        page.keyboard.type(f"{25 + number}.7", delay=number)
    page.get_by_role("heading", name="44.7 mg (0.639 mg/kg) over 40 min").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("heading", name="44.7 mg (0.639 mg/kg) over 40 min").is_visible()
    assert dose.input_value() == "44.7"
