"""How far a sheet is, and whether it shall be stopped: asked between its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from townshipdesk.services.imports.model import check_not

if TYPE_CHECKING:
    from townshipdesk.sheets.spec import SheetSpec, Value

EVERY: Final = 250


class Watch:
    """Counts the rows of all sheets of a workbook as they are made.

    `expected` is about how many there will be, 0 where that is not known. Raises CancelledError
    from within the rows when `cancelled` says so; the file is then not written.
    """

    def __init__(
        self,
        expected: int,
        progress: Callable[[int, int], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._expected = expected
        self._progress = progress
        self._cancelled = cancelled
        self._done = 0

    def over(self, spec: SheetSpec) -> SheetSpec:
        """Give the sheet with its rows watched."""
        return replace(spec, rows=self._rows(spec))

    def _rows(self, spec: SheetSpec) -> Iterator[Sequence[Value]]:
        for row in spec.rows:
            if self._done % EVERY == 0:
                self.look()
            self._done += 1
            yield row

    def look(self) -> None:
        """Say how far it is. Raises CancelledError."""
        check_not(self._cancelled)
        if self._progress is not None:
            self._progress(min(self._done, self._expected or self._done), self._expected)
