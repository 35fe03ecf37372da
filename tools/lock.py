"""Lock every dependency to hashes, without addresses: once for an installation, once with tests and checks."""

import shutil
import subprocess
import sys

from tools.steps import ROOT

COMPILE = (
    "pip", "compile", "--quiet", "--generate-hashes", "--no-emit-index-url", "--no-header", "--python-version", "3.11",
    "--extra", "postgresql", "--group", "build",
)  # fmt: skip
LOCKS = {"requirements.txt": (), "requirements-dev.txt": ("--group", "test", "--group", "check")}


def main() -> None:
    """Write both locks."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("Locking needs uv: install it with `pip install uv`, then run `make lock` again.")
    for name, groups in LOCKS.items():
        subprocess.run([uv, *COMPILE, *groups, "pyproject.toml", "--output-file", name], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
