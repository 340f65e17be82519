"""The list of villages with their targets (村(社区)名单及任务分解表)."""

from __future__ import annotations

import re
from typing import ClassVar, Final, NamedTuple

from townshipdesk.domain.names import clean_name
from townshipdesk.i18n import N_
from townshipdesk.sheets.cells import Cell, count_of, half_width, optional_text
from townshipdesk.sheets.numbers import RUINED, RUINED_NUMBER
from townshipdesk.sheets.parser import RowProblem, SheetParser
from townshipdesk.sheets.person import NO_VILLAGE
from townshipdesk.sheets.rowkinds import SUBTOTAL

NO_CODE: Final = N_("The village has no division code.")
TWICE: Final = N_("This village already stands in row {before} of the sheet {sheet}.")
NO_COUNT: Final = N_("“{heading}” holds no whole number.")
WRONG_CODE: Final = N_("A division code has up to 12 digits; this is none.")
CODE_LENGTH: Final = N_("A village's division code has 12 digits, this one has {count}.")

_CODE: Final = re.compile(r"[0-9A-Za-z\-]{1,20}", re.ASCII)
_IN_BETWEEN: Final = re.compile(r"[\s'’\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
"""What gets into a number by copying it: spaces, the apostrophe of a text, what nobody sees."""
_TOWN_CODE: Final = re.compile(r"[0-9]{9}000", re.ASCII)
_TOWN_ENDS: Final = ("镇", "乡", "街道", "办事处")
_MISCOUNTED: Final = (11, 13)
"""Digits of a code that has lost or gained one; shorter ones are an office's own."""


class VillageRow(NamedTuple):
    """One village. `code` is "" and a number None where the sheet tells nothing."""

    sheet: str
    row: int
    name: str
    code: str
    groups: int | None
    base: int | None
    target: int | None


class VillagesParser(SheetParser):
    """Reads lists of villages; a printed total is compared with the rows."""

    fields: ClassVar[tuple[str, ...]] = ("village", "code", "groups", "base", "target")
    essential: ClassVar[tuple[str, ...]] = ("village", "code")
    repeated: ClassVar[tuple[str, ...]] = ()
    people: ClassVar[bool] = False
    summed: ClassVar = {"groups": count_of, "base": count_of, "target": count_of}

    def parse(self, row: int, cells: tuple[Cell, ...]) -> tuple[object, ...]:
        """Read one village. Raises RowProblem."""
        village, code_cell, groups, base, target = cells
        name = clean_name(optional_text(village))
        if not name:
            raise RowProblem("village", "missing", NO_VILLAGE)
        code = _IN_BETWEEN.sub("", half_width(optional_text(code_cell)))
        if not code and self.has("code"):
            raise RowProblem("code", "missing", NO_CODE)
        if RUINED.fullmatch(code.upper()):
            raise RowProblem("code", "precision-lost", RUINED_NUMBER)
        if code and not _CODE.fullmatch(code):
            raise RowProblem("code", "length", WRONG_CODE)
        if code.isdigit() and len(code) in _MISCOUNTED:
            raise RowProblem("code", "length", CODE_LENGTH, count=len(code))
        self._only_once("village", name, row)
        if code:
            self._only_once("code", code, row)
        counts = (self._count("groups", groups), self._count("base", base))
        return (name, code, *counts, self._count("target", target))

    def _is_data(self, row_number: int, row: list[Cell]) -> bool:
        """Tell whether a row is a village; the town's own row above its villages is their sum."""
        village, code, *_counts = self._pick(row)
        number = _IN_BETWEEN.sub("", half_width(optional_text(code)))
        if _TOWN_CODE.fullmatch(number) and optional_text(village).endswith(_TOWN_ENDS):
            self._keep_total(row_number, row, SUBTOTAL)
            return False
        return super()._is_data(row_number, row)

    def _only_once(self, field_name: str, text: str, row: int) -> None:
        try:
            self.once((field_name, text), row)
        except RowProblem as problem:
            raise RowProblem(
                field_name,
                problem.reason,
                TWICE,
                **problem.values,
            ) from None

    def _count(self, field_name: str, cell: Cell) -> int | None:
        if optional_text(cell) == "":
            return None
        try:
            return count_of(cell)
        except ValueError:
            raise RowProblem(
                field_name, "amount", NO_COUNT,
                heading=self.heading(field_name),
            ) from None  # fmt: skip
