"""From records to paper: what the printing functions need, filled from the services' values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from townshipdesk.domain.dates import day_of
from townshipdesk.i18n import DEFAULT_LANGUAGE
from townshipdesk.printing.model import (
    PrintedLine,
    PrintedReceipt,
    PrintedRefund,
    PrintedSubsidy,
)
from townshipdesk.store import fact_rows, money_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from townshipdesk.services.office import Office
    from townshipdesk.services.receipts import Receipt, ReceiptLine, Remark
    from townshipdesk.services.refunds import Refund


def receipt_on_paper(receipt: Receipt) -> PrintedReceipt:
    """Give a receipt as it is printed."""
    return PrintedReceipt(
        office_name=receipt.office_name,
        training=receipt.training,
        year=receipt.year,
        policy_id=receipt.policy_id,
        number=receipt.number,
        issued_at=receipt.issued_at,
        clerk=receipt.staff_name,
        channel=receipt.channel,
        voucher=receipt.voucher,
        amount_fen=receipt.amount_fen,
        lines=tuple(_line(line) for line in receipt.lines),
        void_why=receipt.void_reason,
        replaces=receipt.replaces,
        paper=receipt.paper,
    )


def refund_on_paper(office: Office, refund: Refund) -> PrintedRefund:
    """Give a refund application as it is printed."""
    resident = fact_rows.resident(office.conn, refund.resident_id)
    entry = money_rows.entry_by_uid(office.conn, refund.entry_uid)
    if resident is None or entry is None:
        raise AssertionError("a refund names a person and a payment that are not there")
    document = office.conn.execute(
        "SELECT kind, number FROM document WHERE resident_id = ? AND is_current = 1",
        (refund.resident_id,),
    ).fetchone()
    issued = money_rows.receipt_of_entry(office.conn, entry["id"])
    return PrintedRefund(
        office_name=office.name,
        training=office.is_training,
        year=entry["year"],
        policy_id=money_rows.policy_of_enrolment(office.conn, entry["enrolment_id"]),
        number=refund.number,
        state=refund.state,
        name=resident["name"],
        document_kind=document["kind"] if document else "",
        document_number=document["number"] if document else "",
        village=resident["village_name"],
        paid_on=day_of(refund.paid_at),
        receipt_number="" if issued is None else f"{issued['series']}{issued['number']:06d}",
        paid_fen=entry["individual_fen"],
        refund_fen=refund.individual_fen,
        subsidies=tuple(
            PrintedSubsidy(source, identity, amount_fen)
            for source, identity, amount_fen in money_rows.parts(office.conn, entry["id"])
            if source != "individual" and refund.subsidy_fen
        ),
        ends_enrolment=refund.ends_enrolment,
        ground=refund.ground,
        proof=refund.proof,
        payee=refund.payee,
        payee_relation=refund.payee_relation,
        bank=refund.bank,
        account=refund.account,
        requested_by=refund.requested_name,
        requested_at=refund.requested_at,
        decided_by=refund.decided_name or "",
        decided_at=refund.decided_at,
        settled_by=refund.settled_name or "",
        settled_at=refund.settled_at,
        why=refund.why,
        clauses=tuple(dict.fromkeys(note.clause for note in refund.answer.notes)),
    )


def _line(line: ReceiptLine) -> PrintedLine:
    return PrintedLine(
        name=line.name,
        document_kind=line.document_kind,
        number=line.number,
        village=line.village,
        standard_fen=line.standard_fen,
        subsidies=tuple(
            PrintedSubsidy(part.source, part.identity, part.amount_fen) for part in line.subsidies
        ),
        individual_fen=line.individual_fen,
        coverage=line.coverage,
        waiting=line.waiting,
        clauses=line.clauses or _clauses(line.remarks),
        ruling=next(
            (
                remark.texts[DEFAULT_LANGUAGE]
                for remark in line.remarks
                if remark.code == "supervisor-decision"
            ),
            "",
        ),
    )


def _clauses(remarks: Iterable[Remark]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(remark.clause for remark in remarks))
