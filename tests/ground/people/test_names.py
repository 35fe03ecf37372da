"""Names, addresses and numbers: cleaned, compared, and refused when nobody could use them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.ground.people.digests import RECOVERY_ALPHABET, new_entry_code, new_recovery_code, short_digest
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.names import check_born, clean_email, clean_name, clean_phone, initials_of, phone_digits
from firstlight.ground.people.qr import enrolment_address, enrolment_picture, secret_in_groups

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Maya Lindqvist", "ML"),
        ("Ana Maria de la Cruz", "AC"),
        ("Ana Ana", "AA"),
        ("Cher", "C"),
        ("  ", "?"),
        ("", "?"),
        ("— (unknown)", "?"),
        ("étienne ørsted", "ÉØ"),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, initials: str) -> None:
    assert initials_of(name) == initials


@given(st.text(st.characters(categories=["L", "M", "Zs"]), min_size=1, max_size=120).filter(str.strip))
def test_a_name_in_any_script_is_taken_and_cleaned_only_once(text: str) -> None:
    name = clean_name(text)

    assert name == clean_name(name)
    assert name.split() == text.split()


@pytest.mark.parametrize("text", ["", " \t\n", "a" * 121, "Grace\u202eObi", "Grace\x00Obi", "\u200b"])
def test_a_name_that_cannot_be_shown_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        clean_name(text)
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    "spelled", ["+1 518 555 0142", "(518) 555-0142", "518.555.0142", "+1-518-555-0142", "5185550142", "1 518 555 0142"]
)
def test_one_number_is_recognised_however_it_is_typed(spelled: str) -> None:
    assert phone_digits(clean_phone(spelled)) == "15185550142"


@pytest.mark.parametrize("foreign", ["+44 20 7946 0958", "+46 8 123 4567"])
def test_a_number_from_abroad_is_taken_as_it_is(foreign: str) -> None:
    assert phone_digits(clean_phone(foreign)) == "".join(letter for letter in foreign if letter.isdigit())


@pytest.mark.parametrize("email", ["", "maya@example.org", " maya+x@sub.example.org "])
def test_an_address_is_taken_without_its_edges(email: str) -> None:
    assert clean_email(email) == email.strip()


@pytest.mark.parametrize(
    "email", ["maya", "@example.org", "maya@", "a b@example.org", "maya@example", "a" * 250 + "@x.example"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Refused, match=r"name@example\.com"):
        clean_email(email)


@pytest.mark.parametrize("born", [date(1916, 11, 24), date(2014, 11, 23), date(2000, 2, 29)])
def test_a_day_of_birth_that_can_be_is_taken(born: date) -> None:
    assert check_born(born, TODAY) == born


@pytest.mark.parametrize("born", [date(1915, 11, 23), date(2014, 11, 24), date(2026, 11, 24), date(1, 1, 1)])
def test_a_day_of_birth_that_cannot_be_is_refused(born: date) -> None:
    with pytest.raises(Refused):
        check_born(born, TODAY)


def test_codes_have_their_shape_and_no_letters_that_are_read_as_another() -> None:
    assert all(len(new_entry_code()) == 6 for _time in range(50))
    assert [len(group) for group in new_recovery_code().split("-")] == [4, 4, 4]
    assert not set(RECOVERY_ALPHABET) & set("01ILOU")


def test_a_code_counts_for_its_owner_only_however_it_is_typed() -> None:
    assert short_digest("a", "7kmq 2fxa 9trb") == short_digest("a", "7KMQ-2FXA-9TRB")
    assert short_digest("a", "7KMQ-2FXA-9TRB") != short_digest("b", "7KMQ-2FXA-9TRB")


def test_the_picture_holds_the_address_that_apps_read() -> None:
    address = enrolment_address("ruth@harbour.example", "ab" * 20)

    assert address == (
        "otpauth://totp/Firstlight%3Aruth%40harbour.example"
        "?secret=VOV2XK5LVOV2XK5LVOV2XK5LVOV2XK5L&issuer=Firstlight&digits=6&period=30"
    )
    assert secret_in_groups("ab" * 20) == "VOV2 XK5L VOV2 XK5L VOV2 XK5L VOV2 XK5L"
    assert enrolment_picture("<b>@x.example", "ab" * 20).startswith('<svg role="img" aria-label="Picture')
