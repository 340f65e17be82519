"""Tables of web pages, and of the XML workbooks of 2003: what other systems save as .xls.

Spreadsheet programs open both without a word, so offices send them as they come. Text is taken as
it stands: a page holds every digit of a number. Runs in the reading process only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Final

from townshipdesk.domain.errors import BadFileError
from townshipdesk.i18n import N_
from townshipdesk.sheets.cells import Cell
from townshipdesk.sheets.flatods import FlatDocument, is_flat_document
from townshipdesk.sheets.given import stem_of
from townshipdesk.sheets.markup_table import MOST_ROWS, MarkupTable, parse_xml
from townshipdesk.sheets.recognise import MOST_COLUMNS
from townshipdesk.sheets.textfile import decode

WEB_PAGE: Final = N_(
    "This is a web page, not a workbook, whatever its name says. Open it in a spreadsheet "
    "program and save it as .xlsx."
)
_SPREADSHEET: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_WORKBOOK: Final = re.compile(rf"<(?:\w+:)?Workbook\b[^>]*{_SPREADSHEET}")


def tables_of(path: Path) -> list[MarkupTable]:
    """Give the tables of a web page or an XML workbook. Raises BadFileError where it has none."""
    text = decode(path.read_bytes())
    if _WORKBOOK.search(text[:20_000]):
        return _XmlWorkbook().read(text)
    if is_flat_document(text):
        return FlatDocument().read(text)
    tables = [table for table in _tables_of_page(text) if table.rows]
    if not tables:
        raise BadFileError(WEB_PAGE)
    for place, table in enumerate(tables, 1):
        table.name = stem_of(path) if place == 1 else f"{stem_of(path)} {place}"
    return tables


@dataclass(slots=True)
class _Open:
    """A table of a page whose end has not come yet."""

    table: MarkupTable
    column: int = 0
    taken: dict[int, int] = field(default_factory=dict)
    words: list[str] | None = None
    place: int = 0

    def hear(self, text: str) -> None:
        """Take text, which belongs to the cell that is open."""
        if text and self.words is not None:
            self.words.append(text)

    def end_cell(self) -> None:
        """Put the words of the cell that is open where they belong."""
        if self.words is not None:
            text = unescape("".join(self.words)).strip()
            self.table.put(len(self.table.rows) - 1, self.place, text)
            self.words = None

    def begin_row(self) -> None:
        """Begin a row."""
        self.end_cell()
        self.table.rows.append([])
        self.taken = {column: left - 1 for column, left in self.taken.items() if left > 1}
        self.column = 0

    def begin_cell(self, down: int, right: int) -> None:
        """Begin a cell right of the cells before it, and of those that reach down from above."""
        if not self.table.rows:
            self.begin_row()
        self.end_cell()
        while self.column in self.taken:
            self.column += 1
        self.place, self.words = self.column, []
        self.table.merge(len(self.table.rows) - 1, self.place, down, right)
        self.column += right + 1
        if down and self.place < MOST_COLUMNS:
            # One more: a row counts itself down when it begins.
            self.taken.update(dict.fromkeys(range(self.place, self.column), down + 1))


_TOKEN: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<silent>script|style)\b.*?(?:</(?P=silent)\s*>|\Z)"
    r"|<(?P<end>/?)(?P<tag>table|tr|td|th|br|p|div)\b"
    r"(?P<told>(?:\"[^\"]{0,2000}\"|'[^']{0,2000}'|[^'\">])*)>"
    r"|</?[a-z!?\[][^<>]{0,5000}>",
    re.DOTALL | re.IGNORECASE,
)
"""What a page is made of beside its text. Only tags of tables and breaks of lines matter."""

_SPANS: Final = re.compile(r"\b(row|col)span\s*=\s*[\"']?\s*(\d+)", re.ASCII | re.IGNORECASE)


def _tables_of_page(text: str) -> list[MarkupTable]:
    """Give the tables of a page; tables within a cell are tables of their own.

    Cells and rows end by themselves where their end is missing, and so does the page.
    """
    tables: list[MarkupTable] = []
    within: list[_Open] = []
    before = 0
    for token in _TOKEN.finditer(text):
        if within:
            within[-1].hear(text[before : token.start()])
        before = token.end()
        if not (tag := token["tag"]):
            continue
        tag = tag.lower()
        if tag == "table":
            if not token["end"]:
                within.append(_Open(MarkupTable()))
                tables.append(within[-1].table)
            elif within:
                within.pop().end_cell()
        elif within:
            _within_table(within[-1], tag, bool(token["end"]), token["told"])
    while within:
        table = within.pop()
        table.hear(text[before:])
        table.end_cell()
        before = len(text)
    return tables


def _within_table(table: _Open, tag: str, ends: bool, told: str) -> None:
    if tag in ("td", "th"):
        if ends:
            table.end_cell()
        else:
            found = _SPANS.findall(told) if "span" in told.lower() else ()
            spans = {name.lower(): digits for name, digits in found}
            table.begin_cell(_more(spans.get("row"), MOST_ROWS), _more(spans.get("col")))
    elif tag == "tr":
        table.end_cell()
        if not ends:
            table.begin_row()
    else:
        table.hear("\n")


def _more(text: str | None, most: int = MOST_COLUMNS) -> int:
    """Give how many more rows or columns a cell covers than one."""
    digits = (text or "").strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        return 0
    return max(0, min(int(digits), most) - 1)


class _XmlWorkbook:
    """Reads an XML workbook of 2003."""

    def __init__(self) -> None:
        self._tables: list[MarkupTable] = []
        self._row = self._column = -1
        self._type = ""
        self._words: list[str] | None = None
        self._in_comment = False

    def read(self, text: str) -> list[MarkupTable]:
        """Give the worksheets. Raises BadFileError."""
        parse_xml(text, self)
        return self._tables

    def start(self, name: str, told: dict[str, str]) -> None:
        """Take the start of an element."""
        space, _, tag = name.rpartition("|")
        if space != _SPREADSHEET:
            return
        told = {key.rpartition("|")[2]: value for key, value in told.items()}
        if tag == "Worksheet":
            self._tables.append(MarkupTable(told.get("Name", "")))
            self._row = -1
        elif tag == "Row" and self._tables:
            self._begin_row(told)
        elif tag == "Cell" and self._tables and self._row >= 0:
            self._column = _index(told, self._column + 1, MOST_COLUMNS)
            right, down = _index(told, 0, key="MergeAcross"), _index(told, 0, key="MergeDown")
            self._tables[-1].merge(self._row, self._column, down, right)
            self._next = self._column + right
        elif tag == "Comment":
            self._in_comment = True
        elif tag == "Data" and not self._in_comment and self._row >= 0:
            self._type, self._words = told.get("Type", "String"), []

    def _begin_row(self, told: Mapping[str, str]) -> None:
        self._row = _index(told, self._row + 1)
        rows = self._tables[-1].rows
        rows.extend([] for _more_rows in range(self._row + 1 - len(rows)))
        self._column = -1

    def end(self, name: str) -> None:
        """Take the end of an element."""
        tag = name.rpartition("|")[2]
        if tag == "Comment":
            self._in_comment = False
        elif tag == "Data" and self._words is not None:
            cell = _typed("".join(self._words), self._type)
            self._tables[-1].put(self._row, self._column, cell)
            self._words = None
        elif tag == "Cell" and self._row >= 0:
            self._column = self._next

    def data(self, data: str) -> None:
        """Take words."""
        if self._words is not None:
            self._words.append(data)


def _index(
    told: Mapping[str, str], otherwise: int, most: int = MOST_ROWS, key: str = "Index"
) -> int:
    """Give an index from 0, or a number of merged cells; `otherwise` where none is told."""
    digits = told.get(key, "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        return min(otherwise, most)
    return min(max(0, int(digits) - (key == "Index")), most)


def _typed(text: str, said: str) -> Cell:
    """Give a cell as the type that was written beside it."""
    try:
        if said == "Number":
            return float(text)
        if said == "DateTime":
            return datetime.fromisoformat(text)
    except ValueError:
        return text
    if said == "Boolean":
        return text.strip() == "1"
    return "" if said == "Error" else text
