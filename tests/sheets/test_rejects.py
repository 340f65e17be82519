"""Rejected rows going back to the village, and coming again corrected."""

import openpyxl
from openpyxl.styles import Font

from tests.sheets.making import ROSTER_HEADINGS, TODAY, as_csv, number, roster_row
from townshipdesk.sheets import rejects
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


def dressed(path):
    """A roster in a village's own dress: fonts, widths, a merged household, a formula, a filter."""
    book = openpyxl.Workbook()
    book.active.title = "说明"
    page = book.create_sheet("花名册")
    page.append(["龙街镇参保登记花名册"])
    page.merge_cells("A1:P1")
    page["A1"].font = Font(name="方正小标宋", size=20)
    page.append(ROSTER_HEADINGS)
    for at in (1, 2, 3, 4):
        page.append(roster_row(at, 家庭住址='="一" & "组"' if at == 4 else "一组"))
    page["F5"].value, page["F6"].value = number(3)[:17], "53011"
    page.merge_cells("A4:A6")
    page["D6"].font = Font(name="楷体", color="FF0000")
    page["D6"].value, page["D6"].data_type = "=王", "s"
    page.column_dimensions["D"].width = 33
    page.row_dimensions[6].height = 41
    page.auto_filter.ref = "A2:P6"
    page.protection.sheet = True
    book.save(path)
    return path


def test_a_workbook_goes_back_in_its_own_dress(tmp_path):
    """Fonts, widths and heights are the village's; a household's number stands in each row."""
    source = dressed(tmp_path / "in.xlsx")
    result = read_roster(source, today=TODAY)
    assert [one.row for one in result.rejections] == [5, 6]
    target = tmp_path / "back.xlsx"
    assert write_rejects(target, source, result.rejections, result.mappings) == 2
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["花名册"]
    back = book.active
    assert (back["A1"].font.name, back["A1"].font.size) == ("方正小标宋", 20)
    assert [str(merged) for merged in back.merged_cells.ranges] == ["A1:P1"]
    assert (back["D4"].font.name, back["D4"].data_type, back["D4"].value) == ("楷体", "s", "=王")
    assert (back.column_dimensions["D"].width, back.row_dimensions[4].height) == (33, 41)
    assert back["A3"].value == back["A4"].value == roster_row(2)[0]
    assert back["F4"].fill.fgColor.rgb == "00FFE08A"
    assert (back.max_row, back.auto_filter.ref, back.protection.sheet) == (4, None, False)
    assert [back.cell(at, 18).value for at in (3, 4)] == [5, 6]


def test_where_the_dress_cannot_be_kept_the_rows_still_go_back(tmp_path, monkeypatch):
    """A workbook too large or strange to be taken apart gives a plain one."""
    source = dressed(tmp_path / "in.xlsx")
    result = read_roster(source, today=TODAY)
    monkeypatch.setattr(rejects, "LARGEST_DRESSED", 0)
    target = tmp_path / "back.xlsx"
    assert write_rejects(target, source, result.rejections, result.mappings) == 2
    back = openpyxl.load_workbook(target)
    assert back.active["D4"].value == "=王"
    assert back.sheetnames == [mapping.sheet for mapping in result.mappings]
    assert back.active["A1"].value == "龙街镇参保登记花名册"
    assert back.active["A1"].font.size == rejects.TITLE_SIZE
    assert (back.active.page_setup.orientation, back.active.print_title_rows) == (
        "landscape",
        "$2:$2",
    )


def test_a_row_goes_back_with_what_merged_cells_said_of_it(tmp_path):
    """The village and the household stood further up; corrected, the row is whole."""
    lines = [
        "<td rowspan=3>青杠村<td rowspan=2>7<td>李一<td>" + number(1),
        "<td>李二<td>" + number(2)[:17],
        "<td>8<td>李三<td>" + number(3)[:17],
    ]
    heading = "<tr><td>村(社区)<td>户号<td>姓名<td>证件号码</tr>"
    source = tmp_path / "in.xls"
    table = heading + "".join(f"<tr>{line}</tr>" for line in lines)
    source.write_text(f"<table>{table}</table>", encoding="utf-8")
    result = read_roster(source, today=TODAY)
    target = tmp_path / "back.xlsx"
    assert write_rejects(target, source, result.rejections, result.mappings) == 2
    page = openpyxl.load_workbook(target).active
    told = [[cell.value for cell in row[:3]] for row in page.iter_rows(min_row=2)]
    assert told == [["青杠村", "7", "李二"], ["青杠村", "8", "李三"]]
