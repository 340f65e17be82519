"""Changing an office file behind the program's back, one row at a time."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator

from townshipdesk.services.office import Office
from townshipdesk.services.verify import verify
from townshipdesk.store.driver import Connection

NOT_KEPT = {"operation_seen", "sign_in_try", "_sqlite_migrations"}
"""Tables that are no record of anything: what a desk has shown, counts of wrong passwords.

Neither are SQLite's own, such as the statistics its query planner keeps.
"""


def take_guards_away(conn: Connection) -> None:
    """Drop every trigger and the watch on foreign keys, as somebody with another tool would."""
    for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        conn.execute(f"DROP TRIGGER main.{name}")
    conn.execute("PRAGMA foreign_keys = OFF")


def tables(conn: Connection) -> list[str]:
    """Give the tables that hold rows worth changing."""
    names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [
        name
        for name in sorted(names)
        if name not in NOT_KEPT
        and not name.startswith("sqlite_")
        and conn.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()
    ]


def columns(conn: Connection, table: str) -> list[tuple[str, str]]:
    """Give the columns of a table with their types."""
    return [(row[1], row[2]) for row in conn.execute(f"PRAGMA table_info({table})")]


@contextlib.contextmanager
def for_a_moment(conn: Connection) -> Iterator[None]:
    """Do something to the file and take it back."""
    conn.execute("BEGIN")
    try:
        yield
    finally:
        conn.execute("ROLLBACK")


def change_a_row(conn: Connection, table: str, column: str, kind: str, dice: random.Random) -> str:
    """Change one value of one row to another one of its type; say what was done."""
    keys = [row[1] for row in conn.execute(f"PRAGMA table_info({table})") if row[5]]
    rows = conn.execute(f"SELECT {', '.join([*keys, column])} FROM {table}").fetchall()
    *key, value = dice.choice(rows)
    new = (value or 0) + dice.randint(1000, 9999) if kind == "INTEGER" else f"{value or ''}~"
    where = " AND ".join(f"{name} IS ?" for name in keys)
    conn.execute("PRAGMA ignore_check_constraints = ON")
    conn.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (new, *key))
    conn.execute("PRAGMA ignore_check_constraints = OFF")
    return f"{table}.{column}"


def found_by_verify(office: Office) -> bool:
    """Tell whether verify finds something besides the guards that were taken away."""
    return any(problem.code != "schema" for problem in verify(office))
