"""Database triggers that refuse to change or remove append-only rows, whoever asks.

Installed after every migrate, since SQLite rebuilds a table (and drops its triggers) when a column changes.
"""

from django.db import connection

from firstlight.ground.audit.models import append_only_tables

REFUSAL = "append-only: write a new row that amends this one"

_SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS append_only_{{table}}_{verb} BEFORE {verb.upper()} ON {{table}} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for verb in ("update", "delete")
)
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
)
_POSTGRESQL = (
    _FUNCTION,
    "DROP TRIGGER IF EXISTS append_only_{table}_row ON {table}",
    "CREATE TRIGGER append_only_{table}_row BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION append_only()",
    "DROP TRIGGER IF EXISTS append_only_{table}_all ON {table}",
    "CREATE TRIGGER append_only_{table}_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
)
INSTALL = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
# A trigger's name and what it does, as the engine keeps it; one that is switched off is not there.
INSTALLED = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'append_only_%'",
    "postgresql": "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE t.tgname LIKE 'append_only_%' AND t.tgenabled <> 'D'",
}
NAMES = {"sqlite": ("update", "delete"), "postgresql": ("row", "all")}


def install() -> None:
    """Put the triggers on every append-only table that exists."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table in append_only_tables():
            if table in present:
                for statement in INSTALL[connection.vendor]:
                    cursor.execute(statement.format(table=table))


def missing() -> list[str]:
    """Name the triggers that should be there and are not, or that no longer refuse."""
    with connection.cursor() as cursor:
        cursor.execute(INSTALLED[connection.vendor])
        refusing = {name for name, text in cursor.fetchall() if REFUSAL in text}
    wanted = {f"append_only_{table}_{kind}" for table in append_only_tables() for kind in NAMES[connection.vendor]}
    return sorted(wanted - refusing)
