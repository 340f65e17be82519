"""SQL that writes residents, households and documents one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from townshipdesk.store.driver import Connection, Row
from townshipdesk.store.uids import new_uid

RESIDENT_COLUMNS: Final = (
    "uid",
    "name",
    "name_key",
    "sex",
    "born",
    "village_id",
    "group_name",
    "household_id",
    "relation",
    "phone",
    "address",
    "ethnicity",
    "hukou_kind",
    "registered",
    "payer_group",
    "category",
    "created_at",
    "changed_at",
)
"""What a new resident brings; everybody begins as living."""

_MAY_CHANGE: Final = frozenset(RESIDENT_COLUMNS) - {"uid", "created_at"} | {
    "status",
    "status_on",
    "status_proof",
    "merged_into",
}


def insert_resident(conn: Connection, values: Mapping[str, object]) -> int:
    """Add a resident with all of `RESIDENT_COLUMNS` and give the row's number."""
    places = ", ".join(f":{column}" for column in RESIDENT_COLUMNS)
    cursor = conn.execute(
        f"INSERT INTO resident ({', '.join(RESIDENT_COLUMNS)}) VALUES ({places})",
        dict(values),
    )
    return int(cursor.lastrowid or 0)


def update_resident(conn: Connection, resident_id: int, values: Mapping[str, object]) -> None:
    """Change columns of a resident; `changed_at` must be among them."""
    unknown = set(values) - _MAY_CHANGE
    if unknown or "changed_at" not in values:
        raise AssertionError(f"a resident's columns are not changed so: {sorted(values)}")
    places = ", ".join(f"{column} = :{column}" for column in values)
    conn.execute(
        f"UPDATE resident SET {places} WHERE id = :id",
        {**values, "id": resident_id},
    )


def household(conn: Connection, village_id: int, number: str) -> Row | None:
    """Give a village's household by its number."""
    row: Row | None = conn.execute(
        "SELECT * FROM household WHERE number = ? AND village_id = ?", (number, village_id)
    ).fetchone()
    return row


def insert_household(
    conn: Connection, *, number: str, village_id: int, group_name: str, address: str, at: str
) -> int:
    """Add a household and give the row's number."""
    cursor = conn.execute(
        "INSERT INTO household (uid, number, village_id, group_name, address, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (new_uid(), number, village_id, group_name, address, at),
    )
    return int(cursor.lastrowid or 0)


def insert_document(
    conn: Connection, resident_id: int, kind: str, number: str, at: str, *, current: bool = True
) -> None:
    """Add a document; a current one makes the person's others past ones."""
    if current:
        conn.execute(
            "UPDATE document SET is_current = 0 WHERE resident_id = ? AND is_current = 1",
            (resident_id,),
        )
    conn.execute(
        "INSERT INTO document (resident_id, kind, number, is_current, added_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (resident_id, kind, number, int(current), at),
    )


def make_current(conn: Connection, resident_id: int, number: str) -> None:
    """Make one of a person's documents the one in use."""
    conn.execute(
        "UPDATE document SET is_current = 0 WHERE resident_id = ? AND is_current = 1",
        (resident_id,),
    )
    conn.execute("UPDATE document SET is_current = 1 WHERE number = ?", (number,))


def delete_document(conn: Connection, resident_id: int, number: str) -> None:
    """Take a number back that was recorded for the wrong person."""
    conn.execute("DELETE FROM document WHERE resident_id = ? AND number = ?", (resident_id, number))


def last_local_number(conn: Connection, year: int) -> str | None:
    """Give the highest number this office has issued in a year."""
    row = conn.execute(
        "SELECT max(number) FROM document WHERE number >= ? AND number < ?"
        " AND kind = 'local-number'",
        (f"LS{year:04d}", f"LS{year:04d}:"),
    ).fetchone()
    return None if row[0] is None else str(row[0])


def keep_readings(conn: Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Let names be found: a reading and the name's key each, as residents hold it."""
    conn.executemany(
        "INSERT INTO name_reading (reading, name_key) VALUES (?, ?) ON CONFLICT DO NOTHING", pairs
    )


def drop_readings(conn: Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Let names be found no more: a reading and the name's key each."""
    conn.executemany("DELETE FROM name_reading WHERE reading = ? AND name_key = ?", pairs)


def names_with_keys(conn: Connection, keys: Iterable[str]) -> list[str]:
    """Give the names residents bear among those with some keys, each once."""
    query = (
        "SELECT DISTINCT r.name FROM json_each(?) AS k JOIN resident AS r ON r.name_key = k.value"
        " WHERE r.merged_into IS NULL"
    )
    return [str(row[0]) for row in conn.execute(query, (json.dumps(sorted(keys)),))]


def set_fact(
    conn: Connection, resident_id: int, key: str, value: str | None, at: str, staff_id: int
) -> None:
    """Record a fact about a person; None takes it back."""
    if value is None:
        conn.execute(
            "DELETE FROM resident_fact WHERE resident_id = ? AND key = ?", (resident_id, key)
        )
        return
    conn.execute(
        "INSERT INTO resident_fact (resident_id, key, value, recorded_at, recorded_by)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (resident_id, key) DO UPDATE SET"
        " value = excluded.value, recorded_at = excluded.recorded_at,"
        " recorded_by = excluded.recorded_by",
        (resident_id, key, value, at, staff_id),
    )


def insert_employee_insurance(
    conn: Connection,
    *,
    resident_id: int,
    from_on: str,
    to_on: str | None,
    place: str,
    at: str,
    staff_id: int,
) -> str:
    """Record a spell under employee insurance and give its uid."""
    uid = new_uid()
    conn.execute(
        "INSERT INTO employee_insurance (uid, resident_id, from_on, to_on, place, recorded_at,"
        " recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (uid, resident_id, from_on, to_on, place, at, staff_id),
    )
    return uid


def employee_insurance(conn: Connection, uid: str) -> Row | None:
    """Give a spell under employee insurance with the uid of its person."""
    row: Row | None = conn.execute(
        "SELECT i.*, r.uid AS resident_uid FROM employee_insurance AS i"
        " JOIN resident AS r ON r.id = i.resident_id WHERE i.uid = ?",
        (uid,),
    ).fetchone()
    return row


def end_employee_insurance(conn: Connection, uid: str, to_on: str) -> None:
    """Set the last day of a spell under employee insurance."""
    conn.execute("UPDATE employee_insurance SET to_on = ? WHERE uid = ?", (to_on, uid))


def live_years(conn: Connection, resident_id: int) -> set[int]:
    """Give the years with an enrolment in force in this record's own ledger."""
    return {
        row[0]
        for row in conn.execute(
            "SELECT year FROM enrolment WHERE resident_id = ? AND ended_at IS NULL", (resident_id,)
        )
    }


def has_ledger(conn: Connection, resident_id: int) -> bool:
    """Tell whether anything was ever paid under this record."""
    row = conn.execute("SELECT 1 FROM entry WHERE resident_id = ? LIMIT 1", (resident_id,))
    return row.fetchone() is not None


def hand_over(conn: Connection, retired: int, survivor: int) -> None:
    """Give everything but the ledger of one record to another of the same person."""
    conn.execute(
        "UPDATE document SET is_current = 0 WHERE resident_id IN (?, ?)", (retired, survivor)
    )
    for statement in (
        "UPDATE document SET resident_id = ?1 WHERE resident_id = ?2",
        "UPDATE employee_insurance SET resident_id = ?1 WHERE resident_id = ?2",
        "UPDATE resident SET merged_into = ?1 WHERE merged_into = ?2",
        "INSERT INTO resident_fact (resident_id, key, value, recorded_at, recorded_by)"
        " SELECT ?1, key, value, recorded_at, recorded_by FROM resident_fact"
        " WHERE resident_id = ?2 ON CONFLICT DO NOTHING",
    ):
        conn.execute(statement, (survivor, retired))
