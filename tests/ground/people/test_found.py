"""A real clinic begins with one command."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from firstlight.ground.people.models import Clinic, Membership

ANSWERS = {"clinic": "Quay Clinic", "phone": "+1 518 555 0100", "name": "Lena Brandt", "email": "lena@quay.example"}


def run(**answers: str) -> dict[str, str]:
    """Run `firstlight found --json`."""
    out = StringIO()
    call_command("found", **(ANSWERS | answers), json=True, stdout=out)
    found: dict[str, str] = json.loads(out.getvalue())
    return found


def test_found_gives_the_administrator_a_link_that_opens(db: None) -> None:
    link = run()["link"]

    page = Client().get(link.split("8000", 1)[1])

    assert page.status_code == 200
    assert [member.role for member in Membership.objects.all()] == ["administrator"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"timezone": "Mars/Base"}, "timezone"), ({"email": "nobody"}, "email")],
)
def test_found_with_a_wrong_answer_names_it_and_makes_nothing(db: None, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(CommandError, match=field) as refusal:
        run(**wrong)

    assert refusal.value.returncode == 2
    assert not Clinic.objects.exists()


def test_found_twice_is_refused(db: None) -> None:
    run()

    with pytest.raises(CommandError, match="Choose another one"):
        run(email="another@quay.example")
