"""Lists of villages: by code, with base and target; a printed total is compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.importing import Importing, counts, everything, reasons
from tests.support import Desk
from townshipdesk.services.imports import ImportKind

HEADINGS = ("序号", "村(社区)", "行政区划代码", "村民小组数", "基数(户籍人口)", "任务数")


@pytest.fixture
def villages(desk: Desk, tmp_path: Path) -> Importing:
    return Importing(desk, ImportKind.VILLAGES, tmp_path / "任务分解表.xlsx", HEADINGS)


def stored(desk: Desk, code: str) -> tuple[object, ...]:
    row = desk.office.conn.execute(
        "SELECT name, group_count, base, target FROM village WHERE code = ?", (code,)
    ).fetchone()
    return tuple(row)


def test_villages_are_added_with_base_and_target(desk: Desk, villages: Importing) -> None:
    rows = [
        (1, "塔底社区", "532399200203", 8, 2051, 1887),
        (2, "石者么村委会", "532399200204", "12个", "1,432人", 1318),
        ("合计", "", "", 20, 3483, 3205),
    ]
    summary = villages.bring(rows)
    assert (summary.rows, counts(summary)) == (2, (2, 0, 0, 0))
    assert stored(desk, "532399200204") == ("石者么村委会", 12, 1432, 1318)


def test_a_new_target_updates_and_the_same_list_again_changes_nothing(
    desk: Desk, villages: Importing
) -> None:
    rows = [(1, "青杠村委会", "532399200201", 5, 100, 92)]
    shown = villages.look(rows)
    assert [(c.field, c.old, c.new) for c in shown.changes[0].fields] == [
        ("group_count", "", "5"),
        ("target", "", "92"),
    ]
    assert counts(villages.bring(rows)) == (0, 1, 0, 0)
    before = everything(desk)
    assert counts(villages.bring(rows)) == (0, 0, 1, 0)
    assert everything(desk) == before


def test_a_village_is_renamed_by_its_code(desk: Desk, villages: Importing) -> None:
    assert counts(villages.bring([(1, "青杠社区", "532399200201", 5, 100, 92)])) == (0, 1, 0, 0)
    assert stored(desk, "532399200201")[0] == "青杠社区"


def test_what_contradicts_the_office_is_rejected(villages: Importing) -> None:
    rows = [
        (1, "青杠村委会", "532399200299", 5, 100, 92),
        (2, "柿树村委会", "532399200201", 5, 100, 92),
        (3, "", "532399200204", 5, 100, 92),
        (4, "石者么村委会", "532399200204", 5, "很多", 92),
    ]
    assert reasons(villages.bring(rows)) == [
        (2, "行政区划代码", "conflict"),
        (3, "村(社区)", "conflict"),
        (4, "村(社区)", "missing"),
        (5, "基数(户籍人口)", "amount"),
    ]


def test_a_printed_total_that_the_rows_do_not_give_is_told(villages: Importing) -> None:
    rows = [
        (1, "塔底社区", "532399200203", 8, 2051, 1887),
        (2, "石者么村委会", "532399200204", 12, 1432, 1318),
        ("合计", "", "", 20, 3483, 3206),
    ]
    [warning] = villages.look(rows).warnings
    assert warning.code == "total-differs"
    assert "3206" in warning.text
    assert "3205" in warning.text


def test_a_list_without_codes_updates_known_villages_only(desk: Desk, tmp_path: Path) -> None:
    headings = ("村(社区)", "任务数")
    villages = Importing(desk, ImportKind.VILLAGES, tmp_path / "v.xlsx", headings)
    summary = villages.bring([("青杠村委会", 92), ("新村", 50)])
    assert counts(summary) == (0, 1, 0, 1)
    assert stored(desk, "532399200201") == ("青杠村委会", None, 100, 92)
