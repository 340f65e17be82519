"""Merged cells of .ods workbooks, which the library that reads them does not tell.

A sheet says of each cell how many rows and columns it covers, and of rows and cells how often they
are repeated. Only the start of elements is looked at. Runs in the reading process only.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

from townshipdesk.sheets.recognise import MOST_COLUMNS, Merge

MOST_SPANS: Final = 200_000

_TABLE: Final = "urn:oasis:names:tc:opendocument:xmlns:table:1.0|"
_ROWS, _COLUMNS = f"{_TABLE}number-rows-spanned", f"{_TABLE}number-columns-spanned"
_ROWS_AGAIN, _CELLS_AGAIN = f"{_TABLE}number-rows-repeated", f"{_TABLE}number-columns-repeated"
_CELLS: Final = frozenset({f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"})
_CHUNK: Final = 1024 * 1024
_MARK: Final = b"-spanned="


def spans_of(path: Path) -> dict[str, list[Merge]]:
    """Give the merged cells of each sheet of an .ods workbook; nothing for any other file.

    What cannot be read as XML has no merged cells: whether the workbook can be read at all is for
    the library to say.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if "content.xml" not in archive.namelist() or not _has_spans(archive):
                return {}
            found = _Spans()
            with archive.open("content.xml") as content:
                found.read(content)
    except (zipfile.BadZipFile, expat.ExpatError, OSError, ValueError, EOFError):
        return {}
    return found.sheets


def _has_spans(archive: zipfile.ZipFile) -> bool:
    """Tell whether anything is merged at all: most sheets need no second look."""
    before = b""
    with archive.open("content.xml") as content:
        while chunk := content.read(_CHUNK):
            if _MARK in before + chunk:
                return True
            before = chunk[-len(_MARK) :]
    return False


class _Spans:
    """Counts rows and columns while the elements go by."""

    def __init__(self) -> None:
        self.sheets: dict[str, list[Merge]] = {}
        self._merges: list[Merge] = []
        self._row = self._again = 0
        self._column = 0
        self._within = 0
        self._count = 0

    def read(self, content: IO[bytes]) -> None:
        """Read the XML of a workbook's content."""
        parser = expat.ParserCreate(namespace_separator="|")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = _refuse
        parser.ParseFile(content)

    def _start(self, name: str, told: dict[str, str]) -> None:
        if name == f"{_TABLE}table":
            self._within += 1
            if self._within == 1:
                self._merges = self.sheets.setdefault(told.get(f"{_TABLE}name", ""), [])
                self._row = self._again = 0
        elif self._within != 1:
            return
        elif name == f"{_TABLE}table-row":
            self._row += self._again
            self._again = _number(told, _ROWS_AGAIN)
            self._column = 0
        elif name in _CELLS:
            down, right = _number(told, _ROWS) - 1, _number(told, _COLUMNS) - 1
            if (down or right) and self._column < MOST_COLUMNS and self._count < MOST_SPANS:
                self._count += 1
                first = self._row, self._column
                self._merges.append((first, (self._row + down, self._column + right)))
            self._column += _number(told, _CELLS_AGAIN)

    def _end(self, name: str) -> None:
        if name == f"{_TABLE}table":
            self._within -= 1


def _number(told: dict[str, str], key: str) -> int:
    digits = told.get(key, "1")
    return max(1, int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 1


def _refuse(*_told: object) -> None:
    """Stop at definitions of entities: no spreadsheet program writes any."""
    raise ValueError("a workbook defines no entities")
