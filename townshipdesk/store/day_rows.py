"""SQL of business days and their closing."""

from __future__ import annotations

from typing import NamedTuple

from townshipdesk.store.driver import Connection, Row


def is_closed(conn: Connection, day: str) -> bool:
    """Tell whether a day has been closed."""
    return conn.execute("SELECT 1 FROM day_close WHERE day = ?", (day,)).fetchone() is not None


def open_day(conn: Connection, day: str, at: str, staff_id: int) -> None:
    """Open a business day, once."""
    conn.execute(
        "INSERT INTO business_day (day, opened_at, opened_by) VALUES (?, ?, ?)"
        " ON CONFLICT (day) DO NOTHING",
        (day, at, staff_id),
    )


def close(conn: Connection, day: str) -> Row | None:
    """Give the closing of a day."""
    row: Row | None = conn.execute("SELECT * FROM day_close WHERE day = ?", (day,)).fetchone()
    return row


def open_before(conn: Connection, day: str) -> list[str]:
    """Give the days before `day` that were opened and never closed, oldest first."""
    return [
        row[0]
        for row in conn.execute(
            "SELECT day FROM business_day WHERE day < ? AND day NOT IN"
            " (SELECT day FROM day_close) ORDER BY day",
            (day,),
        )
    ]


def insert_close(
    conn: Connection,
    *,
    day: str,
    closed_at: str,
    closed_by: int,
    expected_cash_fen: int,
    counted_cash_fen: int,
    why: str,
    sheet: str,
    chain_length: int,
    chain_head: str,
) -> None:
    """Close a day for ever, with its sheet and the anchor of the audit chain."""
    conn.execute(
        "INSERT INTO day_close (day, closed_at, closed_by, expected_cash_fen, counted_cash_fen,"
        " why, sheet, chain_length, chain_head) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            day,
            closed_at,
            closed_by,
            expected_cash_fen,
            counted_cash_fen,
            why,
            sheet,
            chain_length,
            chain_head,
        ),
    )


def closed_days(conn: Connection, limit: int) -> list[str]:
    """Give the last closed days, newest first."""
    return [
        row[0]
        for row in conn.execute("SELECT day FROM day_close ORDER BY day DESC LIMIT ?", (limit,))
    ]


def by_clerk(conn: Connection, day: str) -> list[Row]:
    """Give clerk, channel, kind, count and fen of a day, read from the index alone."""
    rows: list[Row] = conn.execute(
        "SELECT s.id AS staff_id, s.shown_name AS clerk, e.channel, e.kind,"
        " e.count, e.individual_fen FROM (SELECT staff_id, channel, kind, count(*) AS count,"
        " sum(individual_fen) AS individual_fen FROM entry WHERE day = ?"
        " GROUP BY staff_id, channel, kind) AS e"
        " JOIN staff AS s ON s.id = e.staff_id ORDER BY s.id, e.channel, e.kind",
        (day,),
    ).fetchall()
    return rows


def receipts(conn: Connection, day: str) -> list[Row]:
    """Give the receipts of a day in order, with who issued them and whether they are void."""
    rows: list[Row] = conn.execute(
        "SELECT r.series, r.number, r.staff_id, s.shown_name AS clerk,"
        " v.receipt_id IS NOT NULL AS void"
        " FROM receipt AS r JOIN staff AS s ON s.id = r.staff_id"
        " LEFT JOIN receipt_void AS v ON v.receipt_id = r.id"
        " WHERE r.day = ? ORDER BY r.series, r.number",
        (day,),
    ).fetchall()
    return rows


def last_receipt_before(conn: Connection, day: str, series: str) -> int:
    """Give the last number of a series issued before a day, 0 when there is none."""
    row = conn.execute(
        "SELECT max(number) FROM receipt WHERE series = ? AND day < ?", (series, day)
    ).fetchone()
    return int(row[0] or 0)


class Unusual(NamedTuple):
    """How many entries of a day are unusual in each way."""

    unlike_standard: int
    by_ruling: int
    without_voucher: int
    taken_earlier: int
    outside_hours: int


def unusual(conn: Connection, day: str, opens: str, closes: str) -> Unusual:
    """Look every entry of a day over once. Office hours are HH:MM, the second one excluded.

    Counted are payments whose parts do not add up to the standard, that rest on a ruling, that name
    no voucher though they are not cash, whose money was taken on another day, and entries outside
    office hours.
    """
    row = conn.execute(
        "SELECT sum(paid AND e.individual_fen + e.subsidy_fen <> n.standard_fen),"
        " sum(e.kind = 'contribution' AND n.ruling_id IS NOT NULL),"
        " sum(paid AND e.channel <> 'cash' AND e.voucher = ''),"
        " sum(paid AND substr(e.paid_at, 1, 10) <> e.day),"
        " sum(substr(e.entered_at, 12, 5) < ?2 OR substr(e.entered_at, 12, 5) >= ?3)"
        " FROM (SELECT *, kind IN ('contribution', 'duplicate') AS paid FROM entry WHERE day = ?1)"
        " AS e JOIN enrolment AS n ON n.id = e.enrolment_id",
        (day, opens, closes),
    ).fetchone()
    return Unusual(*(int(count or 0) for count in row))


def printed_often(conn: Connection, day: str, times: int) -> int:
    """Count receipts of a day that were printed at least so many times."""
    return _count(
        conn,
        "SELECT count(*) FROM receipt AS r JOIN receipt_print AS p ON p.receipt_id = r.id"
        " AND p.nth = ?2 WHERE r.day = ?1",
        day,
        times,
    )


def cash_counts(conn: Connection, day: str) -> int:
    """Count how many times the cash of a day was counted before it was closed."""
    return _count(
        conn, "SELECT count(*) FROM audit WHERE action = 'day.counted' AND subject = ?", day
    )


def _count(conn: Connection, query: str, *values: object) -> int:
    return int(conn.execute(query, values).fetchone()[0])
