"""A reader that has seen enough, as `head` has, ends a command quietly."""

import subprocess
import sys

from firstlight.__main__ import PIPE_CLOSED


def test_command_whose_reader_went_away_ends_quietly() -> None:
    command = subprocess.Popen(
        [sys.executable, "-m", "firstlight", "instruments", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert command.stdout is not None
    command.stdout.close()
    command.stdout = None
    _, said = command.communicate(timeout=60)

    assert (command.returncode, said) == (PIPE_CLOSED, b"")
