"""SQL of deposits: what was taken in cash on which day, and what of it is at the bank."""

from __future__ import annotations

from townshipdesk.store.driver import Connection, Row

# Cash in hand by day, for the desk (channel cash) and for each village (channel village).
_IN_HAND = (
    "WITH taken AS ("
    " SELECT CASE WHEN channel = 'village' THEN village_id END AS village_id, day,"
    "  sum(amount_fen) AS amount_fen FROM tally_money"
    " WHERE source = 'individual' AND kind <> 'refund' AND channel IN ('cash', 'village')"
    " GROUP BY 1, 2),"
    " carried AS (SELECT d.village_id, p.day, sum(p.amount_fen) AS amount_fen"
    " FROM deposit AS d JOIN deposit_day AS p ON p.deposit_id = d.id"
    " WHERE d.takes_back IS NULL AND NOT EXISTS"
    "  (SELECT 1 FROM deposit AS t WHERE t.takes_back = d.id)"
    " GROUP BY 1, 2)"
    " SELECT t.village_id, t.day, t.amount_fen - coalesce(c.amount_fen, 0) AS amount_fen,"
    " v.code, v.name"
    " FROM taken AS t LEFT JOIN carried AS c ON c.village_id IS t.village_id AND c.day = t.day"
    " LEFT JOIN village AS v ON v.id = t.village_id"
    " WHERE t.amount_fen <> coalesce(c.amount_fen, 0)"
    " ORDER BY t.village_id IS NOT NULL, v.code, t.day"
)


def in_hand(conn: Connection) -> list[Row]:
    """Give the cash not at the bank by holder and day, oldest first, with the village's names."""
    rows: list[Row] = conn.execute(_IN_HAND).fetchall()
    return rows


def held_since_before(conn: Connection, day: str) -> list[str | None]:
    """Name the villages that hold cash from before a day (None: the desk), by code.

    Deposits carry the oldest cash first: what is held beyond all that came since the day is older.
    """
    rows = conn.execute(
        "WITH held AS (SELECT CASE WHEN channel = 'village' THEN village_id END AS holder,"
        "  sum(amount_fen) AS fen FROM tally_source WHERE source = 'individual'"
        "  AND kind <> 'refund' AND channel IN ('cash', 'village') GROUP BY 1"
        " UNION ALL SELECT village_id, -sum(amount_fen) FROM deposit WHERE takes_back IS NULL"
        "  GROUP BY 1"
        " UNION ALL SELECT village_id, sum(amount_fen) FROM deposit WHERE takes_back IS NOT NULL"
        "  GROUP BY 1"
        " UNION ALL SELECT CASE WHEN channel = 'village' THEN village_id END, -sum(amount_fen)"
        "  FROM tally_money WHERE year IN (SELECT DISTINCT year FROM tally_source) AND day >= ?"
        "  AND source = 'individual' AND kind <> 'refund' AND channel IN ('cash', 'village')"
        "  GROUP BY 1)"
        " SELECT v.name FROM held LEFT JOIN village AS v ON v.id = held.holder"
        " GROUP BY held.holder HAVING sum(fen) > 0 ORDER BY held.holder IS NOT NULL, v.code",
        (day,),
    )
    return [row[0] for row in rows]


def insert(
    conn: Connection,
    *,
    uid: str,
    village_id: int | None,
    amount_fen: int,
    bank_reference: str,
    deposited_on: str,
    at: str,
    staff_id: int,
    days: list[tuple[str, int]],
    takes_back: int | None = None,
    why: str = "",
) -> int:
    """Record a deposit with the days it carries, and give the row's number."""
    cursor = conn.execute(
        "INSERT INTO deposit (uid, village_id, amount_fen, bank_reference, deposited_on,"
        " recorded_at, recorded_by, takes_back, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (uid, village_id, amount_fen, bank_reference, deposited_on, at, staff_id, takes_back, why),
    )
    deposit_id = int(cursor.lastrowid or 0)
    conn.executemany(
        "INSERT INTO deposit_day (deposit_id, day, amount_fen) VALUES (?, ?, ?)",
        [(deposit_id, day, amount_fen) for day, amount_fen in days],
    )
    return deposit_id


def by_uid(conn: Connection, uid: str) -> Row | None:
    """Give a deposit, with whether it was taken back."""
    row: Row | None = conn.execute(
        "SELECT d.*, EXISTS (SELECT 1 FROM deposit AS t WHERE t.takes_back = d.id) AS taken_back"
        " FROM deposit AS d WHERE d.uid = ?",
        (uid,),
    ).fetchone()
    return row


def newest(conn: Connection, limit: int) -> list[Row]:
    """Give the last deposits with who recorded them."""
    rows: list[Row] = conn.execute(
        "SELECT d.*, v.name AS village_name, s.shown_name,"
        " EXISTS (SELECT 1 FROM deposit AS t WHERE t.takes_back = d.id) AS taken_back"
        " FROM deposit AS d JOIN staff AS s ON s.id = d.recorded_by"
        " LEFT JOIN village AS v ON v.id = d.village_id ORDER BY d.id DESC LIMIT ?",
        (limit,),
    ).fetchall()
    return rows
