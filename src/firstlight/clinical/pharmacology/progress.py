"""A progress bar for a terminal: `ask(…, progress=Bar(sys.stderr))`."""

import time
from dataclasses import dataclass, field
from typing import TextIO

WIDTH = 40


@dataclass
class Bar:
    """Draws over itself how many people are done, how many there are, and how many come in a second."""

    stream: TextIO
    began: float = field(default_factory=time.monotonic)

    def __call__(self, done: int, of: int) -> None:
        """Draw it; a new line follows the last one."""
        filled = WIDTH * done // of
        seconds = max(time.monotonic() - self.began, 1e-9)
        bar = "█" * filled + "·" * (WIDTH - filled)
        self.stream.write(f"\r{bar} {done:,} of {of:,} people, {done / seconds:,.0f}/s")
        self.stream.write("\n" if done == of else "")
        self.stream.flush()
