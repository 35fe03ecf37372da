"""The people of the journey, each on a device of her own, acting through the pages only."""

import re
from base64 import b32decode
from collections.abc import Callable
from time import time

from django.conf import settings
from django.core import mail
from django.utils import timezone
from django_otp.oath import TOTP
from playwright.sync_api import BrowserContext, Locator, Page, expect

from firstlight.ground.worklist.services import tick
from tests.cast import PASSWORD

Axe = Callable[[Page], None]
OPAQUE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{30,}|\d+")


class Person:
    """Somebody at a screen. Every kind of page that is reached is checked for accessibility once."""

    def __init__(self, device: BrowserContext, axe: Axe) -> None:
        self.page = device.new_page()
        self.axe = axe
        self.checked: set[str] = set()

    def open(self, address: str) -> None:
        """Type an address."""
        self.page.goto(address)
        self.arrive()

    def arrive(self) -> None:
        """Look at the page that came."""
        self.page.wait_for_load_state()
        kind = OPAQUE.sub("…", self.page.url)
        if kind not in self.checked:
            self.checked.add(kind)
            self.axe(self.page)

    def button(self, name: str) -> None:
        """Press a button by its words and wait for what comes."""
        self.page.get_by_role("button", name=name).first.click()
        self.arrive()

    def link(self, name: str) -> None:
        """Follow a link by its words."""
        self.page.get_by_role("link", name=name).first.click()
        self.arrive()

    def fill(self, **fields: str) -> None:
        """Fill fields by their names."""
        _fill(self.page.locator("body"), fields)

    def choose(self, name: str, value: str) -> None:
        """Choose one of several radio buttons."""
        self.page.locator(f"[name={name}][value='{value}']").first.check()

    def reads(self, words: str) -> None:
        """See words on the page."""
        expect(self.page.get_by_text(words).first).to_be_visible()


class Mother(Person):
    """Maya Walker, with a phone in one hand."""

    name, email = "Maya Walker", "maya.walker@families.example"
    taps = 0

    def topics(self, address: str) -> int:
        """Count what a page offers to read."""
        self.open(address)
        return self._topics().count()

    def tap_topic(self, number: int) -> None:
        """Tap one of what a page offers to read, and see that another page with a heading came."""
        here = self.page.url
        self._topics().nth(number).tap()
        self.page.wait_for_url(lambda url: url != here)
        expect(self.page.locator("h1").first).to_be_visible()
        self.arrive()

    def _topics(self) -> Locator:
        return self.page.locator(
            "main a.way:not([href^='/me/'])"
        )  # the way in for those who have an account is no topic

    def tap(self, name: str) -> None:
        """Tap a link by its words."""
        self.page.get_by_role("link", name=name).first.tap()
        self.arrive()

    def newest_link(self) -> str:
        """Let the background worker run once, and open the newest message: return its first link."""
        found = re.findall(r"https?://\S+", self._newest_message())
        return str(found[0]).replace(settings.PUBLIC_ADDRESS, "")

    def sign_in(self, address: str) -> None:
        """Sign in with a code from the mail, and come to where she wanted to go."""
        self.open(address)
        self.fill(email=self.email)
        self.button("Send me a code")
        code = re.search(r"\b\d{3} ?\d{3}\b", self._newest_message())
        assert code is not None
        self.fill(code=code.group().replace(" ", ""))
        self.button("Sign in")

    def answer(self, values: dict[int, str]) -> None:
        """Tap one answer a question; `values` by the number of the question."""
        for number, value in values.items():
            place = re.compile(rf"^(Question {number}|{number} of \d+)$")  # without a count where others may follow
            expect(self.page.locator(".eyebrow").first).to_have_text(place)
            self.page.locator(f"button.answer[name=value][value='{value}']").tap()
            self.taps += 1
            expect(self.page.get_by_text(place)).to_have_count(0)
            self.arrive()

    def _newest_message(self) -> str:
        tick(timezone.now())
        return next(str(message.body) for message in reversed(mail.outbox) if self.email in message.to)


class Staff(Person):
    """A member of the clinic with a password and an authenticator app."""

    email: str
    secret: bytes

    def begin(self, email: str) -> None:
        """Sign in for the first time: connect the app, and leave the recovery codes on paper."""
        self.email = email
        self.open("/clinic/sign-in/")
        self.fill(email=email, password=PASSWORD)
        self.button("Go on")
        self.page.get_by_text("Or type the key").click()
        shown = self.page.locator("code.secret").first.inner_text().replace(" ", "")
        self.secret = b32decode(shown + "=" * (-len(shown) % 8))
        self.fill(code=self._code())
        self.button("Connect")
        self.reads("Keep these ten codes")
        self.open("/clinic/")

    def back(self) -> None:
        """Sign in again after a while away."""
        self.open("/clinic/")
        if "sign-in" in self.page.url:
            self.fill(email=self.email, password=PASSWORD)
            self.button("Go on")
            self.fill(code=self._code())
            self.button("Sign in")

    def record(self, name: str, tab: str = "") -> None:
        """Open somebody's record, and a tab of it."""
        self.open("/clinic/people/")
        self.link(name)
        if tab:
            self.page.get_by_role("navigation").get_by_role("link", name=tab, exact=True).first.click()
            self.arrive()

    def enter(self, kind: str, press: str = "Enter", **fields: str) -> None:
        """Enter one baseline fact in its own small form."""
        block = self.page.locator(f"section#{kind}")
        _fill(block, fields)
        block.get_by_role("button", name=press).first.click()
        self.arrive()

    def chart(self, **values: int) -> None:
        """Chart one set of values."""
        self.fill(**{name: str(value) for name, value in values.items()})
        self.button("Save the values")

    def _code(self) -> str:
        generator = TOTP(self.secret)
        generator.time = time()
        return f"{generator.token():06d}"


def _fill(place: Locator, fields: dict[str, str]) -> None:
    for name, value in fields.items():
        field = place.locator(f"[name={name}]:visible").first
        kind = field.evaluate("one => one.tagName + ' ' + one.type")
        if kind.startswith("SELECT"):
            field.select_option(value)
        elif kind.endswith("checkbox"):
            field.check()
        else:
            field.fill(value)
