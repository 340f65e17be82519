"""SQL of totals: what the tallies hold now, and the same counted from the ledger for a moment.

Live figures come from the tally tables, which triggers keep. A past moment is counted from the rows
themselves, by the moment at which they were entered: what the office knew then, whatever was
entered, ended, died or moved since.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from townshipdesk.store.driver import Connection, Row


def villages(conn: Connection) -> list[Row]:
    """Give every village with its base and given target, by code."""
    rows: list[Row] = conn.execute(
        "SELECT id, code, name, base, target FROM village ORDER BY code"
    ).fetchall()
    return rows


def living(conn: Connection, village_id: int | None = None) -> dict[int, int]:
    """Give the living residents of each village, or of the one that is named."""
    query = "SELECT village_id, living FROM tally_resident WHERE TRUE"
    return _counts(conn, *_narrowed(query, (), village_id))


def living_at(conn: Connection, moment: str) -> dict[int, int]:
    """Give the living residents of each village as recorded at a moment.

    Who a roster had added by then is counted, also where it was taken back since.
    """
    return _counts(
        conn,
        "SELECT village_id, sum(living) FROM ("
        " SELECT village_id, count(*) AS living FROM residency AS r"
        "  WHERE from_at <= ?1 AND status = 'living' AND NOT EXISTS (SELECT 1 FROM residency AS n"
        "   WHERE n.resident_id = r.resident_id AND n.id > r.id AND n.from_at <= ?1)"
        "  GROUP BY village_id"
        " UNION ALL SELECT v.id, l.living FROM import_undo_living AS l"
        "  JOIN import_undo AS u ON u.import_file_id = l.import_file_id"
        "  JOIN import_file AS f ON f.id = l.import_file_id"
        "  JOIN village AS v ON v.uid = l.village_uid"
        "  WHERE f.imported_at <= ?1 AND u.undone_at > ?1) GROUP BY village_id",
        (moment,),
    )


def enrolled(conn: Connection, year: int, village_id: int | None = None) -> dict[int, int]:
    """Give the live enrolments of a year, by village, or of the one that is named."""
    query = "SELECT village_id, heads FROM tally_enrolled WHERE year = ?"
    return _counts(conn, *_narrowed(query, (year,), village_id))


def enrolled_at(conn: Connection, year: int, moment: str) -> dict[int, int]:
    """Give the enrolments of a year that were live at a moment, by village."""
    return _counts(conn, _STANDING_AT + " GROUP BY e.village_id", (year, moment))


def enrolled_on(
    conn: Connection, year: int, day: str, village_id: int | None = None
) -> dict[int, int]:
    """Give those enrolled on a day whose enrolment is in force, by village, or of one."""
    query = "SELECT village_id, standing FROM tally_head WHERE year = ? AND day = ?"
    return _counts(conn, *_narrowed(query, (year, day), village_id))


def enrolled_on_at(conn: Connection, year: int, day: str, moment: str) -> dict[int, int]:
    """Give those enrolled on a day whose enrolment was in force at a moment, by village."""
    return _counts(
        conn, _STANDING_AT + " AND e.day = ?3 GROUP BY e.village_id", (year, moment, day)
    )


def movement(
    conn: Connection, year: int, days: Sequence[str], village_id: int | None = None
) -> list[tuple[int, str, int]]:
    """Give village, day and net movement of heads for days that follow one another.

    Of one village each day is looked up by itself: the index has the day before the village.
    """
    query = "SELECT village_id, day, enrolled - ended FROM tally_head WHERE year = ? AND day "
    if village_id is None:
        return _tuples(conn, query + "BETWEEN ? AND ?", (year, days[0], days[-1]))
    marks = ", ".join("?" for _day in days)
    return _tuples(conn, f"{query} IN ({marks}) AND village_id = ?", (year, *days, village_id))


def money(
    conn: Connection, year: int, village_id: int | None = None
) -> list[tuple[int, str, str, str, int]]:
    """Give village, kind, channel, source and fen of a year, of one village where it is named."""
    query = "SELECT village_id, kind, channel, source, amount_fen FROM tally_source WHERE year = ?"
    return _tuples(conn, *_narrowed(query, (year,), village_id))


def last_entry(conn: Connection) -> int:
    """Give the number of the last row of the ledger, 0 before the first."""
    return int(conn.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()[0])


def villages_since(conn: Connection, entry_id: int) -> set[int]:
    """Give the villages of the entries made since an entry."""
    rows = conn.execute("SELECT village_id FROM entry WHERE id > ?", (entry_id,))
    return {row[0] for row in rows}


def money_at(conn: Connection, year: int, moment: str) -> list[tuple[int, str, str, str, int]]:
    """Give village, kind, channel, source and fen of a year as entered by a moment."""
    return [
        (row[0], row[1], row[2], row[3], row[4])
        for row in conn.execute(
            "SELECT e.village_id, e.kind, e.channel, p.source, sum(p.amount_fen)"
            " FROM entry AS e JOIN entry_part AS p ON p.entry_id = e.id"
            " WHERE e.year = ? AND e.entered_at <= ? GROUP BY 1, 2, 3, 4",
            (year, moment),
        )
    ]


def own_money_on(
    conn: Connection, year: int, day: str, village_id: int | None = None
) -> list[tuple[int, str, int]]:
    """Give village, kind and fen of what people paid or got back themselves on a day.

    Of one village where it is named. A village stands in it once for each channel.
    """
    query = (
        "SELECT village_id, kind, amount_fen FROM tally_money"
        " WHERE year = ? AND day = ? AND source = 'individual'"
    )
    return _tuples(conn, *_narrowed(query, (year, day), village_id))


def own_money_on_at(
    conn: Connection, year: int, day: str, moment: str
) -> list[tuple[int, str, int]]:
    """Give village, kind and fen of what people paid or got back on a day, by a moment."""
    return [
        (row[0], row[1], row[2])
        for row in conn.execute(
            "SELECT village_id, kind, sum(individual_fen) FROM entry"
            " WHERE day = ?2 AND year = ?1 AND entered_at <= ?3 GROUP BY village_id, kind",
            (year, day, moment),
        )
    ]


def payments_on(conn: Connection, day: str) -> tuple[int, int]:
    """Give how many payments of a day stand, and the fen people paid with them."""
    row = conn.execute(
        "SELECT coalesce(sum(CASE kind WHEN 'reversal' THEN -1 ELSE 1 END), 0),"
        " coalesce(sum(individual_fen), 0) FROM entry WHERE day = ? AND kind <> 'refund'",
        (day,),
    ).fetchone()
    return int(row[0]), int(row[1])


_STANDING_AT: Final = """
SELECT e.village_id, count(*) FROM entry AS e JOIN enrolment AS n ON n.id = e.enrolment_id
WHERE e.kind = 'contribution' AND e.year = ?1 AND e.entered_at <= ?2
    AND (n.ended_at IS NULL OR n.ended_at > ?2)"""

_RECOUNTS: Final[tuple[tuple[str, str, str], ...]] = (
    # table, what it holds, the same from the rows it is kept from
    (
        "tally_money",
        "SELECT year, day, village_id, kind, channel, source, identity, entries, amount_fen"
        " FROM tally_money",
        "SELECT e.year, e.day, e.village_id, e.kind, e.channel, p.source, p.identity, count(*),"
        " sum(p.amount_fen) FROM entry AS e JOIN entry_part AS p ON p.entry_id = e.id"
        " GROUP BY 1, 2, 3, 4, 5, 6, 7",
    ),
    (
        "tally_source",
        "SELECT year, village_id, kind, channel, source, amount_fen FROM tally_source",
        "SELECT e.year, e.village_id, e.kind, e.channel, p.source, sum(p.amount_fen)"
        " FROM entry AS e JOIN entry_part AS p ON p.entry_id = e.id GROUP BY 1, 2, 3, 4, 5",
    ),
    (
        "tally_head",
        "SELECT year, day, village_id, enrolled, ended, standing FROM tally_head",
        "SELECT year, day, village_id, sum(began), sum(ended), sum(standing) FROM ("
        " SELECT year, day, village_id, 1 AS began, 0 AS ended, ended_at IS NULL AS standing"
        " FROM enrolment UNION ALL"
        " SELECT year, ended_day, village_id, 0, 1, 0 FROM enrolment WHERE ended_at IS NOT NULL)"
        " GROUP BY 1, 2, 3",
    ),
    (
        "tally_enrolled",
        "SELECT year, village_id, heads FROM tally_enrolled WHERE heads <> 0",
        "SELECT year, village_id, count(*) FROM enrolment WHERE ended_at IS NULL GROUP BY 1, 2",
    ),
    (
        "tally_resident",
        "SELECT village_id, living FROM tally_resident WHERE living <> 0",
        "SELECT village_id, count(*) FROM resident WHERE status = 'living' GROUP BY 1",
    ),
)


def drift(conn: Connection) -> dict[str, int]:
    """Recount every tally and give the tables that differ, with how many rows do.

    An empty answer means that what the board shows is what the ledger holds.
    """
    found: dict[str, int] = {}
    for table, kept, counted in _RECOUNTS:
        differing = conn.execute(
            f"SELECT count(*) FROM (SELECT * FROM ({kept} EXCEPT {counted})"
            f" UNION ALL SELECT * FROM ({counted} EXCEPT {kept}))"
        ).fetchone()[0]
        if differing:
            found[table] = int(differing)
    return found


def _narrowed(
    query: str, values: tuple[object, ...], village_id: int | None
) -> tuple[str, tuple[object, ...]]:
    """Give a query and its values, for one village where it is named."""
    if village_id is None:
        return query, values
    return f"{query} AND village_id = ?", (*values, village_id)


def _counts(conn: Connection, query: str, values: tuple[object, ...]) -> dict[int, int]:
    return dict(_tuples(conn, query, values))


def _tuples(conn: Connection, query: str, values: tuple[object, ...]) -> list[Any]:
    """Give bare tuples: a board of 300 villages reads thousands, and named rows cost five times."""
    cursor = conn.cursor()
    cursor.row_factory = None
    found: list[Any] = cursor.execute(query, values).fetchall()
    return found
