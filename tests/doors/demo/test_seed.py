"""The same seed and the same moment give the same demo clinic, on whatever day the machine thinks it is."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.test import override_settings
from django_scopes import scopes_disabled

from firstlight.conf.management.commands import demo
from firstlight.doors.demo import building
from firstlight.doors.demo.cast import cast
from firstlight.doors.demo.restarting import bring_up_to
from firstlight.doors.demo.seeds import seed_of
from tests.architecture.order import ranks
from tests.cast import NOW
from tests.support import scale
from tests.support.demo import ON_SQLITE_ONLY

# One story of each kind; the finished series cost ten seconds more, and `make prove` has them.
SHORT = {"running", "concern", "contacted", "declined"}
# What must be chance: keys and what they wrap, and the salt of a document. In every other column: ids, the secret of a
# link, and digests, which cover ids (or are of an address, under a key of the installation).
SECRET = {"wrapped", "public", "password", "salt"}
CHANCE = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b[0-9a-f]{64}\b|(?<=/)[\w-]{32,43}(?=/)")
Content = dict[str, list[str]]


def content() -> Content:
    """Return the rows of every table as text, opened; a second time with what they name in place of each id."""
    tables = {model._meta.label: texts_of(model) for model in apps.get_models() if model._meta.app_label in ranks()}
    plain = {pk: CHANCE.sub("chance", text) for rows in tables.values() for pk, text in rows}
    named = {pk: sha256(text.encode()).hexdigest()[:12] for pk, text in plain.items()}
    found = {}
    for label, rows in tables.items():
        found[label] = sorted(plain[pk] for pk, _text in rows)
        joined = (CHANCE.sub(lambda one: named.get(one[0], "chance"), text) for _pk, text in rows)
        found[f"{label}, and what it names"] = sorted(joined)
    return found


def texts_of(model: type[Model]) -> list[tuple[str, str]]:
    """Return key and content of each row."""
    fields = [field.attname for field in model._meta.concrete_fields if field.name not in SECRET]
    return [
        (
            f"{model._meta.label} {row.pk}" if isinstance(row.pk, int) else str(row.pk),
            ", ".join(f"{name}={getattr(row, name)}" for name in fields),
        )
        for row in model._base_manager.all()
    ]


def made(clock: datetime, *, seed: int = building.SEED, restarted: bool = True) -> Content:
    """Make a demo while the machine's clock stands somewhere, open it again on the next day, and take it all back."""
    with time_machine.travel(clock, tick=True), scopes_disabled(), transaction.atomic():
        building.build(NOW, seed=seed)
        if restarted:
            assert bring_up_to(NOW + timedelta(hours=14))
        found = content()
        transaction.set_rollback(True)
    return found


def differing(one: list[str], other: list[str]) -> list[tuple[str, str]]:
    """Return the first rows that differ, or how many there are."""
    if len(one) != len(other):
        return [(f"{len(one)} rows", f"{len(other)} rows")]
    return [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]][:2]


def play(monkeypatch: pytest.MonkeyPatch, stories: set[str]) -> None:
    """Let only some stories be told."""
    roles = tuple(role for role in cast().parents if role.story in stories)
    played = replace(cast(), parents=roles)
    monkeypatch.setattr(building, "cast", lambda: played)


@pytest.mark.django_db
@pytest.mark.slow
def test_same_seed_and_moment_make_the_same_clinic(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip(ON_SQLITE_ONLY)
    if not scale.FULL:
        play(monkeypatch, SHORT)

    first, second = (made(NOW + timedelta(days=days)) for days in (1, 500))

    assert sum(map(bool, first.values())) > 2 * 40
    assert {label: differing(rows, second[label]) for label, rows in first.items() if rows != second[label]} == {}


@pytest.mark.django_db
def test_another_seed_makes_other_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip(ON_SQLITE_ONLY)
    play(monkeypatch, {"concern"})

    one, other = (made(NOW, seed=seed, restarted=False) for seed in (1, 2))

    assert one["people.Parent"] == other["people.Parent"]
    assert one["screening.Answer"] != other["screening.Answer"]


def test_demo_goes_on_with_the_seed_it_was_made_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[tuple[str, int]] = []

    def restart(now: datetime, *, seed: int) -> bool:
        played.append(("restarted", seed))
        return len(played) < 3

    stands = iter([False, False, True, True, True])  # made; restarted; its series used up
    monkeypatch.setattr(demo, "built", lambda: next(stands))
    monkeypatch.setattr(demo, "build", lambda now, *, seed: played.append(("built", seed)))
    monkeypatch.setattr(demo, "bring_up_to", restart)
    monkeypatch.setattr(demo, "clear", lambda home: None)
    monkeypatch.setattr(demo, "call_command", lambda *_, **__: None)
    command = demo.Command(stdout=StringIO())

    with override_settings(HOME=tmp_path):
        for seed in (7, None, 8):
            command._make(NOW, seed, reset=False)
        kept = seed_of(tmp_path)

    assert played == [("built", 7), ("restarted", 7), ("restarted", 7), ("built", 8)]
    assert kept == 8
