"""A disk without space is said as what it is, whoever notices it: the system, SQLite or PostgreSQL."""

import errno
from typing import NoReturn

import pytest
from django.db import OperationalError

from firstlight import __main__ as command
from firstlight.conf.command_line import CommandLine

FULL = [
    OSError(errno.ENOSPC, "No space left on device"),
    OperationalError("database or disk is full"),
    OperationalError('could not extend file "base/1/2": No space left on device'),
]


def fail_with(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(line: CommandLine) -> NoReturn:
        raise error

    monkeypatch.setattr(CommandLine, "execute", fail)


@pytest.mark.parametrize("error", FULL, ids=["system", "sqlite", "postgresql"])
def test_full_disk_is_one_sentence(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(error, monkeypatch)

    with pytest.raises(SystemExit) as ended:
        command._run(["firstlight", "migrate"])

    assert ended.value.code == 1
    assert capsys.readouterr().err == f"{command.DISK_FULL}\n"


def test_other_errors_of_the_system_are_not_called_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(PermissionError(errno.EACCES, "Permission denied"), monkeypatch)

    with pytest.raises(PermissionError):
        command._run(["firstlight", "migrate"])
