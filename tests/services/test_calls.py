"""Calls: what people said is kept, and a list that comes back is matched and never guessed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.support import Desk
from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.services import calls, file_history
from townshipdesk.services.payments import PaymentOrder, pay

HEADINGS = (
    "村", "组", "户主", "姓名", "证件号码", "电话", "上年是否参保", "未参保原因", "回访结果"
)  # fmt: skip
ALIKE = "532399195001060176", "532399195101010176"
"""Two numbers that look the same when masked."""


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


def test_a_row_without_a_readable_number_is_told(desk: Desk, tmp_path: Path) -> None:
    """No result vanishes: a row whose number cannot be read is named with its reason."""
    person = desk.add_resident("张三")
    path = call_list(
        tmp_path / "calls.xlsx",
        [("张三", "", "", "拒参", ""), ("张三", masked(desk, person), "", "拒参", "")],
    )
    read = calls.import_calls(desk.office, desk.clerk, path)
    assert (read.rows, read.recorded) == (2, 1)
    assert [(one.row, one.reason) for one in read.rejections] == [(2, "missing")]


def test_a_person_told_twice_keeps_the_first(desk: Desk, tmp_path: Path) -> None:
    """Two rows that contradict each other are named, and the same file again changes nothing."""
    person = desk.add_resident("张三")
    one = masked(desk, person)
    path = call_list(
        tmp_path / "calls.xlsx", [("张三", one, "", "拒参", ""), ("张三", one, "", "失联", "")]
    )
    for recorded in (1, 0):
        read = calls.import_calls(desk.office, desk.clerk, path)
        assert (read.recorded, read.unchanged) == (recorded, 1 - recorded)
        assert [row for _sheet, row in read.twice] == [3]
    found = calls.last_call(desk.office, person)
    assert found is not None
    assert found.reason == "refused"


def test_namesakes_with_one_mask_are_told_apart(desk: Desk, tmp_path: Path) -> None:
    """The whole number or the household's head tells them apart; else nobody is guessed."""
    assert mask_number(ALIKE[0]) == mask_number(ALIKE[1])
    people = [desk.add_resident("张三", number=number) for number in ALIKE]
    path = call_list(
        tmp_path / "calls.xlsx",
        [
            ("张三", ALIKE[1], "", "拒参", ""),
            ("张三", mask_number(ALIKE[0]), "", "失联", ""),
        ],
    )
    read = calls.import_calls(desk.office, desk.clerk, path)
    assert (read.recorded, [row for _sheet, row in read.ambiguous]) == (1, [3])
    assert calls.last_call(desk.office, people[0]) is None
    assert calls.last_call(desk.office, people[1]) is not None


def test_a_list_with_a_former_number_finds_the_person(desk: Desk, tmp_path: Path) -> None:
    """The list went out with a birth certificate's number; the ID number has come since."""
    person = desk.add_resident("张小宝")
    desk.office.conn.execute(
        "INSERT INTO document (resident_id, kind, number, is_current, added_at)"
        " VALUES (?, 'birth-certificate', 'V530000001', 0, '2025-01-01T09:00:00+08:00')",
        (person,),
    )
    path = call_list(
        tmp_path / "calls.xlsx", [("张小宝", mask_number("V530000001"), "", "拒参", "")]
    )
    assert calls.import_calls(desk.office, desk.clerk, path).recorded == 1
    assert calls.last_call(desk.office, person) is not None


def test_a_result_of_somebody_enrolled_since_is_told(desk: Desk, tmp_path: Path) -> None:
    """The call took place and is kept; the clerk hears that the person has paid by now."""
    person = desk.add_resident("张三")
    path = call_list(tmp_path / "calls.xlsx", [("张三", masked(desk, person), "", "拒参", "")])
    pay(desk.office, desk.clerk, PaymentOrder((person,), "cash"))
    read = calls.import_calls(desk.office, desk.clerk, path)
    assert (read.recorded, [row for _sheet, row in read.enrolled]) == (1, [2])
