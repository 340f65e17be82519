"""Workbooks that are damaged or mean harm, made from a seed: the same seed, the same file.

Each starts as a sound sheet of one of the kinds offices exchange; then one thing is done to it.
All people are made up.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.sheets.making import ROSTER_HEADINGS, as_csv, as_xls, as_xlsx, as_xlsx_other, roster_row
from townshipdesk.services.imports import ImportKind

Row = list[Any]
_SHEET: Final = "xl/worksheets/sheet1.xml"
_BIG: Final = ("XFD1048576", "A1048576", "XFD1", "ZZZZ9", "A0", "A-1", "A99999999999", "", "1A")
_ODD_TEXTS: Final = (
    "\x1b]52;c;aGVsbG8=\x07", "=cmd|' /C calc'!A0", "张[/]三", "\u202egnp.exe", "\ufeff",
    "a" * 32_000, "𬱖𠅤䶮", "\ue000\uf8ff", "１２３", "NaN", "1e308", "-1", "0",
    "#REF!", "'", '"', "\\", "%s{}",
    "合计", "姓名", "制表人：", "1900-02-30", "99999", "5.30112E+17", "☃\u0301" * 50,
)  # fmt: skip
_ODD_CELLS: Final = (
    1e308, -1e-308, 10**17, 5.30112199001011e17, True, False, 0, -0.0, 2958465, 2958466, -1, 1990.1,
)  # fmt: skip


class Hostile(NamedTuple):
    """A file, how it was made, and what it pretends to be."""

    path: Path
    how: str
    kind: ImportKind


def make(folder: Path, seed: int) -> Hostile:
    """Make the file of one seed in a folder."""
    chance = random.Random(seed)
    kind = chance.choice([*[ImportKind.RESIDENTS] * 3, *ImportKind])
    how = WAYS[seed % len(WAYS)]
    path = folder / f"{seed:04d}.{_ENDINGS.get(how, 'xlsx')}"
    how(path, _rows(kind, chance), chance)
    if chance.random() < 0.1:  # files are called anything
        path = path.rename(path.with_suffix(chance.choice([".xls", ".csv", ".et", ".xlsx"])))
    return Hostile(path, how.__name__.strip("_"), kind)


def _rows(kind: ImportKind, chance: random.Random) -> list[Row]:
    people = [roster_row(chance.randrange(1, 900)) for _ in range(chance.choice((1, 12, 40)))]
    if kind is ImportKind.RESIDENTS:
        return [[*ROSTER_HEADINGS], *people]
    if kind is ImportKind.VILLAGES:
        head = ["序号", "村(社区)", "行政区划代码", "村民小组数", "基数(户籍人口)", "任务数"]
        return [head, *([n, f"某村{n}", f"5323991003{n:02d}", 4, 900, 800] for n in range(1, 20))]
    if kind is ImportKind.IDENTITIES:
        head = ["序号", "姓名", "身份证号码", "救助身份", "纳入时间", "取消时间"]
        rows = [[n, p[3], p[5], "低保对象", "2024.5.6", ""] for n, p in enumerate(people, 1)]
        return [head, *rows]
    head = [
        "户号",
        "户主",
        "姓名",
        "证件号码",
        "身份类别",
        "应缴",
        "自缴金额",
        "收据号",
        "缴费日期",
    ]
    paid = ([p[0], p[1], p[3], p[5], "普通", 400, 400, n, "2025.3.1"] for n, p in enumerate(people))
    return [head, *paid]


# ------------------------------------------------------------------------------- bytes of the file


def _flipped(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    content = bytearray(_sound(path, rows, chance))
    for _ in range(chance.choice((1, 3, 30, 400))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    path.write_bytes(content)


def _cut(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    content = _sound(path, rows, chance)
    path.write_bytes(content[: chance.randrange(len(content))])


def _shuffled(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    content = _sound(path, rows, chance)
    size = chance.choice((64, 512, 4096))
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    first = pieces[:1] if chance.random() < 0.7 else []
    rest = pieces[len(first) :]
    chance.shuffle(rest)
    path.write_bytes(b"".join(first + rest))


def _old_damaged(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    """Damage the structures of an .xls: its header, its sector table, its records."""
    content = bytearray(as_xls(path, rows).read_bytes())
    places = {"header": range(24, 512), "records": range(512, min(len(content), 4096))}
    places["end"] = range(len(content) - 2048, len(content))
    where = places[chance.choice(list(places))]
    for _ in range(chance.choice((1, 4, 40))):
        at = where[chance.randrange(len(where) - 4)]
        content[at : at + 4] = chance.choice(
            (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\xfe\xff\xff\xff", chance.randbytes(4))
        )
    path.write_bytes(content)


def _noise(path: Path, _rows: Sequence[Row], chance: random.Random) -> None:
    start = chance.choice(
        (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", b"\xef\xbb\xbf")
    )
    path.write_bytes(start + chance.randbytes(chance.choice((0, 10, 600, 20_000))))


# ---------------------------------------------------------------------------- parts of the archive


def _part_damaged(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    names = [name for name, _inner in _parts(path, rows, chance)]
    target = chance.choice(names)

    def damage(inner: bytes) -> bytes:
        found = bytearray(inner)
        for _ in range(chance.choice((1, 2, 8, 60))):
            at = chance.randrange(len(found))
            found[at : at + chance.choice((0, 1, 9))] = chance.choice(
                (
                    b"<",
                    b">",
                    b"&",
                    b'"',
                    b"</c>",
                    b"<c>",
                    b"\xff",
                    b"<row r='2'>",
                    b"&#0;",
                    b"9" * 40,
                )
            )
        return bytes(found)

    _change(path, {target: damage})


def _part_gone(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    names = [name for name, _inner in _parts(path, rows, chance)]
    _change(path, {name: lambda _inner: None for name in chance.sample(names, 1)})


def _part_twice(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    parts = _parts(path, rows, chance)
    other = [(name, chance.choice(parts)[1]) for name, _inner in parts if chance.random() < 0.4]
    _pack(path, [*parts, *other, ("../../etc/passwd", b"x"), ("/xl/workbook.xml", b"<")])


def _entities(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    """Entities that grow by ten each, and one that asks for a file of the machine."""
    laughs = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12)
    )
    kind = f'<!DOCTYPE x [{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'.encode()
    name = chance.choice((_SHEET, "xl/workbook.xml", "xl/styles.xml"))
    _parts(path, rows, chance)
    _change(
        path,
        {
            name: lambda inner: inner.replace(b"?>", b"?>" + kind, 1).replace(
                b"</", chance.choice((b"&a11;</", b"&f;</")), 3
            )
        },
    )


def _far_cells(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    as_xlsx(path, rows)
    cell = f'<row r="{chance.choice((1, 9, 1048576, 0, 4294967295))}"><c r="{chance.choice(_BIG)}" '
    cell += 't="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    _change(path, {_SHEET: lambda inner: inner.replace(b"</sheetData>", cell.encode())})


def _wild_attributes(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    """Cells of types they are not of, styles and texts that do not exist, rows out of order."""
    _parts(path, rows, chance)
    words = (b"t=", b"s=", b"r=", b"<v>", b"count=", b"ref=")
    word = chance.choice(words)

    def wild(inner: bytes) -> bytes:
        def other(found: re.Match[bytes]) -> bytes:
            if chance.random() < 0.7:
                return found[0]
            value = chance.choice(
                (b"s", b"b", b"e", b"d", b"n", b"99999999", b"-1", b"", b"A1:XFD9")
            )
            return found[1] + (b'"' + value + b'"' if word != b"<v>" else value + b"<")

        ending = rb'"[^"]*"' if word != b"<v>" else rb"[^<]*<"
        return re.sub(rb"(" + word + rb")" + ending, other, inner)

    _change(path, {_SHEET: wild, "xl/styles.xml": wild})


def _merged(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    """Merged cells everywhere: over each other, over the heading, over the whole sheet."""
    as_xlsx(path, rows)
    ranges = ["A1:XFD1048576", "A2:A1048576", "B1:A1", "A1:A1", "L2:L99999", "F1:F3"]
    ranges += [f"A{n}:P{n + chance.randrange(40)}" for n in range(1, chance.choice((3, 9_000)))]
    chance.shuffle(ranges)
    chosen = "".join(f'<mergeCell ref="{one}"/>' for one in ranges[: chance.choice((1, 4, 9_000))])
    cells = f"</sheetData><mergeCells>{chosen}</mergeCells>".encode()
    _change(path, {_SHEET: lambda inner: inner.replace(b"</sheetData>", cells)})


def _bomb(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    """A small file that would unpack to very much: spaces, rows, texts."""
    as_xlsx_other(path, rows)
    filler = chance.choice((b" ", b"<row/>", b"<c/>", b"<row r='9'><c t='s'><v>0</v></c></row>"))
    size = chance.choice((2, 40, 120)) * 1024 * 1024
    _change(
        path,
        {_SHEET: lambda inner: inner.replace(b"</sheetData>", filler * (size // len(filler)), 1)},
    )


def _repeated(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    """An .ods whose few cells say that they stand there millions of times."""
    times = [chance.choice((1, 3, 1_048_576, 2**31)) for _ in range(3)]
    table = "".join(
        f'<table:table-row table:number-rows-repeated="{times[0]}">'
        + "".join(
            f'<table:table-cell table:number-columns-repeated="{times[1] if n == 3 else 1}" '
            f'office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for n, cell in enumerate(row)
        )
        + "</table:table-row>"
        for row in rows
    )
    body = (
        '<?xml version="1.0"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="a">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    _pack(
        path,
        [
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", body.encode()),
        ],
    )


# ------------------------------------------------------------------------------ what stands in it


def _odd_cells(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    for row in rows[1:]:
        for place in range(len(row)):
            if chance.random() < 0.3:
                row[place] = chance.choice((*_ODD_TEXTS, *_ODD_CELLS))
    _write_any(path, rows, chance)


def _odd_headings(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    """Headings twice, nested, in the middle, one below the other, in very many columns."""
    head, body = list(rows[0]), [list(row) for row in rows[1:]]
    turn = chance.randrange(5)
    if turn == 0:
        body = [line for row in body for line in (head, row)]
    elif turn == 1:
        head, body = head * 40, [row * 40 for row in body]
    elif turn == 2:
        body = [head] * 60 + body
    elif turn == 3:
        head = [chance.choice((cell, "", "姓名", "证件号码", "户号")) for cell in head]
    else:
        chance.shuffle(head)
    _write_any(path, [["参保登记花名册"], head, *body], chance)


def _ragged(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    shaped = [
        row[: chance.randrange(len(row) + 1)] if chance.random() < 0.4 else row for row in rows
    ]
    blank: list[Row] = [[]] * chance.choice((0, 1, 3_000))
    _write_any(path, [*blank, rows[0], *shaped, *blank, *shaped], chance)


def _text_encoded(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    encoding = chance.choice(
        ("gb18030", "utf-8", "utf-16", "utf-16-be", "utf-32", "big5", "shift-jis")
    )
    as_csv(path, rows, "gb18030", chance.choice(",\t;|"))
    content = path.read_bytes().decode("gb18030").encode(encoding, "replace")
    mark = chance.choice((b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    path.write_bytes(mark + content)


def _text_broken(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    content = bytearray(as_csv(path, rows, chance.choice(("gb18030", "utf-8"))).read_bytes())
    for _ in range(chance.choice((1, 6, 60))):
        at = chance.randrange(len(content))
        content[at:at] = chance.choice(
            (
                b'"',
                b"\x00",
                b"\r",
                b"\n\n",
                b"\xff",
                b"\x81",
                b"," * 300,
                b'=""',
                b"\x1b[2J",
                b"x" * 9_000,
            )
        )
    path.write_bytes(content)


WAYS: Final[tuple[Callable[[Path, Sequence[Row], random.Random], None], ...]] = (
    _flipped, _cut, _shuffled, _old_damaged, _noise, _part_damaged, _part_gone, _part_twice,
    _entities, _far_cells, _wild_attributes, _merged, _bomb, _repeated, _odd_cells, _odd_headings,
    _ragged, _text_encoded, _text_broken, _part_damaged, _old_damaged, _odd_cells, _wild_attributes,
)  # fmt: skip
_ENDINGS: Final = {
    _old_damaged: "xls", _repeated: "ods", _text_encoded: "csv", _text_broken: "csv",
}  # fmt: skip


def _write_any(path: Path, rows: Sequence[Row], chance: random.Random) -> None:
    """Write sound cells in any format; what a format cannot hold is left out of the row."""
    if chance.random() < 0.25:
        as_csv(path, rows, "gb18030")
        return
    cleaned = [
        [re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", c) if isinstance(c, str) else c for c in row]
        for row in rows
    ]
    as_xlsx(path, cleaned)


def _sound(path: Path, rows: Sequence[Row], chance: random.Random) -> bytes:
    write = chance.choice((as_xlsx, as_xlsx_other, as_xls, as_csv))
    return write(path, rows).read_bytes()


def _parts(path: Path, rows: Sequence[Row], chance: random.Random) -> list[tuple[str, bytes]]:
    """Write a sound workbook and give its parts."""
    chance.choice((as_xlsx, as_xlsx_other))(path, rows)
    with zipfile.ZipFile(path) as archive:
        return [(part.filename, archive.read(part)) for part in archive.infolist()]


def _change(path: Path, changes: dict[str, Callable[[bytes], bytes | None]]) -> None:
    """Change parts of a workbook; a part changed into None is left out."""
    with zipfile.ZipFile(path) as archive:
        parts = [(part.filename, archive.read(part)) for part in archive.infolist()]
    changed = ((name, changes[name](inner) if name in changes else inner) for name, inner in parts)
    _pack(path, [(name, inner) for name, inner in changed if inner is not None])


def _pack(path: Path, parts: Sequence[tuple[str, bytes]]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in parts:
            archive.writestr(name, inner)
    path.write_bytes(out.getvalue())
