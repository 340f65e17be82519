"""SQL that fills a training office with made-up people, many rows at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from townshipdesk.store.driver import Connection

_INSERTS: Final = {
    "village": "INSERT INTO village (id, uid, code, name, group_count, base, target, changed_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "household": "INSERT INTO household (id, uid, number, village_id, group_name, address,"
    " changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    "resident": "INSERT INTO resident (id, uid, name, name_key, sex, born, village_id, group_name,"
    " household_id, relation, phone, address, ethnicity, payer_group, category, created_at,"
    " changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "document": "INSERT INTO document (resident_id, kind, number, added_at) VALUES (?, ?, ?, ?)",
    "name_reading": "INSERT INTO name_reading (reading, name_key) VALUES (?, ?)",
    "import_file": "INSERT INTO import_file (id, uid, kind, file_name, sha256, department,"
    " imported_at, imported_by, rows, added, updated, unchanged, rejected)"
    " VALUES (?, ?, 'identities', ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)",
    "identity": "INSERT INTO identity (uid, resident_id, code, from_on, ended_on, disability_kind,"
    " disability_grade, department, listed_on, import_file_id, entered_at, entered_by, ended_at,"
    " ended_by, end_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "employee_insurance": "INSERT INTO employee_insurance (uid, resident_id, from_on, to_on, place,"
    " recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
    "resident_fact": "INSERT INTO resident_fact (resident_id, key, value, recorded_at, recorded_by)"
    " VALUES (?, ?, ?, ?, ?)",
    "earlier_enrolment": "INSERT INTO earlier_enrolment (resident_id, year, paid_on)"
    " VALUES (?, ?, ?)",
    "operation_seen": "INSERT INTO operation_seen (operation_key, seen_at)"
    " SELECT key, ? FROM operation",
}


def fill(conn: Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows into one of the tables above, columns in the order that stands there."""
    conn.executemany(_INSERTS[table], rows)


def mark_all_seen(conn: Connection, at: str) -> None:
    """No desk has to be told about payments that nobody ever took."""
    conn.execute(_INSERTS["operation_seen"], (at,))


def hurry(conn: Connection) -> None:
    """Do without waiting for the disk: for a file that is thrown away when it is not finished."""
    conn.execute("PRAGMA synchronous = OFF")


def finish(conn: Connection) -> None:
    """Gather what the query planner needs to know of a full office."""
    conn.execute("ANALYZE")
