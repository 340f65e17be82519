"""A second payment of a person the bureau collected: money to give back, no second enrolment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from townshipdesk.services import receipts
from townshipdesk.services.receipts import ReceiptLine
from townshipdesk.services.tax_compare import NON_CASH
from townshipdesk.store import fact_rows, money_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.work import Work
    from townshipdesk.store.driver import Row

DEFAULT_CHANNEL: Final = "mobile"


def record(w: Work, office: Office, row: Row, live: Row, key: str) -> tuple[int, str]:
    """Write the entry and its receipt; `row` is the finding, `live` the person's enrolment.

    Gives the entry's row number and uid.
    """
    entry_id, entry_uid = _entry(w, row, live, key)
    _receipt(w, office, row, live, entry_id, entry_uid, key)
    return entry_id, entry_uid


def channel_of(row: Row) -> str:
    """Give the bureau's channel of a finding; what the list leaves open was paid on a phone."""
    return str(row["channel"]) if row["channel"] in NON_CASH else DEFAULT_CHANNEL


def _entry(w: Work, row: Row, live: Row, key: str) -> tuple[int, str]:
    uid = new_uid()
    entry_id = money_rows.insert_entry(
        w.conn,
        money_rows.NewEntry(
            uid=uid,
            kind="duplicate",
            enrolment_id=live["id"],
            resident_id=live["resident_id"],
            village_id=live["village_id"],
            year=live["year"],
            day=w.open_day(),
            paid_at=row["paid_at"] or w.moment,
            entered_at=w.moment,
            channel=channel_of(row),
            voucher=row["voucher"][:60],
            staff_id=w.actor.staff_id,
            operation_key=key,
            parts=(("individual", "", row["listed_fen"]),),
        ),
    )
    return entry_id, uid


def _receipt(
    w: Work, office: Office, row: Row, live: Row, entry_id: int, entry_uid: str, key: str
) -> None:
    resident = fact_rows.resident(w.conn, live["resident_id"])
    if resident is None:
        raise AssertionError("an enrolment names a person who is not there")
    line = ReceiptLine(
        entry_uid=entry_uid,
        person_uid=resident["uid"],
        name=resident["name"],
        number=row["document_number"],
        document_kind="",
        village=resident["village_name"],
        group=resident["group_name"],
        standard_fen=row["listed_fen"],
        subsidies=(),
        individual_fen=row["listed_fen"],
        coverage=None,
        waiting=None,
        remarks=(),
    )
    issued = receipts.issue(
        w,
        office,
        operation_key=key,
        channel=channel_of(row),
        voucher=row["voucher"][:60],
        lines=[(entry_id, line)],
    )
    money_rows.insert_operation(
        w.conn,
        key,
        "payment",
        w.actor.desk,
        w.actor.staff_id,
        w.moment,
        f'{{"receipt": "{issued.uid}"}}',
    )
