"""SQL of claims: which parts of which payments were claimed, and what the sources paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from townshipdesk.store.driver import Connection, Row

# One line a person, what was taken back already deducted; people whose parts cancel out are left.
_LINES = (
    "SELECT v.name AS village_name, v.code AS village_code, r.id AS resident_id, r.name,"
    " (SELECT number FROM document WHERE resident_id = r.id AND is_current = 1) AS number,"
    " p.identity, sum(p.amount_fen) AS amount_fen,"
    " max(CASE WHEN e.kind = 'contribution' THEN n.standard_fen END) AS standard_fen,"
    " max(CASE WHEN e.kind = 'contribution' THEN e.individual_fen END) AS individual_fen,"
    " max(e.paid_at) AS paid_at"
    " FROM {parts} AS p JOIN entry AS e ON e.id = p.entry_id"
    " JOIN enrolment AS n ON n.id = e.enrolment_id JOIN resident AS o ON o.id = e.resident_id"
    " JOIN resident AS r ON r.id = coalesce(o.merged_into, o.id)"
    " JOIN village AS v ON v.id = e.village_id WHERE {where}"
    " GROUP BY r.id, p.identity HAVING sum(p.amount_fen) <> 0"
    " ORDER BY v.code, r.group_name, r.household_id, r.id, p.identity"
)
_UNCLAIMED = (
    "e.year = :year AND e.day <= :to_day AND p.source = :source AND NOT EXISTS"
    " (SELECT 1 FROM claim_line AS l WHERE l.entry_id = p.entry_id AND l.source = p.source"
    " AND l.identity = p.identity)"
)

_CLAIM = (
    "INSERT INTO claim_line (claim_id, entry_id, source, identity, amount_fen)"
    " SELECT :claim, p.entry_id, p.source, p.identity, p.amount_fen FROM entry_part AS p"
    " JOIN entry AS e ON e.id = p.entry_id WHERE e.id BETWEEN :first AND :last AND " + _UNCLAIMED
)
_ENTRIES: Final = 20_000
"""So many entries of the ledger are claimed by one statement, between two looks at the stop."""


def unclaimed(conn: Connection, year: int, source: str, to_day: str) -> list[Row]:
    """Give, by person and identity, what has not been claimed from a source up to a day."""
    query = _LINES.format(parts="entry_part", where=_UNCLAIMED)
    rows: list[Row] = conn.execute(
        query, {"year": year, "source": source, "to_day": to_day}
    ).fetchall()
    return rows


def lines(conn: Connection, claim_id: int) -> list[Row]:
    """Give a claim's lines by person and identity."""
    query = _LINES.format(parts="claim_line", where="p.claim_id = ?")
    rows: list[Row] = conn.execute(query, (claim_id,)).fetchall()
    return rows


def next_number(conn: Connection) -> int:
    """Give the number the next claim has; only inside the transaction that uses it."""
    row = conn.execute("SELECT coalesce(max(id), 0) + 1 FROM claim").fetchone()
    return int(row[0])


def insert(
    conn: Connection,
    *,
    uid: str,
    number: str,
    year: int,
    source: str,
    to_day: str,
    at: str,
    staff_id: int,
    people: int,
    amount_fen: int,
    progress: Callable[[int, int], None],
) -> int:
    """Make a claim of everything a source has not been asked for up to a day.

    `progress` is told how much of the ledger has been gone through, and may raise to stop.
    """
    cursor = conn.execute(
        "INSERT INTO claim (uid, number, year, source, to_day, made_at, made_by, people,"
        " amount_fen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (uid, number, year, source, to_day, at, staff_id, people, amount_fen),
    )
    claim_id = int(cursor.lastrowid or 0)
    last = int(conn.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()[0])
    wanted = {"claim": claim_id, "year": year, "source": source, "to_day": to_day}
    for first in range(1, last + 1, _ENTRIES):
        progress(first - 1, last)
        conn.execute(_CLAIM, {**wanted, "first": first, "last": first + _ENTRIES - 1})
    progress(last, last)
    return claim_id


def every(conn: Connection, year: int) -> list[Row]:
    """Give a year's claims, newest first, with what the sources paid.

    `paid_fen` is the sum of all `payments`, `paid_on` the last day, `why` the last reason.
    """
    rows: list[Row] = conn.execute(
        "SELECT c.*, s.shown_name, max(p.paid_on) AS paid_on, sum(p.amount_fen) AS paid_fen,"
        " count(p.id) AS payments, group_concat(p.reference, ' ' ORDER BY p.id) AS reference,"
        " (SELECT q.why FROM claim_payment AS q WHERE q.claim_id = c.id ORDER BY q.id DESC LIMIT 1)"
        " AS why FROM claim AS c JOIN staff AS s ON s.id = c.made_by"
        " LEFT JOIN claim_payment AS p ON p.claim_id = c.id"
        " WHERE c.year = ? GROUP BY c.id ORDER BY c.id DESC",
        (year,),
    ).fetchall()
    return rows


def insert_payment(
    conn: Connection,
    *,
    claim_id: int,
    paid_on: str,
    amount_fen: int,
    reference: str,
    at: str,
    staff_id: int,
    why: str,
) -> None:
    """Record what a source paid on a claim, or one part of it."""
    conn.execute(
        "INSERT INTO claim_payment (claim_id, paid_on, amount_fen, reference, recorded_at,"
        " recorded_by, why) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (claim_id, paid_on, amount_fen, reference, at, staff_id, why),
    )


def settlement(conn: Connection, year: int, to_day: str) -> list[Row]:
    """Give, by source and identity, people, what they were subsidised with, claimed and paid.

    What a source paid is spread nowhere: it stands with the source's whole claims.
    """
    rows: list[Row] = conn.execute(
        "SELECT p.source, p.identity, count(DISTINCT CASE WHEN p.amount_fen > 0 AND n.ended_at"
        "   IS NULL THEN e.resident_id END) AS people, sum(p.amount_fen) AS amount_fen,"
        " coalesce(sum(l.amount_fen), 0) AS claimed_fen,"
        " min(p.amount_fen) FILTER (WHERE e.kind = 'contribution') AS least_fen,"
        " max(p.amount_fen) FILTER (WHERE e.kind = 'contribution') AS most_fen"
        " FROM entry_part AS p JOIN entry AS e ON e.id = p.entry_id"
        " JOIN enrolment AS n ON n.id = e.enrolment_id"
        " LEFT JOIN claim_line AS l ON l.entry_id = p.entry_id AND l.source = p.source"
        "  AND l.identity = p.identity"
        " WHERE e.year = ? AND e.day <= ? AND p.source <> 'individual'"
        " GROUP BY p.source, p.identity ORDER BY p.source, p.identity",
        (year, to_day),
    ).fetchall()
    return rows


def departments(conn: Connection, year: int) -> dict[tuple[str, str], list[str]]:
    """Give, by source and identity, the departments whose lists brought those subsidised."""
    found: dict[tuple[str, str], list[str]] = {}
    for source, identity, department in conn.execute(
        "SELECT DISTINCT p.source, p.identity, i.department FROM entry AS e"
        " JOIN entry_part AS p ON p.entry_id = e.id AND p.source <> 'individual'"
        " JOIN identity AS i ON i.resident_id = e.resident_id AND i.code = p.identity"
        "  AND i.from_on <= e.day AND (i.ended_on IS NULL OR i.ended_on > i.from_on)"
        " WHERE e.year = ? AND e.kind = 'contribution' AND i.department <> '' ORDER BY 1, 2, 3",
        (year,),
    ):
        found.setdefault((source, identity), []).append(department)
    return found


def paid_by_source(conn: Connection, year: int) -> dict[str, int]:
    """Give what each source has paid on its claims, in fen."""
    return dict(
        conn.execute(
            "SELECT c.source, sum(p.amount_fen) FROM claim AS c"
            " JOIN claim_payment AS p ON p.claim_id = c.id WHERE c.year = ? GROUP BY c.source",
            (year,),
        ).fetchall()
    )
