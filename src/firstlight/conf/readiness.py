"""Is this installation fit to serve? Each answer is one sentence that says what to do."""

from django.core.checks import ERROR, run_checks
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from firstlight.ground.audit import triggers


def problems() -> list[str]:
    """Return why the server must not start; nothing when it may."""
    return _of_the_code() or problems_of_the_database()


def problems_of_the_database() -> list[str]:
    """Return why no command can work with the database; nothing when it can. Imports no page."""
    try:
        return _of_the_database()
    except Error as error:
        return [f"The database cannot be reached: {' '.join(str(error).split())}."]
    finally:
        connection.close()


def _of_the_code() -> list[str]:
    found = [message for message in run_checks() if message.level >= ERROR]
    return [" ".join(filter(None, (message.msg, message.hint))) for message in found]


def _of_the_database() -> list[str]:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting and not executor.loader.applied_migrations:
        return ["The database is empty. Run: firstlight migrate"]
    if waiting:
        steps = "1 step" if waiting == 1 else f"{waiting} steps"
        return [
            f"The database is {steps} behind this version. Make a backup with the earlier version, then run: firstlight migrate"
        ]
    if gone := triggers.missing():
        which = f"{len(gone)} triggers that keep records unchangeable are missing, {gone[0]} first."
        return [f"{which} Find out who removed them, then run: firstlight migrate"]
    return []
