"""What a sheet that goes out consists of, described once and written in two ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import NamedTuple

Value = str | int | date | tuple[int, int] | None
"""A cell to write: text, a count or fen, a day (also as ISO text), part and whole, or nothing."""


class CellKind(Enum):
    """How a column's values are written."""

    TEXT = auto()
    ID = auto()
    COUNT = auto()
    MONEY = auto()
    DAY = auto()
    RATE = auto()


class RateOf(NamedTuple):
    """What the total of a column of rates is: sums of other columns, by their headings.

    (`part` - `less`) / `whole`, each a column with a total of its own; never rounded up.
    """

    part: str
    whole: str
    less: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how its values are written, and whether a total stands under it.

    MONEY takes fen and is written as a number of yuan; RATE takes part and whole and never rounds
    up, so that 100 % is written only where it is reached; `rate_of` is what its total is made of.
    `group` is a heading over several neighbouring columns. Without a `width`, in characters, one
    is found from the values.
    """

    heading: str
    kind: CellKind = CellKind.TEXT
    width: int | None = None
    total: bool = False
    group: str = ""
    rate_of: RateOf | None = None


class ChartKind(Enum):
    """How a chart draws its columns: a line over the rows, or a bar for each row."""

    LINE = auto()
    BAR = auto()


@dataclass(frozen=True, slots=True)
class Chart:
    """A real chart of a sheet's own cells, set below its table.

    `labels` and `values` are headings of columns: what names each row, and what is drawn of it.
    `values` are all of one kind; a RATE has an axis in per cent.
    """

    kind: ChartKind
    title: str
    labels: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """A sheet as an office prints it.

    `unit` and `dated` stand left and right under the title, `signatures` under the table, each with
    room to sign. `notes` are lines below. With `total_label` a row of sums closes the table.
    `charts` stand under everything else; the row of sums is not in them.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    unit: str = ""
    dated: str = ""
    total_label: str = ""
    signatures: Sequence[str] = ()
    notes: Sequence[str] = ()
    landscape: bool = True
    charts: Sequence[Chart] = ()
