"""One migrated PostgreSQL cluster for all lanes of `make test`: whoever needs it first makes it, each has a copy of it.

It is copied as files after its server ended by itself, so a copy costs neither `initdb` nor a migration.
"""

import fcntl
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.installation import Installation
from tests.support.postgresql import FORGETFUL, MIGRATED, Cluster, ClusterFailed, cluster


@contextmanager
def migrated_cluster(programs: Path, kept: Path, settings: Mapping[str, str] = FORGETFUL) -> Iterator[Cluster]:
    """Start a copy of the migrated cluster that is kept in a folder; make that first if nobody did."""
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            _keep(programs, kept)
    with cluster(programs, settings, kept) as made:
        yield made


def _keep(programs: Path, kept: Path) -> None:
    with cluster(programs) as made, tempfile.TemporaryDirectory() as home:
        with psycopg.connect(host=str(made.folder), user="firstlight", dbname="postgres", autocommit=True) as maker:
            maker.execute(f"CREATE DATABASE {MIGRATED}")
        done = Installation(Path(home), {"DATABASE_URL": made.url_of(MIGRATED)}).run("migrate", "--verbosity", "0")
        if done.returncode:
            raise ClusterFailed(done.stderr.strip())
        made.end()
        subprocess.run(["cp", "-a", made.data, kept.with_suffix(".new")], check=True)  # owners and modes as they are
    kept.with_suffix(".new").rename(kept)
