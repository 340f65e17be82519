"""The rows that were not taken, to be sent back: the original's titles, headings and those rows.

Two columns are added, the reason and the row in the original file. The table keeps its headings, so
that the corrected file can be read again as it is. A workbook of the size villages send keeps its
own dress (`sheets.rejects_styled`); very large ones, old .xls and text files get a plain one with
the same sheets, titles, headings and columns in the same places, ready to print.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from zipfile import is_zipfile

from townshipdesk.domain.names import clean_text
from townshipdesk.i18n import _
from townshipdesk.sheets.process import ask, run_apart
from townshipdesk.sheets.recognise import Merge
from townshipdesk.sheets.result import Rejection, SheetMapping
from townshipdesk.sheets.target import replacing, workbook
from townshipdesk.sheets.writer import MEASURED_ROWS, sheet_name, width_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_Row = tuple[int, list[str | float]]
_BySheet = dict[str, dict[int, "Rejection"]]
_REASON_WIDTH: Final = 48
TITLE_SIZE: Final = 16
A4: Final = 9
"""Excel's number of the paper."""
LARGEST_DRESSED: Final = 600 * 1024
"""About eight thousand rows: taking a larger workbook apart with its dress takes too long."""


def write_rejects(
    target: Path,
    source: Path,
    rejections: Sequence[Rejection],
    mappings: Sequence[SheetMapping],
) -> int:
    """Write the rejected rows of `source` with their reasons; give how many rows were written.

    `mappings` are those of the reading, which know where each sheet's heading ends. The reason is
    in the language in force. Raises BadFileError where either file cannot be used.
    """
    headings = {mapping.sheet: mapping for mapping in mappings}
    by_sheet: _BySheet = {}
    for rejection in rejections:
        if rejection.sheet in headings:
            by_sheet.setdefault(rejection.sheet, {}).setdefault(rejection.row, rejection)
    with replacing(target) as place:
        if not (by_sheet and _in_its_own_dress(place, source, by_sheet, headings)):
            _plainly(place, source, by_sheet, headings)
    return sum(map(len, by_sheet.values()))


def _in_its_own_dress(
    place: Path, source: Path, by_sheet: _BySheet, headings: Mapping[str, SheetMapping]
) -> bool:
    """Cut the original down to its rejected rows, in a process; False where that cannot be."""
    if not (is_zipfile(source) and source.stat().st_size <= LARGEST_DRESSED):
        return False
    sheets = {}
    for name, rejections in by_sheet.items():
        places = {c.heading: c.place for c in headings[name].columns if c.heading}
        sheets[name] = {
            "last": headings[name].last,
            "rows": [
                (row, one.text, places.get(one.column, -1))
                for row, one in sorted(rejections.items())
            ],
            "words": (_("Reason for return"), _("Row in the original")),
        }
    request = {"source": str(source.resolve()), "target": str(place), "sheets": sheets}
    return run_apart("townshipdesk.sheets.rejects_styled", request)


def _plainly(
    place: Path, source: Path, by_sheet: _BySheet, headings: Mapping[str, SheetMapping]
) -> None:
    wanted = {name: [headings[name].last, sorted(rows)] for name, rows in by_sheet.items()}
    request = {"kind": "raw", "path": str(source.resolve()), "rows": wanted}
    with workbook(place, {"strings_to_formulas": False}) as book:
        for name, rows, merges in _raw(request) if wanted else ():
            _Returned(book, headings[name], by_sheet[name]).write(rows, merges)
        if not book.worksheets():
            book.add_worksheet()


def _raw(request: Mapping[str, object]) -> Iterator[tuple[str, list[_Row], list[Merge]]]:
    """Give each sheet's wanted rows as they stand in the file, with the merged cells above."""
    with closing(ask(request)) as messages:
        for what, *parts in messages:
            if what == "raw":
                name, rows, merges = cast("tuple[str, list[_Row], list[Merge]]", parts)
                yield name, rows, merges


class _Returned:
    """One sheet going back."""

    def __init__(
        self, book: Workbook, mapping: SheetMapping, rejections: dict[int, Rejection]
    ) -> None:
        taken = [str(page.name) for page in book.worksheets()]
        self._page: Worksheet = book.add_worksheet(sheet_name(mapping.sheet, taken))
        self._mapping = mapping
        self._rejections = rejections
        self._places = {c.heading: c.place for c in mapping.columns if c.heading}
        look: dict[str, Any] = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
        self._cell = book.add_format({**look, "border": 1, "num_format": "@"})
        self._number = book.add_format({**look, "border": 1})
        self._wrong = book.add_format(
            {**look, "border": 1, "num_format": "@", "bg_color": "#FFE08A"}
        )
        self._reason = book.add_format({**look, "border": 1, "text_wrap": True, "bold": True})
        self._line = book.add_format(look)
        big = {**look, "bold": True, "font_size": TITLE_SIZE}
        self._big = book.add_format(big)
        self._title = book.add_format({**big, "align": "center"})
        self._head = book.add_format({**look, "border": 1, "bold": True, "align": "center"})

    def write(self, rows: Sequence[_Row], merges: Sequence[Merge]) -> None:
        """Write titles and headings as they stood, then the rejected rows, one under the other."""
        page, last = self._page, self._mapping.last
        title = min((number for number, row in rows if any(row)), default=0)
        title_look = self._title if any(top + 1 == title for (top, _l), _b in merges) else self._big
        right = max((len(row) for _number, row in rows), default=0)
        at = last
        for number, row in rows:
            if number <= last:
                heading = number >= self._mapping.first
                for place, cell in enumerate(row):
                    if cell != "" or heading:
                        look = self._head if heading else self._line
                        if number == title < self._mapping.first:
                            look = title_look
                        page.write_string(number - 1, place, clean_text(str(cell)), look)
                if number == last:
                    page.write_string(last - 1, right, _("Reason for return"), self._head)
                    page.write_string(last - 1, right + 1, _("Row in the original"), self._head)
            else:
                self._write_row(at, right, number, row)
                at += 1
        for (top, left), (bottom, far) in merges:
            page.merge.append([top, left, bottom, far])
        for place, width in enumerate(self._widths(rows, right)):
            page.set_column(place, place, width)
        page.set_column(right, right, _REASON_WIDTH)
        page.set_column(right + 1, right + 1, 12)
        page.freeze_panes(last, 0)
        page.set_landscape()
        page.set_paper(A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(self._mapping.first - 1, last - 1)

    def _write_row(self, at: int, right: int, number: int, row: Sequence[str | float]) -> None:
        rejection = self._rejections[number]
        wrong = self._places.get(rejection.column)
        for place in range(right):
            cell = row[place] if place < len(row) else ""
            if isinstance(cell, str) or place == wrong:
                text = str(cell)
                self._page.write_string(
                    at, place, text, self._wrong if place == wrong else self._cell
                )
            else:
                self._page.write_number(at, place, cell, self._number)
        self._page.write_string(at, right, rejection.text, self._reason)
        self._page.write_number(at, right + 1, number, self._number)

    def _widths(self, rows: Sequence[_Row], right: int) -> list[int]:
        shown = [row for number, row in rows if number >= self._mapping.first][:MEASURED_ROWS]
        return [
            width_of([str(row[place]) for row in shown if place < len(row)])
            for place in range(right)
        ]
