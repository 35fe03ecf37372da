"""What is too large is refused with a page that says so: files (they must not fill the disk), long texts, many fields."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.cast import House
from tests.support.reading import words_of
from tests.support.signed_in import client_of

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hear of each file that is opened for an upload."""
    opened: list[str] = []
    from django.core.files import uploadedfile

    real = uploadedfile.TemporaryUploadedFile.__init__

    def hear(self: uploadedfile.TemporaryUploadedFile, name: str, *args: object, **kwargs: object) -> None:
        opened.append(name)
        real(self, name, *args, **kwargs)

    monkeypatch.setattr(uploadedfile.TemporaryUploadedFile, "__init__", hear)
    return opened


def large() -> io.BytesIO:
    """Return a file that Django would write to the disk."""
    made = io.BytesIO(b"x" * 3_000_000)
    made.name = "film.mp4"
    return made


@pytest.mark.parametrize("page", ["/me/sign-in/", "/clinic/sign-in/", "/me/i/token/", "/call/"])
def test_file_from_somebody_unknown_is_refused_and_kept_nowhere(db: None, temporary: list[str], page: str) -> None:
    answer = Client().post(page, {"email": "maya@harbour-families.example", "film": large()})

    assert answer.status_code in {404, 413}
    assert temporary == []


def test_file_from_somebody_signed_in_is_refused_and_nothing_is_done(house: House, temporary: list[str]) -> None:
    answer = client_of(house.mother).post("/me/you/", {"hand": "left", "timezone": "America/Denver", "film": large()})

    assert answer.status_code == 413
    assert "No page takes a file." in answer.content.decode()
    assert "Nothing was changed" in answer.content.decode()
    assert temporary == []


def refused(answer: HttpResponse) -> str:
    """Return what a page says that refuses a form for its size."""
    assert answer.status_code == 413
    said = words_of(answer.content.decode())
    assert "Nothing was changed. What you typed still stands on the page before this one: go back to it." in said
    return said


def test_form_that_is_too_long_is_told_the_limit_its_size_and_what_to_do(house: House) -> None:
    answer = client_of(house.therapist).post(
        f"/clinic/people/{house.mother.id}/notes/write/", {"text": "word " * 250_000}
    )

    said = refused(answer)
    assert "A form can hold at most 1 MB; this one held 1.3 MB." in said
    assert "Shorten it, or send it in parts." in said


def test_form_just_above_the_limit_is_not_said_to_be_at_it(house: House) -> None:
    at_limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE - len("text=")

    assert Client().post("/call/", f"text={'x' * at_limit}", content_type=FORM).status_code != 413
    answer = Client().post("/call/", f"text={'x' * (at_limit + 1)}", content_type=FORM)
    assert "at most 1 MB; this one held 1.1 MB" in refused(answer)


def test_form_with_too_many_fields_is_told_how_many_there_may_be(house: House) -> None:
    said = refused(Client().post("/call/", {f"field-{number}": "x" for number in range(501)}))

    assert "At most 500 fields can be sent at once." in said


def test_way_back_is_the_main_action_and_what_was_sent_is_not_shown(house: House) -> None:
    page = Client().post("/call/", {"name": "Ada Lovelace", "text": "x" * 1_100_000}).content.decode()

    assert 'class="button main" data-go-back hidden' in page
    assert "Ada" not in page
    assert page.count("button main") == 1
