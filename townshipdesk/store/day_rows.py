"""SQL of business days and their closing."""

from __future__ import annotations

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
