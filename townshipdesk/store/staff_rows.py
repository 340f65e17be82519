"""SQL of staff and their tries to sign in."""

from __future__ import annotations

from townshipdesk.store.driver import Connection, Row


def insert(
    conn: Connection,
    *,
    uid: str,
    name: str,
    shown_name: str,
    role: str,
    password_hash: str,
    pin_hash: str | None,
    created_at: str,
) -> int:
    """Add a member of staff and give the row's number."""
    cursor = conn.execute(
        "INSERT INTO staff (uid, name, shown_name, role, password_hash, pin_hash, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (uid, name, shown_name, role, password_hash, pin_hash, created_at),
    )
    return int(cursor.lastrowid or 0)


def by_name(conn: Connection, name: str) -> Row | None:
    """Give a member of staff by the name they sign in with."""
    row: Row | None = conn.execute("SELECT * FROM staff WHERE name = ?", (name,)).fetchone()
    return row


def is_active(conn: Connection, staff_id: int) -> bool:
    """Tell whether somebody works here now."""
    row = conn.execute("SELECT active FROM staff WHERE id = ?", (staff_id,)).fetchone()
    return row is not None and bool(row[0])


def every(conn: Connection) -> list[Row]:
    """Give all staff, those at work first."""
    rows: list[Row] = conn.execute("SELECT * FROM staff ORDER BY active DESC, name").fetchall()
    return rows


def insert_try(conn: Connection, name: str, what: str, at: str, succeeded: bool) -> None:
    """Count a try to sign in."""
    conn.execute(
        "INSERT INTO sign_in_try (staff_name, what, tried_at, succeeded) VALUES (?, ?, ?, ?)",
        (name, what, at, int(succeeded)),
    )


def wrong_tries(conn: Connection, name: str, what: str) -> tuple[int, str | None]:
    """Give how many tries went wrong since the last right one, and when the last was made."""
    row = conn.execute(
        "SELECT count(*), max(tried_at) FROM sign_in_try WHERE staff_name = ?1 AND what = ?2"
        " AND succeeded = 0 AND id > coalesce((SELECT max(id) FROM sign_in_try"
        " WHERE staff_name = ?1 AND what = ?2 AND succeeded = 1), 0)",
        (name, what),
    ).fetchone()
    return int(row[0]), row[1]


def set_hash(conn: Connection, staff_id: int, what: str, secret_hash: str) -> None:
    """Replace a password ("password") or PIN ("pin")."""
    column = {"password": "password_hash", "pin": "pin_hash"}[what]
    statement = f"UPDATE staff SET {column} = ? WHERE id = ?"
    conn.execute(statement, (secret_hash, staff_id))


def set_active(conn: Connection, staff_id: int, active: bool) -> None:
    """Let somebody work again, or no more; nobody is ever deleted."""
    conn.execute("UPDATE staff SET active = ? WHERE id = ?", (int(active), staff_id))


def active_supervisors(conn: Connection) -> int:
    """Count the supervisors at work."""
    row = conn.execute(
        "SELECT count(*) FROM staff WHERE role = 'supervisor' AND active = 1"
    ).fetchone()
    return int(row[0])
