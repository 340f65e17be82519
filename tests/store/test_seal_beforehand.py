"""Rows that are counted for the seal before they are written: the switch cannot be misused."""

from __future__ import annotations

import pytest

from tests.support import Desk
from townshipdesk.services.verify import verify
from townshipdesk.services.work import work
from townshipdesk.store import seal
from townshipdesk.store.driver import Connection

INSERT = (
    "INSERT INTO village (uid, code, name, changed_at)"
    " VALUES ('u' || :n, 'c' || :n, '村' || :n, '2025-03-17T09:00:00+08:00')"
)


def village(conn: Connection, number: int) -> int:
    return int(conn.execute(INSERT, {"n": number}).lastrowid or 0)


def sums_of(conn: Connection, first: int, last: int) -> tuple[int, int]:
    text = seal.row_text(conn, "village")
    rows = conn.execute(f"SELECT {text} FROM village AS t WHERE id BETWEEN ? AND ?", (first, last))
    return seal.sum_of([row[0].encode() for row in rows])


def test_handed_over_sums_are_as_good_as_sums_taken_row_by_row(desk: Desk) -> None:
    """Rows before, among and behind the handed-over ones are all under the seal."""
    with seal.counted_beforehand(desk.office.conn, ["village"]), work(desk.office, desk.clerk) as w:
        village(w.conn, 1)
        first = village(w.conn, 2)
        last = village(w.conn, 3)
        seal.hand_over(w.conn, "village", (first, last), *sums_of(w.conn, first, last))
        village(w.conn, 4)
        w.note("import.villages", "x")
    assert verify(desk.office) == []


def test_rows_nobody_handed_over_are_found_all_the_same(desk: Desk) -> None:
    """Forgetting to hand a sum over costs time, never the seal."""
    with seal.counted_beforehand(desk.office.conn, ["village"]), work(desk.office, desk.clerk) as w:
        village(w.conn, 1)
        w.note("import.villages", "x")
    assert verify(desk.office) == []


def test_a_wrong_sum_is_found_by_verify(desk: Desk) -> None:
    """Whoever hands over what was not written is found out, as somebody who changes a row is."""
    with seal.counted_beforehand(desk.office.conn, ["village"]), work(desk.office, desk.clerk) as w:
        row = village(w.conn, 1)
        seal.hand_over(w.conn, "village", (row, row), 1, 12345)
        w.note("import.villages", "x")
    assert verify(desk.office) != []


def announce_too_many(desk: Desk) -> None:
    with seal.counted_beforehand(desk.office.conn, ["village"]), work(desk.office, desk.clerk) as w:
        row = village(w.conn, 1)
        seal.hand_over(w.conn, "village", (row, row + 1), 2, 12345)
        w.note("import.villages", "x")


def test_a_wrong_count_stops_the_writing(desk: Desk) -> None:
    """More rows announced than are there: nothing is written."""
    before = desk.count("village")
    with pytest.raises(AssertionError, match="counted beforehand"):
        announce_too_many(desk)
    assert desk.count("village") == before
    with work(desk.office, desk.clerk) as w:
        village(w.conn, 2)
        w.note("import.villages", "x")
    assert verify(desk.office) == []


def test_the_notes_are_back_on_afterwards(desk: Desk) -> None:
    """Whatever happened inside, the next row that comes is noted and sealed again."""
    conn = desk.office.conn
    with work(desk.office, desk.clerk) as w:
        w.note("import.villages", "x")
    with pytest.raises(RuntimeError), seal.counted_beforehand(conn, ["village"]):
        raise RuntimeError
    assert not seal.has_touched(conn)
    with work(desk.office, desk.clerk) as w:
        village(w.conn, 1)
        assert seal.has_touched(w.conn)
        w.note("import.villages", "x")
    assert verify(desk.office) == []


def test_only_growing_tables_can_be_counted_beforehand(desk: Desk) -> None:
    """A table whose keys are words has no rows that are new by their number alone."""
    with pytest.raises(AssertionError), seal.counted_beforehand(desk.office.conn, ["policy_text"]):
        pass
