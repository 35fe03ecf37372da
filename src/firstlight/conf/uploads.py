"""No page takes a file. One that is sent anyway is refused before a byte of it is kept."""

from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class FileSent(RequestDataTooBig):
    """A form held a file."""


class NoFiles(FileUploadHandler):
    """Stops reading at the first file. Django's own handlers would write it to the disk, whoever sends it."""

    def new_file(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse a file."""
        raise FileSent("No page takes a file.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep nothing."""

    def file_complete(self, file_size: int) -> None:
        """Return nothing."""
