"""Web pages and XML workbooks that other systems save as .xls, and merged cells of .ods."""

import zipfile
from datetime import datetime

import pytest

from tests.sheets.making import TODAY, as_xls, as_xlsx, number
from townshipdesk.domain.errors import BadFileError
from townshipdesk.sheets.markup import tables_of
from townshipdesk.sheets.reader import read_roster
from townshipdesk.sheets.spans import spans_of

HEADINGS = ["户号", "姓名", "证件号码", "村(社区)"]
PEOPLE = [
    [str(serial), f"李{'一二三'[serial - 1]}", number(serial), "新华村"] for serial in (1, 2, 3)
]


def table(rows) -> str:
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def page(path, body, encoding="utf-8"):
    text = f'<html><head><meta charset="{encoding}"><style>td{{x:y}}</style></head>{body}</html>'
    path.write_bytes(text.encode(encoding))
    return path


def read(path):
    return read_roster(path, today=TODAY)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_web_page_called_xls_is_read_as_the_table_it_shows(encoding, tmp_path):
    """Systems export tables of HTML under the name .xls; every digit of a number is there."""
    result = read(page(tmp_path / "导出.xls", table([HEADINGS, *PEOPLE]), encoding))
    assert [(row.name, row.number) for row in result.rows] == [(p[1], p[2]) for p in PEOPLE]
    assert result.rejections == []


def test_cells_of_a_page_that_cover_others_are_merged_cells(tmp_path):
    """A village that stands once beside its people is the village of each of them."""
    first, second, third = PEOPLE
    body = (
        "<table><tr><td colspan=4>花名册</td></tr><tr><td>村(社区)<td>户号<td>姓名<td>证件号码</tr>"
        f"<tr><td rowspan='2'>新华村</td><td rowspan=2>9</td><td>{first[1]}</td>"
        f"<td>{first[2]}</td></tr><tr><td>{second[1]}<td>{second[2]}</tr>"
        f"<tr><td>大树村<td>10<td>{third[1]}&nbsp;<td>'{third[2]}"
    )
    result = read(page(tmp_path / "export.xls", body))
    found = [(row.village, row.household, row.number) for row in result.rows]
    assert found == [
        ("新华村", "9", first[2]),
        ("新华村", "9", second[2]),
        ("大树村", "10", third[2]),
    ]


def test_tables_within_cells_are_tables_of_their_own(tmp_path):
    """Pages use tables for their layout; what stands in an inner one is not the outer's text."""
    body = f"<table><tr><td>菜单</td><td>{table([['甲', '乙']])}</td></tr></table>"
    outer, inner = tables_of(page(tmp_path / "page.xls", body))
    assert (outer.name, outer.rows) == ("page", [["菜单", ""]])
    assert (inner.name, inner.rows) == ("page 2", [["甲", "乙"]])


def test_spans_that_were_made_to_do_harm_cost_nothing(tmp_path):
    """A cell may say that it covers a thousand million columns; it covers those that are read."""
    body = "<table><tr><td colspan=999999999 rowspan=99999999999>甲</td><td>乙</td></tr></table>"
    (found,) = tables_of(page(tmp_path / "page.xls", body))
    assert found.rows == [["甲"]]
    assert found.merges[0][1][1] <= 300


XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="花名册"><Table>
{rows}</Table></Worksheet></Workbook>"""


def xml_row(cells, **attributes) -> str:
    told = "".join(f' ss:{key}="{value}"' for key, value in attributes.items())
    inner = "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in cells)
    return f"<Row{told}>{inner}</Row>"


def test_an_xml_workbook_of_2003_is_read(tmp_path):
    """Rows and cells may be left out and counted instead; a note is not the cell it is on."""
    first, second, _third = PEOPLE
    merged = (
        '<Row ss:Index="4"><Cell ss:MergeDown="1"><Data ss:Type="Number">7</Data></Cell>'
        f'<Cell><Data ss:Type="String">{first[1]}</Data><Comment><Data>核对</Data></Comment></Cell>'
        f'<Cell><Data ss:Type="String">{first[2]}</Data></Cell>'
        '<Cell ss:MergeDown="1"><Data ss:Type="String">新华村</Data></Cell></Row>'
        f'<Row><Cell ss:Index="2"><Data ss:Type="String">{second[1]}</Data></Cell>'
        f'<Cell><Data ss:Type="String">{second[2]}</Data></Cell></Row>'
    )
    path = tmp_path / "old.xls"
    path.write_text(XML.format(rows=xml_row(HEADINGS) + merged), encoding="utf-8")
    result = read(path)
    assert [(row.row, row.household, row.number, row.village) for row in result.rows] == [
        (4, "7", first[2], "新华村"),
        (5, "7", second[2], "新华村"),
    ]


def test_cells_of_an_xml_workbook_have_the_type_written_beside_them(tmp_path):
    """A number of eighteen digits has lost some wherever it was stored as a number."""
    kinds = (("Number", "5.3232619710203E+17"), ("DateTime", "1990-01-05T00:00:00.000"))
    kinds += (("Boolean", "1"), ("Error", "#N/A"), ("String", "文"))
    cells = "".join(f'<Cell><Data ss:Type="{k}">{v}</Data></Cell>' for k, v in kinds)
    path = tmp_path / "old.xls"
    path.write_text(XML.format(rows=f"<Row>{cells}</Row>"), encoding="utf-8")
    (found,) = tables_of(path)
    day = datetime(1990, 1, 5)  # noqa: DTZ001 - a spreadsheet's days have no zone
    assert found.rows == [[5.3232619710203e17, day, True, "", "文"]]
    path.write_text(XML.format(rows="<Row>"), encoding="utf-8")
    with pytest.raises(BadFileError):
        tables_of(path)


def test_a_workbook_under_the_name_of_another_kind_is_read_as_what_it_is(tmp_path):
    """Offices rename .xlsx to .xls so that an old program opens it, and the other way round."""
    new, old = tmp_path / "a.xlsx", tmp_path / "b.xls"
    as_xlsx(new, [HEADINGS, *PEOPLE])
    as_xls(old, [HEADINGS, *PEOPLE])
    for path in (new.rename(tmp_path / "c.xls"), old.rename(tmp_path / "d.xlsx")):
        assert len(read(path).rows) == 3


def content(rows: str) -> str:
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    return (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="一">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )


def ods(path, rows: str):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content(rows))
    return path


def cell(text: str, spans: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string"{spans}><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


def line(*cells: str) -> str:
    return "<table:table-row>" + "".join(cells) + "</table:table-row>"


DOWN = ' table:number-rows-spanned="2" table:number-columns-spanned="1"'


def test_merged_cells_of_an_ods_reach_down_to_the_rows_they_cover(tmp_path):
    """The library that reads .ods tells no merged cells; they are read beside it."""
    first, second, _third = PEOPLE
    rows = (
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        + line(*map(cell, HEADINGS))
        + line(cell("7", DOWN), cell(first[1]), cell(first[2]), cell("新华村", DOWN))
        + line(
            "<table:covered-table-cell/>",
            cell(second[1]),
            cell(second[2]),
            "<table:covered-table-cell/>",
        )
    )
    path = ods(tmp_path / "roster.ods", rows)
    assert spans_of(path) == {"一": [((4, 0), (5, 0)), ((4, 3), (5, 3))]}
    assert [(row.row, row.household, row.village) for row in read(path).rows] == [
        (5, "7", "新华村"),
        (6, "7", "新华村"),
    ]


def test_workbooks_without_merged_cells_get_no_second_look(tmp_path):
    """Damaged and other files have no merged cells; that they cannot be read is said elsewhere."""
    assert spans_of(ods(tmp_path / "plain.ods", line(cell("甲")))) == {}
    assert spans_of(ods(tmp_path / "broken.ods", line(cell("甲", DOWN)) + "<")) == {}
    assert spans_of(as_xlsx(tmp_path / "new.xlsx", [HEADINGS])) == {}


def test_a_second_table_below_never_hides_the_first(tmp_path):
    """Its heading tells more columns, but people stand above it: they are not taken for titles."""
    first = [["姓名", "证件号码", "村(社区)"], *(["李一", number(n), "新华村"] for n in (1, 2))]
    below = [["姓名", "证件号码", "村(社区)", "村民小组"], ["李三", number(3), "新华村", "一组"]]
    result = read_roster(as_xlsx(tmp_path / "a.xlsx", [*first, [], *below]), today=TODAY)
    assert [row.number for row in result.rows] == [number(1), number(2), number(3)]
    other = [["村(社区)", "姓名", "性别", "证件号码"], ["新华村", "李三", "", number(3)]]
    with pytest.raises(BadFileError, match="Row 5"):
        read_roster(as_xlsx(tmp_path / "b.xlsx", [*first, [], *other]), today=TODAY)
