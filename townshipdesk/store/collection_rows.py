"""SQL of what villages, schools and departments collect."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from townshipdesk.store.driver import Connection, Row

_OF_LEDGER: Final = "operation_key >= ?1 || ':' AND operation_key < ?1 || ';'"
"""Entries of the receipts of one ledger (`operation_key`)."""


class NewRow(NamedTuple):
    """A row of a ledger that came in; the amount in fen, the moment ISO text."""

    sheet: str
    row: int
    resident_id: int | None
    document_number: str
    name: str
    household: str
    own_fen: int
    receipt: str
    paid_at: str


def insert(
    conn: Connection,
    *,
    uid: str,
    kind: str,
    village_id: int | None,
    body: str,
    year: int,
    needs_review: bool,
    file_name: str,
    sha256: str,
    at: str,
    staff_id: int,
    rows: Iterable[NewRow],
) -> int:
    """Record a ledger that came in with its rows, and give the row's number."""
    cursor = conn.execute(
        "INSERT INTO collection (uid, kind, village_id, body, year, needs_review, file_name,"
        " sha256, received_at, received_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (uid, kind, village_id, body, year, int(needs_review), file_name, sha256, at, staff_id),
    )
    collection_id = int(cursor.lastrowid or 0)
    conn.executemany(
        "INSERT INTO collection_row (collection_id, sheet, row, resident_id, document_number,"
        " name, household, own_fen, receipt, paid_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(collection_id, *row) for row in rows],
    )
    return collection_id


def by_uid(conn: Connection, uid: str) -> Row | None:
    """Give a collection with its village."""
    row: Row | None = conn.execute(
        "SELECT c.*, v.code AS village_code, v.name AS village_name FROM collection AS c"
        " LEFT JOIN village AS v ON v.id = c.village_id WHERE c.uid = ?",
        (uid,),
    ).fetchone()
    return row


def same_file(conn: Connection, sha256: str, year: int) -> Row | None:
    """Give a collection of the same file that was not withdrawn."""
    row: Row | None = conn.execute(
        "SELECT * FROM collection AS c WHERE sha256 = ? AND year = ? AND NOT EXISTS"
        " (SELECT 1 FROM collection_step WHERE collection_id = c.id AND step = 'withdrawn')",
        (sha256, year),
    ).fetchone()
    return row


def every(conn: Connection, year: int) -> list[Row]:
    """Give all collections of a year with their sums, newest first."""
    rows: list[Row] = conn.execute(
        "SELECT c.*, v.code AS village_code, v.name AS village_name,"
        " (SELECT count(*) FROM collection_row AS r WHERE r.collection_id = c.id AND r.id NOT IN"
        "   (SELECT row_id FROM collection_aside)) AS heads,"
        " (SELECT coalesce(sum(own_fen), 0) FROM collection_row AS r WHERE r.collection_id = c.id"
        "   AND r.id NOT IN (SELECT row_id FROM collection_aside)) AS amount_fen,"
        " (SELECT min(paid_at) FROM collection_row AS r WHERE r.collection_id = c.id) AS first_paid"
        " FROM collection AS c LEFT JOIN village AS v ON v.id = c.village_id"
        " WHERE c.year = ? ORDER BY c.id DESC",
        (year,),
    ).fetchall()
    return rows


def villages_without(conn: Connection, year: int) -> list[Row]:
    """Give the villages that no ledger of a year is here of; one given back is none."""
    found: list[Row] = conn.execute(
        "SELECT v.code, v.name FROM village AS v WHERE NOT EXISTS (SELECT 1 FROM collection AS c"
        "  WHERE c.village_id = v.id AND c.year = ? AND NOT EXISTS (SELECT 1 FROM collection_step"
        "   WHERE collection_id = c.id AND step = 'withdrawn')) ORDER BY v.code",
        (year,),
    ).fetchall()
    return found


def rows(conn: Connection, collection_id: int) -> list[Row]:
    """Give the rows of a ledger with whether each was set aside."""
    found: list[Row] = conn.execute(
        "SELECT r.*, a.why AS aside_why FROM collection_row AS r"
        " LEFT JOIN collection_aside AS a ON a.row_id = r.id"
        " WHERE r.collection_id = ? ORDER BY r.id",
        (collection_id,),
    ).fetchall()
    return found


def pages_told(conn: Connection, uid: str) -> int:
    """Give how many pages the file itself told when it came in; 0 where it told none."""
    row = conn.execute(
        "SELECT json_extract(detail, '$.pages') FROM audit WHERE subject = ?"
        " AND action = 'collection.received'",
        (uid,),
    ).fetchone()
    return int(row[0] or 0) if row is not None else 0


def steps(conn: Connection, collection_id: int) -> dict[str, Row]:
    """Give the steps a collection has taken."""
    return {
        row["step"]: row
        for row in conn.execute(
            "SELECT s.*, t.shown_name FROM collection_step AS s JOIN staff AS t ON t.id = s.done_by"
            " WHERE s.collection_id = ?",
            (collection_id,),
        )
    }


def insert_step(
    conn: Connection,
    collection_id: int,
    step: str,
    at: str,
    staff_id: int,
    detail: Mapping[str, object],
) -> None:
    """Record that a gate was passed; the database refuses one out of turn."""
    conn.execute(
        "INSERT INTO collection_step (collection_id, step, done_at, done_by, detail)"
        " VALUES (?, ?, ?, ?, ?)",
        (collection_id, step, at, staff_id, json.dumps(dict(detail), ensure_ascii=False)),
    )


class Deposited(NamedTuple):
    """What stands of a ledger's deposit: what was corrected last, else what was recorded.

    `why` is the reason of that correction, "" where nothing was corrected.
    """

    bank_reference: str
    deposited_on: str
    why: str


def deposited(conn: Connection, collection_id: int) -> Deposited | None:
    """Give what stands of a ledger's deposit; None where nothing was deposited."""
    found = conn.execute(
        "SELECT bank_reference, deposited_on, why FROM (SELECT id, bank_reference, deposited_on,"
        " why FROM collection_correction WHERE collection_id = ?1 UNION ALL SELECT 0,"
        " json_extract(detail, '$.reference'), json_extract(detail, '$.on'), ''"
        " FROM collection_step WHERE collection_id = ?1 AND step = 'deposited')"
        " ORDER BY id DESC LIMIT 1",
        (collection_id,),
    ).fetchone()
    return None if found is None else Deposited(*found)


def insert_correction(
    conn: Connection, collection_id: int, right: Deposited, at: str, staff_id: int
) -> None:
    """Record what is right of a deposit; the database refuses it once the ledger is entered."""
    conn.execute(
        "INSERT INTO collection_correction (collection_id, bank_reference, deposited_on, why,"
        " corrected_at, corrected_by) VALUES (?, ?, ?, ?, ?, ?)",
        (collection_id, *right, at, staff_id),
    )


def insert_aside(conn: Connection, row_id: int, at: str, staff_id: int, why: str) -> None:
    """Record that a row is not entered with the others."""
    conn.execute(
        "INSERT INTO collection_aside (row_id, set_aside_at, set_aside_by, why)"
        " VALUES (?, ?, ?, ?)",
        (row_id, at, staff_id, why),
    )


def operation_key(uid: str, first_row: int) -> str:
    """Give the key under which a receipt of a ledger is entered: its first row tells it."""
    return f"{_operations(uid)}:{first_row}"


def enrolled_by(conn: Connection, uid: str) -> set[int]:
    """Give whom a ledger enrolled, whatever became of it since."""
    query = f"SELECT resident_id FROM entry WHERE {_OF_LEDGER} AND kind = 'contribution'"
    return {int(row[0]) for row in conn.execute(query, (_operations(uid),))}


def cash_entered(conn: Connection, uid: str) -> list[Row]:
    """Give the cash a ledger brought, in fen, by village and day, in their order."""
    query = (
        f"SELECT village_id, day, sum(individual_fen) AS fen FROM entry WHERE {_OF_LEDGER}"
        " GROUP BY village_id, day HAVING fen > 0 ORDER BY village_id, day"
    )
    return conn.execute(query, (_operations(uid),)).fetchall()


def _operations(uid: str) -> str:
    return f"collection:{uid}"
