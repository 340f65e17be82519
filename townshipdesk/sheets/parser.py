"""What the parsers of all kinds of sheets share: rows told apart, cells picked, problems kept.

Runs in the reading process. A parser sees one table after the other and keeps what must hold over
the whole file, such as numbers already seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count, repeat, zip_longest
from operator import itemgetter
from typing import ClassVar, Final, cast

from townshipdesk.domain.errors import BadFileError
from townshipdesk.domain.names import clean_text
from townshipdesk.i18n import N_
from townshipdesk.sheets.cells import Cell, text_of
from townshipdesk.sheets.recognise import Heading, Merge
from townshipdesk.sheets.result import PrintedTotal, Rejection, SheetWarning
from townshipdesk.sheets.rowkinds import EXAMPLES, RowJudge, RowKind, is_subtotal

MOST_FILLED: Final = 400_000
"""No more cells than this are filled from merged ranges: a hostile file names millions."""


OTHER_TABLE: Final = N_(
    "Row {row} of the sheet {sheet} is a heading with its columns in another order. Move the table "
    "below it to a sheet of its own."
)

_HEADS_AND_HOUSEHOLDS: Final = {
    "people": re.compile(r"(?<![0-9.,])([0-9]{1,7}) *人"),
    "households": re.compile(r"(?<![0-9.,])([0-9]{1,7}) *户"),
}
_Totals = dict[str, int]


class RowProblem(Exception):
    """A row that cannot be taken. Holds the field and reason, and the sentence without the data."""

    def __init__(self, field_name: str, reason: str, message: str, /, **values: object) -> None:
        super().__init__(message)
        self.field = field_name
        self.reason = reason
        self.message = message
        self.values = values


@dataclass(slots=True)
class Table:
    """One sheet that was recognised, ready to be parsed."""

    sheet: str
    heading: Heading
    heading_rows: Sequence[Sequence[Cell]]
    merges: Sequence[Merge]
    height: int
    titles: Sequence[str] = ()


@dataclass(slots=True)
class _Noted:
    """Rows a warning concerns."""

    count: int = 0
    rows: list[int] = field(default_factory=list)


TWICE: Final = N_("The same number already stands in row {before} of the sheet {sheet}.")


class SheetParser:
    """Turns the rows of one kind of sheet into plain tuples; subclasses say how.

    `fields` are the cells a subclass's `parse` is handed, in this order; `essential` the fields of
    which one makes a row data; `repeated` those that merged cells fill downwards; `summed` those a
    printed total is compared with, each with the function that reads it. `people`: a row is a
    person, so that a total may name their number.
    """

    fields: ClassVar[tuple[str, ...]]
    essential: ClassVar[tuple[str, ...]] = ("name", "number")
    repeated: ClassVar[tuple[str, ...]] = (
        "household", "head", "village", "village_code", "group", "address", "phone", "kind",
        "hukou_place", "hukou_kind", "ethnicity", "category",
    )  # fmt: skip
    summed: ClassVar[Mapping[str, Callable[[Cell], int]]] = {}
    people: ClassVar[bool] = True

    def __init__(self, today: date) -> None:
        self.today = today
        self.rows: list[tuple[object, ...]] = []
        self.rejections: list[Rejection] = []
        self.warnings: list[SheetWarning] = []
        self.totals: list[PrintedTotal] = []
        self._noted: dict[str, _Noted] = {}
        self._seen: dict[object, tuple[str, int]] = {}

    # -- one table -------------------------------------------------------------------------------

    def begin(self, table: Table) -> None:
        """Take up the next table of the file."""
        self.table = table
        places = table.heading.places
        self._places = places
        self._judge = RowJudge(places, table.heading_rows, self.essential)
        width = len(table.heading.columns)
        # A blank is put behind every row; fields without a column read it.
        self._pick = itemgetter(*(places.get(name, width) for name in self.fields))
        self._width = width
        self._number = places.get("number", width)
        self._sequence = places.get("sequence", width)
        self._headings = {c.field: c.heading for c in table.heading.columns if c.field}
        self._take_merges()
        self.taken = self.refused = self._at_total = 0
        self.doubtful = False
        self._held: list[tuple[tuple[object, ...], list[Cell]]] = []
        self._sums: _Totals = {}
        self._page_sums: _Totals = {}
        self._found_totals: list[tuple[PrintedTotal, _Totals, _Totals, _Totals]] = []

    def feed(self, first: int, rows: list[list[Cell]]) -> None:
        """Parse rows; `first` is the number of the first of them in the sheet, from 1."""
        self.level(rows)
        for row_number, row in enumerate(rows, first):
            if any(row):
                self.feed_row(row_number, row)

    def level(self, rows: Iterable[list[Cell]]) -> None:
        """Make all rows as wide as the heading, and put a blank behind each."""
        width = self._width
        for row in rows:
            if len(row) != width:
                row[width:] = [""] * (width - len(row))
            row.append("")

    def feed_row(self, row_number: int, row: list[Cell]) -> None:
        """Parse one row of any kind."""
        if self._begins:
            self._fill(row_number, row)
        found = row[self._number]
        # Eighteen plain characters where numbers stand are data; the rest is looked at closer.
        plain = type(found) is str and len(found) == 18 and found.isascii()
        plain = plain and row[self._sequence] not in EXAMPLES
        if not plain and not self._is_data(row_number, row):
            return
        if self.summed:
            self._add_up(row)
        self.doubtful = False
        try:
            parsed = self.parse(row_number, self._pick(row))
        except RowProblem as problem:
            self._reject(row_number, row, problem)
            self.refused += 1
        else:
            taken = (self.table.sheet, row_number, *parsed)
            if self.doubtful:
                self._held.append((taken, row))
            else:
                self.rows.append(taken)
            self.taken += 1

    def columns(self, rows: Sequence[Sequence[Cell]]) -> Callable[[str], Sequence[Cell]]:
        """Turn many rows on their side: what comes back gives the cells of a field.

        Blanks stand where a field has no column, or a row ends before it.
        """
        turned = [*zip_longest(*rows, fillvalue="")]
        blanks = ("",) * len(rows)

        def column(field_name: str) -> Sequence[Cell]:
            place = self._places.get(field_name, self._width)
            return turned[place] if place < min(len(turned), self._width) else blanks

        return column

    @property
    def fills(self) -> bool:
        """Tell whether merged cells of this table fill rows further down."""
        return bool(self._begins)

    def end(self) -> None:
        """Finish the table: compare its printed totals, gather its warnings."""
        self._at_end = self._sums | {"people": self.taken + self.refused}
        for found in self._found_totals:
            self._compare_total(*found)
        for code, noted in self._noted.items():
            self.warnings.append(
                SheetWarning(code, self.table.sheet, tuple(noted.rows), {"count": noted.count})
            )
        self._noted = {}

    def take(self) -> list[Sequence[object]]:
        """Give the rows parsed since the last time on their side, one column after the other.

        So they are sent: a list of texts costs less than a tuple for each row. Empty for no rows.
        """
        columns = [*zip(*self.rows, strict=True)]
        self.rows = []
        return cast("list[Sequence[object]]", columns)

    # -- for subclasses --------------------------------------------------------------------------

    def parse(self, row: int, cells: tuple[Cell, ...]) -> tuple[object, ...]:
        """Read one row of data. Raises RowProblem."""
        raise NotImplementedError

    def has(self, field_name: str) -> bool:
        """Tell whether the table has a column for a field."""
        return field_name in self._places

    def heading(self, field_name: str) -> str:
        """Give the printed heading of a field."""
        return self._headings.get(field_name, "")

    def note(self, code: str, row: int) -> None:
        """Keep that a row is worth a warning."""
        noted = self._noted.setdefault(code, _Noted())
        noted.count += 1
        if len(noted.rows) < 20:
            noted.rows.append(row)

    def noted(self, code: str) -> int:
        """Tell how many rows of the table a warning concerns so far."""
        return self._noted[code].count if code in self._noted else 0

    def forget(self, code: str) -> None:
        """Give no warning after all."""
        self._noted.pop(code, None)

    def first_time(self, key: object, row: int) -> bool:
        """Tell whether the file has not had this yet, and keep that it has now."""
        if key in self._seen:
            return False
        self._seen[key] = self.table.sheet, row
        return True

    def all_first_time(self, keys: Sequence[object], first: int) -> bool:
        """Do what `first_time` does for many rows at once; False, and nothing kept, else."""
        if len(set(keys)) < len(keys) or not self._seen.keys().isdisjoint(keys):
            return False
        self._seen.update(zip(keys, zip(repeat(self.table.sheet), count(first)), strict=False))
        return True

    def once(self, key: object, row: int) -> None:
        """Refuse what the file has already had. Raises RowProblem `duplicate-in-file`."""
        if not self.first_time(key, row):
            before = self._seen[key]
            raise RowProblem(
                "number",
                "duplicate-in-file",
                TWICE,
                sheet=before[0],
                before=before[1],
            )

    def settle(self, problem: RowProblem | None) -> None:
        """Take the rows that were held back as `doubtful`, or refuse them all for one reason."""
        for taken, row in self._held:
            if problem is None:
                self.rows.append(taken)
            else:
                self._reject(int(str(taken[1])), row, problem)
                self.taken -= 1
                self.refused += 1
        self._held = []

    def hear(self, words: Sequence[str]) -> None:
        """Take notice of a line between the rows; a subclass may know what it means."""

    # -- inside ----------------------------------------------------------------------------------

    def _take_merges(self) -> None:
        """Note which rows begin a merged cell that fills downwards, and which are merged across."""
        fill = {self._places[name] for name in self.repeated if name in self._places}
        self._filled: dict[int, list[tuple[int, Cell]]] = {}
        self._begins: dict[int, list[tuple[int, int]]] = {}
        self._spread: set[int] = set()
        budget = MOST_FILLED
        for (top, left), (bottom, right) in self.table.merges:
            if top <= self.table.heading.last:
                continue
            if right - left >= 2:
                self._spread.add(top + 1)
            elif left in fill and bottom > top:
                last = min(bottom, self.table.height) + 1
                budget -= last - top
                if budget < 0:
                    break
                self._begins.setdefault(top + 1, []).append((left, last))

    def _fill(self, row_number: int, row: list[Cell]) -> None:
        """Hand a merged cell's value down to the rows it covers."""
        for place, value in self._filled.pop(row_number, ()):
            if row[place] == "":
                row[place] = value
        for place, last in self._begins.get(row_number, ()):
            for below in range(row_number + 1, last + 1):
                self._filled.setdefault(below, []).append((place, row[place]))

    def _is_data(self, row_number: int, row: list[Cell]) -> bool:
        kind = self._judge.judge(row, spread=row_number in self._spread)
        if kind is RowKind.OTHER_HEADING:
            raise BadFileError(OTHER_TABLE, sheet=self.table.sheet, row=row_number)
        if kind is RowKind.TOTAL:
            self._keep_total(row_number, row)
        elif kind is RowKind.NOTE:
            self.hear([text_of(cell) for cell in row if cell != ""])
        return kind is RowKind.DATA

    def _add_up(self, row: list[Cell]) -> None:
        for name, read in self.summed.items():
            if name in self._places and row[self._places[name]] != "":
                try:
                    value = read(row[self._places[name]])
                except ValueError:
                    continue
                self._sums[name] = self._sums.get(name, 0) + value
                self._page_sums[name] = self._page_sums.get(name, 0) + value

    def _keep_total(self, row_number: int, row: list[Cell], label: str = "") -> None:
        values: _Totals = {}
        for name, read in self.summed.items():
            cell = row[self._places[name]] if name in self._places else ""
            if cell != "":
                try:
                    values[name] = read(cell)
                except ValueError:
                    continue
        sums, page = dict(self._sums), dict(self._page_sums)
        sums["people"] = self.taken + self.refused
        page["people"], self._at_total = sums["people"] - self._at_total, sums["people"]
        if self.people:
            words = " ".join(text_of(cell) for cell in row if cell != "")
            for name, counted in _HEADS_AND_HOUSEHOLDS.items():
                if found := counted.search(words):
                    values[name] = int(found[1])
        label = label or self._judge.label(row)
        total = PrintedTotal(self.table.sheet, row_number, label, values)
        self.totals.append(total)
        self._page_sums = {}  # what is added to it stands below this total
        self._found_totals.append((total, sums, page, self._page_sums))

    def _compare_total(
        self, total: PrintedTotal, sums: _Totals, page: _Totals, below: _Totals
    ) -> None:
        """Warn where a printed total is neither the sum so far nor that of its page or group."""
        for name, printed in total.values.items():
            if name == "households":  # one household may stand in several rows, or in none
                continue
            so_far, of_page = sums.get(name, 0), page.get(name, 0)
            # A total may also stand above the rows it adds up.
            rest = below.get(name) if is_subtotal(total.label) else self._at_end.get(name, 0)
            fits = {of_page, so_far, rest}
            if printed not in fits:
                counted = (of_page or rest or 0) if is_subtotal(total.label) else so_far
                self.warnings.append(
                    SheetWarning(
                        "total-differs",
                        total.sheet,
                        (total.row,),
                        {
                            "column": self.heading(name) or "人数",
                            "printed": str(printed) if name == "people" else self.show(printed),
                            "counted": str(counted) if name == "people" else self.show(counted),
                        },
                    )
                )

    def show(self, value: int) -> str:
        """Give a summed value as it is shown to a person."""
        return str(value)

    def _reject(self, row_number: int, row: list[Cell], problem: RowProblem) -> None:
        place = self._places.get(problem.field)
        name, number = self._places.get("name"), self._places.get("number")
        self.rejections.append(
            Rejection(
                self.table.sheet,
                row_number,
                self.heading(problem.field),
                text_of(row[place]) if place is not None else "",
                problem.reason,
                problem.message,
                problem.values,
                clean_text(text_of(row[name])) if name is not None else "",
                text_of(row[number]) if number is not None else "",
            )
        )
