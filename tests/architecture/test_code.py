"""Habits of the code that no linter knows: size, time, engines, raw SQL, marked-safe text, the shape of a write."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.order import ranks
from tests.architecture.source import PACKAGE, functions, modules, name_of, templates

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60
MEANINGLESS = {"utils", "helpers", "misc", "common", "tools", "lib"}

# Each entry: where a dangerous thing is allowed, and why.
RAW_SQL = {
    "src/firstlight/ground/audit/triggers.py": "triggers have no other spelling; nothing of a request is in them",
    "src/firstlight/conf/engines.py": "copying and checking a whole database lies below the ORM",
    "src/firstlight/__main__.py": "it runs a command, no statement",
}
SIGNALS = {
    "src/firstlight/ground/audit/apps.py": "after every migrate the triggers are put back, whoever migrated",
}
MARKED_SAFE = {
    "src/firstlight/ground/design/": "the design system makes markup, from escaped parts",
}
READS_THE_CLOCK = {
    "src/firstlight/ground/people/session_store.py": "Django asks the store of sessions without a time",
    "src/firstlight/ground/people/middleware.py": "the one place that reads the time of a request",
    "src/firstlight/ground/people/ids.py": "which of two entries of one moment is the newer one; nothing is dated by it",
    "src/firstlight/ground/people/models/keys.py": "the one-time password library asks without saying when",
}
WRITES_OF_ANOTHER_SHAPE = {
    "src/firstlight/ground/audit/services.py: note": "it takes the action's name first, as `record` does",
    "src/firstlight/ground/people/services/entry.py: use_code": "nobody acts yet: the code says who comes in",
    "src/firstlight/ground/people/services/holding.py: hold": "a form in waiting is no record of care",
    "src/firstlight/ground/people/services/holding.py: drop": "likewise",
    "src/firstlight/ground/people/services/staffing.py: found_clinic": "nobody works there yet",
}
CLOCKS = {
    "timezone.now",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
}

Rule = Callable[[str], Iterator[str]]


@cache
def parsed(text: str) -> ast.Module:
    """Parse a module, once for all rules."""
    return ast.parse(text)


def broken(rule: Rule, allowed: dict[str, str]) -> list[str]:
    """Return what a rule finds in the package, places on its list left out."""
    found = [f"{name}: {line}" for name, text in modules() for line in rule(text)]
    return [line for line in found if not any(line.startswith(place) for place in allowed)]


def dotted(node: ast.AST) -> str:
    """Return the last two parts of a call's name, such as `timezone.now`."""
    if isinstance(node, ast.Attribute):
        return f"{getattr(node.value, 'id', getattr(node.value, 'attr', ''))}.{node.attr}"
    return getattr(node, "id", "")


def calls(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of every call."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Call):
            yield node.lineno, dotted(node.func)


def raw_sql(text: str) -> Iterator[str]:
    """Find statements that go past the ORM."""
    for line, name in calls(text):
        last = name.rsplit(".")[-1]
        if last in {"execute", "executemany", "executescript", "RawSQL", "extra"} or name.endswith("objects.raw"):
            yield f"{line}: {name}"


def days_of_no_place(text: str) -> Iterator[str]:
    """Find the day of a moment that nobody took to a place first: in UTC it is tomorrow while a clinic is still open."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Call) and dotted(node.func).endswith(".date") and not node.args:
            taken = {dotted(part).rsplit(".")[-1] for part in ast.walk(node.func) if part is not node.func}
            if not taken & {"astimezone", "local", "here"}:
                yield f"{node.lineno}: {dotted(node.func)}"


def marked_safe(text: str) -> Iterator[str]:
    """Find text that is declared free of markup by hand; format_html is the way that escapes."""
    for line, name in calls(text):
        if name.rsplit(".")[-1] in {"mark_safe", "SafeString", "SafeText"}:
            yield f"{line}: {name}"


def clocks(text: str) -> Iterator[str]:
    """Find code that reads the time instead of being told, or leaves it to a column to do so."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Attribute) and dotted(node) in CLOCKS:
            yield f"{node.lineno}: {dotted(node)}"
        elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield f"{node.value.lineno}: {node.arg}"
        elif isinstance(node, ast.Call) and dotted(node.func).rsplit(".")[-1] == "Now":
            yield f"{node.lineno}: Now"


def signals(text: str) -> Iterator[str]:
    """Find signals: what must follow an event stands in conf/reactions.py."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.ImportFrom) and node.module in {"django.db.models.signals", "django.dispatch"}:
            yield f"{node.lineno}: {node.module}"


def engine_branches(text: str) -> Iterator[str]:
    """Find conditions on the database engine; data by engine is fine, branches belong into conf."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Compare) and "vendor" in {dotted(part).rsplit(".")[-1] for part in ast.walk(node)}:
            yield f"{node.lineno}: {ast.unparse(node)}"


def writes_of_another_shape(text: str) -> Iterator[str]:
    """Find writes that do not say who acts and when, or that take a positional argument."""
    for function in functions(text):
        if "write" not in {dotted(decorator) for decorator in function.decorator_list} or function.name.startswith("_"):
            continue
        named = {argument.arg for argument in function.args.kwonlyargs}
        if not {"by", "at"} <= named:
            yield f"{function.name}, line {function.lineno}, must take `by` and `at` by keyword"
        if function.args.posonlyargs or function.args.args:
            yield f"{function.name}, line {function.lineno}, takes positional arguments"


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [(raw_sql, RAW_SQL), (marked_safe, MARKED_SAFE), (signals, SIGNALS), (engine_branches, {})],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_dangerous_calls_stand_only_where_the_list_says(rule: Rule, allowed: dict[str, str]) -> None:
    assert broken(rule, allowed) == []


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (raw_sql, RAW_SQL),
        (signals, SIGNALS),
        (marked_safe, MARKED_SAFE),
        (clocks, READS_THE_CLOCK),
        (writes_of_another_shape, WRITES_OF_ANOTHER_SHAPE),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_lists_of_exceptions_name_only_what_is_there(rule: Rule, allowed: dict[str, str]) -> None:
    found = broken(rule, {})

    assert [place for place in allowed if not any(line.startswith(place) for line in found)] == []


def test_time_is_passed_in() -> None:
    outside_commands = [line for line in broken(clocks, READS_THE_CLOCK) if "/management/commands/" not in line]

    assert outside_commands == []


def test_day_of_a_moment_is_a_day_somewhere() -> None:
    assert list(days_of_no_place("today = now.date()")) == ["1: now.date"]
    assert list(days_of_no_place("today = (now.astimezone(zone) + 3 * DAY).date()")) == []
    assert broken(days_of_no_place, {}) == []


def test_every_write_is_keyword_only_and_says_who_and_when() -> None:
    assert broken(writes_of_another_shape, WRITES_OF_ANOTHER_SHAPE) == []


@pytest.mark.parametrize(
    ("rule", "planted"),
    [
        (raw_sql, "cursor.execute('SELECT 1')"),
        (raw_sql, "Parent.objects.raw('SELECT 1')"),
        (marked_safe, "mark_safe(text)"),
        (clocks, "at = timezone.now()"),
        (clocks, "on = datetime.date.today()"),
        (clocks, "made_at = models.DateTimeField(auto_now_add=True)"),
        (clocks, "changed_at = models.DateTimeField(auto_now=True)"),
        (clocks, "made_at = models.DateTimeField(default=timezone.now)"),
        (clocks, "made_at = models.DateTimeField(db_default=functions.Now())"),
        (signals, "from django.db.models.signals import post_save"),
        (engine_branches, "fast = connection.vendor == 'sqlite'"),
        (writes_of_another_shape, "@write\ndef give(dose, *, by, at): ..."),
        (writes_of_another_shape, "@write\ndef give(*, dose, by): ..."),
    ],
)
def test_planted_habit_is_found(rule: Rule, planted: str) -> None:
    assert list(rule(planted)) != []


def test_templates_never_switch_escaping_off() -> None:
    unsafe = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off")

    assert [name for name, _, text in templates() if unsafe.search(text)] == []
    assert unsafe.search("{{ note|safe }}")
    assert not unsafe.search("{{ note|safest }}")


def test_files_are_short() -> None:
    assert {name: lines for name, text in modules() if (lines := text.count("\n")) > MOST_LINES_OF_A_FILE} == {}


def test_functions_are_short() -> None:
    found = {f"{name}:{function.name}": length_of(function) for name, text in modules() for function in functions(text)}

    assert {name: lines for name, lines in found.items() if lines > MOST_LINES_OF_A_FUNCTION} == {}


def length_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function, its signature and docstring included."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_module_names_say_what_is_inside() -> None:
    assert [name_of(path) for path in PACKAGE.rglob("*.py") if path.stem in MEANINGLESS] == []


def test_amounts_are_integers_in_the_database() -> None:
    inexact = (models.FloatField, models.DecimalField)
    found = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ranks()
        for field in model._meta.get_fields()
        if isinstance(field, inexact)
    ]

    assert found == []
