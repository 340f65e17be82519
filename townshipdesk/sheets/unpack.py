"""Unpacking a workbook, sheet by sheet. In the reading process only.

The libraries that unpack workbooks are fast, and can be brought down by a hostile file: that is why
nothing here is ever called in the process of a desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

    from townshipdesk.sheets.pieces import CutWorkbook

MOST_SHEETS: Final = 500


class Unpacked(NamedTuple):
    """A sheet as the library gives it, or its first rows where it is given in pieces.

    `pieces` is how many more pieces follow; each comes as an item that `goes_on`. `last_row` counts
    from 1, and is 0 for a sheet given whole.
    """

    hidden: bool
    sheet: CalamineSheet
    pieces: int = 0
    last_row: int = 0
    goes_on: bool = False


def _opened(path: Path) -> CalamineWorkbook:
    """Open a workbook as what its name says, and where it is something else, by its content."""
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        return load_workbook(str(path))
    except PasswordError:
        raise
    except (CalamineError, OSError):  # or its name holds bytes that are no text
        with path.open("rb") as file:
            return load_workbook(file)


def unpack(path: Path, *, whole: bool = True) -> Iterator[Unpacked | None]:
    """Give every worksheet of a workbook; None for text and web pages. Raises BadFileError.

    Large sheets come in pieces where they can; not `whole` gives only the first rows of those.
    """
    from townshipdesk.domain.errors import BadFileError
    from townshipdesk.sheets.filekind import FileKind, check_rows, damaged, file_kind, locked

    if file_kind(path) is not FileKind.WORKBOOK:
        yield None
        return
    from python_calamine import CalamineError, PasswordError

    from townshipdesk.sheets.pieces import CutWorkbook, cut_workbook

    try:
        cut = cut_workbook(path, whole=whole)
        if cut is None:
            check_rows(path, large=True)
            workbook = _opened(path)
            cut = CutWorkbook(workbook, len(workbook.sheets_metadata), {})
        with cut.workbook:
            if cut.sheets > MOST_SHEETS:
                raise BadFileError("A workbook may have {count} sheets at most.", count=MOST_SHEETS)
            yield from _sheets(cut)
    except PasswordError as error:
        raise locked() from error
    except (CalamineError, OSError, ValueError) as error:
        raise damaged() from error


def _sheets(cut: CutWorkbook) -> Iterator[Unpacked]:
    """Give the worksheets of a workbook, and the pieces of each after it."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    workbook = cut.workbook
    for place, meta in enumerate(workbook.sheets_metadata[: cut.sheets]):
        if meta.typ is SheetTypeEnum.WorkSheet:
            hidden = meta.visible is not SheetVisibleEnum.Visible
            sheet, in_pieces = workbook.get_sheet_by_index(place), cut.cut.get(place)
            if in_pieces is None:
                yield Unpacked(hidden, sheet)
                continue
            yield Unpacked(hidden, sheet, len(in_pieces.more), in_pieces.last_row)
            for name in in_pieces.more:
                yield Unpacked(hidden, workbook.get_sheet_by_name(name), goes_on=True)
