"""Taking money: one payment is one transaction.

The flow of a payment: an order with a key made beforehand; the turn; BEGIN IMMEDIATE; the day is
open; for each person the facts from the record and the policy's quote, decided inside the
transaction so that nobody can be enrolled twice; enrolment, ledger entry with its parts, receipt,
audit row with a digest of them all; commit; and only then anybody says it is paid.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from townshipdesk import i18n
from townshipdesk.domain.dates import DateSpan, format_moment, parse_moment
from townshipdesk.domain.errors import DeskError, NotFoundError, RuleError, UsageError
from townshipdesk.domain.money import format_yuan
from townshipdesk.i18n import N_
from townshipdesk.services import books, quotes, receipts
from townshipdesk.services.receipts import Receipt, ReceiptLine, Remark, SubsidyPart
from townshipdesk.services.work import Work, check_year, work
from townshipdesk.store import fact_rows, ledger_digest, money_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.policy import Quote
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.store.driver import Connection, Row

CHANNELS: Final = ("cash", "pos", "mobile", "bank", "tax-hall", "village")
LONGEST_VOUCHER: Final = 60


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What is to be paid. The key is made before the order is given and can be used once.

    `expected_due_fen` is the sum the clerk saw, `year` the year it buys cover for: if either is
    another by now, nothing is taken.
    `paid_at` is the moment the money was taken, where that was not here and now. `paper` is the
    number of a pre-numbered receipt that was written (`services.books`), `payer_group` the way it
    was collected where that differs from the person's own (a village's or a school's collection).
    """

    resident_ids: tuple[int, ...]
    channel: str
    voucher: str = ""
    confirmed_no_coverage: bool = False
    expected_due_fen: int | None = None
    year: int | None = None
    handed_over_fen: int | None = None
    paid_at: datetime | None = None
    paper: str = ""
    payer_group: str | None = None
    operation_key: str = field(default_factory=new_uid)


@dataclass(frozen=True, slots=True)
class PaidLine:
    """One person's part of a payment; `individual_fen` is what the person paid."""

    resident_id: int
    entry_uid: str
    quote: Quote
    individual_fen: int


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that is in the ledger. `already` says that this very order was done before."""

    operation_key: str
    receipt: Receipt
    lines: tuple[PaidLine, ...]
    already: bool = False

    @property
    def amount_fen(self) -> int:
        """What was paid by all persons together."""
        return sum(line.individual_fen for line in self.lines)


class QuoteRefusedError(RuleError):
    """The policy does not allow the payment, or not without a second yes. Carries the quote."""

    def __init__(self, message: str, resident_id: int, quote: Quote, **values: object) -> None:
        super().__init__(message, code=quote.reason or quote.decision, **values)
        self.resident_id = resident_id
        self.quote = quote


def pay(office: Office, actor: Actor, order: PaymentOrder) -> Payment:
    """Take one payment for one person or several, on one receipt, in one transaction.

    The same operation key again gives the payment of the first time and takes no money.
    Raises QuoteRefusedError (with the quote) where the policy refuses, refers, or wants a second
    yes; RuleError for a closed day, a changed price or too little cash; UsageError for an unknown
    channel. Then nothing was taken.
    """
    _check(order)
    done = money_rows.operation(office.conn, order.operation_key)
    if done is None:
        with work(office, actor) as w:
            done = money_rows.operation(w.conn, order.operation_key)
            if done is None:
                return record(w, office, order)
            w.leave_unchanged()
    return _done_before(office, done)


def record(w: Work, office: Office, order: PaymentOrder) -> Payment:
    """Write a payment inside a piece of work that somebody else began (imports, batches)."""
    _check(order)
    check_year(office, order.year)
    day = w.open_day()
    paid_at = order.paid_at or w.at
    if paid_at > w.at:
        raise UsageError("Money cannot have been taken later than now.")
    quoted = [_quote(office, w.conn, order, resident_id, paid_at) for resident_id in _each(order)]
    total_fen = sum(quote.due_fen or 0 for _row, _question, quote, _ruling in quoted)
    _check_sum(order, total_fen)
    paid: list[tuple[int, ReceiptLine, PaidLine]] = []
    for row, question, quote, ruling_id in quoted:
        entry_id, entry_uid = _enrol(w, office, order, row, question, quote, ruling_id, day)
        line = _receipt_line(w.conn, row, quote, entry_uid)
        paid.append((entry_id, line, PaidLine(row["id"], entry_uid, quote, quote.due_fen or 0)))
    paper = ""
    if order.paper:
        paper = str(books.use(w, order.paper, paid[0][0], quoted[0][0]["village_id"]))
    issued = receipts.issue(
        w,
        office,
        operation_key=order.operation_key,
        channel=order.channel,
        voucher=order.voucher,
        lines=[(entry_id, line) for entry_id, line, _paid in paid],
        handed_over_fen=order.handed_over_fen,
        paper=paper,
    )
    money_rows.insert_operation(
        w.conn,
        order.operation_key,
        "payment",
        w.actor.desk,
        w.actor.staff_id,
        w.moment,
        json.dumps({"receipt": issued.uid}),
    )
    w.note(
        "payment.taken",
        issued.uid,
        {
            "operation": order.operation_key,
            "entries": [line.entry_uid for _entry, _line, line in paid],
            "channel": order.channel,
            "amount_fen": total_fen,
            "digest": ledger_digest.digest(w.conn, order.operation_key),
        },
    )
    return Payment(
        order.operation_key,
        issued,
        tuple(line for _entry, _line, line in paid),
    )


def refusals(office: Office, order: PaymentOrder) -> dict[int, DeskError]:
    """Give why each person of an order cannot be entered, by resident; nobody where all can.

    Nothing is written. What concerns the order as a whole, its sum for one, is nobody's.
    """
    paid_at = order.paid_at or office.now()
    found: dict[int, DeskError] = {}
    with office.database.snapshot():
        for resident_id in _each(order):
            try:
                _quote(office, office.conn, order, resident_id, paid_at)
            except DeskError as error:
                found[resident_id] = error
    return found


def unseen_payments(office: Office, actor: Actor) -> list[Payment]:
    """Give the payments of this desk whose receipt it never showed: it died before it could."""
    return [
        _done_before(office, row)
        for row in money_rows.unseen_operations(office.conn, actor.desk)
        if row["kind"] == "payment"
    ]


def mark_seen(office: Office, operation_keys: Sequence[str]) -> None:
    """Record that a desk has shown the outcome of operations to its clerk."""
    with office.database.transaction() as conn:
        money_rows.mark_seen(conn, operation_keys, format_moment(office.now()))


def _check(order: PaymentOrder) -> None:
    if order.channel not in CHANNELS:
        raise UsageError(
            "There is no channel {channel}. Allowed: {allowed}.",
            channel=order.channel,
            allowed=", ".join(CHANNELS),
        )
    if not order.resident_ids:
        raise UsageError("Nobody is marked to pay.")
    if len(order.voucher) > LONGEST_VOUCHER:
        raise UsageError("A voucher number has at most {count} characters.", count=LONGEST_VOUCHER)


def _each(order: PaymentOrder) -> tuple[int, ...]:
    return tuple(dict.fromkeys(order.resident_ids))


def _check_sum(order: PaymentOrder, total_fen: int) -> None:
    if order.expected_due_fen is not None and order.expected_due_fen != total_fen:
        raise RuleError(
            "The sum is now {now} yuan and not {shown} yuan. Nothing was taken; look again.",
            code="price-changed",
            now=format_yuan(total_fen),
            shown=format_yuan(order.expected_due_fen),
        )
    if order.handed_over_fen is not None and order.handed_over_fen < total_fen:
        raise RuleError(
            "{handed} yuan are less than the {due} yuan due. Nothing was taken.",
            code="too-little",
            handed=format_yuan(order.handed_over_fen),
            due=format_yuan(total_fen),
        )


def _quote(
    office: Office, conn: Connection, order: PaymentOrder, resident_id: int, paid_at: datetime
) -> tuple[Row, quotes.Question, Quote, int | None]:
    row = fact_rows.resident(conn, resident_id)
    if row is None:
        raise NotFoundError("This resident is not in the office any more.")
    question = quotes.question_for(
        office, resident_id, paid_at, order.resident_ids, payer_group=order.payer_group, row=row
    )
    ruling = fact_rows.last_ruling(conn, resident_id, office.year)
    quote = quotes.answer(office, question, paid_at, ruling)
    if quote.reason == "already-enrolled":
        raise _already_paid(office, conn, row, quote)
    quotes.check_living(row)
    if quote.decision in ("refuse", "refer"):
        message = (
            N_("The policy does not allow this payment: {reason} Nothing was taken.")
            if quote.decision == "refuse"
            else N_(
                "The documents give no answer here: {reason} A supervisor can decide. "
                "Nothing was taken."
            )
        )
        raise QuoteRefusedError(message, resident_id, quote, reason=_reason(quote))
    if quote.decision == "confirm" and not order.confirmed_no_coverage:
        raise QuoteRefusedError(
            "This payment buys no covered day. The payer must agree knowingly first.",
            resident_id,
            quote,
        )
    used = ruling["id"] if ruling is not None and quote.window == "ruling" else None
    return row, question, quote, used


def _reason(quote: Quote) -> str:
    from townshipdesk.policy import reason_text

    return reason_text(quote.reason or quote.decision, quote, i18n.language())


def _already_paid(office: Office, conn: Connection, row: Row, quote: Quote) -> QuoteRefusedError:
    """Say kindly when and on which receipt it was done, so that nobody has to search."""
    live = money_rows.live_enrolment(conn, row["id"], office.year)
    if live is None:
        return QuoteRefusedError(
            "Already enrolled for this year. Nothing was taken.", row["id"], quote
        )
    paid = conn.execute(
        "SELECT e.id, s.shown_name FROM entry AS e JOIN staff AS s ON s.id = e.staff_id"
        " WHERE e.enrolment_id = ? AND e.kind = 'contribution'",
        (live["id"],),
    ).fetchone()
    issued = money_rows.receipt_of_entry(conn, paid["id"])
    return QuoteRefusedError(
        "It has been done already: paid on {at}, receipt {receipt}, taken by {staff}. "
        "Nothing was taken a second time.",
        row["id"],
        quote,
        at=parse_moment(live["paid_at"]).strftime("%Y-%m-%d %H:%M"),
        receipt=receipts.number_text(issued) if issued is not None else "—",
        staff=paid["shown_name"],
    )


def _enrol(
    w: Work,
    office: Office,
    order: PaymentOrder,
    row: Row,
    question: quotes.Question,
    quote: Quote,
    ruling_id: int | None,
    day: str,
) -> tuple[int, str]:
    paid_at = format_moment(order.paid_at or w.at)
    enrolment_id = money_rows.insert_enrolment(
        w.conn,
        money_rows.NewEnrolment(
            uid=new_uid(),
            resident_id=row["id"],
            year=office.year,
            village_id=row["village_id"],
            household_id=row["household_id"],
            policy_hash=office.policy.hash,
            ruling_id=ruling_id,
            paid_at=paid_at,
            day=day,
            facts=_compact(question.to_json()),
            quote=_compact(quote.to_record()),
            standard_fen=quote.standard_fen or 0,
            coverage=_days(quote.coverage),
            waiting=_days(quote.waiting),
        ),
    )
    entry_uid = new_uid()
    entry_id = money_rows.insert_entry(
        w.conn,
        money_rows.NewEntry(
            uid=entry_uid,
            kind="contribution",
            enrolment_id=enrolment_id,
            resident_id=row["id"],
            village_id=row["village_id"],
            year=office.year,
            day=day,
            paid_at=paid_at,
            entered_at=w.moment,
            channel=order.channel,
            voucher=order.voucher,
            staff_id=w.actor.staff_id,
            operation_key=order.operation_key,
            parts=(
                ("individual", "", quote.due_fen or 0),
                *((part.source, part.identity or "", part.amount_fen) for part in quote.subsidies),
            ),
        ),
    )
    return entry_id, entry_uid


def _receipt_line(conn: Connection, row: Row, quote: Quote, entry_uid: str) -> ReceiptLine:
    document = conn.execute(
        "SELECT kind, number FROM document WHERE resident_id = ? AND is_current = 1", (row["id"],)
    ).fetchone()
    return ReceiptLine(
        entry_uid=entry_uid,
        person_uid=row["uid"],
        name=row["name"],
        number=document["number"] if document else "",
        document_kind=document["kind"] if document else "",
        village=row["village_name"],
        group=row["group_name"],
        standard_fen=quote.standard_fen or 0,
        subsidies=tuple(
            SubsidyPart(part.source, part.identity or "", part.amount_fen)
            for part in quote.subsidies
        ),
        individual_fen=quote.due_fen or 0,
        coverage=quote.coverage,
        waiting=quote.waiting,
        remarks=tuple(Remark(note.code, note.clause, note.words.to_json()) for note in quote.notes),
        clauses=quote.clauses,
    )


def _done_before(office: Office, done: Row) -> Payment:
    from townshipdesk.policy import Quote

    if done["kind"] != "payment":
        raise UsageError("This operation key was used for something else.", code="key-used")
    conn = office.conn
    row = money_rows.receipt_by_uid(conn, json.loads(done["result"])["receipt"])
    if row is None:
        raise AssertionError("an operation names a receipt that is not there")
    lines = []
    for entry in money_rows.receipt_entries(conn, row["id"]):
        enrolment = money_rows.enrolment(conn, entry["enrolment_id"])
        lines.append(
            PaidLine(
                entry["resident_id"],
                entry["uid"],
                Quote.from_json(json.loads(enrolment["quote"])),
                entry["individual_fen"],
            )
        )
    return Payment(done["key"], receipts.from_row(conn, row), tuple(lines), already=True)


def _days(span: DateSpan | None) -> tuple[str, str] | None:
    return None if span is None else (span.start.isoformat(), span.end.isoformat())


def _compact(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


__all__ = [
    "CHANNELS",
    "PaidLine",
    "Payment",
    "PaymentOrder",
    "QuoteRefusedError",
    "mark_seen",
    "pay",
    "record",
    "unseen_payments",
]
