"""Exports: what stands on a sheet is what stands in the ledger, and it can be read back."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.support import Desk
from townshipdesk.domain.dates import SHANGHAI
from townshipdesk.domain.errors import BadFileError, NotFoundError, UsageError
from townshipdesk.services import books, calls, claims, imports, refunds
from townshipdesk.services.days import close_day
from townshipdesk.services.exports import SHEETS, export
from townshipdesk.services.imports import CancelledError, ImportKind, ImportOptions
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.reversals import reverse
from townshipdesk.sheets.reader import read_roster

VILLAGE = "532399200201"


@pytest.fixture
def worked(desk: Desk) -> Desk:
    """A day's work: a subsidised payer, a reversal, a hostile name, somebody unpaid and called."""
    home = desk.add_household("HH01")
    first = desk.add_resident("杨发贵", household_id=home, relation="户主")
    desk.add_identity(first, "subsistence-allowance")
    second = desk.add_resident("=cmd|' /C calc'!A0", household_id=home, relation="子")
    third = desk.add_resident("罗小满", village_id=2, phone="13900000001")
    calls.record(desk.office, desk.clerk, third, "refused", "下次再说")
    for person in (first, second):
        pay(desk.office, desk.clerk, PaymentOrder((person,), "cash"))
    entry = pay(desk.office, desk.clerk, PaymentOrder((third,), "mobile")).lines[0].entry_uid
    reverse(desk.office, desk.clerk, entry, "认错人")
    return desk


def sheets(path: Path, *, values: bool = False) -> dict[str, Worksheet]:
    book = openpyxl.load_workbook(path, data_only=values)
    return {sheet.title: sheet for sheet in book.worksheets}


def table(sheet: Worksheet, first_heading: str) -> tuple[list[str], list[dict[str, object]]]:
    """Give headings and rows of a printed table, its total row included."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(n for n, row in enumerate(rows) if row[0] == first_heading)
    headings = [str(value) for value in rows[top]]
    found = []
    for row in rows[top + 1 :]:
        if not any(row[1:]):
            break
        found.append(dict(zip(headings, row, strict=True)))
        if row[0] == "合计":
            break
    return headings, found


def test_the_ledger_has_everybody_enrolled_and_sums_that_agree(
    worked: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.xlsx"
    assert export(worked.office, "ledger", path).rows == 2
    formulas = sheets(path)["青杠村委会"]
    _headings, rows = table(sheets(path, values=True)["青杠村委会"], "户号")
    *people, total = rows
    assert [row["姓名"] for row in people] == ["杨发贵", "=cmd|' /C calc'!A0"]
    assert [row["自缴金额"] for row in people] == [280, 400]
    assert people[0]["身份类别"] == "城乡低保对象"
    assert total["自缴金额"] == 680
    cells = [cell for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
    assert all(str(cell.value).startswith("=SUM(") for cell in cells)
    assert len(cells) == 3


def test_a_name_never_becomes_a_formula(worked: Desk, tmp_path: Path) -> None:
    for name in ("ledger", "roster"):
        path = tmp_path / f"{name}.xlsx"
        export(worked.office, name, path)
        for sheet in sheets(path).values():
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f" or str(cell.value).startswith("=SUM(")


def test_the_call_list_masks_numbers_and_carries_the_last_call(
    worked: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "unpaid.xlsx"
    export(worked.office, "unpaid", path)
    _headings, (row,) = table(sheets(path)["未参保人员名单"], "村")
    assert (row["姓名"], row["未参保原因"], row["回访结果"]) == ("罗小满", "拒参", "下次再说")
    assert "********" in str(row["证件号码"])
    back = calls.import_calls(worked.office, worked.clerk, path)
    assert (back.rows, back.unchanged, back.recorded) == (1, 1, 0)


def test_every_subsidised_person_stands_in_the_claim_once(worked: Desk, tmp_path: Path) -> None:
    path = tmp_path / "claim.xlsx"
    export(worked.office, "subsidy-claim", path)
    _headings, rows = table(sheets(path)["医疗救助"], "序号")
    assert [(row["姓名"], row["资助金额"]) for row in rows[:-1]] == [("杨发贵", 120)]
    made = claims.make(worked.office, worked.clerk, "medical-assistance")
    export(worked.office, "subsidy-claim", path, claim=made.number)
    _headings, rows = table(sheets(path, values=True)["医疗救助"], "序号")
    assert [row["资助金额"] for row in rows] == [120, 120]


def test_the_townships_summary_counts_each_head_in_one_column(worked: Desk, tmp_path: Path) -> None:
    path = tmp_path / "town.xlsx"
    export(worked.office, "town-summary", path)
    sheet = sheets(path, values=True)["统计汇总表"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (village,) = [row for row in rows if row[0] == "青杠村委会"]
    assert village[3] == 2
    assert village[5:12] == [1, 0, 1, 0, 0, 0, 0]
    assert village[12:15] == [680, 120, 0]


def test_the_week_ranks_villages_by_exact_shares(worked: Desk, tmp_path: Path) -> None:
    path = tmp_path / "week.xlsx"
    worked.office.conn.execute("UPDATE village SET target = 3")
    export(worked.office, "weekly", path)
    _headings, rows = table(sheets(path, values=True)["每周进度表"], "村(社区)")
    assert [(row["累计参保"], row["排名"]) for row in rows[:2]] == [(2, 1), (0, 2)]
    assert rows[0]["本周新增"] == 2


def test_a_closed_days_sheet_carries_the_chains_head(worked: Desk, tmp_path: Path) -> None:
    path = tmp_path / "day.xlsx"
    with pytest.raises(NotFoundError):
        export(worked.office, "daily", path)
    sheet = close_day(worked.office, worked.clerk, date(2025, 3, 17), 68000)
    export(worked.office, "daily", path)
    texts = [str(cell.value) for row in sheets(path)["日结单"].iter_rows() for cell in row]
    assert any(sheet.chain_head in text for text in texts)


def test_the_villages_summary_counts_groups_and_voids(worked: Desk, tmp_path: Path) -> None:
    path = tmp_path / "village.xlsx"
    export(worked.office, "village-summary", path)
    _headings, rows = table(sheets(path, values=True)["柿树村委会"], "村民小组")
    assert (rows[0]["应参保人数"], rows[0]["已参保人数"], rows[0]["作废份数"]) == (1, 0, 1)


def test_the_total_of_a_rate_is_the_rate_of_the_totals(worked: Desk, tmp_path: Path) -> None:
    """Two of seven are 28.57 %: a formula that never rounds up, beside the value it gives."""
    worked.office.conn.execute("UPDATE village SET target = 4 - id WHERE id <= 2")
    worked.office.conn.execute("UPDATE village SET target = 2 WHERE id > 2")
    path = tmp_path / "town.xlsx"
    export(worked.office, "town-summary", path)
    sheet = sheets(path, values=True)["统计汇总表"]
    [total] = [row for row in sheet.iter_rows() if row[0].value == "合计"]
    task = int(str(total[1].value))
    assert total[4].value == 2 * 10_000 // task / 10_000
    formula = str(sheets(path)["统计汇总表"].cell(total[4].row, 5).value)
    assert formula.startswith(f"=IF(B{total[4].row}=0")


def test_groups_stand_in_the_order_people_count_them(worked: Desk, tmp_path: Path) -> None:
    for name, group in (("周一", "十一组"), ("周二", "三组"), ("周三", "二组")):
        worked.add_resident(name, group_name=group)
    path = tmp_path / "x.xlsx"
    export(worked.office, "village-summary", path)
    _headings, rows = table(sheets(path)["青杠村委会"], "村民小组")
    assert [row["村民小组"] for row in rows[:-1]] == ["一组", "二组", "三组", "十一组"]
    export(worked.office, "unpaid", path)
    _headings, rows = table(sheets(path)["未参保人员名单"], "村")
    assert [row["姓名"] for row in rows if row["村"] == "青杠村委会"] == ["周三", "周二", "周一"]


def test_refunds_and_books_are_listed(worked: Desk, tmp_path: Path) -> None:
    worked.at("2024-12-20T09:00")
    person = worked.add_resident("周敏儿")
    pay(worked.office, worked.clerk, PaymentOrder((person,), "cash"))
    refunds.request(
        worked.office, worked.clerk, refunds.RefundRequest(person, "death", "周大", "62000")
    )
    books.receive(worked.office, worked.supervisor, "收据", "001", "050")
    books.issue(worked.office, worked.supervisor, "001", "010", village_code=VILLAGE)
    assert export(worked.office, "refunds", tmp_path / "r.xlsx").rows == 1
    assert export(worked.office, "books", tmp_path / "b.xlsx").rows == 1
    _headings, rows = table(sheets(tmp_path / "r.xlsx")["退费明细"], "退费单号")
    assert (rows[0]["状态"], rows[0]["退费原因"]) == ("待复核", "死亡")


@pytest.mark.parametrize("name", [name for name in SHEETS if name != "daily"])
def test_an_empty_office_gives_an_empty_sheet(desk: Desk, tmp_path: Path, name: str) -> None:
    path = tmp_path / "empty.xlsx"
    export(desk.office, name, path)
    assert sheets(path)


def test_what_cannot_be_written_is_said_and_leaves_no_file(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        export(desk.office, "no-such-sheet", tmp_path / "x.xlsx")
    with pytest.raises(UsageError):
        export(desk.office, "ledger", tmp_path / "x.csv")
    with pytest.raises(NotFoundError):
        export(desk.office, "ledger", tmp_path / "x.xlsx", village="999")
    with pytest.raises(BadFileError):
        export(desk.office, "ledger", tmp_path / "no-folder" / "x.xlsx")
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".xlsx", ".csv")]


def test_a_blank_roster_keeps_numbers_as_text_and_offers_lists(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    export(desk.office, "roster-form", path)
    (sheet,) = sheets(path).values()
    headings = [cell.value for cell in sheet[2]]
    number = headings.index("证件号码") + 1
    assert sheet.cell(row=3, column=number).number_format == "@"
    assert sheet.cell(row=502, column=number).number_format == "@"
    assert len(sheet.data_validations.dataValidation) == 5
    read = read_roster(path, today=date(2025, 3, 17))
    assert (read.data_rows, read.mappings[0].unrecognised) == (0, ())


@pytest.mark.parametrize("name", ["ledger", "unpaid", "roster", "audit", "subsidy-claim"])
def test_a_long_sheet_tells_how_far_it_is(worked: Desk, tmp_path: Path, name: str) -> None:
    told: list[tuple[int, int]] = []
    done = export(
        worked.office, name, tmp_path / "x.xlsx", progress=lambda *step: told.append(step)
    )
    assert told
    assert told[-1][1] in (0, done.rows)


@pytest.mark.parametrize("name", ["ledger", "roster"])
def test_a_stopped_sheet_leaves_what_was_there(worked: Desk, tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"yesterday's")
    asked: list[bool] = []

    def second_time() -> bool:
        asked.append(True)
        return len(asked) > 1

    with pytest.raises(CancelledError):
        export(worked.office, name, path, cancelled=second_time)
    assert path.read_bytes() == b"yesterday's"
    assert [one for one in tmp_path.iterdir() if one.suffix == ".xlsx"] == [path]


def test_the_ledger_that_goes_out_comes_in_unchanged(worked: Desk, tmp_path: Path) -> None:
    """Payments of every channel stand in it, each under its own receipt: nothing is new."""
    for born, channel in (("1970-01-02", "mobile"), ("1971-01-02", "pos"), ("1972-01-02", "bank")):
        person = worked.add_resident(f"某{channel}", born)
        pay(worked.office, worked.clerk, PaymentOrder((person,), channel, voucher="T-1"))
    moment = datetime(2025, 3, 12, 10, 5, tzinfo=SHANGHAI)
    village = worked.add_resident("村收", "1973-01-02")
    order = PaymentOrder((village,), "village", voucher="0018021", paid_at=moment)
    pay(worked.office, worked.clerk, order)
    path = tmp_path / "ledger.xlsx"
    assert export(worked.office, "ledger", path, village=VILLAGE).rows == 6
    shown = imports.preview(
        worked.office, ImportKind.CONTRIBUTIONS, path, ImportOptions(village=VILLAGE)
    )
    assert (shown.rows, shown.unchanged, shown.rejections) == (6, 6, [])


def test_the_ledger_of_the_whole_town_comes_in_unchanged_for_any_village(
    worked: Desk, tmp_path: Path
) -> None:
    """Each of its sheets speaks of its own village, and what it says is here already."""
    person = worked.add_resident("某乙", "1970-01-02", village_id=2)
    pay(worked.office, worked.clerk, PaymentOrder((person,), "mobile"))
    path = tmp_path / "ledger.xlsx"
    assert export(worked.office, "ledger", path).rows == 3
    shown = imports.preview(
        worked.office, ImportKind.CONTRIBUTIONS, path, ImportOptions(village=VILLAGE)
    )
    assert (shown.rows, shown.unchanged, shown.rejections) == (3, 3, [])


def test_the_roster_that_goes_out_comes_in_unchanged(worked: Desk, tmp_path: Path) -> None:
    worked.office.conn.execute("UPDATE resident SET sex = 'female' WHERE id = 2")  # as its number
    path = tmp_path / "roster.xlsx"
    export(worked.office, "roster", path)
    shown = imports.preview(worked.office, ImportKind.RESIDENTS, path)
    assert (shown.rows, shown.unchanged, shown.rejections) == (3, 3, [])
