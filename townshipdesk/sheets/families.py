"""Households written across: one row, and in it head, spouse and children with a number each.

Such a row is several people, and a table is read as one person a row: all but one of them would be
lost without a word. So the file is refused, and nobody is missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from townshipdesk.domain.errors import BadFileError
from townshipdesk.domain.idnumber import NumberProblem, identify
from townshipdesk.i18n import N_
from townshipdesk.sheets.cells import Cell, text_of
from townshipdesk.sheets.headings import KINDS, heading_keys
from townshipdesk.sheets.recognise import Heading
from townshipdesk.sheets.result import SheetKind

SEVERAL_PEOPLE: Final = N_(
    "Row {row} of the sheet {sheet} holds several people. Write each person in a row of their own, "
    "then import the file again; nothing was taken from it."
)
_KIN: Final = ("户主", "配偶")
_ONE_PERSON: Final = frozenset({SheetKind.RESIDENTS, SheetKind.IDENTITIES})


class PeopleBeside:
    """People of one table who stand in a row that is about somebody else.

    Nearly no table has two columns of numbers; only those are looked at. A second column with the
    old number of the same person, or of somebody with a row of their own, is no harm.
    """

    def __init__(self, heading: Heading, kind: SheetKind, today: date) -> None:
        self._own = heading.places.get("number", -1)
        self._others = _other_numbers(heading, kind) if kind in _ONE_PERSON else []
        self._today = today
        self._about: set[str] = set()
        self._beside: dict[str, int] = {}

    def see(self, first: int, rows: Sequence[Sequence[Cell]]) -> None:
        """Take notice of rows; `first` is the number of the first of them in the sheet."""
        if not self._others or self._own < 0:
            return
        for number, row in enumerate(rows, first):
            self._about.add(self._number(row, self._own))
            for place in self._others:
                self._beside.setdefault(self._number(row, place), number)

    def check(self, sheet: str) -> None:
        """Raise BadFileError where the rows of the table hold people without a row."""
        lost = [row for who, row in self._beside.items() if who and who not in self._about]
        if lost:
            raise BadFileError(SEVERAL_PEOPLE, sheet=sheet, row=min(lost))

    def _number(self, row: Sequence[Cell], place: int) -> str:
        """Give the number of a cell in its plain form; "" where no person is known by it."""
        cell = row[place] if place < len(row) else ""
        if cell == "":
            return ""
        try:
            found = identify(text_of(cell), today=self._today)
        except NumberProblem:
            return ""
        return found.number if found.born is not None else ""


def _other_numbers(heading: Heading, kind: SheetKind) -> list[int]:
    """Give the columns of numbers that tell of other people than the row's own.

    A second column of names and of numbers is one, and so are head and spouse beside a third
    person. The head's number alone, or the spouse's, is only a word about the row's own person.
    """
    unread = [(c.place, c.heading) for c in heading.columns if c.heading and not c.field]
    plain = [place for place, text in unread if _means(text, "number", kind)]
    if not any(_means(text, "name", kind) for _place, text in unread):
        plain = []
    kin = {
        word: column.place
        for column in heading.columns
        for word in _KIN
        if column.field in ("", "head_number")
        and column.heading.startswith(word)
        and _means(column.heading.removeprefix(word), "number", kind)
    }
    return [*plain, *kin.values()] if plain or len(kin) == len(_KIN) else []


def _means(text: str, field: str, kind: SheetKind) -> bool:
    table = KINDS[kind].table
    return any(table.get(key) == field for key in heading_keys(text))
