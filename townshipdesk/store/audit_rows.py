"""SQL for reading the audit log, and for finding out what its uids name."""

from __future__ import annotations

import json
from collections.abc import Sequence

from townshipdesk.store.driver import Connection, Row


def search(
    conn: Connection,
    *,
    before: int | None,
    from_at: str | None,
    until_at: str | None,
    staff: str,
    actions: Sequence[str] | None,
    prefix: str,
    texts: Sequence[str],
    limit: int,
) -> list[Row]:
    """Give matching rows, newest first; what is None or empty is not asked for.

    `until_at` is the first moment that is out. A row matches when its subject or detail holds any
    of `texts`.
    """
    rows: list[Row] = conn.execute(
        "SELECT a.*, coalesce(s.shown_name, '') AS shown_name"
        " FROM audit AS a LEFT JOIN staff AS s ON s.id = a.staff_id"
        " WHERE (?1 IS NULL OR a.id < ?1) AND (?2 IS NULL OR a.at >= ?2)"
        " AND (?3 IS NULL OR a.at < ?3)"
        " AND (?4 = '' OR s.name = ?4 OR instr(s.shown_name, ?4) > 0)"
        " AND (?5 IS NULL OR a.action IN (SELECT value FROM json_each(?5)))"
        " AND substr(a.action, 1, length(?6)) = ?6"
        " AND (?7 = '[]' OR EXISTS (SELECT 1 FROM json_each(?7) AS t"
        " WHERE instr(a.subject, t.value) > 0 OR instr(a.detail, t.value) > 0))"
        " ORDER BY a.id DESC LIMIT ?8",
        (
            before,
            from_at,
            until_at,
            staff,
            None if actions is None else json.dumps(list(actions)),
            prefix,
            json.dumps(list(texts), ensure_ascii=False),
            limit,
        ),
    ).fetchall()
    return rows


def actions(conn: Connection) -> list[str]:
    """Give every action the log has, in order."""
    return [row[0] for row in conn.execute("SELECT DISTINCT action FROM audit ORDER BY action")]


def uids_of_resident(conn: Connection, resident_id: int) -> list[str]:
    """Give the uids under which a resident stands in the log: own, payments, receipts, refunds."""
    return [
        row[0]
        for row in conn.execute(
            "SELECT uid FROM resident WHERE id = ?1"
            " UNION SELECT uid FROM entry WHERE resident_id = ?1"
            " UNION SELECT r.uid FROM entry AS e JOIN receipt_line AS l ON l.entry_id = e.id"
            "   JOIN receipt AS r ON r.id = l.receipt_id WHERE e.resident_id = ?1"
            " UNION SELECT f.uid FROM refund AS f JOIN entry AS e ON e.id = f.entry_id"
            "   WHERE e.resident_id = ?1"
            " UNION SELECT uid FROM ruling WHERE resident_id = ?1",
            (resident_id,),
        )
    ]


def uids_of_receipt(conn: Connection, receipt_id: int) -> list[str]:
    """Give the uids under which a receipt stands in the log: own, its payments', their refunds'."""
    return [
        row[0]
        for row in conn.execute(
            "SELECT uid FROM receipt WHERE id = ?1 UNION SELECT e.uid FROM receipt_line AS l"
            " JOIN entry AS e ON e.id = l.entry_id WHERE l.receipt_id = ?1"
            " UNION SELECT f.uid FROM receipt_line AS l JOIN refund AS f ON f.entry_id = l.entry_id"
            " WHERE l.receipt_id = ?1",
            (receipt_id,),
        )
    ]


def receipt_of(conn: Connection, uid: str) -> Row | None:
    """Give the receipt a uid names, its own or that of a payment on it."""
    row: Row | None = conn.execute(
        "SELECT series, number FROM receipt WHERE uid = ?1 UNION ALL"
        " SELECT r.series, r.number FROM entry AS e JOIN receipt_line AS l ON l.entry_id = e.id"
        " JOIN receipt AS r ON r.id = l.receipt_id WHERE e.uid = ?1 LIMIT 1",
        (uid,),
    ).fetchone()
    return row


def refund_of(conn: Connection, uid: str) -> str | None:
    """Give the number of the refund a uid names."""
    row = conn.execute("SELECT number FROM refund WHERE uid = ?", (uid,)).fetchone()
    return None if row is None else str(row[0])


def person_of(conn: Connection, uid: str) -> Row | None:
    """Give name and document number of the resident a uid names, or that a ruling is about."""
    row: Row | None = conn.execute(
        "SELECT r.name, coalesce(d.number, '') AS number FROM resident AS r"
        " LEFT JOIN document AS d ON d.resident_id = r.id AND d.is_current = 1"
        " WHERE r.uid = ?1 OR r.id = (SELECT resident_id FROM ruling WHERE uid = ?1) LIMIT 1",
        (uid,),
    ).fetchone()
    return row
