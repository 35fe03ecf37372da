"""The main job, walked by the five people involved: from the front door to the dose timeline.

Real input only. The clock is moved between the days; the background worker runs when a message is due.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.journeys.people import Mother, Staff
from tests.support.browser import Devices

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""Nine in the morning at the clinic's walls."""
DOSING_DAY = datetime(2026, 11, 26, 14, 40, tzinfo=UTC)
STARTED = datetime(2026, 11, 26, 15, 2, tzinfo=UTC)
RIGHT = (
    "No, it is used off-label",
    "Not sure: we know little",
    "It goes up for a while",
    "The next day, after a night of sleep",
    "They disagree, so my doctor makes a plan with me",
    "Serious danger, harm to a child, or an order of the law",
    "Yes, at any time, without a reason",
)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Give the story its own time; it runs on between two moves."""
    with time_machine.travel(MONDAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
def clinic(own_database: None, settings: Any) -> None:
    """Open Harbour Clinic with its people, rooms and licences; nothing of any parent yet."""
    from tests.journeys.clinic import open_clinic

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    open_clinic(MONDAY)


def test_a_mother_goes_from_the_front_door_to_her_line(  # noqa: PLR0915  # the steps of one story, in order
    clock: time_machine.Traveller, clinic: None, devices: Devices, axe: Callable[[Page], None]
) -> None:
    maya = Mother(devices.phone(), axe)
    nurse, second = Staff(devices.desktop(), axe), Staff(devices.desktop(), axe)
    prescriber, therapist = Staff(devices.desktop(), axe), Staff(devices.desktop(), axe)

    _asks_for_a_call(maya)
    nurse.begin("calder.nurse@harbour.example")
    _is_called_and_invited(nurse)
    _answers_the_first_questions(maya)
    _is_called_about_her_answer(nurse)
    prescriber.begin("okafor.prescriber@harbour.example")
    _is_assessed(prescriber)
    _is_found_suitable(prescriber)
    _agrees_and_chooses(maya)
    clock.shift(timedelta(seconds=31))
    _is_ordered(prescriber)
    _is_booked(nurse)
    _plans_her_day(maya)

    clock.move_to(datetime(2026, 11, 24, 17, 5, tzinfo=UTC))
    therapist.begin("haddad.therapist@harbour.example")
    _took_place(therapist, "Tue 24 Nov")

    clock.move_to(DOSING_DAY)
    nurse.back()
    _stock_is_received(nurse)
    _is_prepared(nurse)
    second.begin("reyes.nurse@harbour.example")
    _is_read_again(second)
    _is_given(nurse, clock)
    _goes_home(nurse, clock)
    _is_wasted(nurse, second)

    clock.move_to(datetime(2026, 11, 27, 16, 55, tzinfo=UTC))
    _checks_in(maya)
    therapist.back()
    _took_place(therapist, "Fri 27 Nov")
    _writes_a_note(therapist)

    clock.move_to(
        datetime(2026, 12, 8, 16, 0, tzinfo=UTC)
    )  # two weeks after her first answers, which its questions look back on
    _answers_again_when_two_weeks_have_passed(maya)
    prescriber.back()
    _stands_on_one_chart(prescriber)
    _sees_her_line(maya)


def _asks_for_a_call(maya: Mother) -> None:
    for topic in range(maya.topics("/")):
        maya.open("/")
        maya.tap_topic(topic)
    maya.open("/")
    maya.tap("Ask for a call")
    maya.fill(name=maya.name, phone="+1 518 555 0142", email=maya.email, concern="The birth was hard. I do not sleep.")
    maya.button("Ask for the call")
    assert maya.page.context.cookies() == []


def _is_called_and_invited(nurse: Staff) -> None:
    nurse.open("/clinic/enquiries/")
    nurse.link("Maya Walker")
    nurse.link("Correct the details")
    nurse.fill(birth_date="1993-04-17", gave_birth_date="2026-07-06", relation="mother")
    nurse.button("Save")
    nurse.open("/clinic/enquiries/")
    nurse.link("Maya Walker")
    nurse.link("Note the call")
    nurse.fill(reason="Talked for ten minutes. Wants to know more.")
    nurse.button("Note the call")
    nurse.link("Invite")
    nurse.button("Invite")
    nurse.record("Maya Walker")
    nurse.link("Add a child")
    nurse.fill(birth_date="2026-07-06", fed_how="breast", born_preterm="no")
    nurse.button("Add")


def _answers_the_first_questions(maya: Mother) -> None:
    maya.open(maya.newest_link())
    maya.button("With six figures, sent to my email each time")
    maya.link("No PIN")
    maya.open("/me/")
    maya.link("Begin")
    maya.link("Begin")
    maya.button("Go on")
    maya.answer({**dict.fromkeys(range(1, 5), "0"), **dict.fromkeys(range(5, 13), "2"), 13: "1"})
    expect(maya.page.get_by_role("heading", level=1)).to_contain_text("Do you want to talk with someone now?")
    maya.link("Go on")
    maya.answer({**dict.fromkeys(range(14, 21), "2"), **dict.fromkeys(range(21, 31), "0"), 29: "1"})
    maya.reads("Your answers are with the clinic.")
    assert maya.taps == 30


def _is_called_about_her_answer(nurse: Staff) -> None:
    nurse.open("/clinic/tasks/")
    nurse.link("Safety: contact today")
    nurse.button("Take this task")
    nurse.fill(outcome="Talked with her: a passing thought, no plan. Safety plan gone through.")
    nurse.button("Finish the task")


def _is_assessed(prescriber: Staff) -> None:
    prescriber.record("Maya Walker", "Answers")
    prescriber.reads("17 of 27")
    prescriber.record("Maya Walker", "Baseline")
    enter = prescriber.enter
    enter("indication", diagnosis="Major depressive disorder, recurrent", severity="severe")
    enter("treatment_trial", treatment="sertraline", group="ssri_snri", weeks="12", outcome="partial", adequate="yes")
    enter("treatment_trial", press="Asked: nothing else known")
    enter("problem", press="Asked: none known")
    enter("medicine", name="sertraline", dose="100 mg a day", group="none")
    enter("medicine", press="Asked: nothing else known")
    enter("allergy", press="Asked: none known")
    enter("blood_pressure", sbp="78", dbp="122")
    prescriber.reads("The first figure (systolic) is the higher one")
    enter("blood_pressure", sbp="122", dbp="78")
    enter("weight", weight="700")
    prescriber.reads("700 kg cannot be used")
    enter("weight", weight="70")
    enter("height", height_cm="170")
    enter("pregnancy_test", result="negative", test_date="2026-11-23")
    no = dict.fromkeys(("hypertensive_disorder", "preeclampsia_this_pregnancy", "preeclampsia_current"), "no")
    enter("obstetric", **no, clearance="yes")
    enter("breastfeeding", breastfeeding="yes")
    enter("laboratory", test="tsh", result="1.8 mIU/L", test_date="2026-11-20")
    enter("laboratory", test="liver_enzymes", result="ALT 19 U/L", test_date="2026-11-20")
    enter("clearance", clearance="brief_safety_assessment", note="Done today by R. Calder.")


def _is_found_suitable(prescriber: Staff) -> None:
    prescriber.link("Go to the assessment")
    prescriber.button("Run the rules now")
    for field in prescriber.page.locator("textarea[name^=review-]:visible").all():
        field.fill("Sources conflict; she knows both. Feeding words will be released.")
    prescriber.choose("outcome", "suitable")
    prescriber.fill(reason="Two trials without enough relief; severe. Talked through with her.")
    prescriber.button("Sign this decision")
    prescriber.reads("Suitable for treatment")


def _agrees_and_chooses(maya: Mother) -> None:
    maya.open("/me/agree/")
    for _step in range(40):
        answers = maya.page.locator("button.answer").all()
        right = [answer for answer in answers if answer.inner_text() in RIGHT]
        onward = right or maya.page.locator(".action-bar a.main").all()
        if not onward:
            break
        with maya.page.expect_navigation():
            onward[0].tap()
        maya.arrive()
    maya.page.get_by_label("Someone may hold my hand").check()
    maya.button("Keep this and go on")
    maya.fill(name=maya.name)
    maya.page.locator("[name=agreed]").check()
    maya.button("Sign")
    maya.reads("You signed on")
    maya.open("/me/person/others/")
    maya.button("Choose Ines Haddad")


def _is_ordered(prescriber: Staff) -> None:
    prescriber.record("Maya Walker", "Plan")
    prescriber.reads("35 mg")
    prescriber.button("Sign this order")
    prescriber.page.get_by_text("Write and release").click()
    prescriber.fill(
        text="Feed before you come. Feed again when you are fully awake; watch that the baby is easy to wake."
    )
    prescriber.button("Release to the parent")


def _is_booked(nurse: Staff) -> None:
    nurse.record("Maya Walker", "Plan")
    nurse.link("Propose the dates")
    nurse.fill(first_date="2026-11-26")
    nurse.page.locator("[name=therapy_room]").select_option(label="Talk room")
    nurse.button("Propose dates")
    nurse.button("Book these 13 visits")


def _plans_her_day(maya: Mother) -> None:
    maya.open("/me/")
    maya.reads("who takes you home")
    maya.link("Open the plan")
    maya.fill(escort_name="Jonas Walker", escort_phone="+1 518 555 0143", childcare_name="Grandmother Vera")
    maya.page.locator("[name=escort_is_adult]").check()
    maya.button("Keep this plan")
    maya.reads("Everything is in place.")


def _took_place(therapist: Staff, day: str) -> None:
    therapist.record("Maya Walker", "Visits")
    therapist.link(day)
    therapist.button("It took place")


def _stock_is_received(nurse: Staff) -> None:
    nurse.open("/clinic/stock/")
    nurse.link("Receive a delivery")
    nurse.fill(
        ndc="42023-113-10", lot_number="KT2417", expires_date="2027-11-01", concentration_ug_per_ml="10",
        vial_volume_ul="20", vial_total_ug="200", vials="10", invoice="HM-20981", supplier="Harbor Medical Supply",
    )  # fmt: skip
    nurse.button("Take into stock")
    nurse.reads("2,000 mg")


def _is_prepared(nurse: Staff) -> None:
    nurse.open("/clinic/sessions/")
    nurse.button("Open the session")
    nurse.page.locator("[name=second]").select_option(label="Tomas Reyes, Registered nurse")
    nurse.button("Name")
    nurse.button("Asked, nothing new")
    nurse.chart(sbp=124, dbp=78, hr=72, spo2=98, rr=15, moaas=5)
    nurse.page.locator("[name=lot]").first.check()
    nurse.fill(drawn_ml="5")
    nurse.button("Draw and prepare")


def _is_read_again(second: Staff) -> None:
    second.open("/clinic/sessions/")
    second.link("Maya Walker")
    second.fill(strength_mg_per_ml="10", volume_ml="3.5")
    second.button("Enter my reading")
    second.reads("Start the infusion")


def _is_given(nurse: Staff, clock: time_machine.Traveller) -> None:
    clock.move_to(STARTED)
    nurse.back()
    nurse.open("/clinic/sessions/")
    nurse.link("Maya Walker")
    nurse.chart(sbp=126, dbp=80, hr=72, spo2=98, rr=15, moaas=5)
    nurse.button("Start the infusion")
    course = ((10, 132, 82, 3), (20, 148, 90, 4), (30, 165, 95, 5), (40, 158, 92, 6))
    for minutes, sbp, dbp, dissociation in course:
        clock.move_to(STARTED + timedelta(minutes=minutes))
        nurse.chart(sbp=sbp, dbp=dbp, hr=80, spo2=97, rr=15, moaas=4, dissociation=dissociation, nausea=1)
        if sbp > 160:
            nurse.reads("above 160")
            nurse.button("Read again")
    clock.move_to(STARTED + timedelta(minutes=41))
    nurse.reads("The syringe is empty.")
    nurse.button("End the infusion")
    expect(nurse.page.get_by_role("heading", level=1)).to_contain_text("Recovering")


def _goes_home(nurse: Staff, clock: time_machine.Traveller) -> None:
    course = (
        (55, 150, 88, 3),
        (69, 140, 84, 1),
        (83, 132, 82, 1),
        (97, 128, 80, 0),
        (111, 126, 80, 0),
        (121, 124, 78, 0),
    )
    for minutes, sbp, dbp, dissociation in course:
        clock.move_to(STARTED + timedelta(minutes=minutes))
        nurse.chart(sbp=sbp, dbp=dbp, hr=74, spo2=98, rr=15, moaas=5, dissociation=dissociation, nausea=0)
    nurse.button("Leaves with the escort")
    nurse.reads("Enter who takes her or him home. Nobody leaves alone.")
    nurse.choose("gait", "yes")
    nurse.choose("oriented", "yes")
    nurse.fill(escort_name="Jonas Walker")
    nurse.button("Leaves with the escort")
    expect(nurse.page.get_by_role("heading", level=1)).to_contain_text("Gone home")


def _is_wasted(nurse: Staff, second: Staff) -> None:
    nurse.open("/clinic/stock/")
    nurse.link("Waste what is left")
    nurse.fill(amount_ug="15", reason="Rest of the vial")
    nurse.button("Enter the waste")
    second.back()
    second.open("/clinic/stock/")
    second.link("Witness it")
    second.fill(amount_ug="15")
    second.button("Sign as witness")
    expect(second.page.get_by_text("Wastes that wait for a witness")).to_have_count(0)


def _checks_in(maya: Mother) -> None:
    link = maya.newest_link()
    assert re.fullmatch(r"/me/c/[\w-]+/", link)
    maya.open(link)
    assert maya.name not in maya.page.content()
    maya.answer({1: "6", 2: "3", 3: "3", 4: "5", 5: "7", 6: "5", 7: "1", 8: "0"})
    maya.reads("Your answers are with the clinic.")


def _writes_a_note(therapist: Staff) -> None:
    therapist.record("Maya Walker", "Notes")
    therapist.page.locator("[name=visit]").select_option(label="Integration, Fri 27 Nov 2026")
    therapist.fill(text="We agreed on one walk a day.")
    therapist.button("Share the note")


def _answers_again_when_two_weeks_have_passed(maya: Mother) -> None:
    maya.open(maya.newest_link())
    maya.link("Begin")
    maya.answer({**dict.fromkeys(range(1, 18), "1"), 9: "0"})  # the tenth asks how difficult it was
    maya.reads("Your answers are with the clinic.")


def _stands_on_one_chart(prescriber: Staff) -> None:
    prescriber.record("Maya Walker", "Timeline")
    prescriber.reads("PHQ-9: 17 before the first dose, 8 now.")
    table = prescriber.page.locator("table").first
    for fact in ("35 mg", "124–165", "6", "17", "8", "Integration"):
        expect(table).to_contain_text(fact)


def _sees_her_line(maya: Mother) -> None:
    maya.sign_in("/me/line/")
    expect(maya.page.get_by_role("heading", level=1)).to_contain_text("Lower than when you began.")
    maya.open("/me/notes/")
    maya.reads("We agreed on one walk a day.")
