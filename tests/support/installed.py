"""What this machine has: nothing here is ever downloaded."""

import shutil
from pathlib import Path

# Without a window, the first one draws the same pages for two thirds of the work.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
DEBIAN_POSTGRESQL = Path("/usr/lib/postgresql")  # one folder a major version, off the PATH


def chromium() -> str | None:
    """Return the path of an installed Chromium."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def postgresql() -> Path | None:
    """Return the folder of the newest installed `initdb` and `postgres`."""
    folders = sorted(DEBIAN_POSTGRESQL.glob("[0-9]*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)
