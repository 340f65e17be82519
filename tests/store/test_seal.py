"""The seal: every row outside the ledger is covered by the audit chain, whoever changes it."""

from __future__ import annotations

import contextlib

import pytest

from tests.store.raw_office import AT, DAY, add_resident, raw_office
from townshipdesk.store import audit, seal
from townshipdesk.store.connection import connect


@pytest.fixture
def database(tmp_path):
    made = raw_office(tmp_path / "office.db")
    with made.transaction() as conn:
        note(conn)
        audit.seal_anew(conn, "test")
    seal.arm(made.conn)
    yield made
    made.close()


def note(conn) -> None:
    audit.append(conn, at=AT, staff_id=1, desk="", action="test", subject="office", detail={})


def differing(conn) -> list[str]:
    """Give the tables whose rows no longer add up to what the office kept."""
    kept = seal.recorded(conn)
    return [
        t
        for t in seal.sealed_tables(conn)
        if kept.get(t, seal.Sums(0, "0" * 64)) != seal.recount(conn, t)
    ]


def carried_root(conn) -> str:
    """Give the root that the last audit row with one carries."""
    return [row["seal"] for row in audit.rows(conn) if row["seal"]][-1]


def test_what_the_program_changes_adds_up_and_the_audit_row_carries_the_root(database):
    with database.transaction() as conn:
        resident = add_resident(conn)
        conn.execute("UPDATE resident SET phone = '13900000001' WHERE id = ?", (resident,))
        note(conn)
    with database.transaction() as conn:
        conn.execute("UPDATE resident SET status = 'moved', status_on = ? WHERE id = 1", (DAY,))
        conn.execute("INSERT INTO resident_fact VALUES (1, 'documents', 'missing', ?, 1)", (AT,))
        note(conn)
    with database.transaction() as conn:
        conn.execute("DELETE FROM resident_fact")
        note(conn)
    assert differing(database.conn) == []
    assert carried_root(database.conn) == seal.root(database.conn)


def test_a_row_number_used_again_is_not_missed(database):
    for number in ("900101200001010011", "900101200001010038"):
        with database.transaction() as conn:
            conn.execute("DELETE FROM document")
            note(conn)
        with database.transaction() as conn:
            conn.execute(
                "INSERT INTO document (resident_id, kind, number, added_at)"
                " VALUES (1, 'resident-id', ?, ?)",
                (number, AT),
            )
            note(conn)
    assert differing(database.conn) == []


def test_work_that_was_rolled_back_leaves_the_seal_as_it_was(database):
    before = seal.recorded(database.conn)
    with contextlib.suppress(ZeroDivisionError), database.transaction() as conn:
        add_resident(conn)
        note(conn)
        raise ZeroDivisionError
    assert seal.recorded(database.conn) == before
    assert not seal.has_touched(database.conn)


def test_rows_touched_after_the_last_audit_row_are_sealed_before_the_commit(database):
    with database.transaction() as conn:
        note(conn)
        add_resident(conn)
    assert differing(database.conn) == []
    assert [row["action"] for row in audit.rows(database.conn)][-1] == "office.sealed"


def test_rows_written_outside_a_transaction_are_sealed_with_the_next_audit_row(database):
    add_resident(database.conn)
    assert differing(database.conn) == ["residency", "resident"]
    with database.transaction() as conn:
        note(conn)
    assert differing(database.conn) == []


def test_every_change_of_another_tool_is_found(database):
    tampered = connect(database.path)  # not armed: like any tool that is not the program
    conn = tampered.conn
    for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        conn.execute(f"DROP TRIGGER {name}")
    unseen = []
    for table in ("office", "staff", "village", "resident", "residency", "business_day"):
        for _number, column, kind, *_rest in conn.execute(f"PRAGMA table_info({table})").fetchall():
            conn.execute("PRAGMA ignore_check_constraints = ON")
            conn.execute("PRAGMA foreign_keys = OFF")
            conn.execute("BEGIN")
            conn.execute(
                f"UPDATE {table} SET {column} = coalesce({column}, 0) + 7"
                if kind == "INTEGER"
                else f"UPDATE {table} SET {column} = coalesce({column}, '') || 'x'"
            )
            if differing(conn) != [table]:
                unseen.append(f"{table}.{column}")
            conn.execute("ROLLBACK")
    tampered.close()
    assert unseen == []


def test_a_changed_sum_no_longer_fits_the_root_in_the_chain(database):
    conn = database.conn
    note_root = carried_root(conn)
    conn.execute("UPDATE seal SET rows = rows + 1 WHERE name = 'resident'")
    assert seal.root(conn) != note_root
