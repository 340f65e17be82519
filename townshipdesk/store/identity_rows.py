"""SQL of subsidy identities.

An identity counts on a day when it was held on that day and a list had brought it by then. What a
list says later about an earlier day changes nothing that was paid before the list came.
"""

from __future__ import annotations

import json

from townshipdesk.store.driver import Connection, Row
from townshipdesk.store.uids import new_uid, new_uids

COUNTS_ON_DAY = (
    "from_on <= :day AND coalesce(listed_on, from_on) <= :day"
    " AND (ended_on IS NULL OR ended_on > :day)"
)
"""Condition on `identity` with the parameter `:day`."""


def held_on(conn: Connection, resident_id: int, day: str) -> list[Row]:
    """Give the identities that count for a person on a day, in the order they were entered."""
    rows: list[Row] = conn.execute(
        f"SELECT * FROM identity WHERE resident_id = :resident AND {COUNTS_ON_DAY} ORDER BY id",
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


def open_of_department(conn: Connection, department: str) -> list[Row]:
    """Give the identities without an end that a department's lists brought, with their people."""
    rows: list[Row] = conn.execute(
        "SELECT i.*, r.uid AS resident_uid, r.name FROM identity AS i"
        " JOIN resident AS r ON r.id = i.resident_id"
        " WHERE i.department = ? AND i.ended_on IS NULL ORDER BY i.id",
        (department,),
    ).fetchall()
    return rows


def open_of_people(conn: Connection, resident_ids: list[int], day: str) -> list[Row]:
    """Give the identities of some people that have no end or one after `day`."""
    rows: list[Row] = conn.execute(
        "SELECT i.* FROM json_each(?) AS w JOIN identity AS i ON i.resident_id = w.value"
        " WHERE i.ended_on IS NULL OR i.ended_on > ? ORDER BY i.id",
        (json.dumps(resident_ids), day),
    ).fetchall()
    return rows


def enrolled_among(conn: Connection, resident_ids: list[int], year: int) -> set[int]:
    """Give those of some people who are enrolled for a year."""
    return {
        row[0]
        for row in conn.execute(
            "SELECT e.resident_id FROM json_each(?) AS w JOIN enrolment AS e"
            " ON e.resident_id = w.value AND e.year = ? AND e.ended_at IS NULL",
            (json.dumps(resident_ids), year),
        )
    }


def incapacity_among(conn: Connection, resident_ids: list[int]) -> dict[int, str]:
    """Give what is recorded of some people's capacity to work."""
    return dict(
        conn.execute(
            "SELECT f.resident_id, f.value FROM json_each(?) AS w JOIN resident_fact AS f"
            " ON f.resident_id = w.value AND f.key = 'work_incapacity'",
            (json.dumps(resident_ids),),
        ).fetchall()
    )


def set_department(conn: Connection, identity_id: int, department: str) -> None:
    """Record that another department's list names an identity from now on."""
    conn.execute("UPDATE identity SET department = ? WHERE id = ?", (department, identity_id))


def insert_many(
    conn: Connection,
    rows: list[tuple[object, ...]],
    *,
    department: str,
    listed_on: str,
    import_file_id: int,
    at: str,
    staff_id: int,
) -> None:
    """Enter what a list brought: resident_id, code, from_on, kind, grade, ended_on, at, by."""
    shared = (department, listed_on, import_file_id, at, staff_id)
    conn.executemany(
        "INSERT INTO identity (uid, resident_id, code, from_on, disability_kind, disability_grade,"
        " ended_on, ended_at, ended_by, department, listed_on, import_file_id, entered_at,"
        " entered_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(uid, *row, *shared) for uid, row in zip(new_uids(len(rows)), rows, strict=True)],
    )
