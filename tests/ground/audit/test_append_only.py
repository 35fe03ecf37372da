"""Promise 7: chart, ledger and audit rows are never changed or removed, whoever asks and in whatever way."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django_scopes import scope

from firstlight.ground.audit import triggers
from firstlight.ground.audit.models import AuditEvent, append_only_tables
from firstlight.ground.audit.services import note
from firstlight.ground.audit.verification import verify
from firstlight.ground.people.models import Loss
from firstlight.ground.people.services import record_loss
from tests.cast import NOW, House

Execute = Callable[[str], Any]

# A value of each type, so that a row of any table can be planted without knowing what it means.
POSTGRESQL_VALUES = {
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "time without time zone": "localtime",
    "boolean": "false",
    "jsonb": "'{}'",
    "bytea": "''",
    "character varying": "'x'",
    "text": "'x'",
}


NUMBERS = ("int", "bigint", "smallint", "bool", "real", "decimal")


@contextmanager
def sqlite() -> Iterator[tuple[Execute, type[Exception]]]:
    """Open the database's file past Django, without any of Django's settings."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as raw:
        raw.execute("PRAGMA ignore_check_constraints = ON")
        yield lambda statement: raw.execute(statement).fetchall(), sqlite3.IntegrityError


@contextmanager
def postgresql() -> Iterator[tuple[Execute, type[Exception]]]:
    """Open the database past Django, as a superuser."""
    given = connection.settings_dict
    place = {"host": given["HOST"], "user": given["USER"], "dbname": given["NAME"], "port": given["PORT"] or None}
    with psycopg.connect(**place, autocommit=True) as raw:

        def execute(statement: str) -> Any:
            found = raw.execute(statement)  # type: ignore[arg-type]  # made of table and column names
            return found.fetchall() if found.description else None

        yield execute, psycopg.errors.RestrictViolation


def plant_in_sqlite(execute: Execute, table: str) -> None:
    described = execute(f'PRAGMA table_info("{table}")')
    values = ["1" if kind.lower().startswith(NUMBERS) else "'x'" for _, _, kind, *_ in described]
    names = [f'"{name}"' for _, name, *_ in described]
    execute(f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({", ".join(values)})')


def plant_in_postgresql(execute: Execute, table: str) -> None:
    of_table = f"table_name = '{table}'"
    checks = execute(f"SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = '{table}'::regclass")
    for (name,) in checks:
        execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    described = execute(f"SELECT column_name, data_type FROM information_schema.columns WHERE {of_table}")
    names = [f'"{name}"' for name, _ in described]
    values = [POSTGRESQL_VALUES.get(kind, "1") for _, kind in described]
    execute("SET session_replication_role = replica")
    execute(f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({", ".join(values)})')
    execute("SET session_replication_role = origin")


ENGINES = {
    "sqlite": (
        sqlite,
        plant_in_sqlite,
        ("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"),
    ),
    "postgresql": (
        postgresql,
        plant_in_postgresql,
        ("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"),
    ),
}


def first_column(table: str) -> str:
    with connection.cursor() as cursor:
        return str(connection.introspection.get_table_description(cursor, table)[0].name)


def test_raw_statements_are_refused_on_every_append_only_table(own_database: None) -> None:
    opened, plant, statements = ENGINES[connection.vendor]
    for table in append_only_tables():
        column = first_column(table)
        with opened() as (execute, refusal):
            plant(execute, table)
            for statement in statements:
                with pytest.raises(refusal, match=triggers.REFUSAL):
                    execute(statement.format(f'"{table}"', f'"{column}"'))


def test_the_list_of_tables_holds_chart_ledger_and_audit() -> None:
    tables = set(append_only_tables())

    assert {
        "audit_auditevent",
        "people_loss",
        "people_episodeevent",
        "dosing_observation",
        "ledger_ledgerentry",
    } <= tables


def test_the_orm_is_refused_too(house: House) -> None:
    note("one", by=house.actor("nurse"), at=NOW)
    with scope(clinic=house.clinic.id):
        loss = record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW)
        for attempt in (
            loss.delete,
            loss.save,
            Loss.objects.all().delete,
            AuditEvent.objects.all().delete,
            lambda: AuditEvent.objects.update(action="two"),
        ):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                attempt()

        assert Loss.objects.filter(family=house.mother.family).count() == 1
    assert AuditEvent.objects.filter(action="one").count() == 1


def test_triggers_are_all_there_after_a_migrate(house: House) -> None:
    assert triggers.missing() == []
    assert verify() == []


DROP = {
    "sqlite": "DROP TRIGGER append_only_people_loss_delete",
    "postgresql": "DROP TRIGGER append_only_people_loss_row ON people_loss",
}
# What bears the right name and even the right words, and refuses nothing.
HOLLOW = {
    "sqlite": (
        "BEFORE DELETE ON people_loss BEGIN SELECT 1; END",
        f"BEFORE DELETE ON people_loss WHEN 0 BEGIN SELECT RAISE(ABORT, '{triggers.REFUSAL}'); END",
        f"BEFORE DELETE ON people_feeding BEGIN SELECT RAISE(ABORT, '{triggers.REFUSAL}'); END",
        f"AFTER DELETE ON people_loss BEGIN SELECT '{triggers.REFUSAL}'; END",
    ),
    "postgresql": (
        "BEFORE DELETE ON people_loss FOR EACH ROW EXECUTE FUNCTION nothing()",
        "BEFORE UPDATE OR DELETE ON people_loss FOR EACH ROW EXECUTE FUNCTION nothing()",
        "BEFORE UPDATE OR DELETE ON people_loss FOR EACH ROW WHEN (false) EXECUTE FUNCTION append_only()",
        "BEFORE UPDATE OF recorded_at OR DELETE ON people_loss FOR EACH ROW EXECUTE FUNCTION append_only()",
        "BEFORE DELETE ON people_loss FOR EACH ROW EXECUTE FUNCTION append_only()",
        "BEFORE UPDATE OR DELETE ON people_feeding FOR EACH ROW EXECUTE FUNCTION append_only()",
    ),
}
NOTHING = f"""CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RETURN OLD; /* {triggers.REFUSAL} */ END $$"""
TAKEN = {"sqlite": "append_only_people_loss_delete", "postgresql": "append_only_people_loss_row"}


def test_a_trigger_that_was_dropped_is_missed_and_can_be_put_back(db: None) -> None:
    name = TAKEN[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(DROP[connection.vendor])

    assert triggers.missing() == [name]
    assert verify() == [f"The trigger {name} is missing or was changed."]
    triggers.install()
    assert triggers.missing() == []


def test_a_trigger_that_refuses_nothing_any_more_is_found_and_put_right(db: None) -> None:
    name = TAKEN[connection.vendor]
    for hollow in HOLLOW[connection.vendor]:
        with connection.cursor() as cursor:
            cursor.execute(DROP[connection.vendor])
            if connection.vendor == "postgresql":
                cursor.execute(NOTHING.replace("CREATE", "CREATE OR REPLACE"))
            cursor.execute(f"CREATE TRIGGER {name} {hollow}")

        assert triggers.missing() == [name], hollow
        if "feeding" in hollow:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TRIGGER {name}" + (" ON people_feeding" * (connection.vendor == "postgresql")))
        triggers.install()
        assert triggers.missing() == [], hollow


def test_a_trigger_that_is_switched_off_for_everyday_use_is_found(db: None) -> None:
    """PostgreSQL alone can do that: off altogether, or on for replicas only."""
    switches = ("DISABLE TRIGGER", "ENABLE REPLICA TRIGGER") if connection.vendor == "postgresql" else ()
    for switch in switches:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE people_loss {switch} append_only_people_loss_row")

        assert triggers.missing() == ["append_only_people_loss_row"]
        triggers.install()


def test_row_that_is_there_already_is_an_integrity_error_as_anywhere(house: House) -> None:
    with scope(clinic=house.clinic.id):
        loss = record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW)
        again = Loss(
            pk=loss.pk,
            clinic_id=loss.clinic_id,
            family=loss.family,
            recorded_at=NOW,
            recorded_by_id=loss.recorded_by_id,
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save(force_insert=True)
