"""Text files of rows: their encoding and what separates the cells.

A byte-order mark decides; else strict UTF-8, then strict GB18030. Never the other way round, since
much UTF-8 also decodes as GB18030, as other words.
"""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path
from typing import Final

from townshipdesk.domain.errors import BadFileError

MOST_CELL: Final = 100_000
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS: Final = ",\t;|，"
_CELLS_OF_A_ROW: Final = 2
"""So many separators in a line within a cell, and the line was a row."""


def decode(content: bytes) -> str:
    """Give the text of a file. Raises BadFileError where no encoding of offices fits."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            encodings: tuple[str, ...] = (encoding,)
            break
    else:
        encodings = ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFileError("The text of the file is neither UTF-8 nor GB18030.")


def separator(text: str) -> str:
    """Give what separates the cells: what splits the most of the first lines alike."""
    lines = [line for line in text[:65_536].splitlines() if line.strip()][:30]
    best, most = ",", 0
    for candidate in _SEPARATORS:
        counts = [line.count(candidate) for line in lines]
        usual = max(set(counts), key=lambda n: (counts.count(n), n), default=0)
        weight = usual * counts.count(usual) if usual else sum(counts) // 2
        if weight > most:
            best, most = candidate, weight
    return best


def rows_of(path: Path) -> list[list[str]]:
    """Give the rows of a text file; a row stands for one line unless a quoted cell holds breaks.

    Raises BadFileError.
    """
    text = decode(path.read_bytes()).replace("\x00", "")
    csv.field_size_limit(MOST_CELL)
    between = separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=between))
    except csv.Error as error:
        raise BadFileError(
            "A cell of the text file is far too long: a quotation mark may be missing."
        ) from error
    if '"' in text:
        _check_quotes(rows, between)
    if '="' in text:  # how other systems keep a spreadsheet from ruining numbers
        rows = [[_without_formula(cell) for cell in row] for row in rows]
    return rows


def _check_quotes(rows: list[list[str]], between: str) -> None:
    """Refuse a file in which a quotation mark without its other half swallowed lines.

    A cell may hold breaks, an address of two lines; whole rows of cells it does not hold.
    """
    for number, row in enumerate(rows, 1):
        for cell in row:
            lines = cell.splitlines()[1:] if "\n" in cell or "\r" in cell else ()
            if any(line.count(between) >= _CELLS_OF_A_ROW for line in lines):
                raise BadFileError(
                    "In row {row} of the text file a quotation mark is not closed; the rows below "
                    "it would be lost.",
                    row=number,
                )


def _without_formula(cell: str) -> str:
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') and len(cell) > 2 else cell
