"""Rosters as villages send them: which rows are people, what is read, what is refused and why."""

from collections import Counter
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from tests.sheets.making import (
    ROSTER_HEADINGS,
    TODAY,
    as_csv,
    as_xls,
    as_xlsx,
    as_xlsx_other,
    number,
    roster_row,
)
from townshipdesk.domain.errors import BadFileError
from townshipdesk.domain.idnumber import check_character
from townshipdesk.sheets.reader import read_roster


def read(path: Path, **options):
    return read_roster(path, today=TODAY, **options)


def reasons(result) -> dict[int, str]:
    return {rejection.row: rejection.reason for rejection in result.rejections}


PLAIN = [
    ["龙街镇城乡居民医保参保登记花名册"],
    ["填报单位：大龙箐村委会", "", "", "", "", "填表日期：2025年1月8日"],
    ROSTER_HEADINGS,
    *(roster_row(serial) for serial in range(1, 41)),
    ["合计", "", "", "40人"],
    ["制表人：李春", "", "", "审核人：王强", "", "负责人签字："],
]

WRITERS = {
    "openpyxl.xlsx": as_xlsx,
    "xlsxwriter.xlsx": as_xlsx_other,
    "old.xls": as_xls,
    "gb.csv": as_csv,
    "utf8.csv": lambda path, rows: as_csv(path, rows, "utf-8"),
    "marked.csv": lambda path, rows: as_csv(path, rows, "utf-8", mark=b"\xef\xbb\xbf"),
    "tab.txt": lambda path, rows: as_csv(path, rows, "utf-16", "\t"),
    "semicolon.csv": lambda path, rows: as_csv(path, rows, "gb18030", ";"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_people(name, tmp_path):
    """Workbooks of three programs and text in every encoding give the same 40 rows."""
    result = read(WRITERS[name](tmp_path / name, PLAIN))
    assert (len(result.rows), result.rejections) == (40, [])
    first = result.rows[0]
    assert (first.row, first.name, first.number) == (4, "杨二甲", number(1))
    assert (first.sex, first.born) == ("male", f"{date(1950, 2, 7)}")
    assert (first.village, first.group, first.household) == ("大龙箐村委会", "一组", "DL0000")
    assert (first.phone, first.registered, first.kind) == ("13912340001", "here", "resident-id")
    assert result.mappings[0].unrecognised == ()


def test_titles_blanks_totals_headings_and_signatures_are_no_data(tmp_path):
    """Only people are counted, however pages, groups and signatures stand between them."""
    rows = [
        ["龙街镇城乡居民医保参保登记花名册"],
        ["单位：龙街镇", None, None, "2025年1月8日"],
        [],
        ROSTER_HEADINGS,
        roster_row(1),
        roster_row(2),
        ["小计", None, None, "2人"],
        [None] * 16,
        ["龙街镇城乡居民医保参保登记花名册（续）"],
        ROSTER_HEADINGS,
        roster_row(3),
        ["本页合计", None, None, "1"],
        ["合    计", None, None, 3],
        ["共计：3人", None, None],
        ["  "],
        ["填表人：李春", None, "审核人：", None, "（盖章）"],
        ["说明：本表一式三份，由村委会、镇政府和县医保局各留一份。"],
        ["注：1.证件号码须为文本格式"],
        ["第 1 页，共 1 页"],
    ]
    result = read(as_xlsx(tmp_path / "a.xlsx", rows))
    assert [row.row for row in result.rows] == [5, 6, 11]
    assert result.rejections == []
    assert result.data_rows == 3


def test_every_wrong_number_has_its_reason_and_nothing_is_guessed(tmp_path):
    """Check, length, birth date, lost digits, nothing at all and twice are told apart."""
    good = number(7)
    wrong_check = good[:17] + ("0" if good[17] != "0" else "1")
    wrong_date = "53232619901332001"
    cells = {
        5: (wrong_check, "checksum"),
        6: (good[:17], "length"),
        7: (good + "1", "length"),
        8: (wrong_date + check_character(wrong_date), "birth-date"),
        9: (number(8, date(2025, 3, 18)), "birth-date"),
        10: (5.30112199001011e17, "precision-lost"),
        11: (float(good[:17] + "0"), "precision-lost"),
        12: ("5.30112E+17", "precision-lost"),
        13: (None, "missing"),
        14: ("无", "missing"),
        15: (good[:8] + "O" + good[9:], "checksum"),
        16: ("12345678", "length"),
        17: ("不知道", "length"),
        18: (int(good[:15]), "length"),
    }
    rows = [ROSTER_HEADINGS, roster_row(1), roster_row(2), roster_row(3)]
    rows += [roster_row(100 + at, 证件号码=cell) for at, (cell, _why) in cells.items()]
    rows += [roster_row(1), roster_row(2, 姓名="李别人")]
    result = read(as_xlsx(tmp_path / "a.xlsx", rows))
    expected = {at: why for at, (_cell, why) in cells.items()}
    # A 15-digit number typed as a numeral has all its digits; this one is no birth date.
    expected[18] = reasons(result)[18]
    assert expected[18] in {"birth-date", "checksum"}
    assert reasons(result) == expected | {19: "duplicate-in-file", 20: "duplicate-in-file"}
    assert len(result.rows) == 3
    assert result.rejections[0].column == "证件号码"
    assert all(rejection.text for rejection in result.rejections)
    assert not any(good in rejection.text for rejection in result.rejections)


@pytest.mark.parametrize(
    "write",
    [
        lambda n: "'" + n,
        lambda n: f" {n[:6]} {n[6:14]} {n[14:]} ",
        lambda n: "".join(chr(ord(c) + 0xFEE0) for c in n),
        lambda n: n.lower(),
        lambda n: "\u200b" + n + "\u00a0",
        lambda n: n + "\n",
    ],
)
def test_numbers_are_read_however_they_were_typed(write, tmp_path):
    """Apostrophes, spaces, full width, a small x and invisible characters are no mistake."""
    rows = [ROSTER_HEADINGS, *(roster_row(s, 证件号码=write(number(s))) for s in range(1, 30))]
    result = read(as_xlsx(tmp_path / "a.xlsx", rows))
    assert [row.number for row in result.rows] == [number(s) for s in range(1, 30)]


def test_fifteen_digits_become_eighteen_and_the_file_says_so(tmp_path):
    """An old number is taken in its new form, with a warning that names the rows."""
    rows = [
        ROSTER_HEADINGS,
        roster_row(1, 证件号码="150102880730303", 性别="男", 出生日期="1988-07-30"),
        roster_row(2, 证件号码=150102880730311, 性别="", 出生日期=""),
    ]
    result = read(as_xlsx(tmp_path / "a.xlsx", rows))
    assert result.rows[0].number == "150102198807303035"
    assert [row.note for row in result.rows] == ["converted-15", "converted-15"]
    assert [(w.code, w.rows) for w in result.warnings] == [("converted-15", (2, 3))]


def test_the_number_and_not_a_typed_column_tells_sex_and_birth(tmp_path):
    """A contradicting column changes nothing but gives a warning."""
    rows = [
        ROSTER_HEADINGS,
        roster_row(1, 性别="女"),
        roster_row(3, 出生日期="1960-01-01"),
        roster_row(5, 出生日期=""),
    ]
    result = read(as_xlsx(tmp_path / "a.xlsx", rows))
    assert [row.sex for row in result.rows] == ["male", "male", "male"]
    assert result.rows[1].born == f"{number(3)[6:10]}-{number(3)[10:12]}-{number(3)[12:14]}"
    assert [(w.code, w.rows) for w in result.warnings] == [("typed-differs", (2, 3))]


def test_dates_in_every_form_agree_with_the_number(tmp_path):
    """Dots, 年月日, eight digits, months only, date cells and serials mean the same day."""
    born = date(1990, 1, 1)
    forms = [
        "1990.1.1", "1990-01-01", "1990/1/1", "1990年1月1日", "19900101", 19900101, "1990年1月",
        "1990.01", "199001", 32874, "32874", datetime.combine(born, time()), born, "1990 1 1",
        "1990-01-01 00:00:00", "１９９０．１．１",
    ]  # fmt: skip
    rows = [ROSTER_HEADINGS]
    rows += [
        roster_row(100 + at, 证件号码=number(101 + 2 * at, born), 性别="男", 出生日期=form)
        for at, form in enumerate(forms)
    ]
    result = read(as_xlsx(tmp_path / "a.xlsx", rows))
    assert len(result.rows) == len(forms)
    assert [w.code for w in result.warnings] == []


def test_a_newborn_and_foreigners_take_typed_birth_and_sex(tmp_path):
    """Where the number tells neither, the columns do; an unreadable date is refused."""
    rows = [
        ROSTER_HEADINGS,
        roster_row(1, 证件类型="出生证", 证件号码="Q530123456", 出生日期="2025.2.3"),
        roster_row(2, 证件类型="外国护照", 证件号码="N1234567", 性别="男", 出生日期="1990年5月"),
        roster_row(3, 证件类型="04", 证件号码="H12345678", 性别="男", 出生日期=""),
        roster_row(4, 证件类型="台胞证", 证件号码="12345678", 性别="", 出生日期=""),
        roster_row(5, 证件类型="出生证", 证件号码="Q530123457", 出生日期="02/03/25"),
        roster_row(6, 证件类型="07", 证件号码="KAZ110090123105", 出生日期="1990-12-31"),
    ]
    result = read(as_xlsx(tmp_path / "a.xlsx", rows))
    told = [(row.kind, row.sex, row.born) for row in result.rows]
    assert told == [
        ("birth-certificate", "male", "2025-02-03"),
        ("passport", "male", "1990-05-01"),
        ("hk-mo-travel-permit", "male", ""),
        ("taiwan-travel-permit", "", ""),
        ("foreign-permanent-residence", "female", "1990-12-31"),
    ]
    assert reasons(result) == {6: "birth-date"}
    assert [(w.code, w.rows) for w in result.warnings] == [("month-only", (3,))]


def test_a_two_row_heading_under_merged_titles_is_understood(tmp_path):
    """Groups over columns tell the head's number from the person's."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["2025年度城乡居民基本医疗保险参保登记花名册"])
    page.merge_cells("A1:J1")
    page.append(["村（社区）：大龙箐村委会", None, None, None, None, None, "2025年1月"])
    page.append(
        ["序号", "户主信息", None, "参保人信息", None, None, None, "村民\n小组", "联系电话", "备注"]
    )
    page.append([None, "姓名", "公民身份号码", "姓 名", "公民身份号码", "性别", "与户主关系"])
    page.merge_cells("B3:C3")
    page.merge_cells("D3:G3")
    for column in "AHIJ":
        page.merge_cells(f"{column}3:{column}4")
    for serial in range(1, 6):
        page.append(
            [serial, "杨发贵", number(1), f"杨{'甲乙丙丁戊'[serial - 1]}", number(serial),
             None, "子", "二组", 13912340000 + serial, None]
        )  # fmt: skip
    page.column_dimensions["C"].hidden = True
    page.row_dimensions[6].hidden = True
    book.save(tmp_path / "a.xlsx")
    result = read(tmp_path / "a.xlsx")
    assert [row.number for row in result.rows] == [number(serial) for serial in range(1, 6)]
    assert {row.head for row in result.rows} == {"杨发贵"}
    assert {row.village for row in result.rows} == {"大龙箐村委会"}
    assert [row.phone for row in result.rows][:2] == ["13912340001", "13912340002"]
    assert (result.mappings[0].first, result.mappings[0].last) == (3, 4)
    assert "from-title" in [warning.code for warning in result.warnings]


def test_merged_and_blank_household_cells_are_handed_to_the_members(tmp_path):
    """Village and household printed once beside the head belong to the rows below."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["村", "户号", "户主", "与户主关系", "姓名", "身份证号码"])
    for serial, relation in enumerate(["户主", "配偶", "子", "户主", "女"], 1):
        first = serial == 1
        page.append(
            ["塔底社区" if first else None, "H1" if first else None, "甲" if first else None,
             relation, f"杨{serial}", number(serial)]
        )  # fmt: skip
    page.merge_cells("A2:A6")
    page.merge_cells("B2:B4")
    book.save(tmp_path / "a.xlsx")
    result = read(tmp_path / "a.xlsx")
    assert [row.village for row in result.rows] == ["塔底社区"] * 5
    assert [row.household for row in result.rows] == ["H1", "H1", "H1", "", ""]


def test_several_sheets_hidden_ones_and_sheets_of_other_things(tmp_path):
    """Every sheet with a roster is read, a hidden one with a warning; others are named."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, serials in {"一组": range(1, 4), "二组": range(4, 6), "旧": range(6, 7)}.items():
        page = book.create_sheet(name)
        page.append(ROSTER_HEADINGS)
        for serial in serials:
            page.append(roster_row(serial))
    book["旧"].sheet_state = "hidden"
    book.create_sheet("说明").append(["本表由村委会填写"])
    book.create_sheet("空")
    book.save(tmp_path / "a.xlsx")
    result = read(tmp_path / "a.xlsx")
    assert Counter(row.sheet for row in result.rows) == {"一组": 3, "二组": 2, "旧": 1}
    assert {(w.code, w.sheet) for w in result.warnings} == {
        ("hidden-sheet", "旧"),
        ("sheet-skipped", "说明"),
    }


def test_rows_are_numbered_as_in_the_file_wherever_the_table_begins(tmp_path):
    """A table that begins in C6 gives the rows a clerk sees in the spreadsheet."""
    book = openpyxl.Workbook()
    page = book.active
    for at, heading in enumerate(ROSTER_HEADINGS):
        page.cell(6, 3 + at, heading)
    for at, cell in enumerate(roster_row(1)):
        page.cell(9, 3 + at, cell)
    for at, cell in enumerate(roster_row(2, 证件号码="1")):
        page.cell(10, 3 + at, cell)
    book.save(tmp_path / "a.xlsx")
    result = read(tmp_path / "a.xlsx")
    assert [row.row for row in result.rows] == [9]
    assert [(r.row, r.reason) for r in result.rejections] == [(10, "length")]


def test_a_remembered_mapping_overrides_what_headings_say(tmp_path):
    """A heading nobody knows is read after a clerk has said what it is; another is left out."""
    headings = ["谁", "号", "村", "电话"]
    rows = [headings, ["杨甲", number(1), "塔底社区", "13912340001"]]
    path = as_xlsx(tmp_path / "a.xlsx", rows)
    given = {"谁": "name", "号": "number", "电话": ""}
    result = read(path, mapping=given)
    assert (result.rows[0].name, result.rows[0].phone) == ("杨甲", "")
    again = read(path, mapping=result.mappings[0].remembered())
    assert again.rows == result.rows


def test_missing_names_are_refused(tmp_path):
    """A person needs a name; a row without both name and number is still a row.

    A village may be said for the whole file: the office refuses who has none.
    """
    rows = [
        ROSTER_HEADINGS,
        roster_row(1, 姓名=""),
        roster_row(2, **{"村(社区)": None}),
        roster_row(3, 姓名=None, 证件号码=None),
        roster_row(4),
    ]
    result = read(as_xlsx(tmp_path / "a.xlsx", rows))
    assert reasons(result) == {2: "missing", 4: "missing"}
    assert [rejection.column for rejection in result.rejections] == ["姓名", "证件号码"]
    assert [(row.row, row.village) for row in result.rows] == [(3, ""), (5, "大龙箐村委会")]


def test_strange_names_arrive_whole(tmp_path):
    """Rare characters, middle dots and inner spaces are kept or joined; control marks go."""
    names = [
        "𬱖㛃䶮",
        "阿卜杜拉·买买提",
        "张　三",
        "=1+1",
        "[/b]",
        "李\u200b四\u202e",
        "Nguyen Thi Hoa",
    ]
    rows = [ROSTER_HEADINGS, *(roster_row(s, 姓名=name) for s, name in enumerate(names, 1))]
    result = read(as_xlsx_other(tmp_path / "a.xlsx", rows))
    assert [row.name for row in result.rows] == [
        "𬱖㛃䶮", "阿卜杜拉·买买提", "张三", "=1+1", "[/b]", "李四", "Nguyen Thi Hoa",
    ]  # fmt: skip


def test_progress_is_told_and_reading_can_be_stopped(tmp_path):
    """The screen can show how far the reading is, and end it."""
    from townshipdesk.sheets.process import ReadingStopped

    path = as_xlsx_other(
        tmp_path / "a.xlsx", [ROSTER_HEADINGS, *(roster_row(s) for s in range(1, 900))]
    )
    told = []
    read(path, progress=told.append)
    assert told[0].stage == "opening"
    assert (told[-1].done, told[-1].total) == (900, 900)
    with pytest.raises(ReadingStopped):
        read(path, cancelled=lambda: True)


def test_printed_forms_that_count_their_columns_and_number_their_lines(tmp_path):
    """A row 1 2 3 4 under the heading and lines numbered beforehand are no people."""
    headings = ["序号", "村", "姓名", "证件号码", "联系电话", "备注"]
    rows = [
        ["花名册"],
        headings,
        ["甲", "乙", "1", "2", "3", "4"],
        [1, 2, 3, 4, 5, 6],
        [1, "塔底社区", "杨甲", number(1), "", ""],
        [2, "塔底社区", None, None, None, None],
        [3, None, None, None, None, None],
        ["合计", "", "共1户2人", None, None, None],
    ]
    result = read(as_xlsx(tmp_path / "a.xlsx", rows))
    assert [row.row for row in result.rows] == [5]
    assert result.rejections == []
    assert dict(result.totals[0].values) == {"people": 2, "households": 1}
    told = [(w.code, w.values["printed"], w.values["counted"]) for w in result.warnings]
    assert told == [("total-differs", "2", "1")]


def test_a_text_file_that_guards_its_numbers_with_formulas_is_read(tmp_path):
    """Other systems write ="5301…" so that a spreadsheet keeps the digits."""
    text = f'姓名,证件号码,村\n杨甲,="{number(1)}",塔底社区\n杨乙,\t{number(2)},塔底社区\n'
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("gb18030"))
    assert [row.number for row in read(path).rows] == [number(1), number(2)]


def test_the_name_of_a_sheet_or_a_unit_line_stands_for_a_missing_village_column(tmp_path):
    """One sheet for each village needs no column that repeats it; the town's name goes."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "塔底社区"
    other = book.create_sheet("Sheet2")
    other.append(["填报单位：龙街镇大龙箐村委会"])
    for page, serial in ((book.worksheets[0], 1), (other, 2)):
        page.append(["姓名", "身份证号"])
        page.append([f"杨{serial}", number(serial)])
    book.save(tmp_path / "a.xlsx")
    assert [row.village for row in read(tmp_path / "a.xlsx").rows] == ["塔底社区", "大龙箐村委会"]


@pytest.mark.parametrize(
    ("title", "village"),
    [
        ("新华村委会参保登记花名册", "新华村委会"),
        ("龙街镇大龙箐村委会2026年度城乡居民基本医疗保险参保登记花名册", "大龙箐村委会"),
        ("2026年新华村参保花名册", "新华村"),
        ("演练县龙街镇新华村民委员会2026年城乡居民医保花名册", "新华村民委员会"),
        ("新华村三组参保花名册", "新华村"),
        ("塔底社区居民参保名册", "塔底社区"),
        ("2026年农村居民参保花名册", ""),
        ("龙街镇各村委会参保花名册", ""),
        ("龙街镇2026年城乡居民参保花名册", ""),
        ("龙街镇乡村医生参保花名册", ""),
        ("脱贫村参保花名册", ""),
        ("单位（盖章）：大龙箐村委会", "大龙箐村委会"),
        ("2025年度龙街镇大龙箐村委会参保登记花名册", "大龙箐村委会"),
        ("大龙箐村委会居民医保花名册", "大龙箐村委会"),
        ("龙泉社区居委会参保花名册（2025年）", "龙泉社区居委会"),
        ("2025年社区居民参保花名册", ""),
        ("城乡居民基本医疗保险社区花名册", ""),
        ("各村委会参保花名册", ""),
    ],
)
def test_a_title_that_begins_with_a_village_stands_for_a_missing_column(tmp_path, title, village):
    """What only sounds like a village (农村, 各村) is none."""
    rows = [[title], ["姓名", "身份证号"], ["杨一", number(1)]]
    read_back = read(as_xlsx(tmp_path / "a.xlsx", rows))
    assert [row.village for row in read_back.rows] == [village]
    assert ("from-title" in [one.code for one in read_back.warnings]) is bool(village)


def test_plain_rows_read_many_at_a_time_are_what_one_row_at_a_time_gives():
    """The quick way and the careful way give the same rows, reasons and order."""
    from townshipdesk.sheets.parser import Table
    from townshipdesk.sheets.recognise import recognise
    from townshipdesk.sheets.result import SheetKind
    from townshipdesk.sheets.roster import RosterParser

    odd = {
        3: {"姓名": "阿卜杜拉·买买提"},
        5: {"性别": "女"},
        6: {"性别": "女", "户号": "", "户主姓名": ""},
        7: {"证件号码": number(8)},
        9: {"联系电话": "12"},
        11: {"村(社区)": ""},
        13: {"出生日期": "x"},
        15: {"证件号码": number(15).lower() + " "},
        17: {"出生日期": date(1980, 1, 1)},
        19: {"姓名": ""},
    }
    rows = [roster_row(s, **odd.get(s, {})) for s in range(1, 40)] + [roster_row(s) for s in (1, 2)]
    heading = recognise([ROSTER_HEADINGS], [], SheetKind.RESIDENTS)

    def parsed(merges):
        parser = RosterParser(TODAY)
        parser.begin(Table("a", heading, [ROSTER_HEADINGS], merges, 99, []))
        parser.feed(2, [list(row) for row in rows])
        parser.end()
        return parser

    # A merged household cell makes the parser look at every row by itself.
    quick, careful = parsed([]), parsed([((60, 0), (61, 0))])
    assert careful.fills
    assert [*zip(*quick.take(), strict=True)] == [*zip(*careful.take(), strict=True)]
    assert quick.rejections == careful.rejections
    assert quick.warnings == careful.warnings
    assert (quick.taken, len(quick.rejections)) == (careful.taken, len(careful.rejections))


def test_a_number_that_is_not_of_the_document_named_beside_it_is_refused(tmp_path):
    """A birth certificate short a digit must not be taken for a passport."""
    rows = [
        ["姓名", "证件类型", "证件号码", "村(社区)"],
        ["李一", "出生医学证明", "T53001234", "青杠村"],
        ["李二", "港澳居民来往内地通行证", "H1234567", "青杠村"],
        ["李三", "台湾居民来往大陆通行证", "1234567", "青杠村"],
        ["李四", "居民身份证", "E12345678", "青杠村"],
        ["李五", "外国人永久居留身份证", "KAZ11009012310", "青杠村"],
        ["李六", "护照", "E12345678", "青杠村"],
        ["李七", "出生医学证明", "T530012345", "青杠村"],
        ["李八", "其他", "H12345678", "青杠村"],
        ["李九", "居民身份证", "T530012346", "青杠村"],
    ]
    result = read(as_xlsx(tmp_path / "r.xlsx", rows))
    assert reasons(result) == dict.fromkeys(range(2, 7), "length")
    assert "letter and 9 digits" in result.rejections[0].message
    assert [row.kind for row in result.rows] == [
        "passport",
        "birth-certificate",
        "hk-mo-travel-permit",
        "birth-certificate",
    ]


def test_text_that_a_spreadsheet_ruined_before_it_became_text_is_told_as_that(tmp_path):
    """Fifteen digits and 000 that fit no check were a number once; a copied error is nothing."""
    [cut_off] = ruined(1)
    rows = [
        ["※姓名（必填）", "*证件号码", "村(社区)", "户主电话", "本人电话"],
        ["李一", cut_off, "青杠村", "", ""],
        ["李二", "#N/A", "青杠村", "", ""],
        ["#REF!", number(3), "青杠村", "", ""],
        ["李四", number(4), "青杠村", "13800000001", "13800000002"],
    ]
    result = read(as_xlsx(tmp_path / "r.xlsx", rows))
    assert reasons(result) == {2: "precision-lost", 3: "missing", 4: "missing"}
    assert [(row.name, row.phone) for row in result.rows] == [("李四", "13800000002")]


def test_tables_printed_beside_each_other_are_all_read(tmp_path):
    """Nobody on the right of a page printed in two columns is lost; numbers stay told once."""
    half = ["序号", "姓名", "证件号码", "村(社区)"]
    line = [[n, f"李{'一二三四五六'[n - 1]}", number(n), "青杠村"] for n in range(1, 7)]
    rows = [
        ["青杠村名单"],
        [*half, "", *half],
        [*line[0], "", *line[3]],
        [*line[1], "", *line[4]],
        [*line[2], "", 6, "李六", number(1), "青杠村"],
    ]
    result = read(as_xlsx(tmp_path / "r.xlsx", rows))
    assert {(row.row, row.number) for row in result.rows} == {
        *((n + 2, number(n)) for n in (1, 2, 3)),
        *((n - 1, number(n)) for n in (4, 5)),
    }
    assert [(r.row, r.reason) for r in result.rejections] == [(5, "duplicate-in-file")]


def test_villages_printed_under_each_other_keep_their_people(tmp_path):
    """A unit line between two blocks names the village of the rows below it, not above."""
    heading = ["户号", "姓名", "证件号码"]
    rows = [
        ["参保登记花名册"],
        ["村（社区）：青杠村"],
        heading,
        *(["1", f"李{n}", number(n)] for n in (1, 2)),
        ["小计", "2人"],
        ["参保登记花名册"],
        ["村（社区）：白沙村"],
        heading,
        *(["1", f"王{n}", number(n)] for n in (3, 4)),
    ]
    result = read(as_xlsx(tmp_path / "r.xlsx", rows))
    assert [row.village for row in result.rows] == ["青杠村", "青杠村", "白沙村", "白沙村"]


@pytest.mark.parametrize(
    "line",
    [
        ["AAC000", "AAC003", "AAC002", "AAB301"],
        ["no", "psn_name", "certno", "village"],
        ["示例", "张三", "11010519491231002X", "青杠村"],
        ["例：", "李四", "", "青杠村"],
        ["人数合计", "3"],
        ["以上合计", "3人"],
    ],
)
def test_what_a_form_prints_for_its_own_sake_is_nobody(line, tmp_path):
    """Codes of columns, a filled-in example and sums are no people, and are not rejected."""
    rows = [["序号", "姓名", "证件号码", "村(社区)"], line, ["1", "李一", number(1), "青杠村"]]
    result = read(as_xlsx(tmp_path / "r.xlsx", rows))
    assert [row.number for row in result.rows] == [number(1)]
    assert result.rejections == []


@pytest.mark.parametrize("written", [".0", ".00"])
def test_digits_that_went_through_a_numeral_are_lost(written, tmp_path):
    """A program that writes .0 behind a number has held it as one, and rounded it."""
    rows = [
        ["姓名", "证件号码", "村(社区)", "联系电话"],
        ["李一", number(1)[:17] + "4" + written, "青杠村", ""],
        ["李二", f"{int(number(3)[:17] + '0'):,}", "青杠村", ""],
        ["李三", number(2), "青杠村", "13887800001.0"],
    ]
    result = read(as_xlsx(tmp_path / "r.xlsx", rows))
    assert reasons(result) == {2: "precision-lost", 3: "precision-lost"}
    assert result.rows[0].phone == "13887800001"


def ending_in_zeros() -> str:
    """Give a right number that happens to end as ruined ones do."""
    for place in range(100):
        first = number(place)[:14] + "100"
        if check_character(first) == "0":
            return first + "0"
    raise AssertionError("one in eleven does")


def ruined(count: int) -> list[str]:
    """Give numbers whose last three digits a spreadsheet has made zeros."""
    cut = [number(place)[:15] + "000" for place in range(100, 200)]
    return [one for one in cut if check_character(one[:17]) != "0"][:count]


def test_a_right_number_that_ends_in_zeros_is_believed(tmp_path):
    """One in 1,221 does; a few ruined ones elsewhere in a long list say nothing about it."""
    rows = [["姓名", "证件号码", "村(社区)"], ["李零", ending_in_zeros(), "青杠村"]]
    rows += [[f"李{n}", number(n), "青杠村"] for n in range(200, 600)]
    rows += [["王一", one, "青杠村"] for one in ruined(3)]
    result = read(as_csv(tmp_path / "r.csv", rows))
    assert ending_in_zeros() in {row.number for row in result.rows}
    assert Counter(reasons(result).values()) == {"precision-lost": 3}


def test_where_all_numbers_were_ruined_none_is_believed(tmp_path):
    """One ruined number in eleven fits its check by chance: it is still nobody's number."""
    rows = [["姓名", "证件号码", "村(社区)"], ["李零", ending_in_zeros(), "青杠村"]]
    rows += [["王一", one, "青杠村"] for one in ruined(4)]
    result = read(as_csv(tmp_path / "r.csv", rows))
    assert (result.rows, set(reasons(result).values())) == ([], {"precision-lost"})
    assert sorted(reasons(result)) == [2, 3, 4, 5, 6]


def test_a_second_heading_with_other_columns_is_refused_and_nothing_below_it_guessed(
    tmp_path: Path,
) -> None:
    """Village and group change places: the numbers below are right, the villages would be wrong."""
    swapped = list(ROSTER_HEADINGS)
    one, other = swapped.index("村(社区)"), swapped.index("村民小组")
    swapped[one], swapped[other] = swapped[other], swapped[one]
    first = [ROSTER_HEADINGS, *(roster_row(n) for n in range(1, 4))]
    again = [ROSTER_HEADINGS, *(roster_row(n) for n in range(4, 6))]
    assert len(read(as_xlsx(tmp_path / "pages.xlsx", [*first, *again])).rows) == 5
    with pytest.raises(BadFileError) as refused:
        read(as_xlsx(tmp_path / "two.xlsx", [*first, swapped, *again[1:]]))
    assert refused.value.values == {"sheet": "Sheet1", "row": 5}


def test_a_word_in_place_of_a_number_says_that_it_is_missing(tmp_path):
    """办理中 and its like are no number that is too short: there is none yet."""
    words = [
        "办理中",
        "正在办理",
        "待补",
        "待核实",
        "暂未提供",
        "无身份证",
        "身份证遗失",
        "尚未上户",
    ]
    people = [roster_row(n, 证件号码=word) for n, word in enumerate(words)]
    people.append(roster_row(20, 证件号码="杨办理"))
    result = read_roster(as_xlsx(tmp_path / "r.xlsx", [ROSTER_HEADINGS, *people]), today=TODAY)
    assert reasons(result) == {**dict.fromkeys(range(2, 10), "missing"), 10: "length"}
