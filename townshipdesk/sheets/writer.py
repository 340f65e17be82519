"""Writing workbooks: sheets as offices print them, and long plain lists, fast.

Text is always written as text, so that a name beginning with = never becomes a formula; identity
numbers keep all their digits; money is a number of yuan; sums are formulas beside the values they
give. A file is complete or not there: it is written beside its place and then moved.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from townshipdesk.domain.money import FEN_PER_YUAN
from townshipdesk.domain.names import clean_text
from townshipdesk.i18n import in_language
from townshipdesk.sheets.spec import CellKind, Column, RateOf, SheetSpec, Value
from townshipdesk.sheets.target import replacing, workbook

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MEASURED_ROWS: Final = 200
NARROWEST, WIDEST = 6, 40
LONGEST_NAME: Final = 31
LONGEST_CELL: Final = 32_767
"""UTF-16 units of the name of a sheet, and of a cell: no program opens a workbook with more."""
ROWS_BESIDE_CHARTS: Final = 45
"""A table of at most so many rows is printed on one page with its charts."""
_A4: Final = 9
_SIZE, _TITLE_SIZE = 10, 16
_LINE_HEIGHT: Final = 15
_MOST_LINES: Final = 27
"""No row of a workbook can be higher than 409 points."""
_FONT: Final = {"font_name": "宋体", "font_size": _SIZE, "valign": "vcenter"}
_NUMBER_FORMATS: Final = {
    CellKind.TEXT: "General",
    CellKind.ID: "@",
    CellKind.COUNT: "#,##0",
    CellKind.MONEY: "#,##0.00",
    CellKind.DAY: "yyyy-mm-dd",
    CellKind.RATE: "0.00%",
}
_RATE_STEPS: Final = 10_000
_LEAST: Final = {
    CellKind.COUNT: "0,000",
    CellKind.MONEY: "0,000.00",
    CellKind.DAY: "0000-00-00",
    CellKind.RATE: "100.00%",
}
"""What a column has room for whatever stands in it; what is wider makes a printed page small."""
_LIST_PAGE: Final = {
    "landscape": True,
    "paper_size": _A4,
    "fit_to_pages": (1, 0),
    "repeat_rows": 0,
    "print_gridlines": True,
    "margins": {"left": 0.4, "right": 0.4, "top": 0.6, "bottom": 0.7},
}
"""A plain list, printed all the same: no column on a page of its own, the headings on each."""


def text_width(text: str) -> int:
    """Give how many columns of a terminal or half-width characters of a cell a text takes."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def write_sheet(path: Path, *sheets: SheetSpec) -> int:
    """Write sheets as an office prints them and give the number of rows of data.

    Raises BadFileError where the place cannot be written, for instance while it is open elsewhere.
    """
    written = 0
    with replacing(path) as place, workbook(place, {"constant_memory": True}) as book:
        for spec in sheets:
            written += _Page(book, spec).write()
    return written


def write_list(
    path: Path, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]
) -> None:
    """Write a long plain list: one row of headings, then the rows, with the cells' own kinds.

    Raises BadFileError where the place cannot be written.
    """
    from rustpy_xlsxwriter import FastExcel, Format

    headings = [column.heading for column in columns]
    convert = [_CONVERT[column.kind] for column in columns]
    formats = {
        column.heading: Format().set_num_format(_NUMBER_FORMATS[column.kind])
        for column in columns
        if column.kind is not CellKind.TEXT
    }
    remaining = iter(rows)
    start = list(islice(remaining, MEASURED_ROWS))
    records = (
        dict(zip(headings, (f(v) for f, v in zip(convert, row, strict=True)), strict=True))
        for row in chain(start, remaining)
    )
    with replacing(path) as place:
        packed = io.BytesIO()
        book = FastExcel(packed).freeze(row=1)
        book.sheet(
            sheet_name(name, ()),
            records,
            column_formats=formats,
            header_format=Format().set_bold(),
            column_widths=[*map(float, _widths(columns, start))],
            ignore_errors=[c.heading for c in columns if c.kind is CellKind.ID],
            page_setup=_LIST_PAGE,
        )
        book.save()
        place.write_bytes(packed.getbuffer())


def _yuan(fen: Value) -> Decimal | None:
    """Give fen as the number of yuan that goes into a cell, exact to the fen."""
    if fen is None:
        return None
    if not isinstance(fen, int):
        raise TypeError(f"money is whole fen, not {type(fen).__name__}")
    return Decimal(fen) / FEN_PER_YUAN


def _rate(value: Value) -> Decimal | None:
    """Give part and whole as a number rounded down to a hundredth of a per cent."""
    if not isinstance(value, tuple) or value[1] == 0:
        return None
    return Decimal(value[0] * _RATE_STEPS // value[1]) / _RATE_STEPS


def _day(value: Value) -> date | str | None:
    if isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return value if isinstance(value, date) else None


def _text(value: Value) -> str | None:
    if value is None or value == "":
        return None
    text = clean_text(value if type(value) is str else str(value))
    return text if 2 * len(text) <= LONGEST_CELL else _cut(text, LONGEST_CELL)


_CONVERT: Final[dict[CellKind, Any]] = {
    CellKind.TEXT: _text,
    CellKind.ID: _text,
    CellKind.COUNT: lambda value: value,
    CellKind.MONEY: _yuan,
    CellKind.DAY: _day,
    CellKind.RATE: _rate,
}


def width_of(texts: Iterable[str]) -> int:
    """Give the width of a column, in characters, that shows its texts whole, within bounds."""
    longest = max(map(text_width, texts), default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> list[int]:
    """Give widths in characters that show headings and the first values whole."""
    widths = []
    for place, column in enumerate(columns):
        shown = [column.heading]
        if column.kind in (CellKind.TEXT, CellKind.ID):
            shown += [str(row[place] or "") for row in rows]
        else:
            shown += [_LEAST[column.kind], *(_shown(column.kind, row[place]) for row in rows)]
        widths.append(column.width or width_of(shown))
    return widths


def _shown(kind: CellKind, value: Value) -> str:
    """Give a number as its cell shows it; a number that does not fit would be a row of #."""
    if not isinstance(value, int):
        return ""
    return f"{value // FEN_PER_YUAN:,}.00" if kind is CellKind.MONEY else f"{value:,}"


def sheet_name(name: str, taken: Collection[str]) -> str:
    """Give a name that a spreadsheet program takes for a sheet, other than those `taken`.

    Programs count UTF-16 units, tell names apart without regard to case, and keep one word for
    themselves.
    """
    plain = "".join("_" if c in "[]:*?/\\'" else c for c in clean_text(name)) or "Sheet1"
    used = {other.lower() for other in taken} | {"history"}
    cut, number = _cut(plain, LONGEST_NAME), 1
    while cut.lower() in used:
        number += 1
        mark = f"({number})"
        cut = _cut(plain, LONGEST_NAME - len(mark)) + mark
    return cut


def _cut(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


class _Page:
    """One printed sheet being written, row by row from the top."""

    def __init__(self, book: Workbook, spec: SheetSpec) -> None:
        from townshipdesk.sheets.quickpage import QuickPage

        self._spec = spec
        name = sheet_name(spec.name, [str(page.name) for page in book.worksheets()])
        self._page: Worksheet = book.add_worksheet(name, QuickPage)
        self._book = book
        self._last = max(len(spec.columns) - 1, 0)
        self._formats = {kind: self._format(kind) for kind in CellKind}
        self._bold = {kind: self._format(kind, bold=True) for kind in CellKind}
        self._wrapped = {kind: self._format(kind, text_wrap=True) for kind in CellKind}
        self._across: list[int] = []
        self._heights: dict[int, int] = {}

    def _format(self, kind: CellKind, **more: bool) -> Format:
        align = "right" if kind in (CellKind.COUNT, CellKind.MONEY, CellKind.RATE) else "left"
        look = {**_FONT, "border": 1, "align": align, **more}
        return self._book.add_format({**look, "num_format": _NUMBER_FORMATS[kind]})

    def write(self) -> int:
        """Write everything and give the number of rows of data."""
        spec = self._spec
        rows = iter(spec.rows)
        start = list(islice(rows, None if spec.charts else MEASURED_ROWS))
        widths = self._across = _widths(spec.columns, start)
        at = self._headings(self._titles())
        first = at
        sums = [0] * len(spec.columns)
        at = self._rows(at, chain(start, rows), sums)
        count = at - first
        if spec.total_label:
            self._totals(at, first, sums)
            at += 1
        for place, (column, total) in enumerate(zip(spec.columns, sums, strict=True)):
            if column.total:  # only now it is known how wide a sum in bold is
                widths[place] = max(widths[place], len(_shown(column.kind, total)) + 4)
            self._page.set_column(place, place, widths[place])
        at = self._foot(at, pages=1 if spec.charts and count <= ROWS_BESIDE_CHARTS else 0)
        if spec.charts and count:
            from townshipdesk.sheets.charts import draw_charts

            convert = [_CONVERT[column.kind] for column in spec.columns]
            cells = [[f(v) for f, v in zip(convert, row, strict=True)] for row in start]
            draw_charts(self._book, self._page, spec, cells, first, at, sum(widths))
        return count

    def _line(
        self, at: int, left: int, right: int, text: str, *, size: int = _SIZE, **look: str
    ) -> None:
        """Write a line over several columns, as high as it takes to show all of it.

        Spreadsheet programs find the height of a row themselves, but never for merged cells.
        """
        made = self._book.add_format({**_FONT, **look, "font_size": size, "text_wrap": True})
        if right > left:
            self._page.merge_range(at, left, at, right, "", made)
        shown = clean_text(text)
        self._page.write_string(at, left, shown, made)
        room = sum(self._across[left : right + 1]) * _SIZE // size
        lines = -(-text_width(shown) // max(room, 1))
        height = min(lines, _MOST_LINES) * _LINE_HEIGHT * size // _SIZE + (size - _SIZE) // 2
        if height > self._heights.get(at, _LINE_HEIGHT):
            self._heights[at] = height
            self._page.set_row(at, height)

    def _titles(self) -> int:
        spec = self._spec
        across = {"font_name": "黑体", "align": "center"}
        self._line(0, 0, self._last, spec.title, size=_TITLE_SIZE, **across)
        if not (spec.unit or spec.dated):
            return 1
        middle = self._last // 2
        while middle > 0 and sum(self._across[middle + 1 :]) < text_width(spec.dated):
            middle -= 1
        self._line(1, 0, middle, spec.unit, align="left")
        if self._last > middle:
            self._line(1, middle + 1, self._last, spec.dated, align="right")
        return 2

    def _headings(self, at: int) -> int:
        """Write one or two rows of headings; printed pages repeat them, the screen keeps them."""
        columns, page = self._spec.columns, self._page
        look = self._book.add_format(
            {**_FONT, "bold": True, "border": 1, "align": "center", "text_wrap": True}
        )
        last = at + any(column.group for column in columns)
        place = 0
        for group, members in groupby(columns, key=lambda column: column.group):
            width = len(list(members))
            for offset in range(place, place + width):
                page.write_string(at, offset, group or columns[offset].heading, look)
                if last > at and not group:
                    self._merge(at, offset, last, offset)
            if group and width > 1:
                self._merge(at, place, at, place + width - 1)
            place += width
        # Rows are written once and in order: the lower line comes after the whole upper one.
        for offset, column in enumerate(columns if last > at else ()):
            page.write_string(last, offset, column.heading if column.group else "", look)
        page.repeat_rows(at, last)
        page.freeze_panes(last + 1, 0)
        return last + 1

    def _merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge cells that are written by themselves.

        The library's own call would write cells of the lower row too early for a file that is
        written row by row.
        """
        self._page.merge.append([top, left, bottom, right])

    def _rows(self, at: int, rows: Iterable[Sequence[Value]], sums: list[int]) -> int:
        kinds = [column.kind for column in self._spec.columns]
        plan = [
            (place, kind, _CONVERT[kind], self._formats[kind], column.total, self._across[place])
            for place, (kind, column) in enumerate(zip(kinds, self._spec.columns, strict=True))
        ]
        string, numeral = self._page.write_string, self._page.write_number
        blank, day = self._page.write_blank, self._page.write_datetime
        for row in rows:
            lines = 1
            for place, kind, convert, look, total, width in plan:
                value = row[place]
                cell = convert(value)
                if cell is None:
                    blank(at, place, None, look)
                elif kind is CellKind.TEXT or kind is CellKind.ID:
                    if 2 * len(cell) > width and (taken := text_width(cell)) > width:
                        lines = max(lines, -(-taken // (width - 1)))
                        string(at, place, cell, self._wrapped[kind])
                    else:
                        string(at, place, cell, look)
                elif kind is CellKind.DAY:
                    day(at, place, cell, look)
                else:
                    numeral(at, place, cell, look)
                    if total and isinstance(value, int):
                        sums[place] += value
            if lines > 1:
                self._page.set_row(at, _LINE_HEIGHT * min(lines, _MOST_LINES))
            at += 1
        return at

    def _totals(self, at: int, first: int, sums: Sequence[int]) -> None:
        """Write sums as formulas with the values they give, so that every reader agrees."""
        from xlsxwriter.utility import xl_range

        labelled = False
        for place, column in enumerate(self._spec.columns):
            look = self._bold[column.kind]
            if column.total and at > first:
                value = _CONVERT[column.kind](sums[place])
                formula = f"=SUM({xl_range(first, place, at - 1, place)})"
                self._page.write_formula(at, place, formula, look, value)
            elif column.rate_of is not None and at > first:
                self._page.write_formula(at, place, *self._rate(column.rate_of, at, sums, look))
            elif not labelled and not column.total:
                labelled = True
                self._page.write_string(
                    at, place, self._spec.total_label, self._bold[CellKind.TEXT]
                )
            else:
                self._page.write_blank(at, place, None, look)

    def _rate(
        self, of: RateOf, at: int, sums: Sequence[int], look: Format
    ) -> tuple[str, Format, Any]:
        """Give the formula, look and value of a rate of the sums in row `at`."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        places = {column.heading: place for place, column in enumerate(self._spec.columns)}
        cells = {name: xl_rowcol_to_cell(at, places[name]) for name in of if name}
        part, whole = sums[places[of.part]], sums[places[of.whole]]
        up = cells[of.part]
        if of.less:
            part, up = part - sums[places[of.less]], f"({up}-{cells[of.less]})"
        under = cells[of.whole]
        formula = f'=IF({under}=0,"",INT({up}*{_RATE_STEPS}/{under})/{_RATE_STEPS})'
        return formula, look, _rate((part, whole)) if whole else ""

    def _foot(self, at: int, *, pages: int) -> int:
        """Write what stands under the table, set the paper, and give the next free row.

        `pages` are the sheets of paper it is made to fit on, 0 for as many as it takes.
        """
        spec, page = self._spec, self._page
        for note in spec.notes:
            self._line(at, 0, self._last, note, align="left")
            at += 1
        if spec.signatures:
            page.set_row(at, 30)
            look = self._book.add_format({**_FONT, "align": "left"})
            step = max((self._last + 1) // len(spec.signatures), 1)
            for number, label in enumerate(spec.signatures):
                page.write_string(at, min(number * step, self._last), clean_text(label), look)
            at += 1
        page.set_paper(_A4)
        if spec.landscape:
            page.set_landscape()
        page.fit_to_pages(1, pages)
        page.center_horizontally()
        page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
        page.set_footer("&C" + in_language("zh_CN", "Page &P of &N"))
        return at
