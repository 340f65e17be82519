"""Flat OpenDocument sheets (.fods): one XML file, as LibreOffice saves it."""

from datetime import datetime
from xml.sax.saxutils import escape

import pytest

from tests.sheets.making import TODAY, number
from townshipdesk.domain.errors import BadFileError
from townshipdesk.sheets.markup import tables_of
from townshipdesk.sheets.reader import read_roster

SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("draw", "drawing"),
    )
)  # fmt: skip


def cell(words="", told="", repeated=1) -> str:
    times = f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-cell {told}{times}><text:p>{escape(words)}</text:p></table:table-cell>"


def line(*cells: str, repeated=1) -> str:
    body = "".join(one if one.startswith("<") else cell(one) for one in cells)
    return f'<table:table-row table:number-rows-repeated="{repeated}">{body}</table:table-row>'


def flat(path, *rows: str, before=""):
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document {SPACES} '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body>'
        f'<office:spreadsheet><table:table table:name="花名册">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document>",
        encoding="utf-8",
    )
    return path


def test_a_flat_sheet_is_read_as_the_workbook_it_is(tmp_path):
    """Blank rows count, merged cells reach down, a million blank rows at the end cost nothing."""
    merged = (
        '<table:table-cell table:number-rows-spanned="2"><text:p>H1</text:p></table:table-cell>'
    )
    path = flat(
        tmp_path / "花名册.fods",
        line("石村花名册"),
        line("", repeated=3),
        line("户号", "姓名", "证件号码", "村"),
        line(merged, "李一", number(1), "石村"),
        line("<table:covered-table-cell/>", "李二", f"{number(2)[:6]} {number(2)[6:]}", "石村"),
        line(cell("", repeated=16384), repeated=1_000_000),
    )
    result = read_roster(path, today=TODAY)
    assert [(r.sheet, r.row, r.name, r.number, r.household) for r in result.rows] == [
        ("花名册", 6, "李一", number(1), "H1"),
        ("花名册", 7, "李二", number(2), "H1"),
    ]
    assert result.rejections == []


def test_cells_of_a_flat_sheet_have_the_type_written_with_them(tmp_path):
    """A number is never read from what is shown of it; remarks and drawings are no cells' words."""
    remark = "<office:annotation><text:p>已核对</text:p></office:annotation>"
    path = flat(
        tmp_path / "a.fods",
        line(
            cell("5.3E+17", 'office:value-type="float" office:value="5.30112199001011E+17"'),
            cell("三月", 'office:value-type="date" office:date-value="2025-03-10"'),
            cell("是", 'office:value-type="boolean" office:boolean-value="true"'),
            f"<table:table-cell>{remark}<text:p>杨<text:s/>一</text:p><text:p>二</text:p>"
            "<draw:frame><text:p>章</text:p></draw:frame></table:table-cell>",
            cell("一", repeated=2),
        ),
    )
    [table] = tables_of(path)
    assert table.rows == [
        [5.30112199001011e17, datetime.fromisoformat("2025-03-10"), True, "杨 一\n二", "一", "一"]
    ]


@pytest.mark.parametrize(
    ("before", "row"),
    [
        ("<!DOCTYPE a [<!ENTITY b 'b'>]>", line("姓名")),
        ("", line(cell("姓名", repeated=300), repeated=1_000_000)),
        ("", "<table:table-row>"),
    ],
)
def test_a_flat_sheet_made_to_do_harm_or_cut_off_is_refused(before, row, tmp_path):
    """Entities, three hundred million cells out of one, a file that ends before its sheet."""
    with pytest.raises(BadFileError, match="damaged"):
        tables_of(flat(tmp_path / "a.fods", row, before=before))
