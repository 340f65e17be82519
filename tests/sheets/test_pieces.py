"""Large sheets cut in pieces: what is read is what was read whole, or the sheet is not cut."""

from __future__ import annotations

import datetime as dt
import io
import pickle
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.sheets.making import (
    ROSTER_HEADINGS,
    TODAY,
    as_csv,
    as_xls,
    as_xlsx,
    as_xlsx_other,
    roster_row,
)
from tests.sheets.officelike import BORN
from townshipdesk.domain.errors import BadFileError
from townshipdesk.sheets import filekind, pieces, process, unpack
from townshipdesk.sheets.ahead import Ahead
from townshipdesk.sheets.pieces import cut_workbook
from townshipdesk.sheets.reader import read_roster, sniff_kind
from townshipdesk.sheets.reading import Reading
from townshipdesk.sheets.result import SheetKind

PEOPLE = [ROSTER_HEADINGS, *(roster_row(serial) for serial in range(1, 120))]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def small_pieces(monkeypatch):
    """Let sheets of any size be cut, some ten rows to a piece."""
    monkeypatch.setattr(pieces, "LARGE_SHEET", 0)
    monkeypatch.setattr(pieces, "FIRST_BYTES", 3_000)
    monkeypatch.setattr(pieces, "PIECE_BYTES", 5_000)


def changed(path: Path, old: bytes, new: bytes, part: str = SHEET) -> Path:
    """Change the text of one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def messages(path: Path, kind: str = "residents") -> list[tuple[object, ...]]:
    """Read a workbook in this process; give what a desk would be told, rows one by one."""
    out = io.BytesIO()
    request = {"kind": kind, "path": str(path), "today": TODAY.isoformat()}
    Reading(request, out, Ahead(unpack.unpack(path))).run()
    told: list[tuple[object, ...]] = []
    content, at = out.getvalue(), 0
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        what, *rest = pickle.loads(content[at + 4 : at + 4 + length])  # noqa: S301 - written a line above
        at += 4 + length
        if what == "rows":
            told += [("row", *row) for row in zip(*rest[0], strict=True)]
        elif what == "rejected":
            told += [("rejected", *one) for one in rest[0]]
        elif what != "progress":
            told.append((what, *rest))
    return told


def as_printed(path: Path) -> Path:
    """A printed roster: titles, merged households, blank rows, real dates, a total, two sheets."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    title, day = book.add_format({"align": "center"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for name, first in (("大龙箐村", 1), ("石岩村", 400)):
        page = book.add_worksheet(name)
        page.merge_range(0, 1, 0, 16, "二〇二五年参保登记花名册", title)
        page.write(0, 30, "附表一")
        page.write_row(3, 1, ROSTER_HEADINGS)
        for place in range(90):
            row, at = roster_row(first + place), 4 + place + place // 30 * 1500
            row[7] = BORN if place % 9 == 0 else dt.date.fromisoformat(row[7])
            page.write_row(at, 1, row[:7])
            page.write_datetime(at, 8, row[7], day)
            page.write_row(at, 9, row[8:])
            if place % 4 == 0:
                page.merge_range(at, 1, at + 1, 1, row[0], title)
        page.write_row(at + 2, 1, ["合计", "90人"])
        page.merge_range(at + 4, 1, at + 4, 9, "填表人：            审核人：", title)
    book.add_worksheet("说明").write(0, 0, "本表由村委会填写")
    book.close()
    return path


def as_changed(path: Path) -> Path:
    """One row in which a number is wrong, one that comes twice, one of another county."""
    rows = [[*row] for row in PEOPLE]
    rows[40][5] = rows[40][5][:-1] + ("0" if rows[40][5][-1] != "0" else "1")
    rows[70] = [*rows[20]]
    return as_xlsx_other(path, rows)


@pytest.mark.parametrize(
    "make",
    [
        as_printed,
        as_changed,
        lambda path: as_xlsx(path, PEOPLE),
        lambda path: as_xlsx_other(path, PEOPLE),
        lambda path: as_xlsx_other(path, [[None], *([None, *row] for row in PEOPLE)]),
        lambda path: changed(as_xlsx(path, PEOPLE), b"<row r=", b"\n  <row r="),
        lambda path: changed(as_xlsx(path, PEOPLE), b"</sheetData>", b"</sheetData>\n<!-- ? -->"),
        lambda path: as_xlsx_other(path, [*PEOPLE, *[[""]] * 300, ["制表人："]]),
    ],
)
def test_cut_or_whole_the_same_is_read(make, tmp_path, small_pieces, monkeypatch):
    """Rows, refusals, warnings, totals and merged cells are those of the sheet read whole."""
    path = make(tmp_path / "roster.xlsx")
    cut = cut_workbook(path)
    assert cut is not None
    assert max(len(sheet.more) for sheet in cut.cut.values()) > 3
    in_pieces = messages(path)
    monkeypatch.setattr(pieces, "LARGE_SHEET", 1 << 40)
    assert cut_workbook(path) is None
    assert in_pieces == messages(path)
    assert sum(message[0] == "row" for message in in_pieces) > 50


def test_a_cell_far_to_the_right_of_later_rows_belongs_to_its_row(tmp_path, small_pieces):
    """Only the first rows say how wide the heading is; nobody is lost, nothing is moved."""
    rows = [[*row] for row in PEOPLE]
    rows[90] += [None] * 20 + ["已核对"]
    told = messages(as_xlsx_other(tmp_path / "roster.xlsx", rows))
    plain = messages(as_xlsx_other(tmp_path / "plain.xlsx", PEOPLE))
    assert told == plain


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<sheetData>", b"<sheetData><!-- <row r='9'> -->"),
        (b"</sheetData>", b"<?odd?></sheetData>"),
        (b'<row r="50">', b"<row>"),
        (b'<row r="50">', b'<row spans="1:16" r="50">'),
        (b"</sheetData>", b"</sheetData"),
        (b"<worksheet ", b"<!DOCTYPE a><worksheet "),
    ],
)
def test_what_is_written_otherwise_is_not_cut(old, new, tmp_path, small_pieces):
    """A comment may hold what looks like a row; such a sheet is left to the library."""
    path = changed(as_xlsx(tmp_path / "roster.xlsx", PEOPLE), old, new)
    assert cut_workbook(path) is None


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", b'name="Sheet1"', b'name="/0/1"'),
        ("xl/workbook.xml", b"<sheets>", b"<sheets><sheet/>"),
        ("xl/workbook.xml", b"</sheets>", b"</sheets><a></sheets></a>"),
        ("xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"worksheets/sheet9.xml"),
        ("xl/_rels/workbook.xml.rels", b'Id="rId1"', b"Id='rId1'"),
    ],
)
def test_a_workbook_that_names_its_sheets_oddly_is_not_cut(part, old, new, tmp_path, small_pieces):
    """Then the library reads it, or says that it cannot."""
    path = changed(as_xlsx(tmp_path / "roster.xlsx", PEOPLE), old, new, part)
    assert cut_workbook(path) is None


def test_other_kinds_of_files_are_not_cut(tmp_path, small_pieces):
    """An old workbook, a text, a part that is missing."""
    assert cut_workbook(as_xls(tmp_path / "roster.xls", PEOPLE)) is None
    assert cut_workbook(as_csv(tmp_path / "roster.csv", PEOPLE)) is None
    with zipfile.ZipFile(tmp_path / "odd.xlsx", "w") as archive:
        archive.writestr(SHEET, b"<worksheet><sheetData></sheetData></worksheet>")
    assert cut_workbook(tmp_path / "odd.xlsx") is None


@pytest.mark.parametrize("number", ["12", "49"])
@pytest.mark.parametrize("cut", [True, False])
def test_rows_on_top_of_each_other_are_refused_in_large_sheets(
    number, cut, tmp_path, small_pieces, monkeypatch
):
    """Of two rows with one number the library keeps one, and nobody would know."""
    path = as_xlsx(tmp_path / "roster.xlsx", PEOPLE)
    changed(path, b'<row r="50">', f'<row r="{number}">'.encode())
    if not cut:
        changed(path, b"<sheetData>", b"<sheetData><!-- -->")
    monkeypatch.setattr(filekind, "LARGE_SHEET", 0)
    with pytest.raises(BadFileError, match="on top of each other"):
        [*unpack.unpack(path)]


def test_a_large_sheet_is_looked_at_block_by_block():
    """Rows are found that lie across two blocks, and what comes after a wrong one is not read."""
    parts = [b'<worksheet><row r="1"/><ro', b'w r="3"/>', b'<row r="3"/>', b"</sheetData>", b"rest"]
    blocks = iter(parts)
    assert not filekind._is_ordered(blocks)
    assert [*blocks] == [b"rest"]
    assert filekind._is_ordered([b'<row r="1"/><row', b"/><row", b' r="3"/></sheetData>'])


def test_only_the_first_rows_are_unpacked_for_whoever_wants_no_more(tmp_path, small_pieces):
    """To tell what kind of sheet it is, nobody reads 80,000 rows."""
    path = as_printed(tmp_path / "roster.xlsx")
    parts = [*unpack.unpack(path, whole=False)]
    assert [part.sheet.name for part in parts if part] == ["大龙箐村", "石岩村", "说明"]
    assert parts[0] is not None
    assert parts[0].last_row > 3_000
    assert parts[0].sheet.end is not None
    assert parts[0].sheet.end[0] < 30


def test_a_truly_large_roster_is_cut_and_read(tmp_path):
    """Nothing is patched here: the reading process itself, with its own sizes."""
    rows = (roster_row(serial % 1000, 户号=f"DL{serial}") for serial in range(16_000))
    path = as_xlsx_other(tmp_path / "roster.xlsx", [ROSTER_HEADINGS, *rows])
    cut = cut_workbook(path)
    assert cut is not None
    assert cut.cut[0].last_row == 16_001
    assert sniff_kind(path) is SheetKind.RESIDENTS
    read = read_roster(path, today=TODAY)
    assert len(read.rows) == 1_000
    assert len(read.rejections) == 15_000
    assert read.rejections[-1].row == 16_001


def test_a_file_is_unpacked_while_the_program_loads_itself(tmp_path):
    """Who asks about it goes on from there; a file that changed meanwhile is not taken."""
    path = as_xlsx(tmp_path / "roster.xlsx", PEOPLE)
    with process.begun(path):
        [(_file, child)] = process._begun.values()
        read = read_roster(path, today=TODAY)
        assert child.poll() is not None
        assert not process._begun
    assert len(read.rows) == len(PEOPLE) - 1
    with process.begun(path):
        as_xlsx(tmp_path / "newer.xlsx", PEOPLE).replace(path)
        with pytest.raises(BadFileError, match="changed while"):
            read_roster(path, today=TODAY)


def test_what_nobody_asks_about_ends(tmp_path):
    """A call that was wrong in another way leaves no process behind; a bad path is told later."""
    path = as_xlsx(tmp_path / "roster.xlsx", PEOPLE)
    with process.begun(path):
        [(_file, child)] = process._begun.values()
    assert child.poll() is not None
    with process.begun(tmp_path), pytest.raises(BadFileError, match="folder"):
        read_roster(tmp_path, today=TODAY)
