"""Taking back a mistaken payment of today (冲正): a new entry with a reason, never an edit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from townshipdesk.domain.errors import NotFoundError, RuleError, UsageError
from townshipdesk.services import receipts
from townshipdesk.services.receipts import Receipt
from townshipdesk.services.work import Work, work
from townshipdesk.store import ledger_digest, money_rows, refund_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.store.driver import Row


@dataclass(frozen=True, slots=True)
class Reversal:
    """A payment taken back: `amount_fen` goes back to the payer, the old receipt is void.

    `replacement` is the new receipt for those of a household whose payments stand.
    """

    entry_uid: str
    reversed_uid: str
    amount_fen: int
    voided: str
    replacement: Receipt | None


def reverse(
    office: Office, actor: Actor, entry_uid: str, why: str, operation_key: str | None = None
) -> Reversal:
    """Take back one payment of today, whole: the enrolment ends and its receipt becomes void.

    Raises NotFoundError for an unknown entry, UsageError without a reason, RuleError for a payment
    of another day (that is a refund), one taken back before, or one with a refund under way.
    """
    if not why.strip():
        raise UsageError("Taking a payment back needs a reason.")
    key = operation_key or new_uid()
    with work(office, actor) as w:
        original = _reversible(w, entry_uid)
        day = w.open_day()
        if original["day"] != day:
            raise RuleError(
                "Only a payment of today can be taken back; this one is of {day}. "
                "Use a refund instead.",
                code="not-today",
                day=original["day"],
            )
        uid = _write_entry(w, original, why.strip(), key, day)
        if original["kind"] == "contribution":
            money_rows.end_enrolment(w.conn, original["enrolment_id"], w.moment, day, "reversal")
        old, replacement = _void_receipt(w, office, original, why.strip(), key, day)
        money_rows.insert_operation(
            w.conn,
            key,
            "reversal",
            actor.desk,
            actor.staff_id,
            w.moment,
            json.dumps({"entry": uid, "reverses": entry_uid}),
        )
        w.note(
            "payment.reversed",
            entry_uid,
            {
                "operation": key,
                "entry": uid,
                "why": why.strip(),
                "amount_fen": original["individual_fen"],
                "digest": ledger_digest.digest(w.conn, key),
            },
        )
        return Reversal(
            entry_uid=uid,
            reversed_uid=entry_uid,
            amount_fen=original["individual_fen"],
            voided=receipts.number_text(old),
            replacement=replacement,
        )


def _reversible(w: Work, entry_uid: str) -> Row:
    original = money_rows.entry_by_uid(w.conn, entry_uid)
    if original is None:
        raise NotFoundError("There is no payment {entry}.", entry=entry_uid[:40])
    if original["kind"] not in ("contribution", "duplicate"):
        raise RuleError("Only a payment can be taken back.", code="not-a-payment")
    if money_rows.reversal_of(w.conn, original["id"]) is not None:
        raise RuleError("This payment has been taken back already.", code="reversed-already")
    if refund_rows.live_refund_of(w.conn, original["id"]) is not None:
        raise RuleError(
            "A refund is under way for this payment; withdraw it first.", code="refund-under-way"
        )
    return original


def _write_entry(w: Work, original: Row, why: str, key: str, day: str) -> str:
    uid = new_uid()
    money_rows.insert_entry(
        w.conn,
        money_rows.NewEntry(
            uid=uid,
            kind="reversal",
            enrolment_id=original["enrolment_id"],
            resident_id=original["resident_id"],
            village_id=original["village_id"],
            year=original["year"],
            day=day,
            paid_at=w.moment,
            entered_at=w.moment,
            channel=original["channel"],
            voucher=original["voucher"],
            staff_id=w.actor.staff_id,
            operation_key=key,
            parts=tuple(
                (source, identity, -amount_fen)
                for source, identity, amount_fen in money_rows.parts(w.conn, original["id"])
            ),
            reverses_id=original["id"],
            why=why,
        ),
    )
    return uid


def _void_receipt(
    w: Work, office: Office, original: Row, why: str, key: str, day: str
) -> tuple[Row, Receipt | None]:
    """Void the receipt and issue a new one for the lines of a household that stand."""
    old = money_rows.receipt_of_entry(w.conn, original["id"])
    if old is None:
        raise AssertionError("a payment without a receipt")
    money_rows.void_receipt(w.conn, old["id"], w.moment, w.actor.staff_id, day, why)
    frozen = receipts.from_row(w.conn, old)
    lines = {line.entry_uid: line for line in frozen.lines}
    standing = [
        (row["id"], lines[row["uid"]])
        for row in money_rows.receipt_entries(w.conn, old["id"])
        if row["id"] != original["id"]
    ]
    if not standing:
        return old, None
    replacement = receipts.issue(
        w,
        office,
        operation_key=key,
        channel=frozen.channel,
        voucher=frozen.voucher,
        lines=standing,
        replaces_id=old["id"],
        replaced=frozen,
    )
    return old, replacement
