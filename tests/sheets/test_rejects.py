"""Rejected rows going back to the village, and coming again corrected."""

import openpyxl

from tests.sheets.making import ROSTER_HEADINGS, TODAY, as_csv, number, roster_row
from townshipdesk.sheets.reader import read_roster
from townshipdesk.sheets.rejects import write_rejects


def test_rejected_rows_go_back_under_their_own_headings_and_can_be_read_again(tmp_path):
    """The file holds titles, headings, the wrong rows as they were, the reason and the row."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "一组"
    page.append(["龙街镇参保登记花名册"])
    page.merge_cells("A1:P1")
    page.append(["单位：大龙箐村委会"])
    page.append(ROSTER_HEADINGS)
    page.append(roster_row(1))
    page.append(roster_row(2, 证件号码=5.30112199001011e17))
    page.append(roster_row(3))
    page.append(roster_row(4, 姓名="@王", 证件号码=number(4)[:17]))
    source = tmp_path / "in.xlsx"
    book.save(source)
    result = read_roster(source, today=TODAY)

    target = tmp_path / "back.xlsx"
    assert write_rejects(target, source, result.rejections, result.mappings) == 2
    back = openpyxl.load_workbook(target)["一组"]
    assert back["A1"].value == "龙街镇参保登记花名册"
    assert "A1:P1" in {str(merged) for merged in back.merged_cells.ranges}
    assert [cell.value for cell in back[3]][-2:] == ["退回原因", "原行号"]
    assert [back.cell(at, 18).value for at in (4, 5)] == [5, 7]
    assert "文本" in back["Q4"].value
    assert (back["F4"].data_type, back["F4"].value) == ("s", "5.30112199001011E+17")
    assert (back["D5"].data_type, back["D5"].value) == ("s", "@王")

    back["F4"].value = number(2)
    back["F5"].value = number(4)
    back.parent.save(target)
    again = read_roster(target, today=TODAY)
    assert [row.number for row in again.rows] == [number(2), number(4)]
    assert again.rejections == []


def test_a_text_file_goes_back_as_a_workbook(tmp_path):
    """Villages that send text files get a workbook in which numbers are text."""
    source = as_csv(tmp_path / "in.csv", [ROSTER_HEADINGS, roster_row(1, 证件号码="1")])
    result = read_roster(source, today=TODAY)
    target = tmp_path / "back.xlsx"
    assert write_rejects(target, source, result.rejections, result.mappings) == 1
    assert openpyxl.load_workbook(target).active["F2"].value == "1"


def test_nothing_rejected_gives_an_empty_workbook(tmp_path):
    """The report can be written whatever the outcome was."""
    source = as_csv(tmp_path / "in.csv", [ROSTER_HEADINGS, roster_row(1)])
    assert write_rejects(tmp_path / "back.xlsx", source, [], []) == 0
    assert openpyxl.load_workbook(tmp_path / "back.xlsx").active["A1"].value is None
