"""verify: silent about an office in order, and nothing changed behind its back stays unseen."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.services.busy_office import CLOSED_DAY, busy_office
from tests.tampering import (
    change_a_row,
    columns,
    for_a_moment,
    found_by_verify,
    tables,
    take_guards_away,
)
from townshipdesk.services.days import day_sheet
from townshipdesk.services.office import Office, open_office
from townshipdesk.services.verify import StoppedError, verify, verify_anchor
from townshipdesk.store import audit


@pytest.fixture(scope="module")
def busy_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("verify") / "busy.tdo"
    busy_office(path)
    return path


@pytest.fixture
def office(busy_file: Path, tmp_path: Path):
    path = tmp_path / "office.tdo"
    shutil.copy(busy_file, path)
    opened = open_office(path)
    yield opened
    opened.close()


OWN_FIELDS = ("at", "staff_id", "desk", "action", "subject", "detail", "seal")


def codes(office: Office, **options) -> set[str]:
    return {problem.code for problem in verify(office, **options)}


@pytest.mark.parametrize("quick", [False, True])
def test_an_office_in_order_has_no_problem(office, quick):
    assert [problem.to_json() for problem in verify(office, quick=quick)] == []


def test_every_column_of_every_table_is_watched(office):
    take_guards_away(office.conn)
    dice, unseen = random.Random(4), []
    for table in tables(office.conn):
        for column, kind in columns(office.conn, table):
            with for_a_moment(office.conn):
                done = change_a_row(office.conn, table, column, kind, dice)
                if not found_by_verify(office):
                    unseen.append(done)
    assert unseen == []


def test_a_row_taken_out_of_any_table_is_missed(office):
    take_guards_away(office.conn)
    unseen = []
    for table in tables(office.conn):
        with for_a_moment(office.conn):
            keys = [r[1] for r in office.conn.execute(f"PRAGMA table_info({table})") if r[5]]
            first = office.conn.execute(f"SELECT {', '.join(keys)} FROM {table}").fetchone()
            where = " AND ".join(f"{key} IS ?" for key in keys)
            office.conn.execute(f"DELETE FROM {table} WHERE {where}", tuple(first))
            if not found_by_verify(office):
                unseen.append(table)
    assert unseen == []


def test_a_payment_put_in_beside_the_program_is_found(office):
    conn = office.conn
    conn.execute("BEGIN")
    conn.execute(
        "INSERT INTO operation SELECT 'slipped-in', kind, desk, staff_id, done_at, result"
        " FROM operation WHERE kind = 'payment' LIMIT 1"
    )
    conn.execute("COMMIT")
    assert "not-in-log" in codes(office)


def test_a_guard_taken_away_is_missed_also_by_the_quick_check(office):
    office.conn.execute("DROP TRIGGER entry_stays_u")
    assert codes(office) == {"schema"} == codes(office, quick=True)


def test_a_foreign_table_or_trigger_is_found(office):
    office.conn.execute("CREATE TRIGGER helpful AFTER INSERT ON entry BEGIN SELECT 1; END")
    assert codes(office) == {"schema"}


def test_a_cut_tail_is_found_with_the_anchor_of_the_day_sheet(office):
    sheet = day_sheet(office, CLOSED_DAY)
    assert verify_anchor(office, sheet.chain_length, sheet.chain_head) == []
    take_guards_away(office.conn)
    office.conn.execute("DELETE FROM audit WHERE id >= ?", (sheet.chain_length,))
    cut = verify_anchor(office, sheet.chain_length, sheet.chain_head)
    assert [problem.code for problem in cut] == ["chain-cut"]


def test_a_log_written_anew_is_found_with_the_anchor(office):
    sheet = day_sheet(office, CLOSED_DAY)
    rows = [dict(row) for row in audit.rows(office.conn)]
    take_guards_away(office.conn)
    office.conn.execute("DELETE FROM audit")
    for row in rows:  # somebody takes the trouble to make a chain that fits
        row["detail"] = row["detail"].replace("录错人", "没有错")
        audit._append(office.conn, tuple(row[name] for name in OWN_FIELDS))
    forged = verify_anchor(office, sheet.chain_length, sheet.chain_head)
    assert [problem.code for problem in forged] == ["chain-forged"]


def test_each_step_is_announced_and_can_be_the_last(office):
    steps: list[tuple[int, int]] = []
    verify(office, progress=lambda done, total, _name: steps.append((done, total)))
    assert steps == [(number, len(steps)) for number in range(len(steps))]
    with pytest.raises(StoppedError):
        verify(office, cancelled=lambda: True)
    assert verify(office) == []


def test_many_problems_of_a_kind_are_counted_and_not_all_told(office):
    take_guards_away(office.conn)
    office.conn.execute("UPDATE audit SET detail = '{\"x\":1}'")
    for _number in range(6):
        office.conn.execute(
            "INSERT INTO audit SELECT id + (SELECT max(id) FROM audit), at, staff_id, desk,"
            " action, subject, detail, seal, previous, lower(hex(randomblob(32))) FROM audit"
        )
    changed = [problem for problem in verify(office) if problem.code == "chain-row"]
    assert len(changed) == 51
    assert changed[-1].values["count"] > 51
