"""The payments of a day by receipt: what to look at, print again, or take back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from townshipdesk.domain.dates import day_of, parse_date
from townshipdesk.domain.errors import NotFoundError
from townshipdesk.services import receipts
from townshipdesk.store import money_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.receipts import Receipt, ReceiptLine


@dataclass(frozen=True, slots=True)
class ReceiptPayment:
    """One person's payment on a receipt. Money in fen."""

    receipt: Receipt
    line: ReceiptLine

    @property
    def day(self) -> date:
        """The day of the receipt."""
        return day_of(self.receipt.issued_at)

    @property
    def others(self) -> tuple[str, ...]:
        """The names of those on the same receipt whose payments stand when this one goes."""
        return tuple(
            line.name for line in self.receipt.lines if line.entry_uid != self.line.entry_uid
        )


def of_day(office: Office, day: date) -> list[ReceiptPayment]:
    """Give the payments on every receipt of a day, newest receipt first; void ones too."""
    return [
        ReceiptPayment(receipt, line)
        for receipt in receipts.receipts_of_day(office, day.isoformat())
        for line in receipt.lines
    ]


def of_entry(office: Office, entry_uid: str) -> ReceiptPayment:
    """Give a payment with the receipt that holds for it. Raises NotFoundError."""
    entry = money_rows.entry_by_uid(office.conn, entry_uid)
    row = None if entry is None else money_rows.receipt_of_entry(office.conn, entry["id"])
    if row is None:
        raise NotFoundError("There is no payment {entry}.", entry=entry_uid[:40])
    receipt = receipts.from_row(office.conn, row)
    line = next(line for line in receipt.lines if line.entry_uid == entry_uid)
    return ReceiptPayment(receipt, line)


def day_with_receipts(office: Office, day: date, *, later: bool) -> date | None:
    """Give the next day before, or after, `day` on which receipts were issued."""
    found = money_rows.day_with_receipts(office.conn, day.isoformat(), later=later)
    return None if found is None else parse_date(found)
