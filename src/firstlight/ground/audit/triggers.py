"""Database triggers that refuse to change or remove append-only rows, whoever asks.

Installed after every migrate, since SQLite rebuilds a table (and drops its triggers) when a column changes.
"""

from collections.abc import Iterator
from typing import cast

from django.db import connection, models

from firstlight.ground.audit.models import append_only_models

REFUSAL = "append-only: write a new row that amends this one"

# INSERT OR REPLACE removes the row in its way without asking a trigger on DELETE, so the third one looks for that row.
_SQLITE = (
    "CREATE TRIGGER append_only_{table}_update BEFORE UPDATE ON {table} {refuse}",
    "CREATE TRIGGER append_only_{table}_delete BEFORE DELETE ON {table} {refuse}",
    "CREATE TRIGGER append_only_{table}_replace BEFORE INSERT ON {table} WHEN EXISTS ({same}) {refuse}",
)
_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
_BODY = f" BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END "
_FUNCTION = f"CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$"
_POSTGRESQL = (
    "CREATE TRIGGER append_only_{table}_row BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION append_only()",
    "CREATE TRIGGER append_only_{table}_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
)
FIRST = {"sqlite": (), "postgresql": (_FUNCTION,)}
DROP = {"sqlite": "DROP TRIGGER IF EXISTS {name}", "postgresql": "DROP TRIGGER IF EXISTS {name} ON {table}"}
STATEMENTS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
NAMES = {"sqlite": ("update", "delete", "replace"), "postgresql": ("row", "all")}
# Each trigger with all that decides whether it refuses: where, when, switched on, without a condition or a list of columns.
KEPT = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'append_only_%'",
    "postgresql": "SELECT t.tgname, "
    "concat_ws(' ', t.tgrelid::regclass, t.tgtype, t.tgenabled, t.tgqual IS NULL, t.tgattr, p.prosrc) "
    "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgname LIKE 'append_only_%'",
}
# pg_trigger.tgtype is a sum: each row 1, before 2, delete 8, update 16, truncate 32 (catalog/pg_trigger.h).
_TYPES = {"row": 1 + 2 + 8 + 16, "all": 2 + 32}
AS_KEPT = {"sqlite": "{statement}", "postgresql": "{table} {type} O t  {body}"}


def install() -> None:
    """Put the triggers on every append-only table that exists, in place of whatever bears their names."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for statement in FIRST[connection.vendor]:
            cursor.execute(statement)
        for model in append_only_models():
            table = model._meta.db_table
            for name, statement in _statements(model) if table in present else ():
                cursor.execute(DROP[connection.vendor].format(name=name, table=table))
                cursor.execute(statement)


def missing() -> list[str]:
    """Name the triggers that should be there and are not, or that are not what was installed."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT[connection.vendor])
        kept = set(cursor.fetchall())
    wanted = {pair for model in append_only_models() for pair in _wanted(model)}
    return sorted(name for name, _text in wanted - kept)


def _statements(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Yield each trigger of a table: its name, and what makes it."""
    table = model._meta.db_table
    for kind, statement in zip(NAMES[connection.vendor], STATEMENTS[connection.vendor], strict=True):
        yield f"append_only_{table}_{kind}", statement.format(table=table, same=_same_row(model), refuse=_REFUSE)


def _wanted(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Yield each trigger of a table: its name, and what the engine keeps of it."""
    for name, statement in _statements(model):
        kind = _TYPES.get(name.rpartition("_")[2])
        facts = {"statement": statement, "table": model._meta.db_table, "type": kind, "body": _BODY}
        yield name, AS_KEPT[connection.vendor].format(**facts)


def _same_row(model: type[models.Model]) -> str:
    """Return what finds the row in whose place a new one would stand."""
    found = [f"{field.column} = NEW.{field.column}" for field in model._meta.local_concrete_fields if field.unique]
    unique = [one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    found += [f"({_same_in(model, constraint)})" for constraint in unique]
    return " ".join(["SELECT 1 FROM", model._meta.db_table, "WHERE", " OR ".join(found)])


def _same_in(model: type[models.Model], constraint: models.UniqueConstraint) -> str:
    columns = [_column(model, name) for name in constraint.fields]
    parts = [f"{column} = NEW.{column}" for column in columns]
    held = constraint.condition.children if constraint.condition else []
    for name, value in cast("list[tuple[str, bool]]", held):  # `__isnull` is the only lookup that constraints here use
        column, is_null = _column(model, name.removesuffix("__isnull")), "IS NULL" if value else "IS NOT NULL"
        parts.append(f"{column} {is_null} AND NEW.{column} {is_null}")
    return " AND ".join(parts)


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]  # a constraint names columns
