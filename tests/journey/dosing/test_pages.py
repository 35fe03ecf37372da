"""The session's pages over HTTP: what they show, what they refuse, what they cost."""

import re
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstlight.ground.audit.models import AuditEvent
from firstlight.journey.dosing.pages import BEFORE
from tests.journey.dosing.telling import Chair
from tests.support.signed_in import client_of

MOST_READS = 20
FOR_THE_DECISION = 9
"""Before the dose the page also looks whether the decision on treatment still stands, by the facts that it rests on."""
UNSAFE = re.compile(r"(?<![\d.])\.\d+ (?:mg|mL)|\d\.0+ (?:mg|mL|kg)|\d(?:mg|mL|kg|mcg|min)\b|µg|\bcc\b|\bIU\b|\bIV\b")


class Browser:
    """One member of staff at the session's page, at the story's own time."""

    def __init__(self, chair: Chair, person: str = "nurse") -> None:
        self.chair = chair
        with time_machine.travel(chair.now, tick=False):
            self.client: Client = client_of(getattr(chair.house, person))

    def address(self, step: str = "") -> str:
        return f"/clinic/sessions/{self.chair.open.id}/{step}"

    def get(self, step: str = "", **headers: str) -> Any:
        with time_machine.travel(self.chair.now, tick=False):
            return self.client.get(self.address(step), headers=headers)

    def post(self, step: str, **data: Any) -> Any:
        with time_machine.travel(self.chair.now, tick=False):
            return self.client.post(self.address(step), {"once": uuid4(), **data})


def text(answer: Any) -> str:
    """Return a page as it came."""
    content: str = answer.content.decode()
    return content


def words(answer: Any) -> str:
    """Return a page's visible words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style|svg).*?</\1>", " ", text(answer))))


STAGES = ("opened", "ready", "drawn", "checked", "infusing", "recovering", "rested", "left")


@pytest.mark.parametrize("stage", STAGES)
def test_page_costs_few_reads_and_is_written_safely(chair: Chair, stage: str) -> None:
    getattr(chair, stage)()
    browser, address = Browser(chair), f"/clinic/sessions/{chair.open.id}/"
    browser.get()

    with time_machine.travel(chair.now, tick=False), CaptureQueriesContext(connection) as asked:
        page = browser.client.get(address)

    reads = [query["sql"] for query in asked.captured_queries if query["sql"].startswith("SELECT")]
    reads = [sql for sql in reads if "audit_audithead" not in sql]  # moved on by every page of health data
    assert page.status_code == 200
    assert len(reads) <= MOST_READS + (FOR_THE_DECISION if chair.open.state in BEFORE else 0)
    assert UNSAFE.findall(words(page)) == []
    assert "Charted values, not a monitor." in text(page)
    assert "<title>Session</title>" in text(page)
    assert "Maya Lindqvist" in text(page)
    assert "Sat 17 Apr 1993" in words(page)


def test_opening_the_page_is_one_read_and_polling_it_is_none(chair: Chair) -> None:
    chair.infusing()
    browser = Browser(chair)
    browser.get()
    browser.get("live/")
    browser.get("live/")

    read = AuditEvent.objects.filter(action="read.session")
    assert [event.parent_id for event in read] == [chair.house.mother.id]


def test_poll_answers_only_when_something_changed(chair: Chair) -> None:
    chair.infusing()
    browser = Browser(chair)
    first = browser.get("live/")

    assert browser.get("live/", if_none_match=first["ETag"]).status_code == 304
    chair.chart(sbp=165, dbp=90)
    changed = browser.get("live/", if_none_match=first["ETag"])

    assert changed.status_code == 200
    assert "Systolic pressure 165 mmHg" in text(changed)
    chair.after(1)
    assert browser.get("live/", if_none_match=changed["ETag"]).status_code == 200


def test_dose_stands_in_mg_first_then_volume_and_vial(chair: Chair) -> None:
    chair.checked()
    page = words(Browser(chair).get())

    said = page[page.index("Next step") :]
    assert said.index("35 mg") < said.index("3.5 mL at 10 mg/mL") < said.index("0.5 mg/kg") < said.index("200 mg")


def test_lot_has_no_default_and_says_what_one_vial_holds(chair: Chair) -> None:
    chair.lot(10)
    chair.lot(100)
    page = Browser(chair.ready()).get()

    assert "10 mg/mL: one vial of 20 mL holds 200 mg in all." in words(page)
    assert "100 mg/mL: one vial of 5 mL holds 500 mg in all." in words(page)
    assert "35 mg are 0.35 mL." in words(page)
    assert not re.search(r'<input[^>]+name="lot"[^>]+checked', text(page))
    assert Browser(chair).post("prepare/", drawn_ml="3.5").status_code == 422
    assert chair.open.state == "gates"


def test_second_person_reads_before_she_sees(chair: Chair) -> None:
    chair.drawn()
    browser = Browser(chair, "second_nurse")

    page = words(browser.get())
    assert "3.5 mL" not in page
    assert "10 mg/mL" not in page
    assert browser.post("check/", strength_mg_per_ml="100", volume_ml="3.5").status_code == 303
    assert "The two readings differ." in words(browser.get())
    assert "3.5 mL at 10 mg/mL" not in words(browser.get())
    browser.post("check/", strength_mg_per_ml="10", volume_ml="3.5")

    assert "3.5 mL at 10 mg/mL" in words(browser.get())


def test_whole_day_goes_through_the_forms(chair: Chair) -> None:
    chair.opened()
    lot, house = chair.lot(), chair.house
    nurse, second = Browser(chair), Browser(chair, "second_nurse")
    values = {"sbp": 118, "dbp": 76, "hr": 72, "spo2": 98, "moaas": 5, "dissociation": 0}
    nurse.post("second/", second=house.second_nurse.id)
    nurse.post("mark/", kind="safety_asked")
    nurse.post("chart/", client_id=uuid4(), **values)
    nurse.post("prepare/", lot=lot.id, drawn_ml="3.50")
    second.post("check/", strength_mg_per_ml="10", volume_ml="3.5")
    nurse.post("pump/start/")
    assert chair.open.state == "infusing"
    chair.after(5)
    nurse.post("rate/", rate_mg_per_min="0.5", reason="Nausea")
    nurse.post("pump/pause/")
    chair.after(5)
    nurse.post("pump/resume/")
    chair.after(2)
    assert nurse.post("pump/end/").status_code == 422
    nurse.post("pump/end/", reason="She asked to stop.")
    assert chair.open.state == "recovering"
    chair.after(120)
    nurse = Browser(chair)
    nurse.post("chart/", client_id=uuid4(), **values)
    assert nurse.post("leave/", gait="yes", oriented="yes").status_code == 422
    left = nurse.post("leave/", gait="yes", oriented="yes", escort_name="Jonas Lindqvist")

    assert left.status_code == 303
    assert chair.open.state == "left"
    page = nurse.get()
    assert "With Jonas Lindqvist" in words(page)
    assert re.search(r'href="/clinic/documents/[0-9a-f-]+/"', text(page))


@pytest.mark.parametrize(
    ("step", "data", "says"),
    [
        ("chart/", {"client_id": "x", "sbp": "118", "dbp": "76"}, "client_id"),
        ("chart/", {"client_id": str(uuid4()), "sbp": "118", "dbp": "200"}, "Diastolic 200 is not below systolic 118."),
        ("chart/", {"client_id": str(uuid4()), "hr": "7O"}, "Enter a whole number."),
        ("chart/", {"client_id": str(uuid4())}, "Enter at least one value."),
        ("chart/", {"client_id": str(uuid4()), "hr": "9" * 100_000}, ""),
        ("mark/", {"kind": "headache", "words": "x" * 100_000}, "at most 2000 characters"),
        ("mark/", {"kind": "other", "words": ""}, "Say in words what it was."),
        ("rate/", {"rate_mg_per_min": "87.5", "reason": "x"}, "be at most 1.75 mg a minute."),
        ("rate/", {"rate_mg_per_min": "NaN", "reason": "x"}, "Enter a number."),
        ("pump/end/", {"reason": ""}, "Say why the infusion ends early."),
        ("leave/", {"escort_name": "Jonas"}, "This session stands at: Infusing."),
        ("cancel/", {"reason": "x"}, "This session stands at: Infusing."),
    ],
)
def test_bad_input_gets_a_clear_message_and_keeps_what_was_typed(
    chair: Chair, step: str, data: dict[str, str], says: str
) -> None:
    chair.infusing()
    version, browser = chair.open.version, Browser(chair)

    answer = browser.post(step, **data)

    assert answer.status_code == 422
    assert says in text(answer)
    assert "This is not saved yet." in text(answer)
    assert chair.open.version == version
    if "sbp" in data and "client_id" not in says:
        assert f'value="{data["sbp"]}"' in text(answer)


def test_pasted_script_is_shown_as_text(chair: Chair) -> None:
    chair.infusing()
    browser = Browser(chair)
    browser.post("mark/", kind="other", words="<script>alert(1)</script>")

    assert "<script>alert(1)</script>" not in text(browser.get())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text(browser.get())


def test_other_values_under_the_same_device_id_are_a_conflict(chair: Chair) -> None:
    chair.infusing()
    device_id, browser = uuid4(), Browser(chair)
    assert browser.post("chart/", client_id=device_id, hr=72).status_code == 303

    same = browser.post("chart/", client_id=device_id, hr=72)
    other = browser.post("chart/", client_id=device_id, hr=75)

    assert (same.status_code, other.status_code) == (303, 409)
    assert "These values were sent before with other figures. Nothing was changed." in text(other)
    assert 'value="75"' in text(other)
    assert str(device_id) not in text(other)
    assert [row.hr for row in chair.sheet.observations] == [72, 72]


def test_last_values_are_offered_and_never_filled_in(chair: Chair) -> None:
    chair.infusing()
    page = text(Browser(chair).get())

    assert 'data-last="118"' in page
    assert re.search(r"<button[^>]+data-same[^>]*>= 118", page)
    inputs = re.findall(r'<input[^>]+id="chart_(?:sbp|hr|spo2)"[^>]*>', page)
    assert len(inputs) == 3
    assert not [one for one in inputs if "value=" in one]


def test_correction_shows_the_old_values_and_leads_back(chair: Chair) -> None:
    row = chair.infusing().chart(hr=27)
    browser = Browser(chair)

    form = browser.get(f"chart/{row.id}/")
    assert 'value="27"' in text(form)
    empty = browser.post(f"chart/{row.id}/", client_id=uuid4(), hr=72)
    assert empty.status_code == 422
    done = browser.post(f"chart/{row.id}/", client_id=uuid4(), hr=72, reason="Digits swapped.")

    assert done.status_code == 303
    assert "corrected by Ruth Calder: Digits swapped." in text(browser.get())
    assert browser.get(f"chart/{uuid4()}/").status_code == 404


def test_acknowledging_is_one_tap(chair: Chair) -> None:
    chair.infusing().after(5).chart(sbp=165, dbp=90)
    browser = Browser(chair)

    with time_machine.travel(chair.now, tick=False):
        address = f"/clinic/sessions/notices/{chair.notices[0].id}/"
        assert browser.client.post(address, {"action": "nonsense"}).status_code == 422
        assert browser.client.post(address, {"action": "rechecked", "once": uuid4()}).status_code == 303

    assert chair.waiting == []


def test_emergency_card_stands_in_the_page(chair: Chair) -> None:
    chair.infusing().after(12)
    page = words(Browser(chair).get())

    card = page[page.index("Emergency") :]
    for line in (
        "911",
        "+1 518 555 0100",
        "Ruth Calder",
        "Tomas Reyes",
        "Amara Okafor",
        "Weight 70 kg.",
        "10.5 mg since",
    ):
        assert line in card


def test_board_shows_who_is_in_the_chair_and_who_comes(chair: Chair) -> None:
    with time_machine.travel(chair.now, tick=False):
        client = client_of(chair.house.nurse)
        before = client.get("/clinic/sessions/")
        opened = client.post(f"/clinic/sessions/open/{chair.first.id}/", {"once": uuid4()})
        after = client.get("/clinic/sessions/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/clinic/sessions/")

    assert "Nobody is in the chair." in words(before)
    assert "Maya Lindqvist" in words(before)
    assert opened.status_code == 303
    assert "1 parent is in the chair." in words(after)
    assert "in the care of Ruth Calder" in words(after)
    assert len(asked) <= 20


def test_second_parent_in_the_same_care_is_asked_about_first(chair: Chair) -> None:
    chair.opened()
    other = chair.another_dosing_visit()

    with time_machine.travel(chair.now, tick=False):
        client = client_of(chair.house.nurse)
        asked = client.post(f"/clinic/sessions/open/{other.id}/", {"once": uuid4()})

    assert asked.status_code == 422
    assert "Maya Lindqvist is in your care now. Open the session of Jonas Lindqvist as well?" in words(asked)
