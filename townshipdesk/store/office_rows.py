"""SQL of the office itself: its one row, its settings, the policy texts it has used."""

from __future__ import annotations

from townshipdesk.store.driver import Connection, Row


def office(conn: Connection) -> Row | None:
    """Give the office's one row."""
    row: Row | None = conn.execute("SELECT * FROM office").fetchone()
    return row


def insert_office(
    conn: Connection,
    *,
    uid: str,
    name: str,
    kind: str,
    policy_id: str,
    year: int,
    policy_hash: str,
    training_clock: str | None,
    created_at: str,
) -> None:
    """Write the office's one row."""
    conn.execute(
        "INSERT INTO office (id, uid, name, kind, policy_id, year, policy_hash, training_clock,"
        " created_at) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
        (uid, name, kind, policy_id, year, policy_hash, training_clock, created_at),
    )


def record_adoption(conn: Connection, year: int, policy_hash: str, at: str) -> None:
    """Let a kept policy text decide for its year from now on."""
    conn.execute(
        "INSERT INTO policy_adoption (year, policy_hash, adopted_at) VALUES (?, ?, ?)",
        (year, policy_hash, at),
    )


def policy_of_year(conn: Connection, year: int) -> Row | None:
    """Give name, year and hash of the text that decides for a year, None where there is none."""
    row: Row | None = conn.execute(
        "SELECT t.policy_id, t.year, t.hash AS policy_hash FROM policy_adoption AS a"
        " JOIN policy_text AS t ON t.hash = a.policy_hash WHERE a.year = ?"
        " ORDER BY a.id DESC LIMIT 1",
        (year,),
    ).fetchone()
    return row


def policies_of_years(conn: Connection) -> list[Row]:
    """Give name, year and hash of the text that decides for each year, the newest year first."""
    rows: list[Row] = conn.execute(
        "SELECT t.policy_id, t.year, t.hash AS policy_hash FROM policy_adoption AS a"
        " JOIN policy_text AS t ON t.hash = a.policy_hash"
        " WHERE a.id IN (SELECT max(id) FROM policy_adoption GROUP BY year) ORDER BY a.year DESC"
    ).fetchall()
    return rows


def work_by_policy(conn: Connection, policy_id: str, year: int, policy_hash: str) -> None:
    """Let the office work by a kept policy text from now on, wherever no other year is chosen."""
    conn.execute(
        "UPDATE office SET policy_id = ?, year = ?, policy_hash = ?", (policy_id, year, policy_hash)
    )


def payments_under(conn: Connection, policy_hash: str) -> int:
    """Count the enrolments that were decided on a policy text."""
    row = conn.execute(
        "SELECT count(*) FROM enrolment WHERE policy_hash = ?", (policy_hash,)
    ).fetchone()
    return int(row[0])


def set_training_clock(conn: Connection, moment: str) -> None:
    """Put the clock of a training office elsewhere; a CHECK refuses it for a live one."""
    conn.execute("UPDATE office SET training_clock = ? WHERE kind = 'training'", (moment,))


def current_settings(conn: Connection, year: int) -> dict[str, str]:
    """Give the newest value of every setting for a year; the desk's own hold for all years."""
    return dict(
        conn.execute(
            "SELECT key, value FROM setting WHERE id IN (SELECT max(id) FROM setting"
            " WHERE year IS NULL OR year = ? GROUP BY key) AND value <> '' ORDER BY key",
            (year,),
        ).fetchall()
    )


def setting_history(conn: Connection, year: int, key: str | None = None) -> list[Row]:
    """Give the settings of a year with who set them and when, newest first."""
    rows: list[Row] = conn.execute(
        "SELECT setting.*, staff.shown_name FROM setting JOIN staff ON staff.id = set_by"
        " WHERE (?1 IS NULL OR key = ?1) AND (setting.year IS NULL OR setting.year = ?2)"
        " ORDER BY setting.id DESC",
        (key, year),
    ).fetchall()
    return rows


def insert_setting(
    conn: Connection,
    *,
    key: str,
    value: str,
    year: int | None,
    set_at: str,
    set_by: int,
    document_number: str | None,
    document_date: str | None,
    why: str | None,
) -> None:
    """Set a value from now on, for a year or for all; an empty one takes the setting back."""
    conn.execute(
        "INSERT INTO setting (key, value, year, set_at, set_by, document_number, document_date,"
        " why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (key, value, year, set_at, set_by, document_number, document_date, why),
    )


def keep_policy_text(
    conn: Connection, text_hash: str, policy_id: str, year: int, text: str, at: str
) -> None:
    """Keep the text of a policy file that is about to be adopted, once."""
    conn.execute(
        "INSERT INTO policy_text (hash, policy_id, year, text, kept_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (hash) DO NOTHING",
        (text_hash, policy_id, year, text, at),
    )


def policy_texts(conn: Connection) -> list[Row]:
    """Give every kept policy text without the text itself, newest first, with its payments."""
    rows: list[Row] = conn.execute(
        "SELECT p.hash, p.policy_id, p.year, p.kept_at,"
        " (SELECT count(*) FROM enrolment AS e WHERE e.policy_hash = p.hash) AS payments"
        " FROM policy_text AS p ORDER BY p.kept_at DESC, p.rowid DESC"
    ).fetchall()
    return rows


def policy_text(conn: Connection, text_hash: str) -> str | None:
    """Give a kept policy text."""
    row = conn.execute("SELECT text FROM policy_text WHERE hash = ?", (text_hash,)).fetchone()
    return None if row is None else str(row[0])
