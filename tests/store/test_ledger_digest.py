"""The digest of an operation covers every column it wrote and nothing that comes later."""

from __future__ import annotations

import pytest

from tests.store.raw_office import add_payment, add_resident, add_reversal, raw_office
from townshipdesk.store.ledger_digest import digest

PAYMENT, REVERSAL = "payment-1", "reversal-1"


@pytest.fixture
def conn(tmp_path):
    database = raw_office(tmp_path / "office.db")
    with database.transaction() as conn:
        add_payment(conn, PAYMENT)
    yield database.conn
    database.close()


def unguarded(conn) -> None:
    """Take every guard away, as somebody at the file with other tools would."""
    for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        conn.execute(f"DROP TRIGGER {name}")
    conn.execute("PRAGMA ignore_check_constraints = ON")
    conn.execute("PRAGMA foreign_keys = OFF")


def changed(value, kind: str):
    """Give another value of the same type."""
    return (value or 0) + 1000 if kind == "INTEGER" else (value or "") + "x"


@pytest.mark.parametrize(
    ("key", "table", "where", "later"),
    [
        (PAYMENT, "operation", f"key = '{PAYMENT}'", ()),
        (PAYMENT, "entry", f"operation_key = '{PAYMENT}'", ()),
        (PAYMENT, "entry_part", "source = 'medical-assistance' AND entry_id = 1", ()),
        (PAYMENT, "enrolment", "id = 1", ("ended_at", "ended_day", "ended_by")),
        (PAYMENT, "receipt", "id = 1", ()),
        (REVERSAL, "entry", f"operation_key = '{REVERSAL}'", ()),
        (REVERSAL, "entry_part", "source = 'individual' AND entry_id = 2", ()),
        (REVERSAL, "enrolment", "id = 1", ()),
        (REVERSAL, "receipt_void", "receipt_id = 1", ()),
    ],
)
def test_a_change_of_any_column_changes_the_digest(conn, key, table, where, later):
    add_reversal_at(conn)
    unguarded(conn)
    before = digest(conn, key)
    columns = conn.execute(f"PRAGMA table_info({table})").fetchall()
    unseen = []
    for _number, name, kind, *_rest in columns:
        if name in later:
            continue
        conn.execute("BEGIN")
        value = conn.execute(f"SELECT {name} FROM {table} WHERE {where}").fetchone()[0]
        conn.execute(f"UPDATE {table} SET {name} = ? WHERE {where}", (changed(value, kind),))
        if seen_as(conn, key) == before:
            unseen.append(name)
        conn.execute("ROLLBACK")
    assert unseen == []


def seen_as(conn, key: str) -> str:
    try:
        return digest(conn, key)
    except LookupError:
        return "no such operation"


def add_reversal_at(conn) -> None:
    conn.execute("BEGIN IMMEDIATE")
    add_reversal(conn, REVERSAL, 1)
    conn.execute("COMMIT")


@pytest.mark.parametrize("table", ["entry", "entry_part", "receipt", "receipt_line"])
def test_a_row_taken_away_changes_the_digest(conn, table):
    unguarded(conn)
    before = digest(conn, PAYMENT)
    conn.execute(f"DELETE FROM {table}")
    assert digest(conn, PAYMENT) != before


def test_what_comes_later_leaves_the_digest_of_a_payment_alone(conn):
    before = digest(conn, PAYMENT)
    conn.execute("BEGIN IMMEDIATE")
    add_payment(conn, "payment-2", add_resident(conn), receipt_number=2)
    add_reversal(conn, REVERSAL, 1)
    conn.execute("COMMIT")
    assert digest(conn, PAYMENT) == before


def test_a_digest_taken_before_the_operation_is_written_is_a_fault_of_the_program(conn):
    with pytest.raises(LookupError):
        digest(conn, "not-written-yet")
