"""SQL of receipt books: ranges of pre-numbered paper, in whose hands, and what became of them."""

from __future__ import annotations

from townshipdesk.store.driver import Connection, Row

# What became of the numbers of each range: a number used and later voided counts as void.
_ISSUES = (
    "SELECT i.*, b.name, b.prefix, b.width, v.name AS village_name, v.code AS village_code,"
    " s.shown_name AS holder_name, s.role AS holder_role, o.shown_name AS issuer_name,"
    " i.last - i.first + 1 AS size,"
    " (SELECT count(*) FROM paper AS p WHERE p.issue_id = i.id AND p.state = 'void') AS void,"
    " (SELECT count(*) FROM paper AS p WHERE p.issue_id = i.id AND p.state = 'used'"
    "   AND NOT EXISTS (SELECT 1 FROM paper AS w WHERE w.issue_id = i.id"
    "     AND w.number = p.number AND w.state = 'void')) AS used,"
    " w.written_off_at, w.returned, w.note AS write_off_note, c.shown_name AS checker_name"
    " FROM book_issue AS i JOIN book AS b ON b.id = i.book_id"
    " JOIN staff AS o ON o.id = i.issued_by"
    " LEFT JOIN village AS v ON v.id = i.village_id LEFT JOIN staff AS s ON s.id = i.holder_id"
    " LEFT JOIN book_write_off AS w ON w.issue_id = i.id"
    " LEFT JOIN staff AS c ON c.id = w.written_off_by"
)


def insert_book(
    conn: Connection,
    *,
    uid: str,
    name: str,
    prefix: str,
    first: int,
    last: int,
    width: int,
    at: str,
    staff_id: int,
) -> int:
    """Record that a book came in and give the row's number."""
    cursor = conn.execute(
        "INSERT INTO book (uid, name, prefix, first, last, width, received_at, received_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (uid, name, prefix, first, last, width, at, staff_id),
    )
    return int(cursor.lastrowid or 0)


def books(conn: Connection) -> list[Row]:
    """Give every book, newest first: how many numbers were issued, the one after the last of them.

    A gap left between two issued ranges is not looked for: ranges are issued in order.
    """
    rows: list[Row] = conn.execute(
        "SELECT b.*, coalesce(sum(i.last - i.first + 1), 0) AS issued,"
        " coalesce(max(i.last) + 1, b.first) AS next_free"
        " FROM book AS b LEFT JOIN book_issue AS i ON i.book_id = b.id"
        " GROUP BY b.id ORDER BY b.id DESC"
    ).fetchall()
    return rows


def overlapping_book(conn: Connection, prefix: str, first: int, last: int) -> Row | None:
    """Give a book that has some of these numbers already."""
    row: Row | None = conn.execute(
        "SELECT * FROM book WHERE prefix = ? AND first <= ? AND last >= ?", (prefix, last, first)
    ).fetchone()
    return row


def book_holding(conn: Connection, prefix: str, first: int, last: int) -> Row | None:
    """Give the book that has all of these numbers."""
    row: Row | None = conn.execute(
        "SELECT * FROM book WHERE prefix = ? AND first <= ? AND last >= ?", (prefix, first, last)
    ).fetchone()
    return row


def insert_issue(
    conn: Connection,
    *,
    uid: str,
    book_id: int,
    first: int,
    last: int,
    village_id: int | None,
    holder_id: int | None,
    received_by: str,
    at: str,
    staff_id: int,
) -> int:
    """Record that a range went into somebody's hands and give the row's number."""
    cursor = conn.execute(
        "INSERT INTO book_issue (uid, book_id, first, last, village_id, holder_id, received_by,"
        " issued_at, issued_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (uid, book_id, first, last, village_id, holder_id, received_by, at, staff_id),
    )
    return int(cursor.lastrowid or 0)


def overlapping_issue(conn: Connection, book_id: int, first: int, last: int) -> Row | None:
    """Give a range that has been issued and holds some of these numbers."""
    row: Row | None = conn.execute(
        f"{_ISSUES} WHERE i.book_id = ? AND i.first <= ? AND i.last >= ?", (book_id, last, first)
    ).fetchone()
    return row


def issues(conn: Connection, village_id: int | None = None) -> list[Row]:
    """Give the ranges in somebody's hands with what became of them, newest first."""
    rows: list[Row] = conn.execute(
        f"{_ISSUES} WHERE ?1 IS NULL OR i.village_id = ?1 ORDER BY i.id DESC", (village_id,)
    ).fetchall()
    return rows


def issue(conn: Connection, uid: str) -> Row | None:
    """Give one range by its unique id."""
    row: Row | None = conn.execute(f"{_ISSUES} WHERE i.uid = ?", (uid,)).fetchone()
    return row


def issue_holding(conn: Connection, prefix: str, number: int) -> Row | None:
    """Give the issued range a printed number belongs to."""
    row: Row | None = conn.execute(
        f"{_ISSUES} WHERE b.prefix = ? AND i.first <= ? AND i.last >= ?", (prefix, number, number)
    ).fetchone()
    return row


def first_with_papers(
    conn: Connection, *, staff_id: int | None = None, village_id: int | None = None
) -> Row | None:
    """Give the range that a clerk, or a village, takes the next number from, with `next_free`.

    A clerk's own ranges come first, then those that supervisors hold for the whole office; of
    several the one issued first. None where nothing is left. A number left out is the next one.
    """
    row: Row | None = conn.execute(
        "WITH held AS (SELECT i.id, i.last, i.holder_id, b.prefix, b.width,"
        " coalesce(v.name, s.shown_name) AS holder,"
        " CASE WHEN EXISTS (SELECT 1 FROM paper WHERE issue_id = i.id AND number = i.first)"
        "  THEN (SELECT min(p.number) + 1 FROM paper AS p WHERE p.issue_id = i.id"
        "   AND NOT EXISTS (SELECT 1 FROM paper AS q"
        "    WHERE q.issue_id = p.issue_id AND q.number = p.number + 1))"
        "  ELSE i.first END AS next_free"
        " FROM book_issue AS i JOIN book AS b ON b.id = i.book_id"
        " LEFT JOIN staff AS s ON s.id = i.holder_id LEFT JOIN village AS v ON v.id = i.village_id"
        " WHERE NOT EXISTS (SELECT 1 FROM book_write_off AS w WHERE w.issue_id = i.id)"
        " AND (i.holder_id = ?1 OR (?1 IS NOT NULL AND s.role = 'supervisor')"
        "  OR i.village_id = ?2))"
        " SELECT *, last - next_free + 1 AS left FROM held WHERE next_free <= last"
        " ORDER BY holder_id IS NOT ?1, id LIMIT 1",
        (staff_id, village_id),
    ).fetchone()
    return row


def to_void(conn: Connection) -> list[Row]:
    """Give the numbers whose receipt is void while the paper itself is not, oldest first."""
    rows: list[Row] = conn.execute(
        "SELECT p.number, b.prefix, b.width FROM paper AS p"
        " JOIN book_issue AS i ON i.id = p.issue_id JOIN book AS b ON b.id = i.book_id"
        " JOIN receipt_void AS v ON v.receipt_id ="
        "  (SELECT min(receipt_id) FROM receipt_line WHERE entry_id = p.entry_id)"
        " WHERE p.state = 'used' AND NOT EXISTS (SELECT 1 FROM paper AS o"
        "  WHERE o.issue_id = p.issue_id AND o.number = p.number AND o.state = 'void')"
        " AND NOT EXISTS (SELECT 1 FROM book_write_off AS w WHERE w.issue_id = p.issue_id)"
        " ORDER BY p.id"
    ).fetchall()
    return rows


def papers(conn: Connection, issue_id: int, number: int) -> list[Row]:
    """Give what was recorded for one number, oldest first."""
    rows: list[Row] = conn.execute(
        "SELECT * FROM paper WHERE issue_id = ? AND number = ? ORDER BY id", (issue_id, number)
    ).fetchall()
    return rows


def insert_paper(
    conn: Connection,
    *,
    issue_id: int,
    number: int,
    state: str,
    entry_id: int | None,
    copies_kept: int | None,
    why: str,
    at: str,
    staff_id: int,
) -> None:
    """Record that a number was used or voided."""
    conn.execute(
        "INSERT INTO paper (issue_id, number, state, entry_id, copies_kept, why, recorded_at,"
        " recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (issue_id, number, state, entry_id, copies_kept, why, at, staff_id),
    )


def paper_of_entry(conn: Connection, entry_id: int) -> Row | None:
    """Give the number of a book that a payment used."""
    row: Row | None = conn.execute(
        "SELECT * FROM paper WHERE entry_id = ? AND state = 'used'", (entry_id,)
    ).fetchone()
    return row


def insert_write_off(
    conn: Connection,
    *,
    issue_id: int,
    used: int,
    void: int,
    returned: int,
    at: str,
    staff_id: int,
    note: str,
) -> None:
    """Record that the numbers of a range were checked and written off."""
    conn.execute(
        "INSERT INTO book_write_off (issue_id, used, void, returned, written_off_at,"
        " written_off_by, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (issue_id, used, void, returned, at, staff_id, note),
    )
