"""What a ledger of the village collection holds and how it came this far, for looking at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import day_of, parse_date, parse_moment
from townshipdesk.services.collections import STATES, row_of
from townshipdesk.store import collection_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.store.collection_rows import Deposited
    from townshipdesk.store.driver import Row

_TOLD: Final = ("document", "reference", "why")
"""What of a step's details stands beside it: the paper's number, the bank's, the reason."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A row of a ledger as it came in. `aside` is why it was set aside, "" where it was not.

    `left_out`: the ledger was entered without this person, whose money goes back.
    """

    row_id: int
    sheet: str
    row: int
    household: str
    name: str
    document_number: str
    own_fen: int
    receipt: str
    paid_on: date
    aside: str
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """A gate that was passed: when, by whom, and the number or reason that goes with it."""

    step: str
    at: datetime
    staff: str
    told: str


@dataclass(frozen=True, slots=True)
class Absent:
    """A village whose ledger has not come in this year, or was given back."""

    code: str
    body: str


def lines(office: Office, uid: str) -> list[LedgerLine]:
    """Give everybody of a ledger in its order, those set aside too. Raises NotFoundError."""
    found = row_of(office, uid)
    entered = collection_rows.enrolled_by(office.conn, uid) if _is_entered(office, found) else None
    return [_line(row, entered) for row in collection_rows.rows(office.conn, found["id"])]


def passed(office: Office, uid: str) -> list[Passed]:
    """Give the gates a ledger has passed, in order. Raises NotFoundError."""
    ledger_id = row_of(office, uid)["id"]
    found = collection_rows.steps(office.conn, ledger_id)
    stands = collection_rows.deposited(office.conn, ledger_id)
    return [
        Passed(name, parse_moment(step["done_at"]), step["shown_name"], _told(step, stands))
        for name in STATES
        if (step := found.get(name)) is not None
    ]


def deposit(office: Office, uid: str) -> tuple[str, date] | None:
    """Give the bank's reference and day of a ledger's deposit as they stand, None without one."""
    stands = collection_rows.deposited(office.conn, row_of(office, uid)["id"])
    return None if stands is None else (stands.bank_reference, parse_date(stands.deposited_on))


def absent(office: Office) -> list[Absent]:
    """Give the villages that have no ledger here for the year, in the order of their codes."""
    return [
        Absent(row["code"], row["name"])
        for row in collection_rows.villages_without(office.conn, office.year)
    ]


def _is_entered(office: Office, found: Row) -> bool:
    return "entered" in collection_rows.steps(office.conn, found["id"])


def _line(row: Row, entered: set[int] | None) -> LedgerLine:
    """Give a row to look at; `entered` is who was enrolled, None before the ledger is entered."""
    stands = row["aside_why"] is None
    return LedgerLine(
        row["id"],
        row["sheet"],
        row["row"],
        row["household"],
        row["name"],
        row["document_number"],
        row["own_fen"],
        row["receipt"],
        day_of(parse_moment(row["paid_at"])),
        row["aside_why"] or "",
        stands and entered is not None and row["resident_id"] not in entered,
    )


def _told(step: Row, stands: Deposited | None) -> str:
    if step["step"] == "deposited" and stands is not None:
        return " · ".join(filter(None, (stands.bank_reference, stands.why)))
    detail = json.loads(step["detail"])
    return next((str(detail[name]) for name in _TOLD if detail.get(name)), "")
