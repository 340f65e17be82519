"""The call list of people not enrolled (未参保人员名单), coming back with its results.

Numbers are masked there, so a person is told by masked number, name, village and phone together.
"""

from __future__ import annotations

import re
from typing import ClassVar, Final, NamedTuple

from townshipdesk.domain.idnumber import mask_number, normalise
from townshipdesk.domain.names import clean_name
from townshipdesk.sheets import words
from townshipdesk.sheets.cells import PLACEHOLDERS, Cell, optional_text, text_of
from townshipdesk.sheets.numbers import MISSING_NUMBER, number_of
from townshipdesk.sheets.parser import RowProblem
from townshipdesk.sheets.person import NO_NAME, PersonParser

_MASKED: Final = re.compile(r"[0-9A-Z]{2,6}\*{2,}[0-9A-Z]{2,4}", re.ASCII)


class CallRow(NamedTuple):
    """One person of a call list that came back. Texts are "" where nothing was written.

    `masked` is the number as `mask_number` gives it, `number` the whole one where the list has it.
    `reason` is a code (death, prison, military, employee-insurance, elsewhere, lost, refused,
    moved-out, other) or "" beside the words.
    """

    sheet: str
    row: int
    name: str
    masked: str
    number: str
    village: str
    group: str
    head: str
    phone: str
    reason: str
    reason_text: str
    result: str


class CallsParser(PersonParser):
    """Reads call lists."""

    fields: ClassVar[tuple[str, ...]] = (
        "name", "number", "village", "group", "head", "phone", "reason", "result",
    )  # fmt: skip

    def parse(self, row: int, cells: tuple[Cell, ...]) -> tuple[object, ...]:
        """Read one person. Raises RowProblem."""
        del row  # nothing about a call needs a warning
        name, number, village, group, head, phone, reason, result = cells
        cleaned = clean_name(text_of(name))
        if cleaned in PLACEHOLDERS:
            raise RowProblem("name", "missing", NO_NAME)
        said = self.text[reason]
        return (
            cleaned, *self._told(number), self.text[village] or self.village, self.text[group],
            self.text[head], optional_text(phone), words.call_reason(said), said,
            optional_text(result),
        )  # fmt: skip

    def _told(self, cell: Cell) -> tuple[str, str]:
        """Give the masked number, and the whole one where the cell holds it. Raises RowProblem."""
        text = normalise(text_of(cell))
        if _MASKED.fullmatch(text):
            return text, ""
        if not text and self.has("number"):
            raise RowProblem("number", "missing", MISSING_NUMBER)
        if not text:
            return "", ""
        number = number_of(cell, self.today).number
        return mask_number(number), number
