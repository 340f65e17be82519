"""What goes on paper, as plain values. Services fill them; money is whole fen.

Codes (channels, sources, identities, grounds, document kinds) are those of the command-line
contract; they are put into words in the language of the paper. Numbers of identity documents are
given in full: each form masks what it does not need.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from townshipdesk.domain.dates import DateSpan


@dataclass(frozen=True, slots=True)
class PrintedSubsidy:
    """What one source pays for a person, and for which identity."""

    source: str
    identity: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One person on a receipt: the insurance contribution and nothing else.

    `ruling` is what a supervisor decided for this person, with the document number.
    """

    name: str
    document_kind: str
    number: str
    village: str
    standard_fen: int
    subsidies: tuple[PrintedSubsidy, ...]
    individual_fen: int
    coverage: DateSpan | None
    waiting: DateSpan | None
    clauses: tuple[str, ...] = ()
    ruling: str = ""


@dataclass(frozen=True, slots=True)
class PrintedReceipt:
    """A receipt: its number, who took the money, and a line for each person.

    `paper` is the number of the pre-numbered receipt it was written on.
    """

    office_name: str
    training: bool
    year: int
    policy_id: str
    number: str
    issued_at: datetime
    clerk: str
    channel: str
    voucher: str
    amount_fen: int
    lines: tuple[PrintedLine, ...]
    reviewer: str = ""
    void_why: str | None = None
    replaces: str | None = None
    paper: str = ""


@dataclass(frozen=True, slots=True)
class PrintedDayRow:
    """What one clerk took through one channel on a day, with what was taken back."""

    clerk: str
    channel: str
    count: int
    amount_fen: int
    reversal_count: int
    reversal_fen: int
    refund_count: int
    refund_fen: int


@dataclass(frozen=True, slots=True)
class PrintedClerkReceipts:
    """The receipts a clerk issued on a day: runs of numbers, how many, how many of them void."""

    clerk: str
    runs: tuple[tuple[str, str], ...]
    count: int
    void: int


@dataclass(frozen=True, slots=True)
class PrintedDaySheet:
    """A closed day (日结单), with the anchor of the audit chain."""

    office_name: str
    training: bool
    year: int
    day: date
    closed_at: datetime
    closed_by: str
    rows: tuple[PrintedDayRow, ...]
    receipts: tuple[PrintedClerkReceipts, ...]
    expected_cash_fen: int
    counted_cash_fen: int
    why: str
    notices: tuple[str, ...]
    chain_length: int
    chain_head: str

    @property
    def difference_fen(self) -> int:
        """How much more was counted than expected; negative when cash is missing."""
        return self.counted_cash_fen - self.expected_cash_fen


@dataclass(frozen=True, slots=True)
class PrintedRefund:
    """A refund application (退费申请表) in whatever state it is."""

    office_name: str
    training: bool
    year: int
    policy_id: str
    number: str
    state: str
    name: str
    document_kind: str
    document_number: str
    village: str
    paid_on: date
    receipt_number: str
    paid_fen: int
    refund_fen: int
    subsidies: tuple[PrintedSubsidy, ...]
    ends_enrolment: bool
    ground: str
    proof: str
    payee: str
    payee_relation: str
    bank: str
    account: str
    requested_by: str
    requested_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    settled_by: str = ""
    settled_at: datetime | None = None
    why: str = ""
    clauses: tuple[str, ...] = ()
