"""Forms as offices print them: several people a row, groups on lines of their own, split totals."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.sheets.making import TODAY, as_xlsx, number
from townshipdesk.domain.errors import BadFileError
from townshipdesk.sheets.person import village_in_titles
from townshipdesk.sheets.reader import read_identities, read_roster, read_villages

VILLAGE = "大龙箐村委会"


def wide(*groups: str) -> list[list[str]]:
    """Give a two-row heading with a name and a number under each group."""
    top, below = ["户号"], [""]
    for group in groups:
        top += [group, ""]
        below += ["姓名", "身份证号"]
    return [[*top, "村"], [*below, ""]]


@pytest.mark.parametrize(
    ("groups", "row"),
    [
        (("成员1", "成员2"), ["1", "杨一", number(1), "杨二", number(2), VILLAGE]),
        (
            ("户主", "配偶", "子女1", "子女2"),
            ["1", "杨一", number(1), "李二", number(2), "杨三", number(3), "", "", VILLAGE],
        ),
        (
            ("户主", "配偶", "子女"),
            ["1", "杨一", number(1), "李二", number(2), "杨三", number(3), VILLAGE],
        ),
    ],
)
def test_a_household_written_across_is_refused_not_read_in_part(groups, row, tmp_path):
    """Read as one person a row, all others of the household would be lost without a word."""
    path = as_xlsx(tmp_path / "w.xlsx", [*wide(*groups), row])
    with pytest.raises(BadFileError, match="holds several people") as caught:
        read_roster(path, today=TODAY)
    assert caught.value.values["row"] == 3


@pytest.mark.parametrize(
    ("heading", "beside"),
    [
        (["户主姓名", "户主身份证号"], ["杨大", number(9)]),
        (["父亲姓名", "父亲身份证号"], ["杨大", number(9)]),
        (["配偶姓名", "配偶身份证号"], ["李大", number(9)]),
        (["曾用名", "原身份证号"], ["杨一", number(1)[:6] + number(1)[8:17]]),
    ],
)
def test_a_word_about_the_rows_own_person_is_no_second_person(heading, beside, tmp_path):
    """Head, father, spouse or old number beside somebody refuse no roster."""
    rows = [["姓名", "身份证号", "村", *heading], ["杨一", number(1), VILLAGE, *beside]]
    result = read_roster(as_xlsx(tmp_path / "r.xlsx", rows), today=TODAY)
    assert [(row.name, row.number) for row in result.rows] == [("杨一", number(1))]


def test_head_and_member_may_both_have_their_number_where_each_has_a_row(tmp_path):
    """A list that repeats the applicant beside each member loses nobody, so it is read."""
    rows = [
        ["申请人姓名", "证件号码", "家庭成员姓名", "家庭成员身份证号码", "低保类别"],
        ["杨一", number(1), "杨一", number(1), "A类"],
        ["杨一", number(1), "杨二", number(2), "B类"],
    ]
    result = read_identities(as_xlsx(tmp_path / "i.xlsx", rows), today=TODAY)
    assert result.rejections == []
    assert len(result.rows) == 2


@pytest.mark.parametrize("second", ["身份证号码", "成员身份证号码"])
def test_a_member_never_gets_the_number_of_the_head_before(second, tmp_path):
    """Beside 户主姓名 the first 身份证号码 is the head's; the member's stands beside the member."""
    rows = [
        ["户主姓名", "身份证号码", "成员姓名", second, "与户主关系", "村"],
        ["杨一", number(1), "杨二", number(2), "子", VILLAGE],
        ["杨一", number(1), "杨一", number(1), "户主", VILLAGE],
    ]
    result = read_roster(as_xlsx(tmp_path / "m.xlsx", rows), today=TODAY)
    assert [(row.name, row.number) for row in result.rows] == [
        ("杨二", number(2)),
        ("杨一", number(1)),
    ]


@pytest.mark.parametrize(
    ("headings", "own"),
    [
        (["姓名", "身份证号", "户主姓名", "证件号码"], 1),
        (["监护人", "证件号码", "学生姓名", "证件号码"], 3),
        (["联系人", "身份证号码", "参保人", "身份证号码"], 3),
        (["身份证号码", "姓名", "备注", "社会保障号"], 0),
        (["姓名", "户主姓名", "与户主关系", "身份证号码"], 3),
    ],
)
def test_the_number_is_that_of_the_person_named_before_it(headings, own, tmp_path):
    """However usual another heading is: the number beside the head or the guardian is theirs."""
    cells = ["甲", number(1), "乙", number(2)]
    cells[own] = number(3)
    cells[headings.index("姓名") if "姓名" in headings else 2] = "杨三"
    rows = [[*headings, "村"], [*cells, VILLAGE]]
    [row] = read_roster(as_xlsx(tmp_path / "p.xlsx", rows), today=TODAY).rows
    assert (row.name, row.number) == ("杨三", number(3))


def test_a_class_belongs_to_the_identity_its_heading_or_title_names(tmp_path):
    """A类 under 低保类别 is 低保; under a heading that names none it stays unknown."""
    heading = ["姓名", "身份证号码", "低保类别"]
    rows = [heading, ["杨一", number(1), "A类"], ["杨二", number(2), "E类"]]
    result = read_identities(as_xlsx(tmp_path / "a.xlsx", rows), today=TODAY)
    assert [row.identities for row in result.rows] == [("subsistence-allowance",)]
    assert [(r.row, r.reason) for r in result.rejections] == [(3, "unknown-identity")]
    heading[2] = "救助类别"
    result = read_identities(as_xlsx(tmp_path / "b.xlsx", rows), today=TODAY)
    assert [r.reason for r in result.rejections] == ["unknown-identity"] * 2


@pytest.mark.parametrize("heading", ["保障起始时间", "起保时间", "纳入供养时间", "待遇起始时间"])
def test_the_day_an_identity_begins_stands_under_many_headings(heading, tmp_path):
    """A day that is not read would let the identity begin on the day of the import."""
    rows = [["姓名", "身份证号码", "救助身份", heading], ["杨一", number(1), "低保", "2024-11-01"]]
    [row] = read_identities(as_xlsx(tmp_path / "i.xlsx", rows), today=TODAY).rows
    assert row.since == "2024-11-01"


def test_a_group_on_a_line_of_its_own_is_the_group_of_the_rows_below(tmp_path):
    """Rosters without a column of groups print 一组, 二组 between the rows."""
    rows = [
        ["姓名", "身份证号", "村", "联系电话", "户号"],
        ["杨零", number(5), VILLAGE, "", "1"],
        ["一组"],
        ["杨一", number(1), VILLAGE, "", "1"],
        ["小计", "2人"],
        ["", "第二村民小组"],
        ["杨二", number(2), VILLAGE, "13987654321", "2"],
        ["杨三", number(3), VILLAGE, "", "2"],
    ]
    result = read_roster(as_xlsx(tmp_path / "g.xlsx", rows), today=TODAY)
    told = [(row.name, row.group) for row in result.rows]
    assert told == [
        ("杨零", ""),
        ("杨一", "一组"),
        ("杨二", "第二村民小组"),
        ("杨三", "第二村民小组"),
    ]
    assert result.warnings == []


VILLAGES = ["序号", "村(社区)", "行政区划代码", "基数", "应参保任务数"]


def test_totals_of_areas_and_a_total_split_over_two_cells_are_no_villages(tmp_path):
    """东片小计 above its rows, 全镇合计 above all, 合 beside 计: no village, nothing wrong."""
    rows = [
        VILLAGES,
        ["", "全镇合计", "", 600, 552],
        ["", "东片小计", "", 100, 92],
        [1, VILLAGE, "532326104201", 100, 92],
        ["", "西片小计", "", 500, 460],
        [2, "塔底社区", "532326104002", 300, 276],
        [3, "石关村委会", "532326104202", 200, 184],
        ["合", "计", "", 600, 552],
    ]
    result = read_villages(as_xlsx(tmp_path / "v.xlsx", rows), today=TODAY)
    assert (len(result.rows), result.rejections, result.warnings) == (3, [], [])


def test_a_subtotal_that_fits_neither_the_rows_above_nor_below_is_told(tmp_path):
    """What may stand above its rows is still compared with them."""
    rows = [
        VILLAGES,
        ["", "东片小计", "", 100, 93],
        [1, VILLAGE, "532326104201", 100, 92],
        ["", "西片小计", "", 300, 276],
        [2, "塔底社区", "532326104002", 300, 276],
    ]
    [warning] = read_villages(as_xlsx(tmp_path / "v.xlsx", rows), today=TODAY).warnings
    assert (warning.code, warning.rows) == ("total-differs", (2,))


def test_codes_and_counts_are_read_as_they_are_meant(tmp_path: Path) -> None:
    """Full-width digits and what copying leaves between them; a formula's 551.9999999999 heads."""
    rows = [
        VILLAGES,
        [1, "大 龙 箐 村委会", "５３２３２６１０４２０１", "３００", 275.99999999999994],
        [2, "塔底社区", "'532326 104002\u200b", 300, 276.5],
    ]
    result = read_villages(as_xlsx(tmp_path / "v.xlsx", rows), today=TODAY)
    assert [row[2:] for row in result.rows] == [(VILLAGE, "532326104201", None, 300, 276)]
    assert [(r.row, r.column, r.reason) for r in result.rejections] == [
        (3, "应参保任务数", "amount")
    ]


def test_an_end_that_has_not_come_is_no_unread_date(tmp_path: Path) -> None:
    """长期 and 至今 under 取消时间 end nothing; 起 behind the first day is only a word."""
    rows = [
        ["姓名", "身份证号码", "救助身份", "纳入时间", "取消时间"],
        ["杨一", number(1), "低保", "2024年11月1日起", "长期"],
        ["杨二", number(2), "低保", "2024.11.1", "至今"],
        ["杨三", number(3), "低保", "2024.11.1", "下月"],
    ]
    result = read_identities(as_xlsx(tmp_path / "i.xlsx", rows), today=TODAY)
    assert [(row.since, row.until) for row in result.rows] == [("2024-11-01", "")] * 2
    assert [(r.row, r.column) for r in result.rejections] == [(4, "取消时间")]


def test_what_a_form_says_about_a_heading_may_stand_in_any_brackets(tmp_path: Path) -> None:
    """【必填】证件号码 is 证件号码, and 户籍所在村（居）委会 a village."""
    rows = [["*姓名", "【必填】证件号码", "户籍所在村（居）委会"], ["杨一", number(1), VILLAGE]]
    [row] = read_roster(as_xlsx(tmp_path / "r.xlsx", rows), today=TODAY).rows
    assert (row.number, row.village) == (number(1), VILLAGE)


def test_advice_and_blank_marks_under_a_heading_are_no_people(tmp_path: Path) -> None:
    """How to fill in the form, 示例 and 以下空白 are no rows; a name without a number is one."""
    rows = [
        ["姓名", "身份证号码", "村"],
        ["填写真实姓名", "18位身份证号码", "所在村"],
        ["示例", "", VILLAGE],
        ["杨一", number(1), VILLAGE],
        ["杨二", "身份证丢失", VILLAGE],
        ["", "以下空白", ""],
    ]
    result = read_roster(as_xlsx(tmp_path / "r.xlsx", rows), today=TODAY)
    assert [row.name for row in result.rows] == ["杨一"]
    assert [(r.row, r.reason) for r in result.rejections] == [(5, "missing")]


IDENTITIES = ["序号", "姓名", "身份证号码", "救助身份", "残疾等级"]


def test_a_person_merged_over_two_rows_has_an_identity_in_each(tmp_path: Path) -> None:
    """Name and number merged together are one person; a number merged alone is nobody else's."""
    rows = [
        IDENTITIES,
        [1, "杨一", number(1), "低保", ""],
        ["", "", "", "残疾人", "二级"],
        [2, "杨二", number(2), "低保", ""],
        [3, "杨三", "", "低保", ""],
    ]
    path = tmp_path / "m.xlsx"
    workbook = openpyxl.Workbook()
    for cells in rows:
        workbook.active.append(cells)
    for place in ("A2:A3", "B2:B3", "C2:C3", "C4:C5"):
        workbook.active.merge_cells(place)
    workbook.save(path)
    result = read_identities(path, today=TODAY)
    assert [(row.name, row.number, row.identities) for row in result.rows] == [
        ("杨一", number(1), ("subsistence-allowance",)),
        ("杨一", number(1), ("disability",)),
        ("杨二", number(2), ("subsistence-allowance",)),
    ]
    assert [(r.row, r.reason) for r in result.rejections] == [(5, "missing")]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("集中供养特困", "extreme-hardship"),
        ("农村特困人员（分散供养）", "extreme-hardship"),
        ("低收入家庭60岁以上老年人", "low-income"),
        ("低收入家庭未成年人", "low-income"),
    ],
)
def test_words_that_say_more_than_the_identity_are_that_identity(word, code, tmp_path):
    """特困 at home or in a home is 特困; the old and the young of a poor family are of it."""
    rows = [IDENTITIES, [1, "杨一", number(1), word, ""]]
    [row] = read_identities(as_xlsx(tmp_path / "i.xlsx", rows), today=TODAY).rows
    assert row.identities == (code,)


def test_newborns_have_a_column_for_their_birth_certificate(tmp_path: Path) -> None:
    """Their list names the mother too; her number is not the child's."""
    rows = [
        ["婴儿姓名", "出生医学证明编号", "性别", "出生日期", "母亲姓名", "母亲身份证号", "村"],
        ["杨小宝", "U530020001", "男", "2025-01-02", "李一", number(1), VILLAGE],
    ]
    [row] = read_roster(as_xlsx(tmp_path / "n.xlsx", rows), today=TODAY).rows
    assert (row.name, row.number, row.born) == ("杨小宝", "U530020001", "2025-01-02")


def test_who_has_signed_below_a_table_is_nobody_of_it(tmp_path: Path) -> None:
    """村负责人 in the column of serials, 代办员 with a number: no rows of data."""
    rows = [
        ["序号", "姓名", "身份证号", "村"],
        [1, "杨一", number(1), VILLAGE],
        ["村负责人", "王强", "", ""],
        ["代办员：赵二", "", f"身份证号：{number(2)}", ""],
    ]
    result = read_roster(as_xlsx(tmp_path / "s.xlsx", rows), today=TODAY)
    assert (len(result.rows), result.rejections) == (1, [])


@pytest.mark.parametrize(
    ("title", "village"),
    [
        ("和平村参保登记花名册", "和平村"),
        ("太和村委会2025年参保登记花名册", "太和村委会"),
        ("大龙箐等村参保登记花名册", ""),
        ("大龙箐、小龙箐村参保登记花名册", ""),
    ],
)
def test_a_title_of_several_villages_names_none(title, village):
    """大龙箐等村 is no village; 和 within a name is no and."""
    assert village_in_titles((title,), "Sheet1") == village
