"""Receipts: what stands on them is frozen when they are issued, so that a copy is the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from townshipdesk.domain.dates import DateSpan, parse_date, parse_moment
from townshipdesk.domain.errors import NotFoundError
from townshipdesk.services.work import Work, work
from townshipdesk.store import money_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.store.driver import Connection, Row

NUMBER_WIDTH = 6


@dataclass(frozen=True, slots=True)
class SubsidyPart:
    """What a source pays of a line, in fen."""

    source: str
    identity: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Remark:
    """A note on a receipt with its clause, in both languages."""

    code: str
    clause: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One person's payment on a receipt; amounts in fen.

    `clauses` are those the calculation rests on, in its order.
    """

    entry_uid: str
    person_uid: str
    name: str
    number: str
    document_kind: str
    village: str
    group: str
    standard_fen: int
    subsidies: tuple[SubsidyPart, ...]
    individual_fen: int
    coverage: DateSpan | None
    waiting: DateSpan | None
    remarks: tuple[Remark, ...]
    clauses: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the line as it is frozen."""
        return {
            "entry": self.entry_uid,
            "person": self.person_uid,
            "name": self.name,
            "number": self.number,
            "document_kind": self.document_kind,
            "village": self.village,
            "group": self.group,
            "standard_fen": self.standard_fen,
            "subsidies": [[part.source, part.identity, part.amount_fen] for part in self.subsidies],
            "individual_fen": self.individual_fen,
            "coverage": self.coverage.to_json() if self.coverage else None,
            "waiting": self.waiting.to_json() if self.waiting else None,
            "remarks": [[item.code, item.clause, dict(item.texts)] for item in self.remarks],
            "clauses": list(self.clauses),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> ReceiptLine:
        """Read a frozen line."""
        return cls(
            entry_uid=document["entry"],
            person_uid=document["person"],
            name=document["name"],
            number=document["number"],
            document_kind=document["document_kind"],
            village=document["village"],
            group=document["group"],
            standard_fen=document["standard_fen"],
            subsidies=tuple(SubsidyPart(*part) for part in document["subsidies"]),
            individual_fen=document["individual_fen"],
            coverage=_span(document["coverage"]),
            waiting=_span(document["waiting"]),
            remarks=tuple(Remark(*item) for item in document["remarks"]),
            clauses=tuple(document.get("clauses", ())),
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as it was issued, and what has become of it. Amounts in fen.

    `paper` is the number of the pre-numbered receipt it was written on, empty without one.
    """

    uid: str
    number: str
    issued_at: datetime
    office_name: str
    training: bool
    year: int
    policy_id: str
    channel: str
    voucher: str
    staff_name: str
    amount_fen: int
    lines: tuple[ReceiptLine, ...]
    handed_over_fen: int | None
    void_reason: str | None
    replaces: str | None
    printed_times: int
    paper: str = ""

    @property
    def is_void(self) -> bool:
        """Tell whether the receipt was voided; its number and copies stay."""
        return self.void_reason is not None


def number_text(row: Row) -> str:
    """Give a receipt's number as printed: the series and six digits."""
    return f"{row['series']}{row['number']:0{NUMBER_WIDTH}d}"


def issue(
    w: Work,
    office: Office,
    *,
    operation_key: str,
    channel: str,
    voucher: str,
    lines: Sequence[tuple[int, ReceiptLine]],
    handed_over_fen: int | None = None,
    replaces_id: int | None = None,
    replaced: Receipt | None = None,
    paper: str = "",
) -> Receipt:
    """Issue the next receipt over payments (entry number and line) and give it.

    Stands in the transaction of the payment, so that numbers run without gaps. One that stands in
    for another (`replaced`, in the row `replaces_id`) is for that one's year, whichever the desk
    works for.
    """
    series = ""
    year = office.year if replaced is None else replaced.year
    policy_id = office.policy_id if replaced is None else replaced.policy_id
    amount_fen = sum(line.individual_fen for _entry, line in lines)
    content = {
        "office": office.name,
        "training": office.is_training,
        "year": year,
        "policy": policy_id,
        "channel": channel,
        "voucher": voucher,
        "staff": w.actor.shown_name,
        "handed_over_fen": handed_over_fen,
        "lines": [line.to_json() for _entry, line in lines],
        **({"paper": paper} if paper else {}),
    }
    uid = new_uid()
    number = money_rows.next_receipt_number(w.conn, series)
    money_rows.insert_receipt(
        w.conn,
        uid=uid,
        series=series,
        number=number,
        issued_at=w.moment,
        day=w.day.isoformat(),
        staff_id=w.actor.staff_id,
        operation_key=operation_key,
        replaces_id=replaces_id,
        amount_fen=amount_fen,
        content=json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        entry_ids=[entry_id for entry_id, _line in lines],
    )
    return Receipt(
        uid=uid,
        number=f"{series}{number:0{NUMBER_WIDTH}d}",
        issued_at=parse_moment(w.moment),
        office_name=office.name,
        training=office.is_training,
        year=year,
        policy_id=policy_id,
        channel=channel,
        voucher=voucher,
        staff_name=w.actor.shown_name,
        amount_fen=amount_fen,
        lines=tuple(line for _entry, line in lines),
        handed_over_fen=handed_over_fen,
        void_reason=None,
        replaces=_replaced(w.conn, replaces_id),
        printed_times=0,
        paper=paper,
    )


def _replaced(conn: Connection, receipt_id: int | None) -> str | None:
    if receipt_id is None:
        return None
    return number_text(conn.execute("SELECT * FROM receipt WHERE id = ?", (receipt_id,)).fetchone())


def from_row(conn: Connection, row: Row) -> Receipt:
    """Give a receipt from its row."""
    content = json.loads(row["content"])
    void = money_rows.receipt_void(conn, row["id"])
    return Receipt(
        uid=row["uid"],
        number=number_text(row),
        issued_at=parse_moment(row["issued_at"]),
        office_name=content["office"],
        training=content["training"],
        year=content["year"],
        policy_id=content["policy"],
        channel=content["channel"],
        voucher=content["voucher"],
        staff_name=content["staff"],
        amount_fen=row["amount_fen"],
        lines=tuple(ReceiptLine.from_json(line) for line in content["lines"]),
        handed_over_fen=content["handed_over_fen"],
        void_reason=None if void is None else void["why"],
        replaces=_replaced(conn, row["replaces_id"]),
        printed_times=money_rows.printings(conn, row["id"]),
        paper=content.get("paper", ""),
    )


def receipt(office: Office, number_or_uid: str) -> Receipt:
    """Give a receipt by its printed number or its unique id. Raises NotFoundError."""
    row = money_rows.receipt_by_uid(office.conn, number_or_uid)
    if row is None and number_or_uid.isascii() and number_or_uid.isdigit():
        row = money_rows.receipt_by_number(office.conn, "", int(number_or_uid))
    if row is None:
        raise NotFoundError("There is no receipt {number}.", number=number_or_uid[:40])
    return from_row(office.conn, row)


def receipts_of(office: Office, resident_id: int) -> list[Receipt]:
    """Give every receipt on which a resident stands, newest first."""
    return [from_row(office.conn, row) for row in money_rows.receipts_of(office.conn, resident_id)]


def receipts_of_day(office: Office, day: str) -> list[Receipt]:
    """Give the receipts issued on a day (ISO), newest first."""
    return [from_row(office.conn, row) for row in money_rows.receipts_of_day(office.conn, day)]


def record_print(office: Office, actor: Actor, receipt_uid: str, form: str) -> int:
    """Record that a receipt is printed as `form` ("pdf", "text", "printer"); give which time it is.

    The second time and later ones are marked as a copy (补打). Raises NotFoundError.
    """
    with work(office, actor) as w:
        row = money_rows.receipt_by_uid(w.conn, receipt_uid)
        if row is None:
            raise NotFoundError("There is no receipt {number}.", number=receipt_uid)
        nth = money_rows.printings(w.conn, row["id"]) + 1
        money_rows.insert_printing(w.conn, row["id"], nth, w.moment, actor.staff_id, form)
        w.note("receipt.printed", receipt_uid, {"nth": nth, "form": form})
    return nth


def _span(document: Mapping[str, str] | None) -> DateSpan | None:
    if document is None:
        return None
    return DateSpan(parse_date(document["from"]), parse_date(document["to"]))
