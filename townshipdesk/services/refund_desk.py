"""What the desk shows of refunds: the answer while an application is filled in, and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import day_of, parse_moment
from townshipdesk.services import receipts, refunds
from townshipdesk.store import money_rows, refund_rows

if TYPE_CHECKING:
    from townshipdesk.policy import RefundAnswer
    from townshipdesk.services.office import Office
    from townshipdesk.services.refunds import Refund

WAITING: Final = ("requested", "approved")
PAID: Final = ("paid",)
NOT_REFUNDED: Final = ("rejected", "withdrawn")
MOST_LISTED: Final = 2_000


@dataclass(frozen=True, slots=True)
class RefundCase:
    """The payment an application is about, and what the policy answers. Amounts in fen."""

    answer: RefundAnswer
    paid_at: datetime
    channel: str
    paid_fen: int
    subsidy_fen: int
    is_duplicate: bool
    receipt_number: str
    under_way: str | None
    """The number of a refund that is under way for this payment already."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A refund that waits for its next step: its number, its state, and since when it waits."""

    number: str
    state: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ListedRefund:
    """A refund in the list, with whom it is about and for how many days its next step waits."""

    refund: Refund
    name: str
    number: str
    person_uid: str
    village: str
    since: datetime
    waits_days: int


def case(office: Office, resident_id: int, ground: str) -> RefundCase:
    """Say what a refund on a ground would be, as of now; nothing is changed.

    Raises RuleError where no payment stands, UsageError for an unknown ground.
    """
    with office.database.snapshot():
        found = refunds.case_for(office, resident_id, ground, office.now())
        entry = found.entry
        issued = money_rows.receipt_of_entry(office.conn, entry["id"])
        live = refund_rows.live_refund_of(office.conn, entry["id"])
    return RefundCase(
        answer=found.answer,
        paid_at=parse_moment(entry["paid_at"]),
        channel=entry["channel"],
        paid_fen=entry["individual_fen"],
        subsidy_fen=entry["subsidy_fen"],
        is_duplicate=entry["kind"] == "duplicate",
        receipt_number="" if issued is None else receipts.number_text(issued),
        under_way=None if live is None else live["number"],
    )


def under_way(office: Office, enrolment_uid: str) -> UnderWay | None:
    """Give the refund that is under way for an enrolment, None where there is none."""
    row = refund_rows.under_way(office.conn, enrolment_uid)
    if row is None:
        return None
    return UnderWay(row["number"], row["state"], parse_moment(row["since"]))


def listed(office: Office, states: tuple[str, ...]) -> list[ListedRefund]:
    """Give the refunds in some states: waiting ones longest first, settled ones newest first."""
    today = office.today()
    found = []
    for row in refund_rows.listed(office.conn, states, MOST_LISTED, newest=states != WAITING):
        since = parse_moment(row["waits_since"])
        found.append(
            ListedRefund(
                refund=refunds.from_row(row),
                name=row["person_name"],
                number=row["person_number"],
                person_uid=row["person_uid"],
                village=row["village_name"],
                since=since,
                waits_days=max(0, (today - day_of(since)).days),
            )
        )
    return found
