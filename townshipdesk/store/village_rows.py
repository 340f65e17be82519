"""SQL that writes villages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from townshipdesk.store.driver import Connection
from townshipdesk.store.uids import new_uid


def insert(
    conn: Connection,
    *,
    code: str,
    name: str,
    group_count: int | None,
    base: int | None,
    target: int | None,
    at: str,
) -> int:
    """Add a village and give the row's number."""
    cursor = conn.execute(
        "INSERT INTO village (uid, code, name, group_count, base, target, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (new_uid(), code, name, group_count, base, target, at),
    )
    return int(cursor.lastrowid or 0)


def update(conn: Connection, rows: Iterable[tuple[Any, ...]], at: str) -> None:
    """Change villages: name, group_count, base, target, and the row's number."""
    conn.executemany(
        "UPDATE village SET name = ?, group_count = ?, base = ?, target = ?, changed_at = ?"
        " WHERE id = ?",
        [(*row[:-1], at, row[-1]) for row in rows],
    )
