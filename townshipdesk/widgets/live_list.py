"""A list that follows what others do: it paints again only the lines whose rows changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from textual.geometry import Region

from townshipdesk.widgets.line_list import Column, LineList

R = TypeVar("R")


class LiveList(LineList[R]):
    """A list whose cells show nothing but their row, so that an equal row needs no painting."""

    DEFAULT_CSS = "LiveList { scrollbar-gutter: stable; }"

    def renew(self, rows: Sequence[R]) -> None:
        """Show the rows as they are now; cursor and scrolling stay where they are."""
        before = self._rows
        current = self.current
        same_places = len(before) == len(rows) and all(
            self._key_of(one) == self._key_of(other)
            for one, other in zip(before, rows, strict=True)
        )
        if not same_places or current is None:
            self.set_rows(rows, keep=True)
            return
        self._rows = rows
        self._kept.clear()
        top, lanes = self.scroll_offset.y, self._lanes
        last = min(len(rows), (top + self.size.height) * lanes)
        for index in range(top * lanes, last):
            if rows[index] != before[index]:
                line = index // lanes + self._head - top
                self.refresh(Region(0, line, self.size.width, 1))

    def set_columns(self, columns: Sequence[Column[R]]) -> None:
        """Show other columns of the same rows."""
        self._columns = tuple(columns)
        self.relabel()


class PinnedRow(LiveList[R], can_focus=False):
    """One row that stands below a list, in its columns, without a cursor."""

    DEFAULT_CSS = "PinnedRow { height: 1; overflow: hidden; padding: 0 1 0 0; }"

    def validate_cursor(self, value: int) -> int:
        """Keep the cursor off the row, whatever it is set to."""
        del value
        return -1

    def show(self, row: R) -> bool:
        """Show this row, and tell whether it is another one."""
        self.set_reactive(LineList.cursor, -1)
        if self._rows == [row]:
            return False
        self._rows = [row]
        self._kept.clear()
        self._measure()
        self.refresh()
        return True
