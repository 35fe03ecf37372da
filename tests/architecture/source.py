"""What the repository holds: tracked files, the package's modules and templates."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "firstlight"


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file of the repository, also those that are about to be added."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every tracked text file."""
    for path in tracked():
        try:
            yield name_of(path), path.read_text()
        except UnicodeDecodeError:
            continue


def modules() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every module of the package; what Django writes is left out."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield name_of(path), path.read_text()


def templates() -> Iterator[tuple[str, str, str]]:
    """Yield each template's name in the repository, the app that owns it, and its text."""
    for folder in sorted(PACKAGE.glob("*/*/templates")):
        for path in sorted(folder.rglob("*.*")):
            yield name_of(path), folder.parent.name, path.read_text()


def app_of(name: str) -> str:
    """Return the label of the app that a file belongs to, or nothing: src/firstlight/<floor>/<app>/…"""
    parts = Path(name).parts
    return (
        parts[3]
        if len(parts) > 4 and parts[:2] == ("src", "firstlight") and parts[2] in {"ground", "journey", "doors"}
        else ""
    )


def functions(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a module, methods and inner functions included."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name_of(path: Path) -> str:
    """Return a path as the repository names it."""
    return path.relative_to(ROOT).as_posix()
