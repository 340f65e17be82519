"""SQL of subsidy identities.

An identity counts on a day when it was held on that day and a list had brought it by then. What a
list says later about an earlier day changes nothing that was paid before the list came.
"""

from __future__ import annotations

from townshipdesk.store.driver import Connection, Row

COUNTS_ON_DAY = (
    "from_on <= :day AND coalesce(listed_on, from_on) <= :day"
    " AND (ended_on IS NULL OR ended_on > :day)"
)
"""Condition on `identity` with the parameter `:day`."""


def held_on(conn: Connection, resident_id: int, day: str) -> list[Row]:
    """Give the identities that count for a person on a day, in the order they were entered."""
    rows: list[Row] = conn.execute(
        f"SELECT * FROM identity WHERE resident_id = :resident AND {COUNTS_ON_DAY} ORDER BY id",  # noqa: S608 - a constant
        {"resident": resident_id, "day": day},
    ).fetchall()
    return rows


def history(conn: Connection, resident_id: int) -> list[Row]:
    """Give every identity a person ever held with the file and the people behind it."""
    rows: list[Row] = conn.execute(
        "SELECT i.*, f.file_name, b.shown_name AS entered_by_name, c.shown_name AS ended_by_name"
        " FROM identity AS i LEFT JOIN import_file AS f ON f.id = i.import_file_id"
        " LEFT JOIN staff AS b ON b.id = i.entered_by LEFT JOIN staff AS c ON c.id = i.ended_by"
        " WHERE i.resident_id = ? ORDER BY i.ended_on IS NOT NULL, i.from_on DESC, i.id DESC",
        (resident_id,),
    ).fetchall()
    return rows
