"""The pages of the front door, in the order in which one may read them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstlight.journey.learn.reading import Prose, prose

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `tab` is what the browser's tab and history show: nothing that gives the reader away."""

    key: str
    title: Text
    tab: Text
    says: Text

    @property
    def url(self) -> str:
        return reverse(f"learn:{self.key}")

    @property
    def prose(self) -> Prose:
        return prose()[self.key]


# fmt: off
PATH: tuple[Page, ...] = (
    Page("ketamine", _("How ketamine acts"), _("How it acts"), _("What it is, and for how long it may help.")),
    Page("parents", _("What is known for parents"), _("What is known"), _("Birth, milk, burnout, bond: studied or not.")),
    Page("session", _("What a session is like"), _("A session"), _("From the last meal to the next morning.")),
    Page("risks", _("Effects and risks"), _("Effects"), _("How many people of ten feel what.")),
    Page("cannot", _("Who cannot have it"), _("Who cannot"), _("The reasons, in plain words.")),
    Page("signs", _("Signs to watch out for"), _("Signs"), _("In a therapist or a clinic. In us too.")),
    Page("reporting", _("What we must report"), _("Reporting"), _("And what stays with us.")),
    Page("people", _("Who works here"), _("People"), _("Names, licences, and when they were looked up.")),
    Page("price", _("Price and refund"), _("Prices"), _("Each price, since when, and the time it takes.")),
    Page("sources", _("Where this comes from"), _("Sources"), _("Every source, and how far it was checked.")),
)
# fmt: on
BY_KEY: Mapping[str, Page] = {page.key: page for page in PATH}
# How the first page sets them out.
GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (_("What it is"), ("ketamine", "parents", "session", "risks")),
    (_("Before you decide"), ("cannot", "signs", "reporting")),
    (_("This clinic"), ("people", "price")),
)


def ways() -> list[tuple[Text, list[Page]]]:
    """Return the pages as the first page sets them out."""
    return [(heading, [BY_KEY[key] for key in keys]) for heading, keys in GROUPS]


def following(page: Page) -> Page | None:
    """Return the page after this one; None after the last."""
    place = PATH.index(page) + 1
    return PATH[place] if place < len(PATH) else None
