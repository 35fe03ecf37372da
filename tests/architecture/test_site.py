"""The running site: a policy on every route, commands that are real, migrations that match the models."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.source import texts

SERVING = {"demo", "serve"}
PROMISED = {
    "instruments", "score", "models", "simulate", "milk", "assess", "dose-check", "match", "backup", "restore",
    "audit", "ledger", "import", "export", "found", "tick", "migrate", *SERVING,
}  # fmt: skip


def views(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every route with its view."""
    for entry in resolver.url_patterns:
        route = f"{before}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield route, entry.callback
        else:
            yield from views(entry, route)


def test_every_view_carries_a_policy() -> None:
    assert [route for route, view in views(get_resolver()) if not hasattr(view, "policy")] == []


def test_routes_open_to_everybody_say_why() -> None:
    open_routes = [
        (route, view.policy) for route, view in views(get_resolver()) if view.policy.kind in {"anyone", "link"}
    ]

    assert [route for route, policy in open_routes if len(policy.reason.split()) < 2] == []


def our_commands() -> list[str]:
    """Return the commands that Firstlight adds to Django's."""
    return sorted(name for name, app in get_commands().items() if str(app).startswith("firstlight."))


@pytest.mark.parametrize("name", our_commands())
def test_command_is_promised_and_speaks_json(name: str) -> None:
    assert name in PROMISED
    command = load_command_class(get_commands()[name], name)
    text = command.create_parser("firstlight", name).format_help()

    assert name in SERVING or "--json" in text


@pytest.mark.parametrize("name", our_commands())
def test_command_is_exercised_by_a_test(name: str) -> None:
    called = re.compile(rf"""["']{re.escape(name)}["'\s]""")

    assert [
        file for file, text in texts() if file.startswith("tests/") and called.search(text) and "test_site" not in file
    ]


def test_migrations_match_the_models() -> None:
    migrations = MigrationLoader(None)
    changes = MigrationAutodetector(migrations.project_state(), ProjectState.from_apps(apps)).changes(migrations.graph)

    assert changes == {}
