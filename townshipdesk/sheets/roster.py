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
from datetime import date
from functools import partial
from itertools import count, repeat
from typing import ClassVar, Final, NamedTuple

from townshipdesk.domain.idnumber import Sex, plain_resident
from townshipdesk.sheets import words
from townshipdesk.sheets.cells import Cell
from townshipdesk.sheets.parser import RowProblem, Table
from townshipdesk.sheets.person import NO_VILLAGE, Cache, PersonParser


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


NUMBER, HOUSEHOLD, HEAD = (RosterRow._fields.index(f) for f in ("number", "household", "head"))
_NAME: Final = re.compile(r"[\u4e00-\u9fa5]{2,6}").fullmatch
_PHONE: Final = re.compile(r"1[3-9][0-9]{9}|", re.ASCII).fullmatch


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

    def begin(self, table: Table) -> None:
        """Take up the next table; a household never runs on from one sheet to the next."""
        super().begin(table)
        self._household = ("", "")

    def feed(self, first: int, rows: list[list[Cell]]) -> None:
        """Parse rows, the plain ones many at a time.

        Nearly every row of a roster is plain: a whole number, an ordinary name, nothing that
        contradicts it. Those are read column by column, at a third of the cost of a row by itself;
        all others go through `parse`. What comes out is the same, in the same order.
        """
        if not any(map(any, rows)):
            return  # the thousands of empty rows under many a table
        self.level(rows)
        ready = [None] * len(rows) if self.fills else self._plain_rows(first, rows)
        taken = self.rows
        last: tuple[object, ...] | None = None
        for row_number, (row, plain) in enumerate(zip(rows, ready, strict=True), first):
            if plain is not None and self.first_time(plain[NUMBER], row_number):
                taken.append(plain)
                last = plain
                self.taken += 1
                continue
            if last is not None:
                self._household = str(last[HOUSEHOLD]), str(last[HEAD])
                last = None
            if any(row):
                self.feed_row(row_number, row)
        if last is not None:
            self._household = str(last[HOUSEHOLD]), str(last[HEAD])

    def _plain_rows(self, first: int, rows: list[list[Cell]]) -> list[tuple[object, ...] | None]:
        """Give the finished row for each plain one, None for each that must be looked at."""
        column, text = partial(self.column, rows), self.text.__getitem__
        numbers, sexes, days = self._told(column("number"), column("sex"), column("born"))
        names = [c if type(c) is str and _NAME(c) else None for c in column("name")]
        phones = [c if type(c) is str and _PHONE(c) else None for c in column("phone")]
        villages = [v or self.village for v in map(text, column("village"))]
        codes, heads = [*map(text, column("village_code"))], [*map(text, column("head"))]
        households = [*map(text, column("household"))]
        places = column("hukou_place")
        finished = zip(
            repeat(self.table.sheet), count(first), names, repeat("resident-id"), numbers, sexes,
            days, villages, codes, map(text, column("group")), households, heads,
            map(self.relation.__getitem__, column("relation")), map(text, column("ethnicity")),
            map(text, column("hukou_kind")), map(text, places),
            map(self._registered.__getitem__, places), map(text, column("address")), phones,
            map(text, column("category")), repeat(""),
            strict=False,  # three of them never end
        )  # fmt: skip
        return [
            row
            if name and day and phone is not None and (village or code) and (house or head)
            else None
            for row, name, day, phone, village, code, house, head in zip(
                finished, names, days, phones, villages, codes, households, heads, strict=True
            )
        ]  # fmt: skip

    def _told(
        self, cells: list[Cell], sexes: list[Cell], born: list[Cell]
    ) -> tuple[list[Cell], list[str], list[str]]:
        """Give number, sex and birth date of each cell; no date where a row must be looked at."""
        numbers, told_sexes, days = [], [], []
        today, male, typed_day = self.today, Sex.MALE, self.day
        said = map(self.sexes.__getitem__, sexes)
        for cell, typed_sex, typed_born in zip(cells, said, born, strict=True):
            found = None
            if type(cell) is str and cell[-3:] != "000":
                found = plain_resident(cell, today)
            sex = day = ""
            if found is not None:
                sex = "male" if found[0] is male else "female"
                day = found[1].isoformat()
                if (typed_sex not in ("", sex)) or (
                    typed_born not in ("", day) and not day.startswith(typed_day(typed_born))
                ):
                    day = ""
            numbers.append(cell)
            told_sexes.append(sex)
            days.append(day)
        return numbers, told_sexes, days

    def parse(self, row: int, cells: tuple[Cell, ...]) -> tuple[object, ...]:
        """Read one resident. Raises RowProblem."""
        (
            name, number_cell, kind, typed_sex, typed_born, village, code, group, household, head,
            relation, ethnicity, hukou_kind, place, address, phone, category,
        ) = cells  # fmt: skip
        text = self.text
        person, number = self.person(row, name, number_cell, kind)
        village_name, village_code = text[village] or self.village, text[code]
        if not village_name and not village_code and self.has("village"):
            raise RowProblem("village", "missing", NO_VILLAGE)
        sex, born = self.sex_and_birth(row, number, typed_sex, typed_born)
        self.once(number.key, row)
        said = self.relation[relation]
        household_number, head_name = self._same_household(text[household], text[head], said)
        return (
            person, number.kind.value, number.number, sex, born, village_name, village_code,
            text[group], household_number, head_name, said, text[ethnicity], text[hukou_kind],
            text[place], self._registered[place], text[address], self.phone(row, phone),
            text[category], number.note.value if number.note else "",
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
