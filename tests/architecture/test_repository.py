"""What a reader of the repository may rely on: reasons on the line, locks without addresses, no machine's own paths."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT, name_of, texts, tracked

ADDRESS = re.compile(r"https?://|file:|git\+| @ |--(extra-)?index-url|--find-links")
HOME = re.compile(r"/(home|Users|root)/[\w.-]+")
SILENCED = re.compile(r"#\s*(noqa|type:\s*ignore|nosec|pragma:)")
SILENCED_WITH_A_REASON = re.compile(
    r"#\s*(noqa: [A-Z0-9, ]+|type: ignore\[[\w, -]+\]|nosec( B\d+)+|pragma: no (cover|branch))\s*(-|#).*\w{4}"
)


def without_a_reason(text: str) -> Iterator[str]:
    """Name every dependency of a pyproject text whose line does not say what it is for."""
    project = tomllib.loads(text)
    groups = [
        project["project"]["dependencies"],
        *project["project"].get("optional-dependencies", {}).values(),
        *project.get("dependency-groups", {}).values(),
    ]
    for requirement in {one for group in groups for one in group}:
        for line in text.splitlines():
            if f'"{requirement}"' in line and len(line.partition("#")[2].split()) < 1 and "requires" not in line:
                yield requirement


def silenced_without_a_reason(text: str) -> Iterator[int]:
    """Yield the number of every line that silences a check and does not say why."""
    for number, line in enumerate(text.splitlines(), start=1):
        if SILENCED.search(line) and not SILENCED_WITH_A_REASON.search(line):
            yield number


def test_every_dependency_says_what_it_is_for() -> None:
    assert list(without_a_reason((ROOT / "pyproject.toml").read_text())) == []


@pytest.mark.parametrize("line", ['    "django>=5.2",', '    "django>=5.2",  #'])
def test_dependency_without_a_reason_is_found(line: str) -> None:
    assert list(without_a_reason(f"[project]\ndependencies = [\n{line}\n]")) == ["django>=5.2"]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_names_versions_and_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())

    assert not ADDRESS.search(text)
    assert [block.split()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_lock_for_tests_holds_what_an_installation_has() -> None:
    pins = {
        name: set(re.findall(r"^([a-z0-9-]+==\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    }

    assert pins["requirements.txt"] - pins["requirements-dev.txt"] == set()


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = [
        f"{name}: {place[0]}"
        for name, text in texts()
        for place in [HOME.search(text)]
        if place and name != name_of(ROOT / "tests/architecture/test_repository.py")
    ]

    assert found == []
    assert [name for name, text in texts() if str(ROOT) in text] == []


def test_place_on_a_machine_is_found() -> None:
    assert HOME.search("see /home/ada/firstlight")


def test_every_silenced_check_says_why() -> None:
    here = "tests/architecture/test_repository.py"
    found = [
        f"{name}:{number}"
        for name, text in texts()
        if name.endswith(".py") and name != here
        for number in silenced_without_a_reason(text)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import os  # noqa", True),
        ("import os  # noqa: F401", True),
        ("import os  # noqa: F401 - the conftest needs it", False),
        ("x = y  # type: ignore", True),
        ("x = y  # type: ignore[misc]", True),
        ("x = y  # type: ignore[misc]  # the stub is wrong", False),
    ],
)
def test_silenced_check_without_a_reason_is_found(line: str, found: bool) -> None:
    assert bool(list(silenced_without_a_reason(line))) == found


def test_no_file_is_empty_but_for_packages() -> None:
    assert [
        name_of(path) for path in tracked() if not path.stat().st_size and path.name not in {"__init__.py", "py.typed"}
    ] == []
