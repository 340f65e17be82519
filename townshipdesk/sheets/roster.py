"""The roster of residents (参保登记花名册).

Birth date and sex come from the number wherever it tells them. A typed column that contradicts the
number never rejects the row and never wins: the row is taken with what the number says, and the
file carries the warning `typed-differs` with the rows. Rejecting would hold back people whose
number is right because somebody mistyped a column nobody needs.

A number that stands in the file twice is refused the second time (`duplicate-in-file`), whatever
the names beside it, since only one of them can be its holder's.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, NamedTuple

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
