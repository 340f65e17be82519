"""The tax bureau's list of what it collected (实征清册), for the daily comparison.

The same person may stand in it twice: that is a finding of the comparison, not a wrong row.
"""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar, Final, NamedTuple

from townshipdesk.domain.idnumber import normalise
from townshipdesk.domain.names import clean_name
from townshipdesk.i18n import N_
from townshipdesk.sheets import words
from townshipdesk.sheets.cells import Cell, fen_of, optional_text, text_of
from townshipdesk.sheets.ledger import MISSING_AMOUNT, AmountParser
from townshipdesk.sheets.parser import RowProblem
from townshipdesk.sheets.person import LONGEST_NAME, MOST_KEPT, Cache

_YEAR: Final = re.compile(r"((?:19|20)[0-9]{2})(?:年度?|[-./年].*)?", re.ASCII)
_WRITTEN: Final = re.compile(r"[0-9A-Z]{6,40}", re.ASCII)
"""A number in full, right or wrong: none that is masked, or has words in it."""
NO_YEAR: Final = N_("“{heading}” names no year.")


class TaxRow(NamedTuple):
    """One payment the bureau collected, in fen. Texts are "" where the list tells nothing.

    `kind` is "" where the number fits no document. `amount_fen` is negative where the bureau gave
    money back, `cancelled` where it says that the payment does not count. `year` is the coverage
    year, None without a column for it; `channel` is a code or "" beside the words as written;
    `paid_on` an ISO day, `paid_time` the time of day.
    """

    sheet: str
    row: int
    name: str
    kind: str
    number: str
    year: int | None
    amount_fen: int
    channel: str
    channel_text: str
    paid_on: str
    paid_time: str
    voucher: str
    area: str
    cancelled: bool = False


class _Amounts(dict[Cell, int | None]):
    """Amounts in fen, of which a list has few different ones; None for what is no amount."""

    def __missing__(self, cell: Cell) -> int | None:
        try:
            fen = fen_of(cell)
        except ValueError:
            fen = None
        if len(self) < MOST_KEPT:
            self[cell] = fen
        return fen


class TaxListParser(AmountParser):
    """Reads the bureau's lists."""

    fields: ClassVar[tuple[str, ...]] = (
        "name", "number", "kind", "year", "own", "channel", "paid_on", "voucher", "area",
        "state",
    )  # fmt: skip
    essential: ClassVar[tuple[str, ...]] = ("name", "number")
    summed: ClassVar = {"own": fen_of}

    def __init__(self, today: date) -> None:
        super().__init__(today)
        self._channels = Cache(words.channel)
        self._states = Cache(words.payment_state)
        self._amounts = _Amounts()

    def parse(self, row: int, cells: tuple[Cell, ...]) -> tuple[object, ...]:
        """Read one payment. Raises RowProblem."""
        name, number_cell, kind, year, own, channel, paid_on, voucher, area, state = cells
        if not self.has("name"):
            name = "?"  # some lists give numbers only; the comparison needs no name
        person, document, number = self._payer(row, name, number_cell, kind)
        amount = self._signed(own)
        if amount is None:
            raise RowProblem("own", "missing", MISSING_AMOUNT, heading=self.heading("own"))
        day, time = self.paid_at(row, paid_on)
        return (
            "" if person == "?" else person, document, number,
            self._year(year), amount, self._channels[channel], self.text[channel], day, time,
            optional_text(voucher), self.text[area], self._states[state] == "cancelled",
        )  # fmt: skip

    def _payer(self, row: int, name: Cell, cell: Cell, kind: Cell) -> tuple[str, str, str]:
        """Give name, kind of document and number of who paid. Raises RowProblem.

        The bureau has the money also where the number it typed fits no document: such a row is
        compared as it stands, and found to be of nobody here.
        """
        try:
            person, number = self.person(row, name, cell, kind)
        except RowProblem as problem:
            written = normalise(text_of(cell))
            if problem.field != "number" or not _WRITTEN.fullmatch(written):
                raise
            if problem.reason not in ("checksum", "length", "birth-date"):
                raise
            return clean_name(text_of(name))[:LONGEST_NAME], "", written
        return person, number.kind.value, number.number

    def _signed(self, cell: Cell) -> int | None:
        """Give an amount in fen, negative for money given back (实缴(退)金额)."""
        fen = None if isinstance(cell, bool) else self._amounts[cell]
        return self.amount("own", cell) if fen is None else fen

    def _year(self, cell: Cell) -> int | None:
        text = self.text[cell]
        if not text:
            return None
        found = _YEAR.fullmatch(text)
        if found is None:
            raise RowProblem("year", "missing", NO_YEAR, heading=self.heading("year"))
        return int(found[1])
