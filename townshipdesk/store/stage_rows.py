"""Staging tables of the roster import, and the statements that take them over.

They are temporary, so filling them locks nobody out. Inserting 80,000 residents out of them takes
a third of what it takes row by row, since every statement on its own sets triggers up anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from townshipdesk.store.driver import Connection

_RESIDENT: Final = (
    "id, uid, name, name_key, sex, born, village_id, group_name, household_id, relation, phone,"
    " address, ethnicity, hukou_kind, registered, category"
)
_CHANGED: Final = (
    "name", "name_key", "sex", "born", "village_id", "group_name", "household_id", "relation",
    "phone", "address", "ethnicity", "hukou_kind", "registered", "category",
)  # fmt: skip
"""Columns of a changed resident, before the row's number."""

_TABLES: Final = {
    "stage_household": "id INTEGER PRIMARY KEY, uid, number, village_id, group_name",
    "stage_resident": _RESIDENT.replace("id,", "id INTEGER PRIMARY KEY,", 1) + ", kind, number",
    "stage_reading": "reading, resident_id, PRIMARY KEY (reading, resident_id)",
}


def begin(conn: Connection) -> None:
    """Make the staging tables anew."""
    clear(conn)
    for name, columns in _TABLES.items():
        tail = " WITHOUT ROWID" if name == "stage_reading" else ""
        conn.execute(f"CREATE TEMP TABLE {name} ({columns}){tail}")


def households(conn: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """Stage households: id, uid, number, village_id, group_name."""
    _fill(conn, "stage_household", 5, rows)


def residents(
    conn: Connection, rows: Iterable[tuple[Any, ...]], name_readings: Iterable[tuple[str, int]]
) -> None:
    """Stage residents, kind and number of their document at the end, and their readings."""
    _fill(conn, "stage_resident", 18, rows)
    readings(conn, name_readings)


def readings(conn: Connection, rows: Iterable[tuple[str, int]]) -> None:
    """Stage readings of names."""
    _fill(conn, "stage_reading", 2, rows)


def clear(conn: Connection) -> None:
    """Take the staging tables away."""
    for name in _TABLES:
        conn.execute(f"DROP TABLE IF EXISTS temp.{name}")


def take_over(conn: Connection, at: str) -> None:
    """Move what was staged into the office, in the caller's transaction."""
    for statement in (
        "INSERT INTO household (id, uid, number, village_id, group_name, changed_at)"
        " SELECT id, uid, number, village_id, group_name, ?1 FROM temp.stage_household",
        f"INSERT INTO resident ({_RESIDENT}, created_at, changed_at)"
        f" SELECT {_RESIDENT}, ?1, ?1 FROM temp.stage_resident",
        "INSERT INTO document (resident_id, kind, number, added_at)"
        " SELECT id, kind, number, ?1 FROM temp.stage_resident",
        "INSERT INTO name_reading (reading, resident_id)"
        " SELECT reading, resident_id FROM temp.stage_reading WHERE ?1 <> ''",
    ):
        conn.execute(statement, (at,))


def change_residents(conn: Connection, rows: Iterable[tuple[Any, ...]], at: str) -> None:
    """Give residents new values of all columns a roster can change; the row's number is last."""
    places = ", ".join(f"{column} = ?" for column in _CHANGED)
    conn.executemany(
        f"UPDATE resident SET {places}, changed_at = ? WHERE id = ?",
        [(*row[:-1], at, row[-1]) for row in rows],
    )


def _fill(conn: Connection, name: str, width: int, rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows at one go; a transaction that touches temporary tables only locks nobody."""
    conn.execute("BEGIN")
    places = ", ".join("?" * width)
    conn.executemany(f"INSERT OR IGNORE INTO temp.{name} VALUES ({places})", rows)
    conn.execute("COMMIT")
