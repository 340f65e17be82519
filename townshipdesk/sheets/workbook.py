"""Workbooks and text files as sheets of rows. Runs in the reading process only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from townshipdesk.sheets.cells import Cell
from townshipdesk.sheets.filekind import FileKind, file_kind
from townshipdesk.sheets.given import stem_of
from townshipdesk.sheets.recognise import MOST_COLUMNS, SEARCHED_ROWS, Merge
from townshipdesk.sheets.textfile import rows_of
from townshipdesk.sheets.unpack import Unpacked

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MOST_MERGES: Final = 200_000
_BLANK_ROWS: Final = 1_000


@dataclass(slots=True)
class Sheet:
    """A sheet: its first rows to find the heading in, and all its rows, once."""

    name: str
    hidden: bool
    height: int
    merges: Sequence[Merge]
    head: list[list[Cell]]
    _rest: Iterator[list[Cell]] = field(repr=False)

    def batches(self, first: int, size: int) -> Iterator[tuple[int, list[list[Cell]]]]:
        """Give rows from row `first` (counted from 1) on, with the number of each batch's first."""
        if rows := self.head[first - 1 :]:
            yield first, rows
        first = len(self.head) + 1
        while rows := list(islice(self._rest, size)):
            yield first, rows
            first += len(rows)


def sheets_of(path: Path, parts: Iterable[Unpacked | None]) -> Iterator[Sheet]:
    """Give every sheet of a file. Raises BadFileError.

    `parts` is the file as it is being unpacked (`sheets.unpack`).
    """
    spans: dict[str, list[Merge]] | None = None
    parts = iter(parts)
    for part in parts:
        if part is None:
            yield from _written_sheets(path)
            continue
        if part.goes_on:
            continue  # a sheet nobody wanted to the end
        merges: Sequence[Merge] | None = part.sheet.merged_cell_ranges
        if merges is None:  # the library does not tell those of .ods
            from townshipdesk.sheets.spans import spans_of

            spans = spans_of(path) if spans is None else spans
            merges = spans.get(part.sheet.name, ())
        yield _sheet(part, parts, merges[:MOST_MERGES])


def _written_sheets(path: Path) -> Iterator[Sheet]:
    """Give the tables of a file that is text all through: of rows, or of a web page."""
    if file_kind(path) is FileKind.TEXT:
        rows = cast("list[list[Cell]]", rows_of(path))
        head, rest = rows[:SEARCHED_ROWS], iter(rows[SEARCHED_ROWS:])
        yield Sheet(stem_of(path), False, len(rows), (), head, rest)
        return
    from townshipdesk.sheets.markup import tables_of

    for table in tables_of(path):
        head, rest = table.rows[:SEARCHED_ROWS], iter(table.rows[SEARCHED_ROWS:])
        height, merges = len(table.rows), table.merges[:MOST_MERGES]
        yield Sheet(table.name, False, height, merges, head, rest)


def _sheet(part: Unpacked, parts: Iterator[Unpacked | None], merges: Sequence[Merge]) -> Sheet:
    sheet = part.sheet
    rows: Iterator[list[Cell]]
    if part.last_row:
        height = part.last_row
        pieces = chain((part,), filter(None, islice(parts, part.pieces)))
        rows = chain.from_iterable(_rows_of_pieces(piece.sheet for piece in pieces))
    else:
        left = sheet.start[1] if sheet.start else 0
        height = sheet.end[0] + 1 if sheet.end else 0
        rows = _rows(sheet.iter_rows(), left, sheet.width)
    return Sheet(sheet.name, part.hidden, height, merges, list(islice(rows, SEARCHED_ROWS)), rows)


def _rows_of_pieces(pieces: Iterable[CalamineSheet]) -> Iterator[list[list[Cell]]]:
    """Give the rows of a sheet that comes in pieces, each as wide as the widest before it."""
    number = width = 0
    for piece in pieces:
        if piece.start is None:
            continue  # blank rows
        top, left = piece.start
        while number < top:
            blank = min(top - number, _BLANK_ROWS)
            yield [[""] * width for _row in range(blank)]
            number += blank
        rows: list[list[Cell]] = piece.to_python()
        number += len(rows)
        width = max(width, min(left + piece.width, MOST_COLUMNS))
        if left or piece.width != width:
            before: list[Cell] = [""] * min(left, MOST_COLUMNS)
            after: list[Cell] = [""] * max(width - left - piece.width, 0)
            rows = [(before + row + after)[:MOST_COLUMNS] for row in rows]
        yield rows


def _rows(rows: Iterator[list[Cell]], left: int, width: int) -> Iterator[list[Cell]]:
    """Give rows whose first cell is that of column A, and that are no wider than can be used."""
    if left == 0 and width <= MOST_COLUMNS:
        return rows
    empty: list[Cell] = [""] * min(left, MOST_COLUMNS)
    return ((empty + row)[:MOST_COLUMNS] for row in rows)
