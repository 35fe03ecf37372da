"""A backup of a clinic at work becomes a working clinic again, for whoever has the keys, and for nobody else."""

import io
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from firstlight.conf import backups
from firstlight.conf.archives import ArchiveRefused
from tests.support import scale
from tests.support.figures import Figure
from tests.support.installation import PEOPLE, Installation

pytestmark = pytest.mark.slow

WRITER = """
import time, sys
import django; django.setup()
from django.utils import timezone
from django_scopes import scope
from firstlight.ground.people.models import Clinic, Membership
from firstlight.ground.people.selectors import staff_actor
from firstlight.ground.worklist.services import open_task
clinic = Clinic.objects.get()
by = staff_actor(Membership.objects.get(role="prescriber"))
began = time.monotonic()
for number in range(1_000_000):
    with scope(clinic=clinic.id):
        open_task(clinic_id=clinic.id, kind="load", title=f"Canary {number}", reason="Canary words", role="nurse",
                  acknowledge_by=timezone.now(), urgency="today", by=by, at=timezone.now())
    print(number, flush=True)
    time.sleep(max(0, began + (number + 1) / 50 - time.monotonic()))
"""
COUNTS = """
from django_scopes import scopes_disabled
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import Parent
from firstlight.ground.worklist.models import Task, TaskEvent
with scopes_disabled():
    print(json.dumps({
        "tasks": Task.objects.count(), "events": TaskEvent.objects.count(),
        "audited": AuditEvent.objects.filter(action="task.opened").count(),
        "names": sorted(parent.name for parent in Parent.objects.all()),
        "titles": [task.title for task in Task.objects.order_by("opened_at")[:3]],
    }))
"""

ONE_EVENT = """
from datetime import UTC, datetime
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import note
note("read.timeline", by=Actor.nobody(), at=datetime(2026, 11, 23, tzinfo=UTC))
print("null")
"""


@pytest.fixture(scope="module")
def clinic(migrated: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with Harbour Clinic in it, which these tests only read."""
    made = migrated.copy_to(tmp_path_factory.mktemp("harbour") / "home")
    made.python(PEOPLE)
    return made


@pytest.fixture(scope="module")
def kept(clinic: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    path = tmp_path_factory.mktemp("kept") / "harbour.backup"
    done = clinic.run("backup", str(path))
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def backup(kept: Path, tmp_path: Path) -> Path:
    """A copy of the backup."""
    return Path(shutil.copy(kept, tmp_path))


@pytest.fixture
def bare(tmp_path: Path) -> Installation:
    """A machine on which nothing was ever installed."""
    return Installation(tmp_path / "bare")


@pytest.fixture
def busy(clinic: Installation, tmp_path: Path) -> Installation:
    """The same clinic again, for a test that changes it."""
    return clinic.copy_to(tmp_path / "busy")


def test_backup_under_load_is_one_moment_of_the_clinic(
    busy: Installation, bare: Installation, tmp_path: Path, figure: Figure
) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER],
        env=busy.environment() | {"DJANGO_SETTINGS_MODULE": "firstlight.conf.settings"},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout
    for _ in range(scale.count(reduced=50, full=1000)):
        before = int(writer.stdout.readline())
    path = tmp_path / "harbour.backup"
    done = busy.run("backup", str(path), "--json")
    writer.send_signal(signal.SIGKILL)
    acknowledged = [int(line) for line in writer.communicate()[0].split()]
    assert done.returncode == 0, done.stderr
    assert acknowledged, "nothing was written during the backup"

    restored = bare.run("restore", str(path), "--keys", str(busy.home / "keys.json"))
    counts = bare.python(COUNTS)

    assert restored.returncode == 0, restored.stderr
    assert counts["tasks"] == counts["events"] == counts["audited"]
    assert before < counts["tasks"] <= acknowledged[-1] + 2
    assert counts["names"] == ["Jonas Lindqvist", "Maya Lindqvist"]
    assert counts["titles"] == ["Canary 0", "Canary 1", "Canary 2"]
    assert bare.run("audit", "verify").returncode == 0
    figure("tasks in a backup taken at up to 50 writes/s, chain and counts whole", counts["tasks"])


def test_backup_holds_neither_keys_nor_anything_in_clear(clinic: Installation, backup: Path) -> None:
    content = backup.read_bytes()
    keys = json.loads((clinic.home / "keys.json").read_text())

    for secret in (keys["session"], keys["signing"], *keys["ring"].values()):
        assert secret.encode() not in content
        assert bytes.fromhex(secret) not in content
    for canary in (b"Maya", b"Harbour", b"SQLite format", b"worklist_task"):
        assert canary not in content


def test_restored_clinic_answers_in_json_and_serves(clinic: Installation, bare: Installation, backup: Path) -> None:
    done = bare.run("restore", str(backup), "--keys", str(clinic.home / "keys.json"), "--json")

    answer = json.loads(done.stdout)
    assert (answer["ok"], answer["findings"]) == (True, [])
    with bare.served():
        pass


def test_keys_that_are_in_place_need_not_be_named(clinic: Installation, bare: Installation, backup: Path) -> None:
    bare.home.mkdir()
    shutil.copy(clinic.home / "keys.json", bare.home)

    assert bare.run("restore", str(backup)).returncode == 0


def test_restored_keys_are_private_and_the_fresh_ones_are_set_aside(
    clinic: Installation, bare: Installation, backup: Path
) -> None:
    bare.run("check")
    fresh = (bare.home / "keys.json").read_text()
    assert bare.run("restore", str(backup), "--keys", str(clinic.home / "keys.json")).returncode == 0

    assert json.loads((bare.home / "keys.json").read_text()) == json.loads((clinic.home / "keys.json").read_text())
    assert (bare.home / "keys.json").stat().st_mode & 0o777 == 0o600
    assert (bare.home / "keys.json.before-restore").read_text() == fresh


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Hold a command to one sentence and status 2."""
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    for word in words:
        assert word in done.stderr


def untouched(bare: Installation) -> None:
    assert {one.name for one in bare.home.iterdir()} <= {"keys.json"}


def test_wrong_keys_are_refused(bare: Installation, backup: Path) -> None:
    refused(bare.run("restore", str(backup)), "which the key file does not hold")
    untouched(bare)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"ring": {"1": "xyz"}, "session": "", "signing": ""}', '{"ring": 1, "session": 1, "signing": 1}'],
)
def test_file_that_is_no_key_file_is_known(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)

    with pytest.raises(ArchiveRefused, match="is not a key file"):
        backups._read_keys(path)


def test_file_that_is_no_key_file_is_refused(bare: Installation, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{}")

    refused(bare.run("restore", str(backup), "--keys", str(tmp_path / "keys.json")), "is not a key file")
    untouched(bare)


def test_damaged_backup_is_refused(clinic: Installation, bare: Installation, backup: Path) -> None:
    content = backup.read_bytes()
    half = len(content) // 2
    for damaged in (content[:-1], content[:half] + b"?" + content[half + 1 :]):
        backup.write_bytes(damaged)
        refused(bare.run("restore", str(backup), "--keys", str(clinic.home / "keys.json")), "cut off or damaged")
        untouched(bare)


def test_file_that_is_no_backup_is_refused(bare: Installation, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(bytes(100))

    refused(bare.run("restore", str(path)), "not a Firstlight backup")
    refused(bare.run("restore", str(tmp_path / "nothing")), "No such file")


@pytest.mark.parametrize(("name", "kind"), [("../escaped", tarfile.REGTYPE), ("link", tarfile.SYMTYPE)])
def test_archive_that_reaches_out_of_its_folder_is_refused(tmp_path: Path, name: str, kind: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd" if kind == tarfile.SYMTYPE else ""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.addfile(member)
    packed.seek(0)
    folder = tmp_path / "folder"
    folder.mkdir()

    with pytest.raises(ArchiveRefused, match="no backup of Firstlight"):
        backups._unpack(packed, folder)
    assert [*folder.iterdir()] == []
    assert not (tmp_path / "escaped").exists()


def test_home_that_is_in_use_is_never_replaced(clinic: Installation, backup: Path) -> None:
    before = clinic.python(COUNTS)

    refused(clinic.run("restore", str(backup)), "is not empty", "nothing was changed")
    assert before == clinic.python(COUNTS)


def test_backup_never_replaces_a_file(clinic: Installation, backup: Path) -> None:
    content = backup.read_bytes()

    refused(clinic.run("backup", str(backup)), "exists already")
    assert content == backup.read_bytes()


def test_backup_into_a_folder_that_is_not_there_is_refused(clinic: Installation, tmp_path: Path) -> None:
    refused(clinic.run("backup", str(tmp_path / "away" / "harbour.backup")), "cannot be written: No such file")


def test_backup_that_was_made_after_a_tampering_is_restored_and_says_so(
    busy: Installation, bare: Installation, tmp_path: Path
) -> None:
    busy.python(ONE_EVENT)
    with closing(sqlite3.connect(busy.home / "firstlight.sqlite3", isolation_level=None)) as database:
        trigger = database.execute("SELECT sql FROM sqlite_master WHERE name = 'append_only_audit_auditevent_update'")
        statement = trigger.fetchone()[0]
        database.execute("DROP TRIGGER append_only_audit_auditevent_update")
        database.execute("UPDATE audit_auditevent SET role = 'nobody' WHERE sequence = 1")
        database.execute(statement)
    path = tmp_path / "tampered.backup"
    busy.run("backup", str(path))

    done = bare.run("restore", str(path), "--keys", str(busy.home / "keys.json"))

    assert done.returncode == 1
    assert "was changed" in done.stdout


def test_nothing_is_left_lying_about(clinic: Installation, kept: Path) -> None:
    assert [one.name for one in (*clinic.home.iterdir(), *kept.parent.iterdir()) if one.name.startswith(".")] == []
