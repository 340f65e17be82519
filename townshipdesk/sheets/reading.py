"""What the reading process does: one file in, messages out.

The parent sends one JSON request on standard input. Each message on standard output is its length
in four bytes and a pickle of plain tuples, lists, dicts, texts and numbers. The first item says
what it is: `progress`, `mapping`, `rows`, `rejected`, `kind`, `first`, `raw`, `error` or `end`.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

from townshipdesk.domain.errors import BadFileError
from townshipdesk.i18n import N_
from townshipdesk.sheets.beside import tables_beside
from townshipdesk.sheets.cells import WHOLE_DIGITS, Cell, text_of
from townshipdesk.sheets.families import PeopleBeside
from townshipdesk.sheets.headings import KINDS, usual_headings
from townshipdesk.sheets.kinds import PARSERS
from townshipdesk.sheets.limits import FAR_AWAY
from townshipdesk.sheets.parser import SheetParser, Table
from townshipdesk.sheets.recognise import Heading, Merge, likeliest, recognise, title_lines
from townshipdesk.sheets.result import SheetKind, SheetMapping, SheetWarning
from townshipdesk.sheets.unpack import Unpacked
from townshipdesk.sheets.workbook import Sheet, sheets_of

BATCH_ROWS: Final = 800
"""So few that a batch stays in the processor's cache: larger ones cost half as much again."""


class Reading:
    """One request being answered."""

    def __init__(
        self,
        request: Mapping[str, object],
        out: BinaryIO,
        parts: Iterator[Unpacked | None],
    ) -> None:
        self._out = out
        self._path = Path(str(request["path"]))
        self._request = request
        self._parts = parts

    def sheets(self) -> Iterator[Sheet]:
        """Give the sheets of the file. Raises BadFileError."""
        return sheets_of(self._path, self._parts)

    def send(self, what: str, *parts: object) -> None:
        """Send one message to the parent."""
        content = pickle.dumps((what, *parts), protocol=5)
        self._out.write(struct.pack(">I", len(content)) + content)
        self._out.flush()

    def run(self) -> None:
        """Answer the request. Every outcome is a message, a bad file too."""
        try:
            self.send("progress", "opening", 0, 0)
            wanted = self._request["kind"]
            if wanted == "sniff":
                self._sniff()
            elif wanted == "first":
                self._first()
            elif wanted == "raw":
                self._raw()
            else:
                self._read(SheetKind(str(wanted)))
            self.send("end")
        except BadFileError as error:
            self.send("error", error.message, error.values)
        except MemoryError:
            self.send("error", FAR_AWAY, {})

    def _read(self, kind: SheetKind) -> None:
        today = date.fromisoformat(str(self._request["today"]))
        given = self._request.get("mapping")
        mapping = {str(k): str(v) for k, v in given.items()} if isinstance(given, dict) else None
        parser = PARSERS[kind](today)
        taken = 0
        for sheet in self.sheets():
            heading = recognise(sheet.head, sheet.merges, kind, mapping)
            if heading is None:
                if not sheet.hidden and any(any(row) for row in sheet.head):
                    values = {"sheet": sheet.name}
                    parser.warnings.append(SheetWarning("sheet-skipped", sheet.name, (), values))
                continue
            taken += 1
            if sheet.hidden:
                values = {"sheet": sheet.name}
                parser.warnings.append(SheetWarning("hidden-sheet", sheet.name, (), values))
            for table in tables_beside(sheet, heading):
                alone = table is sheet
                part = heading if alone else recognise(table.head, table.merges, kind, mapping)
                if part is not None:
                    self._read_table(parser, table, part, kind)
        if not taken:
            raise BadFileError(NO_HEADING, wanted=_needed(kind))
        self.send("notes", [tuple(w) for w in parser.warnings], [tuple(t) for t in parser.totals])

    def _read_table(
        self, parser: SheetParser, sheet: Sheet, heading: Heading, kind: SheetKind
    ) -> None:
        found = SheetMapping(sheet.name, heading.first + 1, heading.last + 1, heading.columns)
        self.send("mapping", tuple(found[:3]), [tuple(c) for c in found.columns])
        rows = sheet.head[heading.first : heading.last + 1]
        titles = title_lines(sheet.head, heading)
        parser.begin(Table(sheet.name, heading, rows, sheet.merges, sheet.height, titles))
        beside = PeopleBeside(heading, kind, parser.today)
        self._feed(parser, sheet, heading.last + 2, beside)
        beside.check(sheet.name)
        parser.end()
        self._pass_on(parser)

    def _pass_on(self, parser: SheetParser) -> None:
        """Send what the parser has ready."""
        if columns := parser.take():
            self.send("rows", columns)
        if parser.rejections:
            self.send("rejected", [tuple(rejection) for rejection in parser.rejections])
            parser.rejections = []

    def _feed(self, parser: SheetParser, sheet: Sheet, first: int, beside: PeopleBeside) -> None:
        for start, rows in sheet.batches(first, BATCH_ROWS):
            beside.see(start, rows)
            parser.feed(start, rows)
            self.send("progress", "reading", start + len(rows) - 1, sheet.height)
            self._pass_on(parser)

    def _sniff(self) -> None:
        best: tuple[SheetKind, int] | None = None
        for sheet in self.sheets():
            found = likeliest(sheet.head, sheet.merges, f"{self._path.stem} {sheet.name}")
            if found is not None and (best is None or found[1] > best[1]):
                best = found
        self.send("kind", best[0].value if best else "")

    def _first(self) -> None:
        """Send the first rows of each sheet that holds anything, as text."""
        for sheet in self.sheets():
            rows = [[text_of(cell) if cell != "" else "" for cell in row] for row in sheet.head]
            if any(any(row) for row in rows):
                self.send("first", sheet.name, rows)

    def _raw(self) -> None:
        """Send the wanted rows as text, and everything above the last row of each heading."""
        wanted = self._request["rows"]
        assert isinstance(wanted, dict), "the parent sends sheet -> [last heading row, rows]"  # noqa: S101 - a mistake of ours, not of the file
        for sheet in self.sheets():
            if sheet.name not in wanted:
                continue
            last, numbers = wanted[sheet.name]
            picked = set(numbers)
            rows = []
            covered = _Covered(sheet.merges, last)
            for start, batch in sheet.batches(1, BATCH_ROWS):
                for number, row in enumerate(batch, start):
                    covered.fill(number, row)
                    if number <= last or number in picked:
                        rows.append((number, [_plain(cell) for cell in row]))
            merges = [merge for merge in sheet.merges if merge[1][0] < last]
            self.send("raw", sheet.name, rows, merges)


class _Covered:
    """Cells that cells merged further up reach down to: a row by itself must say what it is."""

    def __init__(self, merges: Sequence[Merge], heading: int) -> None:
        self._begin: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _right) in merges:
            if top >= heading and bottom > top:
                self._begin.setdefault(top + 1, []).append((left, bottom + 1))
        self._open: dict[int, tuple[Cell, int]] = {}

    def fill(self, number: int, row: list[Cell]) -> None:
        """Fill the blanks of a row, taken in order; `number` counts from 1."""
        for place, (cell, last) in self._open.items():
            if number <= last and place < len(row) and row[place] == "":
                row[place] = cell
        for place, last in self._begin.get(number, ()):
            if place < len(row):
                self._open[place] = row[place], last


NO_HEADING: Final = N_("No sheet of the file has a heading of this kind; needed are {wanted}.")


def _plain(cell: Cell) -> str | float:
    """Give a cell to be written again: a number where all its digits are known, else text."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return cell if abs(cell) < WHOLE_DIGITS else text_of(cell)
    return text_of(cell) if cell != "" else ""


def _needed(kind: SheetKind) -> str:
    """Name the columns a kind of sheet cannot be without, by their usual headings."""
    usual = usual_headings(kind)
    return " / ".join("、".join(usual[f] for f in needed) for needed in KINDS[kind].required)
