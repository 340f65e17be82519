"""Sheets that go out: as printed, and as plain lists; they hold what was put in, and read back."""

import tempfile
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from python_calamine import load_workbook
from xlsxwriter.exceptions import FileCreateError

from tests.sheets.making import TODAY, number
from townshipdesk.domain.errors import BadFileError
from townshipdesk.sheets.forms import write_form
from townshipdesk.sheets.reader import read_ledger, read_roster
from townshipdesk.sheets.spec import CellKind, Column, SheetSpec
from townshipdesk.sheets.writer import text_width, write_list, write_sheet

LEDGER_COLUMNS = [
    Column("户号"),
    Column("户主", group="户主"),
    Column("姓名"),
    Column("证件号码", CellKind.ID),
    Column("应缴", CellKind.MONEY, total=True, group="缴费情况"),
    Column("资助金额", CellKind.MONEY, total=True, group="缴费情况"),
    Column("自缴金额", CellKind.MONEY, total=True, group="缴费情况"),
    Column("缴费方式"),
    Column("缴费日期", CellKind.DAY),
]


def ledger_rows(count):
    for serial in range(1, count + 1):
        yield (
            f"H{serial}", "杨甲", f"=杨{serial}", number(serial), 40000, 18010, 21990, "现金",
            "2025-01-08",
        )  # fmt: skip


def ledger(count=30):
    return SheetSpec(
        "台账",
        "大龙箐村委会筹资台账",
        LEDGER_COLUMNS,
        ledger_rows(count),
        unit="单位：大龙箐村委会",
        dated="日期：2025年3月17日",
        total_label="合计",
        signatures=("经手人：", "复核：", "村委会（盖章）："),
        notes=("注：本表一式三份。",),
    )


def test_a_printed_sheet_looks_like_an_offices(tmp_path):
    """Title, unit and date, two-row headings, borders, page setup, repeated heading, signatures."""
    path = tmp_path / "l.xlsx"
    assert write_sheet(path, ledger()) == 30
    book = openpyxl.load_workbook(path)
    page = book["台账"]
    assert page["A1"].value == "大龙箐村委会筹资台账"
    assert page["A2"].value == "单位：大龙箐村委会"
    assert {str(m) for m in page.merged_cells.ranges} >= {"A1:I1", "A3:A4", "E3:G3", "I3:I4"}
    assert [cell.value for cell in page[4]][4:7] == ["应缴", "资助金额", "自缴金额"]
    assert page.print_title_rows == "$3:$4"
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert page.page_setup.fitToHeight == 0
    assert page["D5"].border.left.style == "thin"
    assert page.freeze_panes == "A5"
    texts = [str(cell.value) for row in page.iter_rows(min_row=35) for cell in row if cell.value]
    assert {"合计", "注：本表一式三份。", "经手人：", "村委会（盖章）："} <= set(texts)


def test_money_is_numbers_ids_are_text_and_sums_agree_with_their_formulas(tmp_path):
    """Values keep their kinds; text beginning with = stays text; sums have formula and value."""
    path = tmp_path / "l.xlsx"
    write_sheet(path, ledger())
    page = openpyxl.load_workbook(path)["台账"]
    assert page["C5"].value == "=杨1"
    assert page["C5"].data_type in ("s", "inlineStr")
    assert page["D5"].value == number(1)
    assert page["D5"].number_format == "@"
    assert (page["F5"].value, page["F5"].number_format) == (180.1, "#,##0.00")
    assert page["E35"].value == "=SUM(E5:E34)"
    cached = openpyxl.load_workbook(path, data_only=True)["台账"]
    assert [cached.cell(35, at).value for at in (5, 6, 7)] == [12000, 5403, 6597]


def test_what_goes_out_comes_in_again_unchanged(tmp_path):
    """A ledger that was written is read with the same people, money and no rejection."""
    path = tmp_path / "l.xlsx"
    write_sheet(path, ledger(40))
    result = read_ledger(path, today=TODAY)
    assert result.rejections == []
    assert [w.code for w in result.warnings] == ["from-title"]
    assert [(r.number, r.owed_fen, r.subsidy_fen, r.own_fen, r.paid_on) for r in result.rows] == [
        (number(serial), 40000, 18010, 21990, "2025-01-08") for serial in range(1, 41)
    ]


def test_a_plain_list_holds_every_kind_of_value(tmp_path):
    """Text, numbers with all digits, money, days and rates arrive as what they are."""
    columns = [
        Column("姓名"),
        Column("身份证号", CellKind.ID),
        Column("村"),
        Column("人数", CellKind.COUNT),
        Column("金额", CellKind.MONEY),
        Column("日期", CellKind.DAY),
        Column("完成率", CellKind.RATE),
    ]
    rows = [
        ("=cmd|' /C calc'!A0", number(1), "塔底社区", 3, 28010, date(2025, 3, 4), (1203, 1204)),
        ("𬱖㛃\x1b[31m", number(2), "塔底社区", None, None, "", (5, 0)),
    ]
    path = tmp_path / "p.xlsx"
    write_list(path, "名单/一", columns, iter(rows))
    read = load_workbook(str(path)).get_sheet_by_index(0)
    assert read.name == "名单_一"
    first, second = read.to_python()[1:]
    assert first == [
        "=cmd|' /C calc'!A0", number(1), "塔底社区", 3, 280.1, date(2025, 3, 4), 0.9991,
    ]  # fmt: skip
    assert second == ["𬱖㛃[31m", number(2), "塔底社区", "", "", "", ""]
    assert len(read_roster(path, today=TODAY).rows) == 2


def test_a_plain_list_is_printed_whole_with_its_heading_on_every_page(tmp_path):
    path = tmp_path / "p.xlsx"
    write_list(path, "名单", [Column("姓名"), Column("人数", CellKind.COUNT)], [("杨甲", 1)] * 200)
    [page] = openpyxl.load_workbook(path).worksheets
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToWidth in (None, 1)  # 1 where it is not said
    assert page.page_setup.fitToHeight == 0
    assert page.page_setup.orientation == "landscape"
    assert page.print_title_rows == "$1:$1"


def test_a_count_takes_no_more_of_the_page_than_it_needs(tmp_path):
    path = tmp_path / "c.xlsx"
    columns = [Column("份", CellKind.COUNT), Column("日", CellKind.DAY)]
    write_sheet(path, SheetSpec("a", "a", columns, [(12, "2025-03-04")]))
    widths = openpyxl.load_workbook(path)["a"].column_dimensions
    assert widths["A"].width < 10 < widths["B"].width


def test_a_rate_never_claims_more_than_was_reached(tmp_path):
    """1,203 of 1,204 is not 100 %."""
    path = tmp_path / "r.xlsx"
    rows = [((99_999, 100_000),), ((1204, 1204),)]
    write_sheet(path, SheetSpec("a", "a", [Column("完成率", CellKind.RATE)], rows))
    page = openpyxl.load_workbook(path)["a"]
    assert [page.cell(at, 1).value for at in (2, 3, 4)] == ["完成率", 0.9999, 1]


def test_an_empty_sheet_and_several_sheets_are_sound(tmp_path):
    """A day without payments gives a sheet with its total line and no broken formula."""
    path = tmp_path / "e.xlsx"
    assert write_sheet(path, ledger(0), SheetSpec("二", "二", [Column("甲")], [("乙",)])) == 1
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["台账", "二"]
    assert book["台账"]["A5"].value == "合计"
    assert book["台账"]["E5"].value is None


def test_a_place_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path):
    """No half file appears, and the message names the file."""
    with pytest.raises(BadFileError, match=r"x\.xlsx"):
        write_sheet(tmp_path / "no" / "x.xlsx", ledger())
    (tmp_path / "full.xlsx").mkdir()
    with pytest.raises(BadFileError, match=r"full\.xlsx"):
        write_sheet(tmp_path / "full.xlsx", ledger())
    assert [path.name for path in tmp_path.iterdir()] == ["full.xlsx"]


def test_no_control_character_is_written(tmp_path):
    """Cells hold text a spreadsheet program opens without a warning."""
    path = tmp_path / "c.xlsx"
    write_sheet(path, SheetSpec("a", "a\x00b", [Column("x")], [("y\x1b\x0b",)]))
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert b"_x001B_" not in xml
    assert b"\x1b" not in xml


def test_wide_characters_count_double():
    """Column widths follow what a character takes."""
    assert text_width("张三ab") == 6


def test_text_that_looks_like_markup_or_an_escape_arrives_as_it_is(tmp_path):
    """Signs of XML, the format's own escapes and spaces at the ends survive the quick way."""
    texts = ["a<b>&c", "_x0041_", "]]>", "&amp;", '王"强"', "'甲"]
    path = tmp_path / "m.xlsx"
    write_sheet(path, SheetSpec("a", "题 <1> & 2", [Column("甲&乙")], [(text,) for text in texts]))
    rows = load_workbook(str(path)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["题 <1> & 2", "甲&乙", *texts]


def test_sheets_get_names_that_programs_take_and_tell_apart(tmp_path):
    """Equal, too long, reserved and forbidden names of villages all end as names of their own."""
    names = [
        "青杠村",
        "青杠村",
        "a?b",
        "A*b",
        "History",
        "'村'",
        "𠮷" * 20,
        "𠮷" * 20,
        "",
        "很" * 40,
    ]
    path = tmp_path / "names.xlsx"
    write_sheet(path, *(SheetSpec(n, "表", [Column("姓名")], [("杨甲",)]) for n in names))
    found = openpyxl.load_workbook(path).sheetnames
    assert found[:5] == ["青杠村", "青杠村(2)", "a_b", "A_b(2)", "History(2)"]
    assert len({name.lower() for name in found}) == len(names)
    assert all(len(name.encode("utf-16-le")) <= 2 * 31 for name in found)


def test_sums_have_room_and_long_text_takes_more_lines(tmp_path):
    """A sum too wide for its column would be printed as a row of #; long text would be cut."""
    columns = [Column("金额", CellKind.MONEY, total=True), Column("内容", width=20)]
    rows = [(40000, "短")] * 300 + [(14_000_000_000, "很长的内容" * 6)]
    path = tmp_path / "wide.xlsx"
    spec = SheetSpec("表", "标" * 40, columns, rows, unit="单" * 30, dated="d", total_label="合计")
    write_sheet(path, spec)
    page = openpyxl.load_workbook(path)["表"]
    assert page.column_dimensions["A"].width > len("140,120,000.00")
    last = page.max_row - 1
    assert page.cell(last, 2).alignment.wrap_text
    assert page.row_dimensions[last].height == 4 * 15
    assert page.row_dimensions[last - 1].height is None
    assert page.row_dimensions[1].height > 2 * 24
    assert page.row_dimensions[2].height > 15


@pytest.mark.parametrize("text", ["长" * 60_000, "𠮷" * 20_000])
def test_a_cell_holds_no_more_than_programs_open(text, tmp_path):
    """What an office keeps of a hostile file stops neither a list nor a printed sheet."""
    columns, rows = [Column("姓名"), Column("住址")], [("杨甲", text)]
    path = tmp_path / "long.xlsx"
    write_list(path, "名单", columns, rows)
    assert len(openpyxl.load_workbook(path).worksheets[0]["B2"].value.encode("utf-16-le")) <= 65_534
    write_sheet(path, SheetSpec("表", "表", columns, rows))
    assert len(openpyxl.load_workbook(path).worksheets[0]["B3"].value.encode("utf-16-le")) <= 65_534


@pytest.mark.parametrize(
    "write",
    [
        lambda path: write_sheet(path, ledger()),
        lambda path: write_list(path, "名单", [Column("姓名")], [("杨甲",)]),
        lambda path: write_form(path, "名单", [Column("姓名")], {}),
    ],
    ids=["sheet", "list", "form"],
)
def test_a_full_disk_is_told_and_leaves_nothing_behind(write, tmp_path, monkeypatch, capfd):
    """Neither a half workbook nor temporary rows nor a library's own words."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    path = tmp_path / "full.xlsx"
    with pytest.raises(BadFileError, match="the disk is full"):
        write(path)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
    assert list((tmp_path / "temporary").iterdir()) == []
    assert capfd.readouterr().err == ""


def test_no_room_for_temporary_rows_is_told(tmp_path, monkeypatch):
    def full(*_args, **_options):
        raise FileCreateError("No space left on device")

    monkeypatch.setattr("xlsxwriter.packager.Packager._create_package", full)
    with pytest.raises(BadFileError, match="the disk is full"):
        write_sheet(tmp_path / "full.xlsx", ledger())
    assert list(tmp_path.iterdir()) == []
