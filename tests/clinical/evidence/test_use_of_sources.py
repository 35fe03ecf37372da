"""The registry holds what is used, and nothing else."""

import re
from pathlib import Path

import firstlight
from firstlight.clinical.evidence import sources

ROOT = Path(firstlight.__file__).parent
REGISTRY = ROOT / "clinical" / "evidence" / "sources"


def test_every_source_is_used_somewhere() -> None:
    files = [
        path for path in ROOT.rglob("*") if path.suffix in {".yaml", ".py", ".html"} and REGISTRY not in path.parents
    ]
    written = "\n".join(path.read_text(encoding="utf-8") for path in files)

    unused = [key for key in sources() if not re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", written)]

    assert unused == []
