"""SQL of subsidy identities.

An identity counts on a day when it was held on that day and a list had brought it by then. What a
list says later about an earlier day changes nothing that was paid before the list came.
"""

from __future__ import annotations

from townshipdesk.store.driver import Connection, Row
from townshipdesk.store.uids import new_uid

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


def insert(
    conn: Connection,
    *,
    resident_id: int,
    code: str,
    from_on: str,
    listed_on: str,
    department: str,
    at: str,
    staff_id: int,
    disability_kind: str | None = None,
    disability_grade: int | None = None,
    import_file_id: int | None = None,
    note: str = "",
) -> str:
    """Enter an identity that is held until further notice and give its uid."""
    uid = new_uid()
    conn.execute(
        "INSERT INTO identity (uid, resident_id, code, from_on, listed_on, department,"
        " disability_kind, disability_grade, import_file_id, entered_at, entered_by, note)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            uid,
            resident_id,
            code,
            from_on,
            listed_on,
            department,
            disability_kind,
            disability_grade,
            import_file_id,
            at,
            staff_id,
            note,
        ),
    )
    return uid


def end(
    conn: Connection, identity_id: int, *, ended_on: str, at: str, staff_id: int, reason: str
) -> None:
    """End an identity; `ended_on` is the first day it no longer counts."""
    conn.execute(
        "UPDATE identity SET ended_on = ?, ended_at = ?, ended_by = ?, end_reason = ? WHERE id = ?",
        (ended_on, at, staff_id, reason, identity_id),
    )


def by_uid(conn: Connection, uid: str) -> Row | None:
    """Give an identity with the uid of its person."""
    row: Row | None = conn.execute(
        "SELECT i.*, r.uid AS resident_uid FROM identity AS i"
        " JOIN resident AS r ON r.id = i.resident_id WHERE i.uid = ?",
        (uid,),
    ).fetchone()
    return row


def still_open(conn: Connection, resident_id: int, code: str | None = None) -> list[Row]:
    """Give a person's identities that have no end, all or those of one code."""
    rows: list[Row] = conn.execute(
        "SELECT * FROM identity WHERE resident_id = ?1 AND ended_on IS NULL"
        " AND (?2 IS NULL OR code = ?2) ORDER BY id",
        (resident_id, code),
    ).fetchall()
    return rows
