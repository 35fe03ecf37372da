"""Nobody needs to be signed in to send a file to a sign-in page; it must not fill the disk."""

import io
from pathlib import Path

import pytest
from django.test import Client

from tests.cast import House
from tests.support.signed_in import client_of


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

    assert answer.status_code in {400, 404, 413}
    assert temporary == []


def test_file_from_somebody_signed_in_is_refused_and_nothing_is_done(house: House, temporary: list[str]) -> None:
    answer = client_of(house.mother).post("/me/you/", {"hand": "left", "timezone": "America/Denver", "film": large()})

    assert answer.status_code in {400, 413}
    assert "Nothing was changed" in answer.content.decode()
    assert temporary == []
