"""What the log may say: which route and where in the code, never whose page, a link's secret or what somebody typed."""

import logging
import traceback
from types import TracebackType

from django.db import OperationalError

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
UNKNOWN = "an address that there is not"
# Of the machine, not of a person: no space, no permission, locked, not reachable. Whoever runs it has to know which.
OF_THE_MACHINE = (OperationalError, OSError)


class Discreet(logging.Formatter):
    """Names a request by its route and an error by its class and its place.

    Links into the site are secrets until they are used, addresses hold the ids of people, and the words of an error may
    hold what somebody typed. A log is kept longer than any of them, and read by more people.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and below it where an error came from."""
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path is None or not isinstance(record.args, tuple):
            return super().format(record)
        match = getattr(request, "resolver_match", None)
        named = f"/{match.route}" if match else UNKNOWN
        shown = logging.makeLogRecord(vars(record))
        shown.args = tuple(named if argument == path else argument for argument in record.args)
        return super().format(shown)

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - the name is Python's
        """Return each error of a chain: its class, then file, line and function of every frame; words of the machine only."""
        told, error = [], ei[1]
        while error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            where = "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
            told.append(f"{_named(error)}\n{where}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nafter ".join(told)


def _named(error: BaseException) -> str:
    if not isinstance(error, OF_THE_MACHINE):
        return type(error).__name__
    words = (error.strerror if isinstance(error, OSError) else str(error)) or ""
    return f"{type(error).__name__}: {words.partition(chr(10))[0]}"
