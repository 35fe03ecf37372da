"""The pages of the response: a parent's hours, the clinic's lists, one parent's change."""

import html
import re
from copy import deepcopy
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.worklist.models import OutboxMessage
from firstlight.journey.response import selectors, services
from firstlight.journey.response.models import AskingHours
from firstlight.journey.screening.services import tap
from tests.cast import NOW, House
from tests.journey.dosing.telling import Chair
from tests.journey.response.telling import DAY, answered_check_in, check_in, first_answers, moment_of, opened, phq
from tests.support.reading import words_of
from tests.support.signed_in import client_of

MOST_QUERIES = 24


@pytest.fixture
def maya(house: House) -> Client:
    """Maya's phone, now."""
    with time_machine.travel(NOW, tick=False):
        return client_of(house.mother)


def hours_page(phone: Client) -> str:
    with time_machine.travel(NOW, tick=False):
        return str(phone.get("/me/hours/").content.decode())


def post(phone: Client, path: str, data: dict[str, object]) -> int:
    with time_machine.travel(NOW, tick=False):
        return int(phone.post(path, data).status_code)


def row(house: House) -> AskingHours | None:
    with scope(clinic=house.clinic.id):
        return AskingHours.objects.filter(parent=house.mother).first()


def test_hours_begin_with_a_sensible_day_and_nothing_stored(house: House, maya: Client) -> None:
    page = hours_page(maya)

    assert page.count(" checked") == 4
    assert "Morning, 08:00–11:00" in page
    assert "America / New York" in page
    assert row(house) is None


def test_chosen_hours_are_kept_and_hold(house: House, maya: Client) -> None:
    assert post(maya, "/me/hours/", {"parts": ["evening", "late"], "quiet_from": "19", "quiet_to": "21"}) == 303

    kept = row(house)
    assert kept is not None
    assert (kept.parts, kept.quiet_from, kept.quiet_to) == (["evening", "late"], 19, 21)
    chosen = selectors.Chosen(tuple(kept.parts), kept.quiet_from, kept.quiet_to)
    assert sorted(chosen.hours.allowed) == [17, 18, 21, 22]
    assert AuditEvent.objects.filter(action="asking_hours.chosen").count() == 1


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"parts": []}, "Choose at least one time of day."),
        ({"parts": ["noon"]}, "Select a valid choice"),
        ({"parts": ["evening"], "quiet_from": "19"}, "Choose both hours, or none."),
        ({"parts": ["evening"], "quiet_from": "17", "quiet_to": "20"}, "Leave at least one hour open."),
        ({"parts": ["evening"], "quiet_from": "25", "quiet_to": "20"}, "Select a valid choice"),
    ],
)
def test_hours_that_cannot_be_are_refused_in_words(
    house: House, maya: Client, data: dict[str, object], says: str
) -> None:
    with time_machine.travel(NOW, tick=False):
        refused = maya.post("/me/hours/", data)

    assert refused.status_code == 422
    assert says in refused.content.decode()
    assert row(house) is None


def test_day_without_hours_is_refused_once_and_the_hours_come_first(maya: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        page = maya.post("/me/hours/", {"parts": []}).content.decode()

    assert page.count("Choose at least one time of day.") == 1
    assert page.index("You may be asked in the") < page.index("Stop all messages")


def test_stopping_messages_is_one_tap_on_the_page_and_can_be_taken_back(house: House, maya: Client) -> None:
    assert "Stop all messages about questions" in hours_page(maya)
    assert post(maya, "/me/hours/messages/", {"do": "stop"}) == 302
    assert "No messages about questions come." in hours_page(maya)
    assert "Messages come in the hours" not in hours_page(maya)
    stopped = row(house)
    assert post(maya, "/me/hours/messages/", {"do": "allow"}) == 302

    allowed = row(house)
    assert stopped is not None
    assert stopped.messages_off_at == NOW
    assert allowed is not None
    assert allowed.messages_off_at is None
    assert allowed.parts == ["morning", "midday", "afternoon", "evening"]


def test_hours_are_one_tap_from_every_page_of_a_parent(maya: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        assert 'href="/me/hours/"' in maya.get("/me/").content.decode()


def test_who_stopped_messages_is_asked_on_her_own_pages_only(chair: Chair) -> None:
    chair.recovering()
    mother = chair.house.mother
    chair.scoped(lambda: services.stop_messages(parent=mother, by=chair.by("mother"), at=chair.now))

    services.remind_due(moment_of(chair, "day-1"))

    assert check_in(chair, "day-1").opened_at is not None
    assert chair.scoped(lambda: OutboxMessage.objects.filter(template=services.MESSAGE).count()) == 0


def test_record_page_says_when_staff_asked_and_skips_who_had_gone_home(chair: Chair) -> None:
    chair.opened().ask()
    chair.recovering_from_here().after(10)
    chair.chart()
    chair.after(10)
    chair.chart()
    chair.leave(by="prescriber", reason="Her mother is ill.")

    content = page_of(chair, f"/clinic/people/{chair.house.mother.id}/response/")[1]
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))

    assert "Before the start: how it is right now 10:00" in page
    assert "Two hours after: how it is right now skipped: gone home before then" in page


def rows_of(page: str) -> dict[str, tuple[str, str]]:
    """Return the check-ins of a page by name: the address of their answers, and how they stand."""
    rows = re.findall(r'<tr><th scope="row">(.+?)</th>.*?data-label="State">(.+?)</td>', page, re.DOTALL)
    return {
        bare.partition(":")[0].strip(): ("".join(re.findall(r'href="([^"]+)"', head)), words_of(state).strip())
        for head, state in rows
        if (bare := words_of(head).strip())
    }


def test_what_was_begun_can_be_read_though_it_was_not_finished(chair: Chair) -> None:
    chair.recovering()
    question_set = opened(chair, "day-3")
    chair.scoped(
        lambda: tap(
            question_set=question_set,
            item="check-in:mood",
            value=5,
            by=chair.by("mother"),
            at=question_set.assigned_at + timedelta(hours=1),
        )
    )
    chair.now = question_set.assigned_at + 3 * DAY
    rows = rows_of(page_of(chair, f"/clinic/people/{chair.house.mother.id}/response/")[1])

    address, state = rows["Day 3 after dose 1"]
    assert state == "Begun, not finished in time"
    assert str(question_set.id) in address


@pytest.fixture(scope="module")
def life(morning: Chair) -> Chair:
    """PHQ-9 12 before the first dose and 19 at week 2; week 4 opened and not answered; five weeks on."""
    chair = deepcopy(morning)
    first_answers(chair, phq(12))
    chair.left()
    answered_check_in(chair, "week-1", phq(19))
    opened(chair, "week-3")
    chair.now += 40 * DAY
    return chair


@pytest.fixture
def lived(life: Chair, savepoint: None) -> Chair:
    """That life, to go on from. Tests of the bare morning stand before those that ask for it."""
    return deepcopy(life)


def page_of(chair: Chair, path: str, who: str = "prescriber") -> tuple[int, str, int]:
    with time_machine.travel(chair.now, tick=False):
        client = client_of(getattr(chair.house, who))
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(path)
    queries = len([one for one in asked.captured_queries if one["sql"].startswith("SELECT")])
    return page.status_code, page.content.decode(), queries


def test_lists_page_names_who_is_worse_and_who_does_not_answer(lived: Chair) -> None:
    status, page, queries = page_of(lived, "/clinic/response/")

    assert status == 200
    assert "Worse or not on track: 1 person. Not answering: 1. Tasks beyond their time: 2." in page
    assert page.count('/response/">Maya Lindqvist</a>') == 2
    assert "Nobody has it" in page
    assert queries <= MOST_QUERIES
    tables = page.split('<table class="cards">')[1:]
    assert len(tables) == 3
    for table in tables:
        _name, *columns = re.findall(r"<th scope=\"col\"[^>]*>([^<]+)<", table)
        first_row = table.partition("<tbody>")[2].partition("</tr>")[0]
        assert re.findall(r'<td data-label="([^"]+)"', first_row) == columns


@pytest.mark.parametrize("order", ["urgent", "longest", "latest"])
def test_lists_are_sorted_by_link(lived: Chair, order: str) -> None:
    status, page, _queries = page_of(lived, f"/clinic/response/?order={order}")

    assert status == 200
    assert f'href="?order={order}" aria-current="page"' in page


def test_unknown_order_does_not_exist(lived: Chair) -> None:
    assert page_of(lived, "/clinic/response/?order=random")[0] == 404


def test_empty_lists_say_so(house: House) -> None:
    with time_machine.travel(NOW, tick=False):
        page = client_of(house.nurse).get("/clinic/response/").content.decode()

    assert "Nobody stands worse or off track" in page
    assert "Everybody answers" in page
    assert "No task waits too long" in page


def test_record_page_tells_change_with_its_certainty_and_what_is_published(lived: Chair) -> None:
    status, page, queries = page_of(lived, f"/clinic/people/{lived.house.mother.id}/response/")

    assert status == 200
    assert "+7 worse" in page
    assert "Reliable change: 6 points or more. Found in: people in NHS talking therapies." in page
    assert (
        "Another published value of it, not used here: 4 points or more. Found in: people in NHS talking therapies."
        in page
    )
    assert "Noticed: better by 4 points or more." in page
    assert "53.6 % of 537 people (49 to 58 %)" in page
    assert "No published range for this questionnaire at this time." in page
    assert "They do not say what one person will do." in page
    assert "Taken back: a new dose came" in page
    assert "Week 4" in page
    assert "Not answered in time" in page
    assert "EPDS: no text is held here" in page
    assert queries <= MOST_QUERIES


def test_record_page_shows_what_staff_charted_around_a_dose(lived: Chair) -> None:
    page = page_of(lived, f"/clinic/people/{lived.house.mother.id}/response/")[1]

    assert "Before the start" in page
    assert "Two hours after" in page
    assert "Before the start: how it is right now" in page
    assert page.count("not charted") == 2


def test_check_in_with_answers_leads_to_them_and_one_without_says_why(lived: Chair, outsiders: House) -> None:
    mother = lived.house.mother
    rows = rows_of(page_of(lived, f"/clinic/people/{mother.id}/response/")[1])
    address, answered_state = rows["Week 1"]
    silent = {state for where, state in rows.values() if not where}

    assert answered_state == "Answered"
    assert silent >= {"Not answered in time", "Not yet: it comes"}
    assert not silent & {"Answered", ""}
    with time_machine.travel(lived.now, tick=False):
        found = client_of(lived.house.nurse).get(html.unescape(address).partition("#")[0])
        assert found.status_code == 200
        assert f'id="{address.partition("#")[2]}" open' in found.content.decode()
        for stranger in (outsiders.prescriber, lived.house.administrator):
            assert client_of(stranger).get(html.unescape(address).partition("#")[0]).status_code == 404
        for parent in (mother, outsiders.mother):
            away = client_of(parent).get(html.unescape(address).partition("#")[0])
            assert (away.status_code, away["Location"].split("?")[0]) == (302, "/clinic/sign-in/")
    with scope(clinic=lived.house.clinic.id):
        read = AuditEvent.objects.filter(parent_id=mother.id, action__startswith="read.").order_by("-sequence")[0]
    assert (read.action, read.account_id) == ("read.answers", lived.house.nurse.account_id)


def test_record_page_without_anything_says_what_will_stand_there(house: House) -> None:
    with time_machine.travel(NOW, tick=False):
        page = client_of(house.nurse).get(f"/clinic/people/{house.mother.id}/response/").content.decode()

    assert "No score yet" in page
    assert "No check-in is arranged" in page


def test_outsiders_and_those_without_the_right_find_no_page(lived: Chair, outsiders: House) -> None:
    path = f"/clinic/people/{lived.house.mother.id}/response/"
    with time_machine.travel(lived.now + timedelta(minutes=1), tick=False):
        assert client_of(outsiders.prescriber).get(path).status_code == 404
        assert client_of(lived.house.administrator).get(path).status_code == 404
        assert client_of(lived.house.administrator).get("/clinic/response/").status_code == 404
        assert client_of(outsiders.nurse).get("/clinic/response/").content.decode().count("Maya") == 0
