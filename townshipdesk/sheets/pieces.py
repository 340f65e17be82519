"""A large worksheet as several small ones, so that rows are used while others are still read.

The library gives a worksheet when it has read all of it, and meanwhile one processor has nothing to
do. Here it is shown an archive in which the rows of a large sheet stand in several worksheets, one
after the other. The archive is made while the library takes it in, and never stands on a disk. Only
sheets as spreadsheet programs write them are cut, at rows that say their number; any other is left
as it is. Runs in the reading process only.
"""

from __future__ import annotations

import functools
import io
import operator
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from zipfile import ZipInfo

from townshipdesk.sheets.ahead import Ahead
from townshipdesk.sheets.filekind import LARGE_SHEET, SHEET_PART, UNREADABLE, disordered

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

LARGEST_CUT: Final = 400 * 1024 * 1024
"""Bytes of a workbook that is cut, held unpacked in memory. A larger one is read from the file."""

FIRST_BYTES, PIECE_BYTES = 256 * 1024, 4 * 1024 * 1024
_LONGEST_ROW: Final = 8 * 1024 * 1024
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

_TOP: Final = re.compile(
    rb"((?:\xef\xbb\xbf)?(?:<\?xml[^<>]*\?>)?\s*<worksheet(?:\s[^<>]*)?>).*?<sheetData>", re.S
)
_ROW: Final = re.compile(rb'<row(?: r="([0-9]{1,7})")?')
_CUT, _ROWS_END = b'<row r="', b"</sheetData>"
_SHEET: Final = re.compile(rb"<sheet\s[^<>]*/>")
_LINK: Final = re.compile(rb"<Relationship\s[^<>]*/>")
_NAME: Final = re.compile(rb'(?<=\sname=")[^"]*(?=")')
_SHEET_LINK: Final = re.compile(rb'(?<=:id=")[^"]*(?=")')
_LINK_NAME: Final = re.compile(rb'(?<=\sId=")[^"]*(?=")')
_TARGET: Final = re.compile(rb'(?<=\sTarget=")[^"]*(?=")')
_NO_MERGES: Final = b"<mergeCells></mergeCells>"
"""Before the rows, where no program writes it: the library would go through them all for it."""

_SHEETS_END, _LINKS_END = b"</sheets>", b"</Relationships>"


@dataclass(slots=True)
class CutSheet:
    """A sheet that is cut: the worksheets its rows go on in, and the number of its last row.

    `element` names it in the workbook, `link` in the list of parts.
    """

    element: bytes
    link: bytes
    more: list[str] = field(default_factory=list)
    last_row: int = 0


class CutWorkbook(NamedTuple):
    """A workbook in which large sheets are cut: how many sheets it has, and those cut, by place."""

    workbook: CalamineWorkbook
    sheets: int
    cut: Mapping[int, CutSheet]


def cut_workbook(path: Path, *, whole: bool = True) -> CutWorkbook | None:
    """Open a workbook with its large sheets cut; None where there is none that can be.

    Not `whole` leaves all but the first rows of those sheets away. Raises BadFileError where rows
    of such a sheet stand on top of each other.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            shown = _Shown(archive, whole=whole)
            return shown.open() if shown.places else None
    except (_OtherwiseWritten, *UNREADABLE):
        return None  # the library itself will say what it makes of it


class _OtherwiseWritten(Exception):
    """The workbook is not as spreadsheet programs write it."""


class _Shown:
    """The archive as the library sees it: a file it reads once, from its start to its end."""

    def __init__(self, archive: zipfile.ZipFile, *, whole: bool) -> None:
        self._archive, self._whole = archive, whole
        self._sheets: list[bytes] = []
        self._cut: dict[int, CutSheet] = {}
        self.places = self._plan()
        self._made = self._make()
        self._left = memoryview(b"")
        self._error: Exception | None = None

    def open(self) -> CutWorkbook:
        """Let the library open the archive. Raises BadFileError and _OtherwiseWritten."""
        from python_calamine import CalamineError, load_workbook

        try:
            workbook = load_workbook(self)
        except (CalamineError, OSError) as error:
            raise self._error or _OtherwiseWritten from error
        pieces = sum(len(cut.more) for cut in self._cut.values())
        if len(workbook.sheets_metadata) != len(self._sheets) + pieces:
            raise _OtherwiseWritten
        return CutWorkbook(workbook, len(self._sheets), self._cut)

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, `size` of them at most; none at the end."""
        try:
            while not self._left and (made := next(self._made, None)) is not None:
                self._left = memoryview(made)
        except Exception as error:
            self._error = error  # the library passes only its text on
            raise
        size = len(self._left) if size < 0 else size
        given, self._left = bytes(self._left[:size]), self._left[size:]
        return given

    def seek(self, _offset: int, _whence: int = 0) -> int:
        """Refuse: the library asks whether a file has this, and does not use it."""
        raise io.UnsupportedOperation

    def _plan(self) -> dict[str, int]:
        """Find the sheets to cut: part -> place among the sheets. Raises _OtherwiseWritten."""
        parts = {
            p.filename: p.file_size for p in self._archive.infolist() if _is_needed(p.filename)
        }
        large = {n for n, size in parts.items() if size > LARGE_SHEET and SHEET_PART.fullmatch(n)}
        if not large or sum(parts.values()) > LARGEST_CUT or not parts.keys() >= {_BOOK, _LINKS}:
            return {}
        self._sheets = _SHEET.findall(self._archive.read(_BOOK))
        links = {}
        for link in _LINK.findall(self._archive.read(_LINKS)):
            target = _one(_TARGET, link).decode()
            part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            links[_one(_LINK_NAME, link)] = (part, link)
        found: dict[str, int] = {}
        for place, sheet in enumerate(self._sheets):
            _one(_NAME, sheet)
            part, link = links.get(_one(_SHEET_LINK, sheet), ("", b""))
            if part in found:
                raise _OtherwiseWritten  # one part that is two sheets
            if part in large:
                found[part] = place
                self._cut[place] = CutSheet(sheet, link)
        return found

    def _make(self) -> Iterator[bytes]:
        """Make the archive, some of its bytes at a time."""
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as out:
            for part in self._archive.infolist():
                name = part.filename
                if name in self.places:
                    for _written in self._cut_up(part, self.places[name], out):
                        yield from sink.take()
                elif _is_needed(name) and name not in {_BOOK, _LINKS}:
                    with self._archive.open(part) as file, out.open(ZipInfo(name), "w") as copy:
                        while content := file.read(PIECE_BYTES):
                            copy.write(content)
                            yield from sink.take()
            sheets, links = self._named()
            out.writestr(ZipInfo(_BOOK), sheets)
            out.writestr(ZipInfo(_LINKS), links)
        yield from sink.take()

    def _cut_up(self, part: ZipInfo, place: int, out: zipfile.ZipFile) -> Iterator[None]:
        """Write a sheet's rows as pieces; its first rows, and all that is not rows, come last."""
        cut = self._cut[place]
        with self._archive.open(part) as file:
            start = file.read(FIRST_BYTES)
            top = _TOP.match(start)
            if top is None or b"<!" in top[0]:
                raise _OtherwiseWritten
            first = None
            blocks = Ahead(iter(functools.partial(file.read, PIECE_BYTES), b""))
            for rows in _pieces(start[top.end() :], blocks):
                cut.last_row = _last_row(rows.content, cut.last_row)
                if first is None:
                    first = rows.content
                elif self._whole:
                    cut.more.append(f"/{place}/{len(cut.more) + 1}")
                    with out.open(ZipInfo(f"xl{cut.more[-1]}.xml"), "w") as piece:
                        piece.write(top[1] + _NO_MERGES + b"<sheetData>")
                        piece.write(rows.content)
                        piece.write(b"</sheetData></worksheet>")
                    yield
                tail = rows.tail
            with out.open(ZipInfo(part.filename), "w") as piece:
                piece.write(top[0] + (first or b""))
                piece.write(tail)
            yield

    def _named(self) -> tuple[bytes, bytes]:
        """Give the lists of sheets and of parts with the pieces in them."""
        book, links = self._archive.read(_BOOK), self._archive.read(_LINKS)
        if book.count(_SHEETS_END) != 1 or links.count(_LINKS_END) != 1 or b'name="/' in book:
            raise _OtherwiseWritten
        sheets, parts = [], []
        for cut in self._cut.values():
            for name in cut.more:
                told = name.encode()
                sheets.append(_SHEET_LINK.sub(told, _NAME.sub(told, cut.element)))
                parts.append(_TARGET.sub(b"/xl" + told + b".xml", _LINK_NAME.sub(told, cut.link)))
        return (
            book.replace(_SHEETS_END, b"".join(sheets) + _SHEETS_END),
            links.replace(_LINKS_END, b"".join(parts) + _LINKS_END),
        )


class _Rows(NamedTuple):
    """Some rows of a sheet, as they are written; with the last of them, all that follows rows."""

    content: bytes
    tail: bytes = b""


def _pieces(rest: bytes, blocks: Iterator[bytes]) -> Iterator[_Rows]:
    """Give the rows of a sheet, `rest` and what follows it, cut where a row begins."""
    while (end := rest.find(_ROWS_END)) < 0:
        cut = rest.rfind(_CUT)
        if cut > 0:
            yield _Rows(rest[:cut])
            rest = rest[cut:]
        more = next(blocks, b"")
        if not more or len(rest) > _LONGEST_ROW:
            raise _OtherwiseWritten
        rest += more
    yield _Rows(rest[:end], rest[end:] + b"".join(blocks))


def _last_row(content: bytes, before: int) -> int:
    """Give the number of the last row written, `before` being that of the last one before.

    Raises BadFileError where a row does not stand below the one before.
    """
    if (b"!" in content and b"<!" in content) or (b"?" in content and b"<?" in content):
        raise _OtherwiseWritten
    told = _ROW.findall(content)
    if b"" in told:
        raise _OtherwiseWritten
    numbers = [*map(int, told)]
    if not all(map(operator.lt, [before, *numbers], numbers)):
        raise disordered()
    return numbers[-1] if numbers else before


def _one(pattern: re.Pattern[bytes], element: bytes) -> bytes:
    """Give the one value an element has of an attribute."""
    found = pattern.findall(element)
    if len(found) != 1:
        raise _OtherwiseWritten
    value: bytes = found[0]
    return value


def _is_needed(name: str) -> bool:
    """Tell whether the library may look into a part: into no picture, and no program."""
    return name.endswith((".xml", ".rels"))


class _Sink:
    """Where the archive is written; what is written is taken away again at once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, content: bytes) -> int:
        """Keep some bytes."""
        self._parts.append(content)
        return len(content)

    def flush(self) -> None:
        """Do nothing: all of it is kept already."""

    def close(self) -> None:
        """Do nothing: what was kept stays to be taken."""

    def take(self) -> list[bytes]:
        """Give what was written since the last time."""
        parts, self._parts = self._parts, []
        return parts
