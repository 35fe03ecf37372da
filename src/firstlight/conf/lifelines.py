"""A child process dies with its parent, even when the parent is killed and cannot say goodbye."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1  # prctl(2), Linux; elsewhere a killed supervisor leaves its children to be ended by hand


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends. `parent`: the parent's id, in case it ended just now."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is None:
        return
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
