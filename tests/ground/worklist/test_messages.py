"""No message says what the clinic treats, how somebody is, or that there is a child: a glance over a shoulder shows nothing."""

import re
from pathlib import Path

import pytest
from django.template import Context, Engine

import firstlight

PACKAGE = Path(firstlight.__file__).parent
MESSAGES = sorted(PACKAGE.glob("*/*/templates/*/messages/*.txt"))
LOUD = re.compile(
    r"ketamin|infusion|dose|clinic|psych|depress|mood|score|suicid|mental|therap|treatment|baby|child|mother|father|partner"
    r"|health|session|doctor|nurse|prescriber",
    re.IGNORECASE,
)
TO_STAFF = {"page.txt", "delivery_test.txt"}  # these go to the clinic's own mailboxes


def words_of(path: Path) -> str:
    """Return what a message says, with nothing filled in."""
    engine = Engine(builtins=["django.templatetags.i18n"])
    return engine.from_string(path.read_text()).render(Context({}))


def test_there_are_messages() -> None:
    assert {"invitation.txt", "code.txt", "message.txt", "page.txt"} <= {path.name for path in MESSAGES}


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_message_begins_with_a_subject_and_an_empty_line(path: Path) -> None:
    subject, empty, *body = words_of(path).strip().split("\n")

    assert 0 < len(subject) <= 60
    assert empty == ""
    assert "".join(body).strip()


@pytest.mark.parametrize("path", [path for path in MESSAGES if path.name not in TO_STAFF], ids=lambda path: path.stem)
def test_message_to_a_parent_is_neutral(path: Path) -> None:
    assert not LOUD.search(words_of(path))


@pytest.mark.parametrize("path", [path for path in MESSAGES if path.name in TO_STAFF], ids=lambda path: path.stem)
def test_message_to_staff_names_no_treatment(path: Path) -> None:
    assert {word.casefold() for word in LOUD.findall(words_of(path))} <= {"clinic"}


def test_loud_word_is_found() -> None:
    assert LOUD.search("Your ketamine session")
