"""A table as it is read out of markup: rows of cells with nothing left out, and merged cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol
from xml.parsers import expat

from townshipdesk.sheets.cells import Cell
from townshipdesk.sheets.filekind import damaged
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


class Handler(Protocol):
    """What takes the elements and words of a sheet as they come."""

    def start(self, name: str, told: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def data(self, data: str) -> None: ...


def parse_xml(text: str, handler: Handler) -> None:
    """Hand the elements of a sheet to who understands them; names are `space|tag`.

    Raises BadFileError where the text is no XML, or defines entities: no program writes any.
    """
    parser = expat.ParserCreate("utf-8", namespace_separator="|")
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.data
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        raise damaged() from error


def _refuse(*_told: object) -> None:
    raise damaged()


def number_told(told: Mapping[str, str], key: str, otherwise: int) -> int:
    """Give a count written beside an element, at least 1; `otherwise` where none is told."""
    digits = told.get(key, "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        return otherwise
    return max(1, min(int(digits), MOST_ROWS))
