"""Department lists that ask for each identity in a column of its own (是否低保, 是否特困)."""

import openpyxl
import pytest

from tests.sheets.making import TODAY, as_csv, as_xls, as_xlsx, number
from townshipdesk.sheets.reader import read_identities, read_roster, sniff_kind
from townshipdesk.sheets.result import SheetKind


def listed(tmp_path, headings, rows, titles=(), write=as_xlsx):
    people = [[f"杨{n}", number(n), *cells] for n, cells in enumerate(rows, 1)]
    table = [*([title] for title in titles), ["姓名", "身份证号", *headings], *people]
    return read_identities(write(tmp_path / "名单.bin", table), today=TODAY)


def why(result) -> list[tuple[int, str, str]]:
    return [(r.row, r.column, r.reason) for r in result.rejections]


@pytest.mark.parametrize("write", [as_xlsx, as_xls, as_csv])
def test_each_column_gives_its_identity_to_those_it_says_yes_of(write, tmp_path):
    """是, √, 1, Y and the identity's own word are yes; a row may have two, or none of them."""
    rows = [["是", "否"], ["×", "√"], [1, 0], ["Y", "n"], ["低保", "/"], ["是", 1], ["否", ""]]
    result = listed(tmp_path, ["是否低保", "是否特困人员"], rows, write=write)
    poor, hard = "subsistence-allowance", "extreme-hardship"
    assert [row.identities for row in result.rows] == [
        (poor,), (hard,), (poor,), (poor,), (poor,), (poor, hard),
    ]  # fmt: skip
    assert why(result) == [(8, "", "missing")]
    assert result.mappings[0].unrecognised == ()


def test_plain_headings_ask_as_well_and_another_answer_is_refused(tmp_path):
    """低保 over √; 2 is neither yes nor no, and stands in the column that is named."""
    rows = [["√", ""], ["2", ""], ["", "肢体二级"], ["", "√"]]
    result = listed(tmp_path, ["低保", "残疾"], rows)
    assert [(r.row, r.identities, r.disability_grade) for r in result.rows] == [
        (2, ("subsistence-allowance",), None),
        (4, ("disability",), 2),
    ]
    assert why(result) == [(3, "低保", "unknown-identity"), (5, "", "missing")]


def test_questions_may_stand_under_a_group(tmp_path):
    """身份 merged over 是否低保 and 是否特困: the group is no column of identities."""
    rows = [
        ["姓名", "身份证号", "身份", ""],
        ["", "", "是否低保", "是否特困"],
        ["杨一", number(1), "", "是"],
    ]
    path = as_xlsx(tmp_path / "i.xlsx", rows)
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("C1:D1")
    book.save(path)
    result = read_identities(path, today=TODAY)
    assert [row.identities for row in result.rows] == [("extreme-hardship",)]


def test_a_question_that_is_not_understood_keeps_the_list_from_being_read(tmp_path):
    """监测对象 may be any of three identities: nobody is taken for one who has none of them."""
    result = listed(tmp_path, ["是否低保", "是否监测对象"], [["是", "是"], ["否", "是"]])
    assert result.rows == []
    assert why(result) == [(2, "", "missing"), (3, "", "missing")]
    assert result.mappings[0].unrecognised == ("是否低保", "是否监测对象")


def test_a_column_of_identities_and_a_title_go_before_what_is_asked(tmp_path):
    """A column that names identities decides alone; under a title, only a question adds some."""
    result = listed(tmp_path, ["救助身份", "是否特困"], [["低保", "是"]])
    assert [row.identities for row in result.rows] == [("subsistence-allowance",)]
    rows = [["是", "二级", "√"], ["否", "", ""]]
    titled = listed(tmp_path, ["是否残疾", "残疾等级", "孤儿"], rows, ["低保对象名单"])
    assert [row.identities for row in titled.rows] == [
        ("subsistence-allowance", "disability"),
        ("subsistence-allowance",),
    ]
    asked = listed(tmp_path, ["是否低保"], [["是"], ["否"]], ["低保对象核查名单"])
    assert ([row.row for row in asked.rows], why(asked)) == ([3], [(4, "", "missing")])


def test_a_roster_that_asks_so_stays_a_roster(tmp_path):
    """Such columns grant nothing there, and do not make a department's list of it."""
    table = [
        ["姓名", "身份证号", "与户主关系", "村", "是否低保"],
        ["杨甲", number(1), "户主", "石村", "是"],
    ]
    path = as_xlsx(tmp_path / "花名册.xlsx", table)
    assert sniff_kind(path) is SheetKind.RESIDENTS
    assert read_roster(path, today=TODAY).mappings[0].unrecognised == ("是否低保",)
