"""The ways in and the door in a real browser: by tap and key, without a fault that axe or the policy finds."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session as SessionRow
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import BrowserContext, Page, expect

from firstlight.ground.people import services
from firstlight.ground.people.models import Authenticator, Episode
from tests.cast import NOW, PASSWORD, House, harbour
from tests.ground.people.hands import app_code, with_app

Check = Callable[[Page], None]


@pytest.fixture
def harbour_clinic(own_database: None) -> House:
    """Harbour Clinic, committed for real."""
    return harbour()


def come_in(page: Page, house: House, who: str = "nurse") -> None:
    """Sign in by hand."""
    member = getattr(house, who)
    with_app(member)
    page.goto("/clinic/sign-in/?next=/clinic/enquiries/")
    page.get_by_label("Email").fill(member.account.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Code").fill(app_code())
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/clinic/enquiries/")


def test_the_first_sign_in_on_a_clinic_computer(
    live: Any, harbour_clinic: House, desktop: BrowserContext, axe: Check
) -> None:
    page = desktop.new_page()
    page.goto("/clinic/account/")
    axe(page)
    page.get_by_label("Email").fill(harbour_clinic.nurse.account.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="Picture for your authenticator app")).to_be_visible()
    axe(page)
    secret = Authenticator.objects.get(user=harbour_clinic.nurse.account).secret
    page.get_by_label("Code").fill(app_code(secret=secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Keep these ten codes")).to_be_visible()
    axe(page)
    assert len(page.get_by_role("listitem").all()) == 10
    page.get_by_role("link", name="I have kept them").click()

    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.get_by_text("10 left")).to_be_visible()
    axe(page)


def idle(minutes: int) -> None:
    """Let every session have been touched so long ago."""
    for row in SessionRow.objects.all():
        data = row.get_decoded()
        if "seen_at" in data:
            data["seen_at"] = (timezone.now() - timedelta(minutes=minutes)).isoformat()
            SessionRow.objects.filter(pk=row.pk).update(session_data=SessionStore().encode(data))


def test_end_of_a_sign_in_is_said_before_it_comes_and_what_was_typed_stays(
    live: Any, harbour_clinic: House, desktop: BrowserContext, axe: Check
) -> None:
    page = desktop.new_page()
    come_in(page, harbour_clinic)
    page.clock.install()
    page.goto("/clinic/enquiries/log/")
    page.get_by_label("Name").fill("Grace Obi")
    page.get_by_label("Email").fill("grace@obi.example")
    warning = page.get_by_text("You will be signed out soon")
    idle(26)
    page.clock.fast_forward("26:00")
    expect(warning).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()
    idle(31)
    page.clock.fast_forward("31:00")
    expect(page.get_by_text("You are signed out")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Grace Obi")
    axe(page)

    page.get_by_role("button", name="Log it").click()

    expect(page.get_by_text("is kept for one hour")).to_be_visible()


def log_call(page: Page, axe: Check) -> None:
    """Log a call: first without a name, then with one."""
    page.get_by_role("link", name="Log an enquiry").click()
    page.wait_for_url("**/log/")
    axe(page)
    page.get_by_label("Email").fill("grace@obi.example")
    page.get_by_label("Name").fill("Grace Obi")
    page.get_by_label("What brings this person here").fill("Cannot sleep.")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("link", name="Note the call")).to_be_visible()
    axe(page)


def test_a_call_becomes_an_invitation(
    live: Any, harbour_clinic: House, desktop: BrowserContext, axe: Check, announced: dict[str, Any]
) -> None:
    page = desktop.new_page()
    come_in(page, harbour_clinic)
    axe(page)
    log_call(page, axe)
    page.get_by_role("link", name="Note the call").click()
    page.get_by_label("What was said").fill("Spoke for ten minutes.")
    page.wait_for_url("**/contact/")
    axe(page)
    page.get_by_role("button", name="Note the call").click()
    page.get_by_role("link", name="Invite").click()
    expect(page.get_by_text("The link goes to grace@obi.example")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Invite").click()

    expect(page.get_by_text("The link was sent")).to_be_visible()
    assert "/me/i/" in announced["episode.invited"]["link"]


def test_an_invitation_opens_on_her_phone_and_a_pin_locks_it(
    live: Any, harbour_clinic: House, phone: BrowserContext, axe: Check, announced: dict[str, Any]
) -> None:
    with scope(clinic=harbour_clinic.clinic.id):
        by = harbour_clinic.actor("nurse")
        token = services.invite(episode=harbour_clinic.episode, by=by, at=timezone.now()).token
    page = phone.new_page()
    page.goto(f"/me/i/{token}/")
    axe(page)
    page.get_by_role("button", name="With six figures").tap()
    expect(page.get_by_role("heading", name="A PIN for this page?")).to_be_visible()
    axe(page)
    page.get_by_label("PIN", exact=True).fill("2580")
    page.get_by_role("button", name="Keep this PIN").tap()
    page.wait_for_url("**/me/")
    page.goto("/me/you/")
    expect(page.get_by_text("Maya Lindqvist")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Lock now").tap()
    page.wait_for_url("**/me/lock/")
    axe(page)
    page.get_by_label("PIN").fill("2580")
    page.get_by_role("button", name="Open").tap()
    page.wait_for_url("**/me/")


def test_a_phone_that_was_put_down_covers_the_page_and_asks(
    live: Any, harbour_clinic: House, phone: BrowserContext
) -> None:
    account = harbour_clinic.mother.account
    assert account is not None
    services.set_pin(account=account, pin="2580", minutes=1, by=harbour_clinic.actor("mother"), at=NOW)
    page = phone.new_page()
    page.clock.install()
    page.goto("/me/sign-in/password/?next=/me/you/")
    page.get_by_label("Your email").fill(harbour_clinic.mother.email)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").tap()
    expect(page.get_by_text("Maya Lindqvist")).to_be_visible()
    page.wait_for_load_state("load")  # the words stand there before the script that counts

    page.clock.run_for(61_000)

    page.wait_for_url("**/me/lock/?next=%2Fme%2Fyou%2F")
    page.get_by_label("PIN").fill("2580")
    page.get_by_role("button", name="Open").tap()
    expect(page.get_by_text("Maya Lindqvist")).to_be_visible()


def test_a_parent_comes_back_by_a_code(
    live: Any, harbour_clinic: House, phone: BrowserContext, axe: Check, announced: dict[str, Any]
) -> None:
    page = phone.new_page()
    page.goto("/me/you/")
    axe(page)
    page.get_by_label("Your email").fill(harbour_clinic.mother.email)
    page.get_by_role("button", name="Send me a code").tap()
    page.wait_for_url("**/code/")
    axe(page)
    page.get_by_label("Code").fill("no")
    page.get_by_role("button", name="Sign in").tap()
    expect(page.get_by_text("This code does not fit").first).to_be_visible()
    axe(page)
    page.get_by_label("Code").fill(announced["code.wanted"]["code"])
    page.get_by_role("button", name="Sign in").tap()

    page.wait_for_url("**/me/you/")
    expect(page.get_by_text("Maya Lindqvist")).to_be_visible()


def test_back_shows_nothing_after_leaving(
    live: Any, harbour_clinic: House, phone: BrowserContext, settings: Any
) -> None:
    settings.QUICK_EXIT_ADDRESS = f"{live.url}/clinic/sign-in/"
    page = phone.new_page()
    page.goto("/me/sign-in/password/")
    page.get_by_label("Your email").fill(harbour_clinic.mother.email)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").tap()
    expect(page).to_have_url(re.compile("/me/$"))
    page.goto("/me/you/")
    page.get_by_role("link", name="Leave this page").tap()
    page.wait_for_url("**/clinic/sign-in/")

    page.go_back()

    assert "Maya" not in page.content()
    page.goto("/me/you/")
    expect(page).to_have_url(re.compile("/me/sign-in/"))


def test_pressing_twice_and_going_back_makes_one_record(
    live: Any, harbour_clinic: House, desktop: BrowserContext, announced: dict[str, Any]
) -> None:
    page = desktop.new_page()
    come_in(page, harbour_clinic)
    page.goto("/clinic/enquiries/log/")
    page.get_by_label("Name").fill("Grace Obi")
    page.get_by_label("Phone").fill("+1 518 555 0177")
    page.get_by_role("button", name="Log it").dblclick()
    page.wait_for_url(re.compile("/clinic/enquiries/[0-9a-f-]{36}/"))
    page.go_back()
    page.go_forward()

    with scope(clinic=harbour_clinic.clinic.id):
        assert Episode.objects.filter(state="logged").count() == 1


def test_pages_of_the_record_by_keyboard(live: Any, harbour_clinic: House, desktop: BrowserContext, axe: Check) -> None:
    with scope(clinic=harbour_clinic.clinic.id):
        by = harbour_clinic.actor("nurse")
        services.amend_details(parent=harbour_clinic.mother, address="1 Quay Street", by=by, at=NOW)
    page = desktop.new_page()
    come_in(page, harbour_clinic)
    page.goto("/clinic/people/")
    axe(page)
    page.get_by_role("link", name="Maya Lindqvist").press("Enter")
    expect(page.get_by_role("heading", name="Family")).to_be_visible()
    axe(page)
    for name in ("Correct the details", "Add a child", "Feeding changed", "Record a loss"):
        page.get_by_role("link", name=name).press("Enter")
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        axe(page)
        page.get_by_role("link", name="Back").press("Enter")
        expect(page.get_by_role("heading", name="Family")).to_be_visible()

    expect(page.get_by_role("region", name="Whose record is open")).to_contain_text("Maya Lindqvist")


def test_pages_of_the_house(live: Any, harbour_clinic: House, desktop: BrowserContext, axe: Check) -> None:
    page = desktop.new_page()
    come_in(page, harbour_clinic, "administrator")
    page.goto("/clinic/staff/")
    axe(page)
    for address in ("hire/", f"{harbour_clinic.nurse.id}/", f"{harbour_clinic.nurse.id}/credential/"):
        page.goto(f"/clinic/staff/{address}")
        axe(page)
    for address in ("password/", "recovery-codes/"):
        page.goto(f"/clinic/account/{address}")
        axe(page)


def test_a_narrow_screen_scrolls_in_one_direction(live: Any, harbour_clinic: House, devices: Any) -> None:
    page = devices.phone(viewport={"width": 320, "height": 560}).new_page()
    for path in ("/me/i/none/", "/clinic/start/none/", "/clinic/sign-in/", "/me/sign-in/password/"):
        page.goto(path)

        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_way_back_leads_past_a_refused_form_to_the_page_on_which_it_stood(
    live: Any, harbour_clinic: House, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    come_in(page, harbour_clinic)
    page.goto(f"/clinic/people/{harbour_clinic.mother.id}/details/")
    page.get_by_label("Date of birth").fill("2190-01-01")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This date of birth is in the future.").first).to_be_visible()
    page.get_by_label("Date of birth").fill("1993-04-17")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/clinic/people/{harbour_clinic.mother.id}/")

    page.go_back()

    expect(page.get_by_role("heading", name="Correct the details")).to_be_visible()
    expect(page.get_by_label("Date of birth")).to_have_value("1993-04-17")
