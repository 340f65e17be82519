"""An office file written row by row, for tests that stand below the services."""

from __future__ import annotations

from pathlib import Path

from townshipdesk.store import day_rows, office_rows, staff_rows
from townshipdesk.store.connection import APPLICATION_IDS, Database, connect
from townshipdesk.store.migrate import migrate
from townshipdesk.store.uids import new_uid

AT = "2025-03-17T09:00:00+08:00"
DAY = "2025-03-17"
POLICY_HASH = "0" * 64


def raw_office(path: Path, version: int | None = None) -> Database:
    """Make a training office with a clerk, a village, one resident and an open day.

    `version` is the number of the last migration it has had; all of them when not given.
    """
    database = connect(path, "create")
    database.conn.execute(f"PRAGMA application_id = {APPLICATION_IDS['training']}")
    migrate(database, version)
    with database.transaction() as conn:
        office_rows.keep_policy_text(conn, POLICY_HASH, "made-up", 2025, "text", AT)
        office_rows.insert_office(
            conn,
            uid=new_uid(),
            name="演练窗口",
            kind="training",
            policy_id="made-up",
            year=2025,
            policy_hash=POLICY_HASH,
            training_clock=AT,
            created_at=AT,
        )
        staff_rows.insert(
            conn,
            uid=new_uid(),
            name="clerk",
            shown_name="李春",
            role="clerk",
            password_hash="none",
            pin_hash=None,
            created_at=AT,
        )
        conn.execute(
            "INSERT INTO village (uid, code, name, changed_at) VALUES (?, ?, '青石村', ?)",
            (new_uid(), "900001201201", AT),
        )
        add_resident(conn)
        day_rows.open_day(conn, DAY, AT, 1)
    return database


def add_resident(conn) -> int:
    cursor = conn.execute(
        "INSERT INTO resident (uid, name, name_key, sex, village_id, created_at, changed_at)"
        " VALUES (?, '杨发贵', '杨发贵', 'male', 1, ?, ?)",
        (new_uid(), AT, AT),
    )
    return cursor.lastrowid


def add_payment(conn, key: str, resident_id: int = 1, receipt_number: int = 1) -> int:
    """Write one payment of 400 yuan, 120 of it a subsidy, and give the entry's number."""
    enrolment = conn.execute(
        "INSERT INTO enrolment (uid, resident_id, year, village_id, policy_hash, paid_at, day,"
        " facts, quote, standard_fen, coverage_from, coverage_to)"
        " VALUES (?, ?, 2025, 1, ?, ?, ?, '{}', '{}', 40000, '2025-06-01', '2025-12-31')",
        (new_uid(), resident_id, POLICY_HASH, AT, DAY),
    ).lastrowid
    entry = _entry(conn, key, "contribution", enrolment, resident_id, 28000, 12000)
    parts = (("individual", "", 28000), ("medical-assistance", "subsistence-allowance", 12000))
    _parts(conn, entry, parts)
    receipt = conn.execute(
        "INSERT INTO receipt (uid, number, issued_at, day, staff_id, operation_key, amount_fen,"
        " content) VALUES (?, ?, ?, ?, 1, ?, 28000, '{}')",
        (new_uid(), receipt_number, AT, DAY, key),
    ).lastrowid
    conn.execute("INSERT INTO receipt_line VALUES (?, ?)", (receipt, entry))
    _operation(conn, key, "payment")
    return entry


def add_reversal(conn, key: str, entry_id: int) -> int:
    """Take a payment back, with the enrolment ended and the receipt voided."""
    paid = conn.execute("SELECT * FROM entry WHERE id = ?", (entry_id,)).fetchone()
    entry = _entry(
        conn,
        key,
        "reversal",
        paid["enrolment_id"],
        paid["resident_id"],
        -paid["individual_fen"],
        -paid["subsidy_fen"],
        reverses=entry_id,
    )
    parts = conn.execute("SELECT * FROM entry_part WHERE entry_id = ?", (entry_id,)).fetchall()
    _parts(conn, entry, [(p["source"], p["identity"], -p["amount_fen"]) for p in parts])
    conn.execute(
        "UPDATE enrolment SET ended_at = ?, ended_day = ?, ended_by = 'reversal' WHERE id = ?",
        (AT, DAY, paid["enrolment_id"]),
    )
    conn.execute(
        "INSERT INTO receipt_void SELECT receipt_id, ?, 1, ?, '录错人' FROM receipt_line"
        " WHERE entry_id = ?",
        (AT, DAY, entry_id),
    )
    _operation(conn, key, "reversal")
    return entry


def _entry(conn, key, kind, enrolment, resident, individual_fen, subsidy_fen, reverses=None) -> int:
    return conn.execute(
        "INSERT INTO entry (uid, kind, enrolment_id, resident_id, village_id, year, day, paid_at,"
        " entered_at, channel, staff_id, individual_fen, subsidy_fen, reverses_id, why,"
        " operation_key) VALUES (?, ?, ?, ?, 1, 2025, ?, ?, ?, 'cash', 1, ?, ?, ?, ?, ?)",
        (
            new_uid(),
            kind,
            enrolment,
            resident,
            DAY,
            AT,
            AT,
            individual_fen,
            subsidy_fen,
            reverses,
            "录错人" if reverses else "",
            key,
        ),
    ).lastrowid


def _parts(conn, entry, parts) -> None:
    conn.executemany(
        "INSERT INTO entry_part (entry_id, source, identity, amount_fen) VALUES (?, ?, ?, ?)",
        [(entry, *part) for part in parts],
    )


def _operation(conn, key: str, kind: str) -> None:
    conn.execute(
        "INSERT INTO operation (key, kind, staff_id, done_at, result) VALUES (?, ?, 1, ?, '{}')",
        (key, kind, AT),
    )
