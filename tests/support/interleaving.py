"""What another connection may do between two steps of a service, done at just that moment: no thread, and on both databases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def right_after_reading(table: str, act: Callable[[], object], *, naming: str = "") -> Iterator[None]:
    """Let `act` happen once, before the statement that follows the first SELECT of a table.

    `naming`: a value that the SELECT must look for. The rows that it found are read by then, and nothing of them is locked unless
    the SELECT says so.
    """
    seen = done = False

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen, done
        if seen and not done:
            done = True
            act()
        found = execute(sql, params, many, context)
        named = not naming or naming in (params or ())
        seen = seen or (sql.startswith("SELECT") and f'"{table}"' in sql and named)
        return found

    with connection.execute_wrapper(look):
        yield
    assert done, f"nothing came after a look at {table}"
