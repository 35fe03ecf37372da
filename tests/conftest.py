"""What every test stands on: a home and a database of its own, no way out of the machine, warnings as errors."""

# The home must exist before anything reads the settings, so this import stands first and alone.
from tests.support.environment import HOME  # isort: skip

import gc

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.support import scale

pytest_plugins = [
    "tests.support.database",
    "tests.support.server",
    "tests.support.browser",
    "tests.support.houses",
    "tests.support.figures",
    "tests.support.demo",
    "tests.support.installation",
]

hypothesis_settings.register_profile("reduced", max_examples=10, deadline=None, derandomize=True)
hypothesis_settings.register_profile(
    "full", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("full" if scale.FULL else "reduced")


def pytest_configure() -> None:
    """Refuse a home that was read before ours was set; make passwords cheap."""
    if HOME.resolve() != settings.HOME:
        pytest.exit("Settings were read before the tests made their home: unset DJANGO_SETTINGS_MODULE.", returncode=2)
    gc.disable()  # what is imported and collected stays for the whole run: nothing to be found there
    settings.WHITENOISE_AUTOREFRESH = True  # files are looked for when asked: each test client would list them all
    # Argon2 is slow on purpose, and stories sign in all day. tests/conf holds an installation to Argon2.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_collection_finish() -> None:
    """Look for garbage among what the tests make, not again and again among all that was loaded: a sixth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it asks for, so that a run can be chosen by engine and browser."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        marker = item.get_closest_marker("django_db")
        if (marker and marker.kwargs.get("transaction")) or asked & {"transactional_db", "live_server"}:
            raise pytest.UsageError(f"{item.nodeid}: tests never flush a database; ask for `own_database` or `live`.")
        if marker or asked & {"db", "own_database", "module_database"}:
            item.add_marker("database")
        if item.path.stem.endswith("pages") or item.path.stem in {"test_front_door", "test_today"}:
            item.add_marker("page")
        if "browser" in asked:
            item.add_marker("browser")
        if "demo_template" in asked:
            item.add_marker("demo")
        elif "migrated" in asked or item.path.parent.name == "conf":
            item.add_marker("installed")
