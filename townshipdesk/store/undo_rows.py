"""SQL that takes an import back: what it added and changed, and whether anything rests on it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from townshipdesk.store.driver import Connection, Row

ITS_OWN: Final = frozenset({"document", "residency"})
"""Tables whose rows about a resident come with the resident itself."""


def file(conn: Connection, uid: str) -> Row | None:
    """Give an imported file, with when it was taken back."""
    row: Row | None = conn.execute(
        "SELECT f.*, u.undone_at FROM import_file AS f"
        " LEFT JOIN import_undo AS u ON u.import_file_id = f.id WHERE f.uid = ?",
        (uid,),
    ).fetchone()
    return row


def changes(conn: Connection, file_id: int, what: str) -> list[tuple[int, dict[str, Any]]]:
    """Give the rows a file changed with what they held before."""
    return [
        (row["row_id"], json.loads(row["before"] or "{}"))
        for row in conn.execute(
            "SELECT row_id, before FROM import_change WHERE import_file_id = ? AND what = ?"
            " ORDER BY id",
            (file_id, what),
        )
    ]


def insert(
    conn: Connection,
    file_id: int,
    span: tuple[int, int] | None,
    *,
    at: str,
    staff_id: int,
    why: str,
) -> None:
    """Keep that a file was taken back; `span` are the numbers of the rows it added."""
    conn.execute(
        "INSERT INTO import_undo (import_file_id, first, last, undone_at, undone_by, why)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (file_id, *(span or (None, None)), at, staff_id, why),
    )


def rests_on_residents(conn: Connection, span: tuple[int, int], imported_at: str) -> str:
    """Name the first table that speaks of one of the residents a file added; "" for none.

    A resident that was changed since, or got another document, counts as `resident`.
    """
    for table, column in _pointing(conn, "resident"):
        if table in ITS_OWN:
            continue
        found = conn.execute(
            f"SELECT 1 FROM {table} WHERE {column} BETWEEN ? AND ? LIMIT 1", span
        ).fetchone()
        if found is not None:
            return table
    changed = conn.execute(
        "SELECT 1 FROM resident WHERE id BETWEEN ?1 AND ?2 AND changed_at <> ?3"
        " UNION ALL SELECT 1 FROM document WHERE resident_id BETWEEN ?1 AND ?2 AND added_at <> ?3"
        " LIMIT 1",
        (*span, imported_at),
    ).fetchone()
    return "resident" if changed is not None else ""


def changed_since(conn: Connection, table: str, ids: Iterable[int], at: str) -> bool:
    """Tell whether one of these rows of `resident` or `village` was changed after the import."""
    found = conn.execute(
        f"SELECT 1 FROM json_each(?) AS w JOIN {table} AS t ON t.id = w.value"
        " WHERE t.changed_at <> ? LIMIT 1",
        (json.dumps(list(ids)), at),
    ).fetchone()
    return found is not None


def paid_since(conn: Connection, residents: Iterable[int], at: str, file_uid: str) -> bool:
    """Tell whether money of one of these residents was moved after the import.

    Of what was entered in the same second, or under a training office's standing clock, the ids
    tell what came first.
    """
    found = conn.execute(
        "SELECT 1 FROM json_each(?1) AS w JOIN entry AS e ON e.resident_id = w.value"
        " WHERE e.entered_at > ?2 OR (e.entered_at = ?2 AND e.uid > ?3) LIMIT 1",
        (json.dumps(list(residents)), at, file_uid),
    ).fetchone()
    return found is not None


def noted_since(conn: Connection, residents: Iterable[int], file_uid: str) -> bool:
    """Tell whether one of these residents was changed after the import, as the log has it."""
    found = conn.execute(
        "SELECT 1 FROM audit AS a JOIN resident AS r ON r.uid = a.subject"
        " WHERE a.id > (SELECT max(id) FROM audit WHERE subject = ?1)"
        " AND (a.action GLOB 'resident.*' OR a.action GLOB 'document.*')"
        " AND a.action <> 'resident.numbers-shown'"  # looking changes nothing
        " AND r.id IN (SELECT value FROM json_each(?2)) LIMIT 1",
        (file_uid, json.dumps(list(residents))),
    ).fetchone()
    return found is not None


def imported_since(conn: Connection, what: str, ids: Iterable[int], file_id: int) -> bool:
    """Tell whether a later file changed one of these rows."""
    found = conn.execute(
        "SELECT 1 FROM import_change WHERE import_file_id > ? AND what = ?"
        " AND row_id IN (SELECT value FROM json_each(?)) LIMIT 1",
        (file_id, what, json.dumps(list(ids))),
    ).fetchone()
    return found is not None


def keep_living(conn: Connection, file_id: int, span: tuple[int, int]) -> None:
    """Keep how many of the residents a file added live where, for the totals of the past."""
    conn.execute(
        "INSERT INTO import_undo_living (import_file_id, village_uid, living)"
        " SELECT ?, v.uid, count(*) FROM resident AS r JOIN village AS v ON v.id = r.village_id"
        " WHERE r.id BETWEEN ? AND ? AND r.status = 'living' GROUP BY v.uid",
        (file_id, *span),
    )


def names(conn: Connection, span: tuple[int, int]) -> list[str]:
    """Give the names of residents by the span of their numbers, each once."""
    query = "SELECT DISTINCT name FROM resident WHERE id BETWEEN ? AND ?"
    return [str(row[0]) for row in conn.execute(query, span)]


def delete_residents(conn: Connection, span: tuple[int, int]) -> None:
    """Take away residents a file added, with their papers."""
    for table in ("document", "residency"):
        conn.execute(f"DELETE FROM {table} WHERE resident_id BETWEEN ? AND ?", span)
    conn.execute("DELETE FROM resident WHERE id BETWEEN ? AND ?", span)


def delete_households(conn: Connection, imported_at: str) -> None:
    """Take away the households a roster added, once nobody belongs to them."""
    conn.execute(
        "DELETE FROM household WHERE changed_at = ?"
        " AND NOT EXISTS (SELECT 1 FROM resident AS r WHERE r.household_id = household.id)",
        (imported_at,),
    )


def restore(conn: Connection, table: str, row_id: int, before: Mapping[str, Any], at: str) -> None:
    """Give a resident or village its values of before; the keys are columns."""
    places = ", ".join(f"{column} = ?" for column in before)
    conn.execute(
        f"UPDATE {table} SET {places}, changed_at = ? WHERE id = ?",
        (*before.values(), at, row_id),
    )


def village_is_used(conn: Connection, span: tuple[int, int]) -> bool:
    """Tell whether anything speaks of one of the villages a file added."""
    for table, column in _pointing(conn, "village"):
        condition = " AND living > 0" if table == "tally_resident" else ""
        found = conn.execute(
            f"SELECT 1 FROM {table} WHERE {column} BETWEEN ? AND ?{condition} LIMIT 1", span
        ).fetchone()
        if found is not None:
            return True
    return False


def delete_villages(conn: Connection, span: tuple[int, int]) -> None:
    """Take away villages a file added."""
    conn.execute("DELETE FROM tally_resident WHERE village_id BETWEEN ? AND ?", span)
    conn.execute("DELETE FROM village WHERE id BETWEEN ? AND ?", span)


def identities_added(conn: Connection, file_id: int) -> list[Row]:
    """Give the identities a list began."""
    return conn.execute(
        "SELECT * FROM identity WHERE import_file_id = ? ORDER BY id", (file_id,)
    ).fetchall()


def identity(conn: Connection, identity_id: int) -> Row:
    """Give an identity."""
    row: Row = conn.execute("SELECT * FROM identity WHERE id = ?", (identity_id,)).fetchone()
    return row


def later_identity(conn: Connection, resident_id: int, code: str, after_id: int) -> bool:
    """Tell whether somebody got this identity again after a certain row."""
    found = conn.execute(
        "SELECT 1 FROM identity WHERE resident_id = ? AND code = ? AND id > ? LIMIT 1",
        (resident_id, code, after_id),
    ).fetchone()
    return found is not None


def go_on(conn: Connection, row: Row, uid: str, at: str, staff_id: int) -> None:
    """Begin an identity again on the day it ended, as it was: an ended row stays ended."""
    conn.execute(
        "INSERT INTO identity (uid, resident_id, code, from_on, disability_kind, disability_grade,"
        " department, listed_on, entered_at, entered_by, note)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            uid, row["resident_id"], row["code"], row["ended_on"], row["disability_kind"],
            row["disability_grade"], row["department"], row["listed_on"], at, staff_id,
            row["note"],
        ),
    )  # fmt: skip


def _pointing(conn: Connection, table: str) -> list[tuple[str, str]]:
    """Give every column that refers to a table: its table and name."""
    names = conn.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
    return [
        (name, key["from"])
        for (name,) in names
        for key in conn.execute(f"PRAGMA foreign_key_list({name})")
        if key["table"] == table
    ]
