"""Unpacking a workbook, one sheet ahead of whoever reads its rows. In the reading process only.

The libraries that unpack workbooks are fast, and can be brought down by a hostile file: that is why
nothing here is ever called in the process of a desk.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Item = TypeVar("Item")
MOST_SHEETS: Final = 500


class Unpacked(NamedTuple):
    """A sheet as the library gives it, and whether it is hidden."""

    hidden: bool
    sheet: CalamineSheet


class Ahead(Generic[Item]):
    """The items of an iterator, the next of them being worked out in a thread meanwhile.

    What the iterator raises is raised where the item would have come.
    """

    def __init__(self, items: Iterator[Item]) -> None:
        self._items = items
        self._begin()

    def __iter__(self) -> Iterator[Item]:
        """Give the items, once."""
        return self

    def __next__(self) -> Item:
        """Give the next item, when it is there."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        item = self._item
        self._begin()
        return item

    def _begin(self) -> None:
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            self._item = next(self._items)
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            self._error = error


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


def unpack(path: Path) -> Iterator[Unpacked | None]:
    """Give every worksheet of a workbook; None for text and web pages. Raises BadFileError."""
    from townshipdesk.domain.errors import BadFileError
    from townshipdesk.sheets.filekind import FileKind, file_kind, locked

    if file_kind(path) is not FileKind.WORKBOOK:
        yield None
        return
    from python_calamine import (
        CalamineError,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        with _opened(path) as workbook:
            if len(workbook.sheets_metadata) > MOST_SHEETS:
                raise BadFileError("A workbook may have {count} sheets at most.", count=MOST_SHEETS)
            for place, meta in enumerate(workbook.sheets_metadata):
                if meta.typ is SheetTypeEnum.WorkSheet:
                    hidden = meta.visible is not SheetVisibleEnum.Visible
                    yield Unpacked(hidden, workbook.get_sheet_by_index(place))
    except PasswordError as error:
        raise locked() from error
    except (CalamineError, OSError, ValueError) as error:
        raise BadFileError("The workbook is damaged: it was not copied or sent whole.") from error
