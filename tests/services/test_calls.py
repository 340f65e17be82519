"""Calls: what people said is kept, and a list that comes back is matched and never guessed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.support import Desk
from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.services import calls, file_history

HEADINGS = (
    "村", "组", "户主", "姓名", "证件号码", "电话", "上年是否参保", "未参保原因", "回访结果"
)  # fmt: skip


def call_list(path: Path, rows: list[tuple[str, str, str, str, str]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    for name, masked, phone, reason, result in rows:
        sheet.append(["青杠村委会", "一组", "甲", name, masked, phone, "是", reason, result])
    book.save(path)
    return path


def masked(desk: Desk, person: int) -> str:
    row = desk.office.conn.execute(
        "SELECT number FROM document WHERE resident_id = ?", (person,)
    ).fetchone()
    return mask_number(row[0])


def test_the_last_call_holds(desk: Desk) -> None:
    person = desk.add_resident()
    assert calls.last_call(desk.office, person) is None
    calls.record(desk.office, desk.clerk, person, "lost", "电话打不通")
    calls.record(desk.office, desk.clerk, person, "elsewhere", "在昆明参保")
    found = calls.last_call(desk.office, person)
    assert found is not None
    assert (found.reason, found.result) == ("elsewhere", "在昆明参保")


def test_a_call_that_says_nothing_is_none(desk: Desk) -> None:
    person = desk.add_resident()
    for reason, result in (("", " "), ("no-such-reason", "x")):
        with pytest.raises(UsageError):
            calls.record(desk.office, desk.clerk, person, reason, result)


def test_a_list_that_comes_back_is_matched_by_mask_and_name(desk: Desk, tmp_path: Path) -> None:
    first, second = desk.add_resident("张　三"), desk.add_resident("李四")
    path = call_list(
        tmp_path / "calls.xlsx",
        [
            ("张三", masked(desk, first), "", "外地参保", "儿子代答"),
            ("李四", masked(desk, second), "", "", ""),
            ("王五", masked(desk, first), "", "拒参", ""),
        ],
    )
    read = calls.import_calls(desk.office, desk.clerk, path)
    assert (read.rows, read.recorded, read.empty) == (3, 1, 1)
    assert [row for _sheet, row in read.not_found] == [4]
    again = calls.import_calls(desk.office, desk.clerk, path)
    assert (again.recorded, again.unchanged) == (0, 1)


def test_a_reason_in_words_of_ones_own_is_kept(desk: Desk, tmp_path: Path) -> None:
    """Nothing a caller wrote is lost: no code stands for it, so its words do."""
    person = desk.add_resident("张三")
    path = call_list(
        tmp_path / "calls.xlsx", [("张三", masked(desk, person), "", "等儿子回来商量", "下周再打")]
    )
    assert calls.import_calls(desk.office, desk.clerk, path).recorded == 1
    found = calls.last_call(desk.office, person)
    assert found is not None
    assert (found.reason, found.result) == ("other", "等儿子回来商量；下周再打")


def test_a_call_list_stands_in_the_history_by_its_name(desk: Desk, tmp_path: Path) -> None:
    person = desk.add_resident("张三")
    path = call_list(tmp_path / "回访.xlsx", [("张三", masked(desk, person), "", "拒参", "")])
    calls.import_calls(desk.office, desk.clerk, path)
    newest = file_history.history(desk.office)[0]
    assert (newest.kind, newest.name, newest.counts["recorded"]) == ("calls", "回访.xlsx", 1)
