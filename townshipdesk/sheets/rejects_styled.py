"""The original workbook with its rejected rows alone, in its own dress; runs as a process.

Fonts, borders, widths, heights, merged headings and the paper are the village's own. The request
comes as JSON on standard input; the exit status says whether the workbook was written. Like every
reading of a file from outside it has limits, and nothing it does can bring a desk down.
"""

from __future__ import annotations

import copy
import json
import sys
from typing import TYPE_CHECKING, Any, Final, cast

from townshipdesk.domain.errors import ExitStatus
from townshipdesk.sheets.cells import text_of
from townshipdesk.sheets.limits import limit_this_process

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

REASON_WIDTH: Final = 48
ROW_WIDTH: Final = 12
WRONG: Final = "FFE08A"


def give_back(request: dict[str, Any]) -> None:
    """Write the wanted sheets of `source` to `target` with nothing but their rejected rows."""
    from openpyxl import load_workbook

    book = load_workbook(request["source"], data_only=True)
    for name in book.sheetnames:
        if name not in request["sheets"]:
            del book[name]
    book.defined_names.clear()  # they may name sheets and rows that are gone
    for name, wanted in request["sheets"].items():
        _Page(cast("Worksheet", book[name]), wanted).keep()
    book.save(request["target"])


class _Page:
    """One sheet being cut down to its headings and its rejected rows."""

    def __init__(self, sheet: Worksheet, wanted: dict[str, Any]) -> None:
        self._sheet = sheet
        self._last: int = wanted["last"]
        self._rows: list[list[Any]] = wanted["rows"]  # row, reason, place of the wrong cell or -1
        self._words: list[str] = wanted["words"]
        kept = {row for row, _reason, _place in self._rows}
        self._right = max(
            (
                column
                for (row, column), cell in sheet._cells.items()
                if cell.value is not None and (row <= self._last or row in kept)
            ),
            default=1,
        )

    def keep(self) -> None:
        """Move the rejected rows up under the heading, take the rest away, say the reasons."""
        self._spread_merged()
        for at, (row, reason, place) in enumerate(self._rows, self._last + 1):
            self._move(row, at)
            self._mark(at, place)
            self._say(at, reason, row)
        self._drop_below(self._last + len(self._rows))
        self._head()
        self._tidy()

    def _spread_merged(self) -> None:
        """Take merged cells of the table apart; a household's number then stands in each row."""
        for merged in list(self._sheet.merged_cells.ranges):
            left, top, right, bottom = merged.bounds
            if bottom <= self._last:
                continue
            source = self._sheet.cell(top, left)
            self._sheet.unmerge_cells(str(merged))
            for row in range(max(top, self._last) + 1, bottom + 1):
                _copy(source, self._sheet.cell(row, left))
                for column in range(left + 1, right + 1):
                    _copy(self._sheet.cell(top, column), self._sheet.cell(row, column))

    def _move(self, row: int, at: int) -> None:
        sheet = self._sheet
        for column in range(1, self._right + 1):
            _copy(sheet.cell(row, column), sheet.cell(at, column))
        sheet.row_dimensions[at].height = sheet.row_dimensions[row].height
        sheet.row_dimensions[at].hidden = False

    def _mark(self, at: int, place: int) -> None:
        """Show the wrong cell, as text: whoever corrects it may type a number of 18 digits."""
        from openpyxl.styles import PatternFill

        if place < 0:
            return
        cell = self._sheet.cell(at, place + 1)
        value: Any = cell.value
        if value is not None:
            _set_text(cell, text_of(value))
        cell.number_format = "@"
        cell.fill = PatternFill("solid", fgColor=WRONG)

    def _say(self, at: int, reason: str, row: int) -> None:
        from openpyxl.styles import Alignment, Font

        beside = self._sheet.cell(at, self._right)
        for offset, value in ((1, reason), (2, row)):
            cell = self._sheet.cell(at, self._right + offset)
            _dress(beside, cell)
            cell.number_format = "General"
            if isinstance(value, str):
                _set_text(cell, value)
                cell.font = Font(name=beside.font.name, size=beside.font.size, bold=True)
            else:
                cell.value = value
            cell.alignment = Alignment(wrap_text=True, vertical="center")

    def _drop_below(self, last: int) -> None:
        for key in [key for key in self._sheet._cells if key[0] > last]:
            del self._sheet._cells[key]
        for row in [row for row in self._sheet.row_dimensions if row > last]:
            del self._sheet.row_dimensions[row]

    def _head(self) -> None:
        from openpyxl.utils import get_column_letter

        beside = self._sheet.cell(self._last, self._right)
        widths = (REASON_WIDTH, ROW_WIDTH)
        for offset, (word, width) in enumerate(zip(self._words, widths, strict=True), 1):
            cell = self._sheet.cell(self._last, self._right + offset)
            _dress(beside, cell)
            _set_text(cell, word)
            self._sheet.column_dimensions[get_column_letter(self._right + offset)].width = width

    def _tidy(self) -> None:
        """Take away what spoke of rows that are gone, and let the village write."""
        sheet = self._sheet
        sheet.sheet_state = "visible"
        sheet.auto_filter.ref = None
        sheet.tables.clear()
        sheet.print_area = None
        sheet.protection.disable()


def _copy(source: Any, target: Any) -> None:
    if source is target:
        return
    target._value, target.data_type = source._value, source.data_type
    _dress(source, target)


def _dress(source: Any, target: Any) -> None:
    target._style = copy.copy(source._style)


def _set_text(cell: Cell | Any, text: str) -> None:
    """Write text that stays text, whatever sign it begins with."""
    cell.value = text
    cell.data_type = "s"


def main() -> int:
    """Answer the one request on standard input."""
    limit_this_process()
    try:
        give_back(json.loads(sys.stdin.buffer.read()))
    except Exception:  # noqa: BLE001 - any file may come: the caller writes a plain sheet instead
        return ExitStatus.NOT_DONE
    return ExitStatus.DONE


if __name__ == "__main__":
    sys.exit(main())
