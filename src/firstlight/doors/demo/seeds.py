"""The seed of a demo home stays with it: what is played later goes on from the same numbers."""

from pathlib import Path

from firstlight.doors.demo.building import SEED

FILE = "demo-seed"


def seed_of(home: Path) -> int:
    """Return the seed from which a home's clinic was made; the usual one where none was kept."""
    kept = home / FILE
    return int(kept.read_text()) if kept.exists() else SEED


def keep_seed(home: Path, seed: int) -> None:
    """Keep the seed of the clinic that is about to be made."""
    (home / FILE).write_text(f"{seed}\n")
