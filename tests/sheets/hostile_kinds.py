"""Damaged and hostile files by thought, one of a kind: `hostile` makes others by chance.

Each is made around the same roster of three people and known by a name. `KINDS` tells what must
become of it: so many people read, or None where the file as a whole is refused with a message.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from tests.sheets.making import number

HEADINGS: Final = ("姓名", "证件号码", "村(社区)")
PEOPLE: Final = tuple((f"杨{c}", number(n), "大龙箐村委会") for n, c in enumerate("甲乙丙", 1))

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKED: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEET, _BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
_BOOK_RELS, _STRINGS = "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
_STYLES: Final = "xl/styles.xml"
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_PASSWORDS: Final = '[<!ENTITY x SYSTEM "file:///etc/passwd">]'
_LAUGHS: Final = (
    '[<!ENTITY a "哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]"
)
"""`&j;` is eight thousand million characters."""


class Kind(NamedTuple):
    """A kind of file: its ending, how its bytes are made, and how many people are read of it."""

    ending: str
    make: Callable[[], bytes]
    read: int | None


def _cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _row(at: int, *texts: str) -> str:
    cells = "".join(_cell(f"{chr(65 + n)}{at}", text) for n, text in enumerate(texts))
    return f'<row r="{at}">{cells}</row>'


_TABLE: Final = _row(1, *HEADINGS) + "".join(_row(n, *p) for n, p in enumerate(PEOPLE, 2))


def _sheet(rows: str, *, before: str = "", after: str = "", top: str = _XML) -> str:
    inner = f"{before}<sheetData>{rows}</sheetData>{after}"
    return f'{top}<worksheet xmlns="{_MAIN}">{inner}</worksheet>'


def _book(sheets: str = '<sheet name="S" sheetId="1" r:id="r1"/>') -> str:
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>{sheets}</sheets></workbook>'


def _rels(target: str = "worksheets/sheet1.xml") -> str:
    links = [("r1", "worksheet", target), ("r2", "sharedStrings", "sharedStrings.xml")]
    links.append(("r3", "styles", "styles.xml"))
    listed = "".join(
        f'<Relationship Id="{key}" Type="{_RELATED}/{kind}" Target="{to}"/>'
        for key, kind, to in links
    )
    return f'<Relationships xmlns="{_PACKED}">{listed}</Relationships>'


def _parts(changed: dict[str, str | bytes | None]) -> dict[str, str | bytes]:
    root = f'<Relationship Id="r1" Type="{_RELATED}/officeDocument" Target="{_BOOK}"/>'
    parts: dict[str, str | bytes | None] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKED}">{root}</Relationships>',
        _BOOK: _book(),
        _BOOK_RELS: _rels(),
        _SHEET: _sheet(_TABLE),
        **changed,
    }
    return {name: content for name, content in parts.items() if content is not None}


def _zip(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _x(read: int | None, **changed: str | bytes | None) -> Kind:
    """Give a workbook with changed parts, named as below."""
    names = {"sheet": _SHEET, "book": _BOOK, "rels": _BOOK_RELS, "strings": _STRINGS}
    names |= {"styles": _STYLES, "root": "_rels/.rels", "types": "[Content_Types].xml"}
    parts = {names.get(name, name): content for name, content in changed.items()}
    return Kind("xlsx", lambda: _zip(_parts(parts)), read)


def _rows(read: int | None, rows: str) -> Kind:
    return _x(read, sheet=_sheet(_TABLE + rows))


def _indexed(index: str) -> Kind:
    row = f'<row r="5"><c r="A5" t="s"><v>{index}</v></c>{_cell("B5", number(9))}</row>'
    strings = f'<sst xmlns="{_MAIN}"><si><t>甲</t></si></sst>'
    # The library takes what is no index for the first string: a row of that name.
    read = {"99": None, "": 3}.get(index, 4)
    return _x(read, strings=strings, sheet=_sheet(_TABLE + row))


def _directory(change: Callable[[bytearray, int], None]) -> Kind:
    """Give a workbook whose directory says something else of its sheet than is there."""

    def make() -> bytes:
        packed = bytearray(_zip(_parts({})))
        at = 0
        while (at := packed.find(b"PK\1\2", at)) >= 0:
            length = struct.unpack_from("<H", packed, at + 28)[0]
            if packed[at + 46 : at + 46 + length] == _SHEET.encode():
                change(packed, at)
            at += 4
        return bytes(packed)

    return Kind("xlsx", make, None)


def _says(at: int, form: str, *values: int) -> Kind:
    return _directory(lambda packed, entry: struct.pack_into(form, packed, entry + at, *values))


def _overlapping() -> bytes:
    """Give an archive of two thousand names for the same thirty million zeros."""
    size, packer = 30_000_000, zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(bytes(size)) + packer.flush()
    told = struct.pack("<HHHIII", 8, 0, 0, zlib.crc32(bytes(size)), len(data), size)
    name = _BOOK.encode()
    file = b"PK\3\4" + struct.pack("<HH", 20, 0) + told + struct.pack("<HH", len(name), 0)
    file += name + data
    names = [name, *(f"xl/worksheets/s{n}.xml".encode() for n in range(1999))]
    listed = b"".join(
        b"PK\1\2" + struct.pack("<HHH", 20, 20, 0) + told
        + struct.pack("<HHHHHII", len(one), 0, 0, 0, 0, 0, 0) + one
        for one in names
    )  # fmt: skip
    end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(listed), len(file), 0)
    return file + listed + b"PK\5\6" + end


def _twice() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in _parts({}).items():
            archive.writestr(name, content)
        # As the library would not: it warns of a second part of one name.
        del archive.NameToInfo[_SHEET]
        archive.writestr(_SHEET, _sheet(_TABLE.replace("杨", "李")))
    return packed.getvalue()


_ODF: Final = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)


def _ods_row(texts: tuple[str, ...], row: str = "", cell: str = "") -> str:
    said = "".join(
        f'<table:table-cell office:value-type="string" {cell}><text:p>{escape(text)}</text:p>'
        "</table:table-cell>"
        for text in texts
    )
    return f"<table:table-row {row}>{said}</table:table-row>"


def _ods(read: int | None, more: str, doctype: str = "") -> Kind:
    rows = _ods_row(HEADINGS) + "".join(map(_ods_row, PEOPLE)) + more
    table = f'<table:table table:name="S">{rows}</table:table>'
    inner = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f"{_XML}{doctype}<office:document-content {_ODF}>{inner}</office:document-content>"
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    parts: dict[str, str | bytes] = {
        "mimetype": mime, "content.xml": content, "META-INF/manifest.xml": "<manifest/>",
    }  # fmt: skip
    return Kind("ods", lambda: _zip(parts), read)


_LINES: Final = "\n".join(map(",".join, (HEADINGS, *PEOPLE))) + "\n"


def _csv(read: int | None, content: bytes) -> Kind:
    return Kind("csv", lambda: content, read)


def _page_row(texts: tuple[str, ...], given: str = "") -> str:
    return "<tr>" + "".join(f"<td {given}>{escape(text)}</td>" for text in texts) + "</tr>"


_PAGE: Final = _page_row(HEADINGS) + "".join(map(_page_row, PEOPLE))


def _page(read: int | None, more: str, before: str = "") -> Kind:
    page = f"<html><body>{before}<table>{_PAGE}{more}</table></body></html>"
    return Kind("xls", page.encode, read)


def _xml_row(texts: tuple[str, ...], row: str = "", cell: str = "") -> str:
    data = "".join(
        f'<Cell {cell}><Data ss:Type="String">{escape(text)}</Data></Cell>' for text in texts
    )
    return f"<Row {row}>{data}</Row>"


def _xml(read: int | None, more: str, doctype: str = "") -> Kind:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    rows = "".join(map(_xml_row, (HEADINGS, *PEOPLE))) + more
    inner = f'<Worksheet ss:Name="S"><Table>{rows}</Table></Worksheet>'
    text = f'{_XML}{doctype}<Workbook xmlns="{space}" xmlns:ss="{space}">{inner}</Workbook>'
    return Kind("xls", text.encode, read)


def _old_file(directory: int, shift: int = 9) -> bytes:
    """Give the head of an office file of the nineties, whose directory is said to be elsewhere."""
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2040))
    struct.pack_into("<HHHH", head, 24, 0x3E, 3, 0xFFFE, shift)
    struct.pack_into("<I", head, 48, directory)
    return bytes(head)


_NINTH: Final = ("陈丁", number(9), "大龙箐村委会")
_FAR: Final = "9" * 9
_AGAIN: Final = f'table:number-rows-repeated="{_FAR}"'
_DEFINED: Final = f"{_XML}<!DOCTYPE w "
_YANG: Final = "杨".encode()
_MANY_SHEETS: Final = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r1"/>' for n in range(999))
_MERGES: Final = '<mergeCells><mergeCell ref="C9:A1"/><mergeCell ref="A1:XFD1048576"/></mergeCells>'
_ENTITY: Final = _row(5, "ENTITY", number(9))
_SELF: Final = (
    '<row r="6"><c r="A6"><f t="shared" ref="A6:A99" si="0">A6</f></c><c r="B6"><f>B6</f></c></row>'
)

KINDS: Final[dict[str, Kind]] = {
    "sound": _x(3),
    # the archive
    "an archive within the sheet": _x(None, sheet=_zip(_parts({}))),
    "nothing but a workbook within": Kind("xlsx", lambda: _zip({"a.xlsx": _zip(_parts({}))}), None),
    "two thousand names for one part": Kind("xlsx", _overlapping, None),
    "sizes told elsewhere that are nowhere": _says(20, "<II", 0xFFFFFFFF, 0xFFFFFFFF),
    "a size that is a lie": _says(24, "<I", 7),
    "a locked part": _says(8, "<H", 1),
    "an unknown way of packing": _says(10, "<H", 99),
    "a wrong check sum": _says(16, "<I", 1),
    "a part beyond the end": _says(42, "<I", 0x7FFFFFFF),
    "a way of packing no office program knows": Kind(
        "xlsx", lambda: _zip(_parts({}), zipfile.ZIP_LZMA), None
    ),
    "two sheets of one name": Kind("xlsx", _twice, None),
    "names that climb out": _x(3, **{"../../../../tmp/evil": "x", "/etc/evil": "x", "C:\\e": "x"}),
    "something before the archive": Kind("xlsx", lambda: b"MZ" + _zip(_parts({})), None),
    "another end in the comment": Kind(
        "xlsx",
        lambda: (
            _zip(_parts({}))[:-2]
            + struct.pack("<H", 22)
            + b"PK\5\6"
            + struct.pack("<HHHHIIH", 0, 0, 60_000, 60_000, 0xFFFFFFF0, 0, 0)
        ),
        None,
    ),
    # its parts
    "no workbook": _x(None, book=None),
    "no links": _x(None, rels=None),
    "no sheet": _x(None, sheet=None),
    "no kinds of parts": _x(3, types=None),
    "a workbook without sheets": _x(None, book=_book("")),
    "a sheet that is the workbook": _x(None, rels=_rels("../workbook.xml")),
    "a sheet elsewhere on the disk": _x(None, rels=_rels("../../../../../../etc/passwd")),
    "a sheet on the net": _x(None, rels=_rels("http://127.0.0.1:9/a.xml")),
    "more sheets than anybody has": _x(None, book=_book(_MANY_SHEETS)),
    "a sheet named like a command": _x(
        3, book=_book(f'<sheet name="a/b[c]*?:\\{"长" * 900}&lt;" sheetId="1" r:id="r1"/>')
    ),
    # its words
    "laughs in a cell": _x(
        None,
        sheet=_sheet(_TABLE + _ENTITY.replace("ENTITY", "&j;"), top=_DEFINED + f"{_LAUGHS}>"),
    ),
    "a file of the system in a cell": _x(
        None,
        sheet=_sheet(_TABLE + _ENTITY.replace("ENTITY", "&x;"), top=_DEFINED + f"{_PASSWORDS}>"),
    ),
    "halves of characters": _rows(None, _ENTITY.replace("ENTITY", "&#xD800;&#xFFFE;")),
    "a character that is none": _rows(None, _ENTITY.replace("ENTITY", "&#0;")),
    "bytes that are no text": _x(None, sheet=_sheet(_TABLE).encode().replace(_YANG, b"\xff")),
    "text of another encoding": _x(None, sheet=_sheet(_TABLE).encode("gb18030")),
    "tags without an end": _rows(3, "<a>" * 20_000),
    "a number of many digits": _rows(3, f'<row r="5"><c r="A5"><v>{_FAR * 9**5}</v></c></row>'),
    **{f"string {index}": _indexed(index) for index in ("99", "-1", _FAR * 4, "", "a")},
    "ten thousand formats": _x(
        3,
        styles=f'<styleSheet xmlns="{_MAIN}"><cellXfs>'
        + "<xf/>" * 10_000
        + "</cellXfs></styleSheet>",
    ),
    "a format that is not there": _rows(3, f'<row r="5"><c r="A5" s="{_FAR}"><v>1</v></c></row>'),
    # its places
    "a size of everything": _x(3, sheet=_sheet(_TABLE, before='<dimension ref="A1:XFD1048576"/>')),
    "a size of nothing": _x(None, sheet=_sheet(_TABLE, before='<dimension ref="ZZZZZ9:-1"/>')),
    "a cell at the far end": _rows(None, f'<row r="1048576">{_cell("XFD1048576", "x")}</row>'),
    "rows from below": _x(None, sheet=_sheet(_row(9, *HEADINGS) + _row(3, *PEOPLE[0]))),
    "rows in one place": _rows(None, _row(4, *_NINTH)),
    "a row above all": _rows(None, _row(0, *_NINTH)),
    "rows and cells without a place": _x(3, sheet=_sheet(_TABLE.replace(' r="', ' x="'))),
    "places that are none": _rows(None, f'<row r="6">{_cell("甲", "x")}{_cell("A-1", "x")}</row>'),
    "merged backwards and all over": _x(3, sheet=_sheet(_TABLE, after=_MERGES)),
    "formulas of themselves": _rows(3, _SELF),
    # other programs' workbooks
    "ods: a row a thousand million times": _ods(None, _ods_row(_NINTH, _AGAIN)),
    "ods: a million empty rows": _ods(
        4, _ods_row(("",), 'table:number-rows-repeated="1000000"') + _ods_row(_NINTH)
    ),
    "ods: a cell a thousand million times": _ods(
        3, _ods_row(_NINTH, "", f'table:number-columns-repeated="{_FAR}"')
    ),
    "ods: less than once": _ods(None, _ods_row(_NINTH, 'table:number-rows-repeated="-5"')),
    "ods: laughs": _ods(
        None, _ods_row(("ENTITY", number(9))).replace("ENTITY", "&j;"), f"<!DOCTYPE o {_LAUGHS}>"
    ),
    "xml: rows far down": _xml(4, _xml_row(_NINTH, f'ss:Index="{_FAR}"')),
    "xml: rows above all": _xml(4, _xml_row(_NINTH, 'ss:Index="-4"')),
    "xml: merged without end": _xml(3, _xml_row(("", ""), "", f'ss:MergeAcross="{_FAR}"')),
    "xml: laughs": _xml(None, "", f"<!DOCTYPE w {_LAUGHS}>"),
    "xml: a file of the system": _xml(None, "", f"<!DOCTYPE w {_PASSWORDS}>"),
    "page: cells without end": _page(3, _page_row(("", ""), f'colspan="{_FAR}" rowspan="{_FAR}"')),
    "page: tables in tables": _page(3, "", "<table><tr><td>" * 2_000),
    "page: numbers of characters that are none": _page(
        4, _page_row(("NAME", *_NINTH[1:])).replace("NAME", "陈丁&#xD800;&#0;&#99999999999;")
    ),
    # text
    "text: a line of a hundred thousand cells": _csv(3, (_LINES + "a," * 100_000).encode()),
    "text: a mark that never closes": _csv(None, (_LINES + '"' + "abc,def\n" * 50_000).encode()),
    "text: two encodings": _csv(None, _LINES.encode() + _LINES.encode("gb18030")),
    "text: half a character": _csv(None, _LINES.encode("utf-16") + b"\0"),
    "text: characters of more bytes than they need": _csv(None, _LINES.encode() + b"\xc0\x80,\n"),
    "text: signs that steer a terminal": _csv(
        4, (_LINES + f"\x1b[2J陈\x07丁,{_NINTH[1]},{_NINTH[2]}\n").encode()
    ),
    "text: no lines": _csv(None, b"\n" * 200_000),
    # not a workbook at all
    "a database": Kind("xlsx", lambda: b"SQLite format 3\0" + bytes(999), None),
    "a program": Kind("csv", lambda: b"\x7fELF" + bytes(999), None),
    "a workbook of 1988": Kind(
        "xls", lambda: b"\x09\x00\x04\x00\x02\x00\x10\x00\x0a\x00\x00\x00", None
    ),
    "the beginning of an old workbook": Kind("xls", lambda: _old_file(0x7000), None),
    "an old file with sectors beyond measure": Kind("xls", lambda: _old_file(1, shift=63), None),
    "two letters": Kind("xlsx", lambda: b"PK", None),
}
