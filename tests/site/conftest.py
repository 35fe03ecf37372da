"""The demo as its people see it: one walk for each of them, shared by the tests that judge pages."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.site.asking import browser_of
from tests.site.crawling import Page, crawl
from tests.support import scale
from tests.support.demo import Demo, standing

STAFF = {"prescriber": "Amelia Hart", "nurse": "Ruth Calder", "therapist": "Noor Salem", "administrator": "Lena Brandt"}
PARENTS = {
    "Maya": "Maya Torres",
    "Elena": "Elena Novak",
    "Daniel": "Daniel Osei",
    "Tom": "Tom Becker",
    "Hannah": "Hannah Weiss",
    "Aisha": "Aisha Rahman",
    "Sofia": "Sofia Marchetti",
}
HOMES = {"nobody": "/", **dict.fromkeys(STAFF, "/clinic/"), **dict.fromkeys(PARENTS, "/me/")}
OF_EACH = scale.count(reduced=3, full=200)


@pytest.fixture(scope="module")
def walkers(demo: Demo) -> dict[str, Client]:
    """A browser for everybody who walks through the demo."""
    return browsers()


@pytest.fixture(scope="session")
def crawled(
    demo_template: Path, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> list[Page]:
    """Every page that somebody of the demo comes to by links from home, walked once a run on a copy of its own."""
    with django_db_blocker.unblock(), standing(demo_template, tmp_path_factory.mktemp("walk")):
        walking = browsers()
        return [page for who, home in HOMES.items() for page in crawl(walking[who], who, home, of_each=OF_EACH)]


def browsers() -> dict[str, Client]:
    """Sign everybody in who walks through the demo."""
    from django_scopes import scopes_disabled

    from firstlight.ground.people.models import Membership, Parent

    found: dict[str, Membership | Parent] = {}
    with scopes_disabled():
        named = {one.name: one for one in Parent.objects.select_related("account", "clinic", "family")}
        members = {one.public_name: one for one in Membership.objects.select_related("account", "clinic")}
    found |= {who: members[name] for who, name in STAFF.items()}
    found |= {who: named[name] for who, name in PARENTS.items()}
    return {"nobody": Client(raise_request_exception=False)} | {who: browser_of(one) for who, one in found.items()}
