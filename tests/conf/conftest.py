from pathlib import Path

import pytest

from tests.conf.installation import PEOPLE, Installation


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One migrated home for the run; tests copy it."""
    made = Installation(tmp_path_factory.mktemp("installation") / "home")
    done = made.run("migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture
def installation(migrated: Installation, tmp_path: Path) -> Installation:
    """A migrated home of this test's own."""
    return migrated.copy_to(tmp_path / "home")


@pytest.fixture
def nurse_cookie(installation: Installation) -> str:
    """Harbour Clinic in the home, and the cookie of its nurse."""
    return f"fl_clinic={installation.python(PEOPLE)['cookie']}"
