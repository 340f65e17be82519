"""A village's ledger of what it collected (筹资台账).

What was owed less the subsidy must be what the person paid; a row where the three disagree is
rejected (`amount`), since nobody can tell which of them is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Final, NamedTuple

from townshipdesk.domain.money import format_yuan
from townshipdesk.i18n import N_
from townshipdesk.sheets import words
from townshipdesk.sheets.cells import Cell, fen_of, optional_text
from townshipdesk.sheets.parser import RowProblem
from townshipdesk.sheets.person import NO_DAY, Cache, PersonParser

NO_AMOUNT: Final = N_("“{heading}” holds no amount in yuan and fen.")
MISSING_AMOUNT: Final = N_("“{heading}” is empty.")
VOID: Final = "作废"
RECEIPT_VOID: Final = N_("The receipt of this row is void: whoever paid has another one.")
SUMS_DIFFER: Final = N_("{owed} owed less {subsidy} subsidy is not {own}.")


class LedgerRow(NamedTuple):
    """One payment of a village's ledger, in fen. Texts are "" where the ledger tells nothing.

    `own_fen` is what the person paid; `owed_fen` and `subsidy_fen` are None where not told.
    `identities` are codes, None where the words are not known. `channel` and `source` are codes,
    or "" beside the words as written.
    """

    sheet: str
    row: int
    name: str
    kind: str
    number: str
    village: str
    group: str
    household: str
    head: str
    relation: str
    identity_text: str
    identities: tuple[str, ...] | None
    owed_fen: int | None
    subsidy_fen: int | None
    source: str
    source_text: str
    own_fen: int
    channel: str
    channel_text: str
    receipt: str
    paid_on: str
    paid_time: str
    handler: str


class AmountParser(PersonParser):
    """A parser of rows with amounts."""

    def amount(self, field_name: str, cell: Cell) -> int | None:
        """Give an amount in fen, None for an empty cell. Raises RowProblem `amount`."""
        if type(cell) is str and optional_text(cell) == "":
            return None
        try:
            fen = fen_of(cell)
        except ValueError:
            fen = -1
        if fen < 0:
            raise RowProblem(field_name, "amount", NO_AMOUNT, heading=self.heading(field_name))
        return fen

    def paid_at(self, row: int, cell: Cell) -> tuple[str, str]:
        """Give the ISO day and the time of day ("" where none) a payment was made.

        A month is no day: the first of it could lie in another window. Raises RowProblem.
        """
        day = self.readable_day(row, "paid_on", cell)
        if day is not None and not day.exact:
            raise RowProblem("paid_on", "missing", NO_DAY, heading=self.heading("paid_on"))
        return (day.iso, day.time) if day else ("", "")

    def show(self, value: int) -> str:
        """Give a summed amount in yuan."""
        return format_yuan(value)


class LedgerParser(AmountParser):
    """Reads village ledgers; heads and money of printed totals are compared with the rows."""

    fields: ClassVar[tuple[str, ...]] = (
        "name", "number", "kind", "village", "group", "household", "head", "relation", "identity",
        "owed", "subsidy", "source", "own", "channel", "receipt", "paid_on", "handler",
    )  # fmt: skip
    repeated: ClassVar[tuple[str, ...]] = (
        "household", "head", "village", "group", "kind", "identity", "source", "channel", "receipt",
        "paid_on", "handler",
    )  # fmt: skip
    """A sum of money merged over a household is nobody's own: it is never handed down."""
    summed: ClassVar = {"owed": fen_of, "subsidy": fen_of, "own": fen_of}

    def __init__(self, today: date) -> None:
        super().__init__(today)
        self._channels: Mapping[Cell, str] = Cache(words.channel)
        self._sources: Mapping[Cell, str] = Cache(words.source)

    def parse(self, row: int, cells: tuple[Cell, ...]) -> tuple[object, ...]:
        """Read one payment. Raises RowProblem."""
        (
            name, number_cell, kind, village, group, household, head, relation, identity, owed_cell,
            subsidy_cell, source, own_cell, channel, receipt, paid_on, handler,
        ) = cells  # fmt: skip
        person, number = self.person(row, name, number_cell, kind)
        owed, subsidy = self.amount("owed", owed_cell), self.amount("subsidy", subsidy_cell)
        own = self.amount("own", own_cell)
        if own is None and owed is not None and not self.has("own"):
            own = owed - (subsidy or 0)
        if own is None:
            raise RowProblem("own", "missing", MISSING_AMOUNT, heading=self.heading("own"))
        if owed is not None and own != owed - (subsidy or 0):
            self._refuse_sums(owed, subsidy or 0, own)
        day, time = self.paid_at(row, paid_on)
        if VOID in self.text[receipt]:
            raise RowProblem("receipt", "conflict", RECEIPT_VOID)
        self.once(number.key, row)
        identity_text = self.text[identity]
        found = words.identities(identity_text) if identity_text else None
        return (
            person, number.kind.value, number.number, self.text[village] or self.village,
            self.text[group], self.text[household], self.text[head], self.relation[relation],
            identity_text, found.codes if found else None, owed, subsidy, self._sources[source],
            self.text[source], own, self._channels[channel], self.text[channel],
            optional_text(receipt), day, time, self.text[handler],
        )  # fmt: skip

    def _refuse_sums(self, owed: int, subsidy: int, own: int) -> None:
        raise RowProblem(
            "own",
            "amount",
            SUMS_DIFFER,
            owed=format_yuan(owed),
            subsidy=format_yuan(subsidy),
            own=format_yuan(own),
        )
