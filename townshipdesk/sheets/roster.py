"""The roster of residents (参保登记花名册).

Birth date and sex come from the number wherever it tells them. A typed column that contradicts the
number never rejects the row and never wins: the row is taken with what the number says, and the
file carries the warning `typed-differs` with the rows. Rejecting would hold back people whose
number is right because somebody mistyped a column nobody needs.

A number that stands in the file twice is refused the second time (`duplicate-in-file`), whatever
the names beside it, since only one of them can be its holder's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain, groupby
from typing import Any, ClassVar, Final, NamedTuple

from townshipdesk.domain.plainnumbers import PlainNumbers
from townshipdesk.sheets import words
from townshipdesk.sheets.cells import Cell
from townshipdesk.sheets.headings import heading_key
from townshipdesk.sheets.parser import Table
from townshipdesk.sheets.person import MOST_KEPT, Cache, PersonParser
from townshipdesk.sheets.rowkinds import EXAMPLES


class RosterRow(NamedTuple):
    """One resident of a roster. Texts are "" where the sheet tells nothing.

    `born` is an ISO day, from the number where it tells one. `registered` is here, county, city,
    elsewhere, or "" where `hukou_place` does not say it in a word. `note` is `converted-15` or
    `disability-certificate` after such a number.
    """

    sheet: str
    row: int
    name: str
    kind: str
    number: str
    sex: str
    born: str
    village: str
    village_code: str
    group: str
    household: str
    head: str
    relation: str
    ethnicity: str
    hukou_kind: str
    hukou_place: str
    registered: str
    address: str
    phone: str
    category: str
    note: str

    @property
    def is_head(self) -> bool:
        """Tell whether this is the head of the household."""
        return words.is_head(self.relation)


class RosterBatch:
    """Some rows of a roster on their side: one column after the other, in the order of `RosterRow`.

    Tens of thousands of rows are compared and written by their columns; a row is made of those that
    are looked at one by one.
    """

    __slots__ = ("columns",)

    def __init__(self, columns: Sequence[Sequence[Any]]) -> None:
        self.columns: Mapping[str, Sequence[Any]] = dict(
            zip(RosterRow._fields, columns, strict=True)
        )

    def rows(self) -> list[RosterRow]:
        """Give the rows."""
        return [*map(RosterRow._make, zip(*self.columns.values(), strict=True))]


NUMBER, HOUSEHOLD, HEAD = (RosterRow._fields.index(f) for f in ("number", "household", "head"))
_NAME: Final = re.compile(r"[\u4e00-\u9fa5]{2,6}").fullmatch
_BOTH: Final = re.compile(
    r"[^民自]*村(?:(?:居|居委会|委会|社区|社)?组|(?:居|委会|社区)小组)(?:名称)?"
)
"""Headings of a column that holds village and group: 所属村组, but not 村民小组."""
_PHONE: Final = re.compile(r"1[3-9][0-9]{9}|", re.ASCII).fullmatch


class _PlainNames(dict[Cell, str | None]):
    """Ordinary names as they are, None for all that must be looked at."""

    def __missing__(self, cell: Cell) -> str | None:
        found = cell if type(cell) is str and _NAME(cell) else None
        if len(self) < MOST_KEPT:
            self[cell] = found
        return found


class RosterParser(PersonParser):
    """Reads rosters of residents."""

    fields: ClassVar[tuple[str, ...]] = (
        "name", "number", "kind", "sex", "born", "village", "village_code", "group", "household",
        "head", "relation", "ethnicity", "hukou_kind", "hukou_place", "address", "phone",
        "category",
    )  # fmt: skip

    def __init__(self, today: date) -> None:
        super().__init__(today)
        self._registered = Cache(words.registered)
        self._household = ("", "")
        self._turned: list[list[Sequence[object]]] = []
        self._numbers = PlainNumbers(today)
        self._plain_names = _PlainNames()

    def begin(self, table: Table) -> None:
        """Take up the next table; a household never runs on from one sheet to the next."""
        super().begin(table)
        self._household = ("", "")
        both = not self.has("village") and _BOTH.fullmatch(heading_key(self.heading("group")))
        self._village_field = "group" if both else "village"

    def feed(self, first: int, rows: list[list[Cell]]) -> None:
        """Parse rows, the plain ones many at a time.

        Nearly every row of a roster is plain: a whole number, an ordinary name, nothing that
        contradicts it. Those are read column by column, at a third of the cost of a row by itself;
        all others go through `parse`. What comes out is the same, in the same order.
        """
        if not any(map(any, rows)):
            return  # the thousands of empty rows under many a table
        if self.fills or self.village or self.group or self._has_example(rows):
            self._feed_each(first, rows)
            return
        columns, plain = self._plain_columns(first, rows)
        start = 0
        for fine, stretch in groupby(plain):
            end = start + sum(1 for _row in stretch)
            if fine and not self.group:  # which may stand on a line above
                whole = end - start == len(rows)
                part = columns if whole else [column[start:end] for column in columns]
                self._feed_plain(first + start, part, rows[start:end])
            else:
                self._feed_each(first + start, rows[start:end])
            start = end

    def _has_example(self, rows: list[list[Cell]]) -> bool:
        """Tell whether the first rows of the table hold the form's own example."""
        if self.taken or not self.has("sequence"):
            return False
        return not EXAMPLES.isdisjoint(self.columns(rows)("sequence"))

    def _feed_each(self, first: int, rows: Iterable[list[Cell]]) -> None:
        for row_number, row in enumerate(rows, first):
            if any(row):
                self.level((row,))
                self.feed_row(row_number, row)

    def _feed_plain(
        self, first: int, columns: list[Sequence[object]], rows: list[list[Cell]]
    ) -> None:
        """Take finished rows, given by their columns; look at those whose number came before."""
        if self.all_first_time(columns[NUMBER], first):
            self.taken += len(rows)
            # For the members below whose rows leave the household blank.
            self._household = str(columns[HOUSEHOLD][-1]), str(columns[HEAD][-1])
            self._turn_rows()
            self._turned.append(columns)
            return
        for row_number, (row, plain) in enumerate(
            zip(rows, zip(*columns, strict=True), strict=True), first
        ):
            if self.first_time(plain[NUMBER], row_number):
                self.rows.append(plain)
                self.taken += 1
                self._household = str(plain[HOUSEHOLD]), str(plain[HEAD])
            else:
                self._feed_each(row_number, [row])

    def _turn_rows(self) -> None:
        if self.rows:
            self._turned.append([*zip(*self.rows, strict=True)])
            self.rows = []

    def take(self) -> list[Sequence[object]]:
        """Give the rows parsed since the last time on their side; plain ones come as they are."""
        self._turn_rows()
        turned, self._turned = self._turned, []
        if len(turned) > 1:
            return [[*chain.from_iterable(parts)] for parts in zip(*turned, strict=True)]
        return turned[0] if turned else []

    def _plain_columns(
        self, first: int, rows: list[list[Cell]]
    ) -> tuple[list[Sequence[object]], list[bool]]:
        """Give the columns of the finished rows, and which of the rows are plain.

        The others must be looked at; what the columns hold of them means nothing.
        """
        columns, text = self.columns(rows), self.text.__getitem__
        numbers, sexes, days = self._told(columns("number"), columns("sex"), columns("born"))
        names = [*map(self._plain_names.__getitem__, columns("name"))]
        phones = [c if type(c) is str and _PHONE(c) else None for c in columns("phone")]
        villages = [*map(text, columns(self._village_field))]
        codes, heads = [*map(text, columns("village_code"))], [*map(text, columns("head"))]
        households = [*map(text, columns("household"))]
        places, height = columns("hukou_place"), len(rows)
        plain = [
            bool(name and day and phone is not None and (village or code) and (house or head))
            for name, day, phone, village, code, house, head in zip(
                names, days, phones, villages, codes, households, heads, strict=True
            )
        ]
        finished: list[Sequence[object]] = [
            [self.table.sheet] * height, [*range(first, first + height)], names,
            ["resident-id"] * height, numbers, sexes, days, villages, codes,
            [*map(text, columns("group"))], households, heads,
            [*map(self.relation.__getitem__, columns("relation"))],
            [*map(text, columns("ethnicity"))], [*map(text, columns("hukou_kind"))],
            [*map(text, places)], [*map(self._registered.__getitem__, places)],
            [*map(text, columns("address"))], phones, [*map(text, columns("category"))],
            [""] * height,
        ]  # fmt: skip
        return finished, plain

    def _told(
        self, cells: Sequence[Cell], sexes: Sequence[Cell], born: Sequence[Cell]
    ) -> tuple[Sequence[Cell], list[str], list[str]]:
        """Give number, sex and birth date of each cell; no date where a row must be looked at."""
        told_sexes, days = self._numbers.tell(cells)
        said, typed_day = map(self.sexes.__getitem__, sexes), self.day
        for place, (sex, day, typed_sex, typed_born) in enumerate(
            zip(told_sexes, days, said, born, strict=True)
        ):
            if typed_sex not in ("", sex) or (
                typed_born not in ("", day) and not day.startswith(typed_day(typed_born))
            ):
                days[place] = ""
        return cells, told_sexes, days

    def parse(self, row: int, cells: tuple[Cell, ...]) -> tuple[object, ...]:
        """Read one resident. Raises RowProblem."""
        (
            name, number_cell, kind, typed_sex, typed_born, village, code, group, household, head,
            relation, ethnicity, hukou_kind, place, address, phone, category,
        ) = cells  # fmt: skip
        text = self.text
        person, number = self.person(row, name, number_cell, kind)
        # A titled village stands before what a column for village and group says of it.
        village_name, village_code = text[village] or self.village, text[code]
        if self._village_field == "group" and not village_name and not village_code:
            village_name = text[group]
        sex, born = self.sex_and_birth(row, number, typed_sex, typed_born)
        self.once(number.key, row)
        said = self.relation[relation]
        household_number, head_name = self._same_household(text[household], text[head], said)
        return (
            person, number.kind.value, number.number, sex, born, village_name, village_code,
            text[group] or self.group, household_number, head_name, said, text[ethnicity],
            text[hukou_kind], text[place], self._registered[place], text[address],
            self.phone(row, phone), text[category], number.note.value if number.note else "",
        )  # fmt: skip

    def _same_household(self, household: str, head: str, relation: str) -> tuple[str, str]:
        """Hand the household on to members whose rows leave it blank under their head's.

        Printed rosters name the household once, beside its head. Only a row that says it is a
        member (not a head) takes over the household of the row before.
        """
        if household or head:
            self._household = household, head
        elif relation and not words.is_head(relation):
            return self._household
        else:
            self._household = "", ""
        return household, head
