"""Workbooks and text files as sheets of rows. Runs in the reading process only.

The libraries that unpack workbooks are fast, and can be brought down by a hostile file: that is why
nothing here is ever called in the process of a desk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, cast

from townshipdesk.domain.errors import BadFileError
from townshipdesk.i18n import N_
from townshipdesk.sheets.cells import Cell
from townshipdesk.sheets.filekind import FileKind, file_kind, locked
from townshipdesk.sheets.recognise import MOST_COLUMNS, SEARCHED_ROWS, Merge
from townshipdesk.sheets.textfile import rows_of

MOST_SHEETS: Final = 500
MOST_MERGES: Final = 200_000


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


def open_sheets(path: Path) -> Iterator[tuple[int, int, Sheet]]:
    """Give every sheet of a file with its place and the number of sheets. Raises BadFileError."""
    if file_kind(path) is FileKind.TEXT:
        yield 0, 1, _text_sheet(path)
    else:
        yield from _workbook_sheets(path)


def _text_sheet(path: Path) -> Sheet:
    rows = cast("list[list[Cell]]", rows_of(path))
    return Sheet(path.stem, False, len(rows), (), rows[:SEARCHED_ROWS], iter(rows[SEARCHED_ROWS:]))


def _workbook_sheets(path: Path) -> Iterator[tuple[int, int, Sheet]]:
    from python_calamine import (
        CalamineError,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
        load_workbook,
    )

    try:
        with load_workbook(str(path)) as workbook:
            described = [
                (place, meta)
                for place, meta in enumerate(workbook.sheets_metadata[:MOST_SHEETS])
                if meta.typ is SheetTypeEnum.WorkSheet
            ]
            for count, (place, meta) in enumerate(described):
                sheet = workbook.get_sheet_by_index(place)
                left = sheet.start[1] if sheet.start else 0
                height = sheet.end[0] + 1 if sheet.end else 0
                rows = _rows(sheet.iter_rows(), left, sheet.width)
                yield (
                    count,
                    len(described),
                    Sheet(
                        meta.name,
                        meta.visible is not SheetVisibleEnum.Visible,
                        height,
                        (sheet.merged_cell_ranges or [])[:MOST_MERGES],
                        list(islice(rows, SEARCHED_ROWS)),
                        rows,
                    ),
                )
    except PasswordError as error:
        raise locked() from error
    except (CalamineError, OSError, ValueError) as error:
        raise BadFileError("The workbook is damaged: it was not copied or sent whole.") from error


FAR_AWAY: Final = N_(
    "The file could not be read: it is damaged, or needs more memory than a real one. Often a "
    "single cell stands far below or far to the right of the table. Copy the table into a new "
    "workbook and send that."
)


def _rows(rows: Iterator[list[Cell]], left: int, width: int) -> Iterator[list[Cell]]:
    """Give rows whose first cell is that of column A, and that are no wider than can be used."""
    if left == 0 and width <= MOST_COLUMNS:
        return rows
    empty: list[Cell] = [""] * min(left, MOST_COLUMNS)
    return ((empty + row)[:MOST_COLUMNS] for row in rows)
