"""The `firstlight` command: Django's management command line with our settings."""

import errno
import os
import signal
import sys
from importlib import import_module

PIPE_CLOSED = 128 + signal.SIGPIPE  # as a shell says of a program whose reader went away
DISK_FULL = "The disk is full. Free some space where Firstlight keeps its data, then try again."


def main() -> None:
    """Run one command. Exit status 2 means bad input, 1 a failed check."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstlight.conf.settings")
    os.umask(0o077)  # database, messages and backups are nobody else's, also in a home that was there before
    from django.core.exceptions import ImproperlyConfigured

    from firstlight.conf.home import CALCULATIONS, demo_home, keep_nothing

    try:
        if sys.argv[1:2] == ["demo"]:
            demo_home()
        if CALCULATIONS.intersection(sys.argv[1:2]):
            keep_nothing()
        import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except ImproperlyConfigured as refusal:
        sys.exit(_refused(refusal))
    _run(["firstlight", *sys.argv[1:]])


def _run(arguments: list[str]) -> None:
    from django.db import DatabaseError

    from firstlight.conf.command_line import CommandLine

    try:
        try:
            CommandLine(arguments).execute()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left is not written at the end either
        sys.exit(PIPE_CLOSED)
    except (DatabaseError, OSError) as error:
        from firstlight.conf.readiness import problems_of_the_database

        found = (
            [DISK_FULL] if _is_full(error) else problems_of_the_database() if isinstance(error, DatabaseError) else []
        )
        if not found:
            raise
        print(found[0], file=sys.stderr)  # noqa: T201  # as every command says its errors
        sys.exit(1)


def _is_full(error: Exception) -> bool:
    """Tell whether a disk without space is what an error says, in the words of the system, SQLite or PostgreSQL."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return any(words in str(error) for words in ("disk is full", "No space left on device"))


def _refused(refusal: Exception) -> int:
    print(refusal, file=sys.stderr)  # noqa: T201  # nothing of Django is up yet
    return 2


if __name__ == "__main__":
    main()
