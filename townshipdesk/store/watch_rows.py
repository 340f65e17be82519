"""SQL of what the board watches besides the villages: key groups, cash, the season so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from townshipdesk.store.driver import Connection

# Also under a record that was merged into the person's. CROSS JOIN: from the few merged ones.
_ENROLLED: Final = (
    "(EXISTS (SELECT 1 FROM enrolment AS e WHERE e.resident_id = r.id AND e.year = ?1"
    " AND e.ended_at IS NULL)"
    " OR EXISTS (SELECT 1 FROM resident AS o CROSS JOIN enrolment AS e ON e.resident_id = o.id"
    " WHERE o.merged_into = r.id AND e.year = ?1 AND e.ended_at IS NULL))"
)


def members(
    conn: Connection, year: int, day: str, codes: Sequence[str]
) -> list[tuple[int, int, int]]:
    """Give living residents of any key group: number, bits, whether enrolled for the year.

    Bit n stands for an identity `codes[n]` in force on the day; the two bits above them for paying
    through a school, and for being born in the year.
    """
    bits = " ".join(f"WHEN ?{n + 4} THEN {1 << n}" for n in range(len(codes)))
    pupil, newborn = 1 << len(codes), 2 << len(codes)
    query = (
        "WITH bit AS ("
        f" SELECT resident_id, CASE code {bits} ELSE 0 END AS bit FROM identity"
        "  WHERE from_on <= ?2 AND (ended_on IS NULL OR ended_on > ?2)"
        f" UNION ALL SELECT id, {pupil} FROM resident WHERE payer_group = 'school'"
        f" UNION ALL SELECT id, {newborn} FROM resident WHERE substr(born, 1, 4) = ?3)"
        f" SELECT r.id, sum(DISTINCT b.bit), {_ENROLLED} FROM bit AS b"
        " JOIN resident AS r ON r.id = b.resident_id AND r.status = 'living' GROUP BY r.id"
    )
    return _tuples(conn, query, (year, day, str(year), *codes))


def are_enrolled(conn: Connection, year: int, residents: Iterable[int]) -> list[tuple[int, int]]:
    """Give residents with whether they are enrolled; a merged record stands for the person's."""
    return [
        _tuples(
            conn,
            f"SELECT r.id, {_ENROLLED} FROM resident AS o"
            " CROSS JOIN resident AS r ON r.id = coalesce(o.merged_into, o.id) WHERE o.id = ?2",
            (year, resident),
        )[0]
        for resident in residents
    ]


def residents_since(conn: Connection, entry_id: int) -> set[int]:
    """Give the residents of the entries made since an entry.

    DISTINCT would tempt SQLite to walk the index of residents from end to end.
    """
    rows = conn.execute("SELECT resident_id FROM entry WHERE id > ?", (entry_id,))
    return {row[0] for row in rows}


def cash_since(conn: Connection, entry_id: int) -> list[tuple[int | None, str, int]]:
    """Give what was taken in cash since an entry: village (None: the desk), day, fen."""
    return _tuples(
        conn,
        "SELECT CASE WHEN channel = 'village' THEN village_id END, day, individual_fen FROM entry"
        " WHERE id > ? AND kind <> 'refund' AND channel IN ('cash', 'village')",
        (entry_id,),
    )


def carried_since(conn: Connection, deposit_id: int) -> list[tuple[int | None, str, int]]:
    """Give what was deposited since a deposit: village, day, fen; negative where taken back."""
    return _tuples(
        conn,
        "SELECT d.village_id, p.day, CASE WHEN d.takes_back IS NULL THEN p.amount_fen"
        " ELSE -p.amount_fen END FROM deposit AS d"
        " JOIN deposit_day AS p ON p.deposit_id = coalesce(d.takes_back, d.id) WHERE d.id > ?",
        (deposit_id,),
    )


def last_deposit(conn: Connection) -> int:
    """Give the number of the last deposit, 0 before the first."""
    return int(conn.execute("SELECT coalesce(max(id), 0) FROM deposit").fetchone()[0])


def season(conn: Connection, year: int, village_id: int | None = None) -> list[tuple[str, int]]:
    """Give the net heads of each day on which any moved, in one village or all together."""
    return _tuples(
        conn,
        "SELECT day, sum(enrolled - ended) FROM tally_head WHERE year = ?1"
        " AND (?2 IS NULL OR village_id = ?2) GROUP BY day ORDER BY 1",
        (year, village_id),
    )


def season_days_since(conn: Connection, year: int, entry_id: int) -> list[tuple[str, int]]:
    """Give the net heads of each day that entries made since an entry belong to, all together."""
    days = conn.execute(
        "SELECT day FROM entry WHERE id > ? AND year = ?", (entry_id, year)
    ).fetchall()
    return [
        (day, heads)
        for day in sorted({row[0] for row in days})
        for (heads,) in _tuples(
            conn,
            "SELECT coalesce(sum(enrolled - ended), 0) FROM tally_head WHERE year = ? AND day = ?",
            (year, day),
        )
    ]


def first_day(conn: Connection, year: int) -> str | None:
    """Give the first day of a year's cover on which heads moved, None before it."""
    found = conn.execute("SELECT min(day) FROM tally_head WHERE year = ?", (year,)).fetchone()[0]
    return None if found is None else str(found)


def heads_between(conn: Connection, year: int, first: str, last: str) -> dict[int, tuple[int, int]]:
    """Give each village's enrolments that began and ended in a span of days, both included."""
    rows = _tuples(
        conn,
        "SELECT village_id, sum(enrolled), sum(ended) FROM tally_head"
        " WHERE year = ? AND day BETWEEN ? AND ? GROUP BY village_id",
        (year, first, last),
    )
    return {village: (began, ended) for village, began, ended in rows}


def money_between(
    conn: Connection, year: int, first: str, last: str
) -> list[tuple[int, str, str, str, int]]:
    """Give village, kind, channel, source and fen of a span of days, both included."""
    return _tuples(
        conn,
        "SELECT village_id, kind, channel, source, sum(amount_fen) FROM tally_money"
        " WHERE year = ? AND day BETWEEN ? AND ? GROUP BY village_id, kind, channel, source",
        (year, first, last),
    )


def _tuples(conn: Connection, query: str, values: tuple[object, ...]) -> list[Any]:
    cursor = conn.cursor()
    cursor.row_factory = None
    found: list[Any] = cursor.execute(query, values).fetchall()
    return found
