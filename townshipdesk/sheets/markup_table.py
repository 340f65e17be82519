"""A table as it is read out of markup: rows of cells with nothing left out, and merged cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from townshipdesk.sheets.cells import Cell
from townshipdesk.sheets.recognise import MOST_COLUMNS, Merge

MOST_ROWS: Final = 1_048_576
"""Where the grid of spreadsheets ends; an index beyond it was made to do harm."""


@dataclass(slots=True)
class MarkupTable:
    """One table: its rows with nothing left out, and its merged cells."""

    name: str = ""
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Put a cell where it belongs; one beyond all columns that are ever read is left out."""
        if column >= MOST_COLUMNS:
            return
        cells = self.rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = cell

    def merge(self, row: int, column: int, down: int, right: int) -> None:
        """Keep that a cell covers so many rows and columns more."""
        if (down or right) and column < MOST_COLUMNS:
            last = min(row + down, MOST_ROWS), min(column + right, MOST_COLUMNS)
            self.merges.append(((row, column), last))


def number_told(told: Mapping[str, str], key: str, otherwise: int) -> int:
    """Give a count written beside an element, at least 1; `otherwise` where none is told."""
    digits = told.get(key, "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        return otherwise
    return max(1, min(int(digits), MOST_ROWS))
