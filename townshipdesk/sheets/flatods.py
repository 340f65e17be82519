"""OpenDocument sheets in one XML file (.fods), as LibreOffice saves them for other programs.

Runs in the reading process only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from townshipdesk.sheets.cells import Cell
from townshipdesk.sheets.filekind import damaged
from townshipdesk.sheets.markup_table import MOST_ROWS, MarkupTable, number_told, parse_xml
from townshipdesk.sheets.recognise import MOST_COLUMNS

_SPACE: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_DOCUMENT: Final = re.compile(rf"<(?:\w+:)?document\b[^>]*{_SPACE}office:1\.0")
_OFFICE, _TABLE, _TEXT = (f"{_SPACE}{part}:1.0|" for part in ("office", "table", "text"))
_CELLS: Final = frozenset({f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"})
_BESIDE: Final = frozenset({f"{_OFFICE}annotation", f"{_TABLE}tracked-changes", f"{_TABLE}shapes"})
"""What holds words or cells that do not stand in the sheet itself."""
_DRAWN: Final = f"{_SPACE}drawing:1.0|"
_NUMBERS: Final = frozenset({"float", "currency", "percentage"})
_MOST_REPEATED: Final = 1_000_000
"""Cells written once for many; more were made to do harm."""


def is_flat_document(text: str) -> bool:
    """Tell whether a text begins as such a file does."""
    return _DOCUMENT.search(text[:20_000]) is not None


class FlatDocument:
    """Reads one file. Rows and cells written once for many are put back as many."""

    def __init__(self) -> None:
        self._tables: list[MarkupTable] = []
        self._beside = 0
        self._row: dict[int, Cell] = {}
        self._spans: list[tuple[int, int, int]] = []
        self._at = self._column = 0
        self._rows = self._cells = 1
        self._repeated = 0
        self._told: Mapping[str, str] = {}
        self._words: list[str] | None = None

    def read(self, text: str) -> list[MarkupTable]:
        """Give the sheets. Raises BadFileError."""
        parse_xml(text, self)
        return self._tables

    def start(self, name: str, told: dict[str, str]) -> None:
        """Take the start of an element."""
        if self._beside or name in _BESIDE or name.startswith(_DRAWN):
            self._beside += 1
        elif name == f"{_TABLE}table":
            self._tables.append(MarkupTable(told.get(f"{_TABLE}name", "")))
            self._at = 0
        elif name == f"{_TABLE}table-row" and self._tables:
            self._rows = number_told(told, f"{_TABLE}number-rows-repeated", 1)
            self._row, self._spans, self._column = {}, [], 0
        elif name in _CELLS and self._tables:
            self._told, self._words = told, []
            self._cells = number_told(told, f"{_TABLE}number-columns-repeated", 1)
        elif self._words is not None:
            self._hear(name, told)

    def _hear(self, name: str, told: Mapping[str, str]) -> None:
        """Take what stands for signs within a cell's words."""
        words = self._words
        if words is None:
            return
        if name == f"{_TEXT}p" and words:
            words.append("\n")
        elif name == f"{_TEXT}s":
            words.append(" " * min(number_told(told, f"{_TEXT}c", 1), 100))
        elif name in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            words.append(" ")

    def data(self, data: str) -> None:
        """Take words."""
        if self._words is not None and not self._beside:
            self._words.append(data)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if self._beside:
            self._beside -= 1
        elif name in _CELLS and self._words is not None:
            self._end_cell("".join(self._words).strip())
            self._words = None
        elif name == f"{_TABLE}table-row" and self._tables:
            self._end_row()

    def _end_cell(self, words: str) -> None:
        cell = _typed(words, self._told)
        if cell != "":
            last = min(self._column + self._cells, MOST_COLUMNS)
            self._row.update(dict.fromkeys(range(self._column, last), cell))
        down = number_told(self._told, f"{_TABLE}number-rows-spanned", 1)
        right = number_told(self._told, f"{_TABLE}number-columns-spanned", 1)
        if down > 1 or right > 1:
            self._spans.append((self._column, down - 1, right - 1))
        self._column = min(self._column + self._cells, MOST_COLUMNS)

    def _end_row(self) -> None:
        table = self._tables[-1]
        first, self._at = self._at, min(self._at + self._rows, MOST_ROWS)
        if not self._row:
            return  # a million blank rows end most sheets; those before people are put below
        self._repeated += (self._rows - 1) * len(self._row)
        if self._repeated > _MOST_REPEATED:
            raise damaged()
        table.rows.extend([] for _blank in range(self._at - len(table.rows)))
        for row in range(first, self._at):
            for column, cell in self._row.items():
                table.put(row, column, cell)
        for column, down, right in self._spans:
            table.merge(first, column, down, right)


def _typed(words: str, told: Mapping[str, str]) -> Cell:
    """Give a cell as the type that was written with it."""
    said = told.get(f"{_OFFICE}value-type", "")
    try:
        if said in _NUMBERS:
            return float(told[f"{_OFFICE}value"])
        if said == "date":
            return datetime.fromisoformat(told[f"{_OFFICE}date-value"])
    except (KeyError, ValueError):
        return words
    if said == "boolean":
        return told.get(f"{_OFFICE}boolean-value") == "true"
    return words or told.get(f"{_OFFICE}string-value", "")
