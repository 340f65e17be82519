"""SQL of the comparison with the tax bureau's lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from townshipdesk.store.driver import Connection, Row


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What a finding is written from; amounts are fen, the moment ISO text."""

    uid: str
    fingerprint: str
    kind: str
    row: int | None
    document_number: str
    name: str
    resident_id: int | None
    entry_id: int | None
    year: int | None
    listed_fen: int | None
    here_fen: int | None
    channel: str
    voucher: str
    paid_at: str | None


def residents_of(conn: Connection, numbers: Iterable[str]) -> dict[str, int]:
    """Give the resident each document number belongs to; past numbers and merged records too."""
    return {
        row[0]: row[1]
        for row in conn.execute(
            "SELECT d.number, coalesce(r.merged_into, r.id) FROM json_each(?) AS n"
            " CROSS JOIN document AS d ON d.number = n.value"
            " JOIN resident AS r ON r.id = d.resident_id",
            (json.dumps(sorted(set(numbers))),),
        )
    }


def standing_payments(conn: Connection, year: int) -> dict[int, Row]:
    """Give id and sum of the payment that stands for each resident (merged records as one)."""
    return {
        row["person_id"]: row
        for row in conn.execute(
            "SELECT e.id, e.individual_fen, coalesce(r.merged_into, r.id) AS person_id"
            " FROM enrolment AS n"
            " JOIN entry AS e ON e.enrolment_id = n.id AND e.kind = 'contribution'"
            " JOIN resident AS r ON r.id = n.resident_id"
            " WHERE n.year = ? AND n.ended_at IS NULL",
            (year,),
        )
    }


def refunded_payments(conn: Connection, year: int) -> dict[int, list[Row]]:
    """Give the payments of each resident that were recorded here and refunded since."""
    found: dict[int, list[Row]] = {}
    for row in conn.execute(
        "SELECT e.id, e.individual_fen, e.voucher, e.paid_at,"
        " coalesce(r.merged_into, r.id) AS person_id FROM enrolment AS n"
        " JOIN entry AS e ON e.enrolment_id = n.id AND e.kind = 'contribution'"
        " JOIN resident AS r ON r.id = n.resident_id"
        " WHERE n.year = ? AND n.ended_by = 'refund'",
        (year,),
    ):
        found.setdefault(row["person_id"], []).append(row)
    return found


def names_of(conn: Connection, residents: Iterable[int]) -> dict[int, str]:
    """Give the names of residents."""
    return dict(
        conn.execute(
            "SELECT r.id, r.name FROM json_each(?) AS n JOIN resident AS r ON r.id = n.value",
            (json.dumps(sorted(set(residents))),),
        ).fetchall()
    )


def payments_of_span(
    conn: Connection, year: int, channels: tuple[str, ...], first: str, last: str
) -> list[Row]:
    """Give standing payments through some channels, taken in a span of days (both included)."""
    rows: list[Row] = conn.execute(
        "SELECT e.id, e.uid, e.year, e.individual_fen, e.channel, e.voucher, e.paid_at,"
        " coalesce(r.merged_into, r.id) AS person_id, r.name, d.number FROM entry AS e"
        " JOIN enrolment AS n ON n.id = e.enrolment_id AND n.ended_at IS NULL"
        " JOIN resident AS r ON r.id = e.resident_id"
        " LEFT JOIN document AS d ON d.resident_id = r.id AND d.is_current = 1"
        " WHERE e.year = ? AND e.kind = 'contribution' AND e.paid_at >= ?"
        " AND e.paid_at < date(?, '+1 day')"
        " AND e.channel IN (SELECT value FROM json_each(?)) ORDER BY e.id",
        (year, first, last, json.dumps(channels)),
    ).fetchall()
    return rows


def insert_list(
    conn: Connection,
    *,
    uid: str,
    file_name: str,
    sha256: str,
    from_on: str | None,
    to_on: str | None,
    at: str,
    staff_id: int,
    rows: int,
    counts: Mapping[str, int],
) -> int:
    """Record that a list was compared and give the row's number."""
    cursor = conn.execute(
        "INSERT INTO tax_list (uid, file_name, sha256, from_on, to_on, compared_at, compared_by,"
        " rows, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (uid, file_name, sha256, from_on, to_on, at, staff_id, rows, json.dumps(dict(counts))),
    )
    return int(cursor.lastrowid or 0)


def insert_findings(conn: Connection, tax_list_id: int, found: Iterable[NewFinding]) -> None:
    """Keep findings that are not known from an earlier comparison."""
    conn.executemany(
        "INSERT INTO tax_finding (uid, fingerprint, tax_list_id, kind, row, document_number, name,"
        " resident_id, entry_id, year, listed_fen, here_fen, channel, voucher, paid_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (fingerprint) DO NOTHING",
        [
            (
                new.uid,
                new.fingerprint,
                tax_list_id,
                new.kind,
                new.row,
                new.document_number,
                new.name,
                new.resident_id,
                new.entry_id,
                new.year,
                new.listed_fen,
                new.here_fen,
                new.channel,
                new.voucher,
                new.paid_at,
            )
            for new in found
        ],
    )


def open_findings(conn: Connection, kind: str | None = None) -> list[Row]:
    """Give what nobody has settled yet, oldest first."""
    rows: list[Row] = conn.execute(
        "SELECT f.*, l.file_name, l.compared_at, r.name AS known_name FROM tax_finding AS f"
        " JOIN tax_list AS l ON l.id = f.tax_list_id"
        " LEFT JOIN resident AS r ON r.id = f.resident_id"
        " WHERE f.settled_at IS NULL AND (?1 IS NULL OR f.kind = ?1) ORDER BY f.id",
        (kind,),
    ).fetchall()
    return rows


def watched_numbers(conn: Connection) -> frozenset[str]:
    """Give the document numbers of differences nobody has settled yet."""
    return frozenset(
        row[0]
        for row in conn.execute("SELECT document_number FROM tax_finding WHERE settled_at IS NULL")
    )


def newest_of(conn: Connection, fingerprint: str) -> Row | None:
    """Give the newest finding of a fingerprint, with what became of the payment it was settled by.

    A difference that comes again after it was settled is kept under the fingerprint and a number.
    """
    row: Row | None = conn.execute(
        "SELECT f.*, n.ended_by FROM tax_finding AS f LEFT JOIN entry AS e"
        " ON e.id = f.settled_entry_id LEFT JOIN enrolment AS n ON n.id = e.enrolment_id"
        " WHERE f.fingerprint = ?1 OR f.fingerprint BETWEEN ?1 || '#' AND ?1 || '#9'"
        " ORDER BY f.id DESC LIMIT 1",
        (fingerprint,),
    ).fetchone()
    return row


def finding(conn: Connection, uid: str) -> Row | None:
    """Give a finding by its unique id."""
    row: Row | None = conn.execute("SELECT * FROM tax_finding WHERE uid = ?", (uid,)).fetchone()
    return row


def finding_by_fingerprint(conn: Connection, fingerprint: str) -> Row | None:
    """Give a finding of this or an earlier comparison."""
    row: Row | None = conn.execute(
        "SELECT * FROM tax_finding WHERE fingerprint = ?", (fingerprint,)
    ).fetchone()
    return row


def settle(
    conn: Connection, uid: str, at: str, staff_id: int, why: str, entry_id: int | None = None
) -> None:
    """Settle a finding by a payment in the ledger or by a reason, once."""
    conn.execute(
        "UPDATE tax_finding SET settled_at = ?, settled_by = ?, why = ?, settled_entry_id = ?"
        " WHERE uid = ?",
        (at, staff_id, why, entry_id, uid),
    )
