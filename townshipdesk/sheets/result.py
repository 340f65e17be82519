"""What reading a sheet gives: rows, rejected rows, what to tell the clerk, and how it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, Generic, NamedTuple, TypeVar

from townshipdesk.i18n import N_, _

Row = TypeVar("Row")


class SheetKind(StrEnum):
    """Kinds of sheets that come in."""

    VILLAGES = "villages"
    RESIDENTS = "residents"
    IDENTITIES = "identities"
    CONTRIBUTIONS = "contributions"
    TAX_LIST = "tax-list"
    CALLS = "calls"


class Rejection(NamedTuple):
    """A data row that was not taken, and why.

    `row` is the number the row has in the file, from 1; `column` the heading as printed; `value`
    what stands in the cell. `message` and `values` make the sentence, which holds no personal data.
    `name` is whose row it is, for the screen alone; "" where the row names nobody. `number` is the
    identity number in it as written, for the program alone.
    """

    sheet: str
    row: int
    column: str
    value: str
    reason: str
    message: str
    values: Mapping[str, object] = {}
    name: str = ""
    number: str = ""

    @property
    def text(self) -> str:
        """Give the sentence in the language in force."""
        return _(self.message, **self.values)

    def to_json(self) -> dict[str, object]:
        """Give the rejection as the command-line contract writes it."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "reason": self.reason,
            "text": self.text,
        }


WARNINGS: Final[Mapping[str, str]] = {
    "converted-15": N_("{count} numbers of 15 digits were read in their 18-digit form."),
    "typed-differs": N_(
        "In {count} rows the typed birth date or sex differs from the number; the number holds."
    ),
    "month-only": N_("{count} dates have no day; the first of the month was taken."),
    "phone-doubtful": N_("{count} telephone numbers cannot be right; they are kept as written."),
    "hidden-sheet": N_("The sheet {sheet} is hidden; it was read all the same."),
    "sheet-skipped": N_("The sheet {sheet} has no heading of this kind; it was not read."),
    "total-differs": N_("The printed total of {column} is {printed}; the rows give {counted}."),
    "from-title": N_("{column} was taken from the title of the sheet {sheet}: {value}."),
    "ends-in-zeros": N_(
        "{count} numbers end in 000, as numbers do that a spreadsheet has ruined; check them."
    ),
}
"""Codes of what a clerk should know about a file that was read, with their sentences."""


class SheetWarning(NamedTuple):
    """Something to know about the file. `rows` are the first rows concerned, at most 20."""

    code: str
    sheet: str
    rows: tuple[int, ...] = ()
    values: Mapping[str, object] = {}

    @property
    def text(self) -> str:
        """Give the sentence in the language in force."""
        return _(WARNINGS[self.code], **self.values)

    def to_json(self) -> dict[str, object]:
        """Give the warning as a document for scripts."""
        return {
            "code": self.code,
            "sheet": self.sheet,
            "rows": list(self.rows),
            "text": self.text,
        }


class MappedColumn(NamedTuple):
    """A column of the file and what it was taken for.

    `place` counts from 0; `field` is "" where the heading was not recognised; `how` is `exact`,
    `likely` (by a part of the heading) or `given` (by a remembered mapping).
    """

    place: int
    heading: str
    field: str
    how: str


class SheetMapping(NamedTuple):
    """How the columns of one sheet were recognised. `first` and `last` are the heading's rows."""

    sheet: str
    first: int
    last: int
    columns: tuple[MappedColumn, ...]

    @property
    def unrecognised(self) -> tuple[str, ...]:
        """Give the headings nothing was read from."""
        return tuple(c.heading for c in self.columns if not c.field and c.heading)

    @property
    def confident(self) -> bool:
        """Tell whether no column was taken by a part of its heading only."""
        return all(column.how != "likely" for column in self.columns)

    def remembered(self) -> dict[str, str]:
        """Give what to remember for the next file: heading -> field, "" for one left out."""
        return {column.heading: column.field for column in self.columns if column.heading}


class PrintedTotal(NamedTuple):
    """A total row as printed: label, and its numbers by field.

    Amounts are fen; `people` and `households` are there where the row names them (共 3 户 8 人).
    """

    sheet: str
    row: int
    label: str
    values: Mapping[str, int]


@dataclass(slots=True)
class SheetResult(Generic[Row]):
    """A file that was read. Nothing has been compared with an office yet.

    `handed_on` counts rows that went to whoever asked for them as they came, and are not here.
    """

    kind: SheetKind
    path: Path
    sha256: str
    rows: list[Row] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    mappings: list[SheetMapping] = field(default_factory=list)
    warnings: list[SheetWarning] = field(default_factory=list)
    totals: list[PrintedTotal] = field(default_factory=list)
    handed_on: int = 0

    @property
    def data_rows(self) -> int:
        """How many data rows the file has: taken and rejected."""
        return len(self.rows) + self.handed_on + len(self.rejections)

    @property
    def sheets(self) -> tuple[str, ...]:
        """Give the names of the sheets that were read."""
        return tuple(mapping.sheet for mapping in self.mappings)


class Progress(NamedTuple):
    """How far the reading is. `stage` is `opening` or `reading`; total 0: unknown."""

    stage: str
    done: int
    total: int
