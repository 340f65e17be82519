"""The daily comparison with the tax bureau's list (对账): find, take over, settle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from townshipdesk.domain.dates import day_of, parse_moment
from townshipdesk.domain.errors import DeskError, NotFoundError, RuleError, UsageError
from townshipdesk.domain.idnumber import normalise
from townshipdesk.domain.money import format_yuan
from townshipdesk.i18n import N_, _
from townshipdesk.services import quotes, surplus, tax_compare
from townshipdesk.services.imports import columns
from townshipdesk.services.imports.model import check_not
from townshipdesk.services.imports.residents import same_name
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.tax_compare import NON_CASH, Books, Finding
from townshipdesk.services.work import Work, work
from townshipdesk.sheets.given import file_name
from townshipdesk.sheets.result import SheetKind
from townshipdesk.store import ledger_digest, money_rows, tax_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.sheets.result import Progress, Rejection, SheetResult
    from townshipdesk.sheets.taxlist import TaxRow
    from townshipdesk.store.driver import Row


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A list compared with the office. `rejections` are rows of the file that cannot be read.

    `other_names` are rows (and their numbers) that name somebody else than the number has here.
    """

    file: str
    rows: int
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]
    rejections: tuple[Rejection, ...]
    other_names: tuple[tuple[int, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the comparison as the command-line contract writes it."""
        return {
            "file": self.file,
            "rows": self.rows,
            **{kind: self.counts[kind] for kind in tax_compare.KINDS},
            "rejected": len(self.rejections),
            "differences": [
                {
                    "kind": found.kind,
                    "row": found.row,
                    "id": found.document_number,
                    "amount": format_yuan(
                        found.listed_fen if found.listed_fen is not None else found.here_fen or 0
                    ),
                    "text": found.text,
                }
                for found in self.findings
            ],
            "other_names": [{"row": row, "id": number} for row, number in self.other_names],
            "rejections": [rejection.to_json() for rejection in self.rejections],
        }


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A difference nobody has settled yet; `known_name` is the name here, "" where it agrees."""

    uid: str
    kind: str
    row: int | None
    document_number: str
    name: str
    resident_id: int | None
    listed_fen: int | None
    here_fen: int | None
    channel: str
    voucher: str
    paid_at: datetime | None
    file: str
    found_at: datetime
    known_name: str = ""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What taking over gave: how many payments were taken over, and why others were not."""

    accepted: int
    refused: tuple[tuple[Finding | OpenFinding, str], ...] = field(default=())


def reconcile(
    office: Office,
    actor: Actor,
    path: Path,
    *,
    day: date | None = None,
    read: SheetResult[TaxRow] | None = None,
    progress: Callable[[Progress], None] | None = None,
    compared: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Reconciliation:
    """Compare a tax bureau's list with the office and keep what differs; again changes nothing.

    `day` is the list's day where it covers one; else its span runs from its first to its last day.
    `read` is what was read of the file already, its columns confirmed by a person; `compared` is
    told how many rows of how many have been compared. Raises BadFileError when the file cannot be
    read, CancelledError when it was stopped: then nothing was kept.
    """
    from townshipdesk.sheets.reader import read_tax_list

    if read is None:
        read = read_tax_list(
            path,
            today=office.today(),
            mapping=columns.remembered(office, SheetKind.TAX_LIST),
            progress=progress,
            cancelled=cancelled,
        )
    span = (day, day) if day else tax_compare.span_of(read.rows)

    def tell(done: int, rows: int) -> None:
        check_not(cancelled)
        if compared is not None:
            compared(done, rows)

    with work(office, actor) as w:
        books = _books(w, office.year, read, span)
        comparison = tax_compare.compare(
            read.rows, year=office.year, books=books, span=span, progress=tell
        )
        tell(len(read.rows), len(read.rows))
        findings = _keep(w, read, comparison, books)
    return Reconciliation(
        file_name(path),
        read.data_rows,
        comparison.counts,
        findings,
        tuple(read.rejections),
        tuple((row.row, row.number) for row in comparison.other_names),
    )


def _books(w: Work, year: int, read: SheetResult[TaxRow], span: tuple[date, date] | None) -> Books:
    """Give what the office knows of the people of a list.

    Whose row could not be read is in the list all the same: it does not lack their payment.
    """
    people = tax_rows.residents_of(w.conn, (row.number for row in read.rows))
    written = (normalise(row.number) for row in read.rejections)
    unread = set(tax_rows.residents_of(w.conn, written).values())
    of_span: list[Row] = []
    if span is not None:
        first, last = (edge.isoformat() for edge in span)
        of_span = tax_rows.payments_of_span(w.conn, year, NON_CASH, first, last)
    return Books(
        people,
        tax_rows.names_of(w.conn, people.values()),
        tax_rows.standing_payments(w.conn, year),
        tax_rows.refunded_payments(w.conn, year),
        tuple(row for row in of_span if row["person_id"] not in unread),
        tax_rows.watched_numbers(w.conn),
    )


def open_findings(office: Office, kind: str | None = None) -> list[OpenFinding]:
    """Give the differences nobody has settled, oldest first."""
    return [
        OpenFinding(
            uid=row["uid"],
            kind=row["kind"],
            row=row["row"],
            document_number=row["document_number"],
            name=row["name"],
            resident_id=row["resident_id"],
            listed_fen=row["listed_fen"],
            here_fen=row["here_fen"],
            channel=row["channel"],
            voucher=row["voucher"],
            paid_at=parse_moment(row["paid_at"]) if row["paid_at"] else None,
            file=row["file_name"],
            found_at=parse_moment(row["compared_at"]),
            known_name=_other_name(row["name"], row["known_name"]),
        )
        for row in tax_rows.open_findings(office.conn, kind)
    ]


def _other_name(listed: str, known: str | None) -> str:
    differs = listed and known is not None and same_name(known, listed) is None
    return known or "" if differs else ""


def accept_all(
    office: Office,
    actor: Actor,
    findings: tuple[Finding, ...],
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Acceptance:
    """Take over every payment that is only there and was allowed at its own moment.

    Each is a transaction of its own and is done once, however often it is asked for.
    """
    wanted: list[tuple[Finding | OpenFinding, str]] = []
    for found in findings:
        if found.kind == "only_there":
            row = tax_rows.finding_by_fingerprint(office.conn, found.fingerprint)
            if row is not None and row["settled_at"] is None:
                wanted.append((found, row["uid"]))
    return _accept_each(office, actor, wanted, progress, cancelled)


def accept_open(
    office: Office,
    actor: Actor,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Acceptance:
    """Take over every open payment that is only there, of whichever list, as `accept_all` does."""
    wanted = [(found, found.uid) for found in open_findings(office, "only_there")]
    return _accept_each(office, actor, wanted, progress, cancelled)


def _accept_each(
    office: Office,
    actor: Actor,
    wanted: Sequence[tuple[Finding | OpenFinding, str]],
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Acceptance:
    accepted = 0
    refused: list[tuple[Finding | OpenFinding, str]] = []
    for number, (found, uid) in enumerate(wanted, 1):
        if cancelled is not None and cancelled():
            break
        try:
            accept(office, actor, uid)
            accepted += 1
        except DeskError as error:
            refused.append((found, _(error.message, **error.values)))
        if progress is not None:
            progress(number, len(wanted))
    return Acceptance(accepted, tuple(refused))


def accept(office: Office, actor: Actor, finding_uid: str) -> str:
    """Take over one payment that is only there, as of the moment it was taken; give its receipt.

    It keeps the bureau's channel and number. Raises QuoteRefusedError where the policy did not
    allow it then, RuleError where it asks for another sum or the list gives no day.
    """
    row = _open(office, finding_uid)
    if row["kind"] != "only_there" or row["resident_id"] is None:
        raise RuleError(N_("Only a payment that is missing here can be taken over."), code="kind")
    if row["paid_at"] is None:
        raise RuleError(
            N_("The list does not say when this was paid; the rules of that day are not known."),
            code="no-day",
        )
    payment = pay(office, actor, _order(office, row))
    with work(office, actor) as w:
        entry = money_rows.entry_by_uid(w.conn, payment.lines[0].entry_uid)
        if entry is None:
            raise AssertionError("a payment just taken must be found")
        tax_rows.settle(w.conn, finding_uid, w.moment, actor.staff_id, "", entry["id"])
        w.note("tax.accepted", finding_uid, {"entry": entry["uid"]})
    return payment.receipt.number


def _order(office: Office, row: Row) -> PaymentOrder:
    """Give the payment of a finding. Raises RuleError where the policy asked for another sum."""
    at = _paid_at(office, row["paid_at"])
    due_fen = quotes.quote_for(office, row["resident_id"], at=at).due_fen
    if due_fen is not None and due_fen != row["listed_fen"]:
        raise RuleError(
            N_("The bureau collected {listed} yuan; the policy asked for {due} yuan on that day."),
            code="amount",
            listed=format_yuan(row["listed_fen"]),
            due=format_yuan(due_fen),
        )
    return PaymentOrder(
        resident_ids=(row["resident_id"],),
        channel=surplus.channel_of(row),
        voucher=row["voucher"][:60],
        expected_due_fen=row["listed_fen"],
        paid_at=at,
        operation_key=f"tax:{row['fingerprint']}",
    )


def settle(office: Office, actor: Actor, finding_uid: str, why: str) -> None:
    """Settle a difference by a reason. Raises UsageError without one, NotFoundError."""
    if not why.strip():
        raise UsageError(N_("Settling a difference needs a reason."))
    with work(office, actor) as w:
        _open(office, finding_uid)
        tax_rows.settle(w.conn, finding_uid, w.moment, actor.staff_id, why.strip())
        w.note("tax.settled", finding_uid, {"why": why.strip()})


def record_duplicate(office: Office, actor: Actor, finding_uid: str) -> str:
    """Record a second payment of a person as surplus, so that it can be refunded; give its entry.

    The enrolment stays as it is; the surplus is the person's own money alone. Raises RuleError for
    another kind of difference or a person without an enrolment.
    """
    with work(office, actor) as w:
        row = _open(office, finding_uid)
        live = (
            money_rows.live_enrolment(w.conn, row["resident_id"], office.year)
            if row["kind"] == "twice" and row["resident_id"] is not None
            else None
        )
        if live is None or row["year"] != office.year:
            raise RuleError(
                N_("Only a second payment of somebody enrolled can be recorded as surplus."),
                code="kind",
            )
        key = f"tax:{row['fingerprint']}"
        entry_id, entry_uid = surplus.record(w, office, row, live, key)
        w.note(
            "payment.duplicate",
            entry_uid,
            {
                "operation": key,
                "finding": finding_uid,
                "amount_fen": row["listed_fen"],
                "digest": ledger_digest.digest(w.conn, key),
            },
        )
        tax_rows.settle(w.conn, finding_uid, w.moment, actor.staff_id, "", entry_id)
        w.note("tax.accepted", finding_uid, {"entry": entry_uid})
    return entry_uid


def _keep(
    w: Work, read: SheetResult[TaxRow], compared: tax_compare.Comparison, books: Books
) -> tuple[Finding, ...]:
    """Keep the comparison and give its findings as they are kept."""
    uid = new_uid()
    span = compared.span
    list_id = tax_rows.insert_list(
        w.conn,
        uid=uid,
        file_name=file_name(read.path),
        sha256=read.sha256,
        from_on=span[0].isoformat() if span else None,
        to_on=span[1].isoformat() if span else None,
        at=w.moment,
        staff_id=w.actor.staff_id,
        rows=read.data_rows,
        counts=compared.counts,
    )
    findings = tuple(_again(w, found) for found in compared.findings)
    tax_rows.insert_findings(w.conn, list_id, (found.to_row() for found in findings))
    settled = _settle_what_agrees_now(w, compared, books)
    w.note(
        "tax.compared",
        uid,
        {"sha256": read.sha256, "counts": dict(compared.counts), "settled": settled},
    )
    return findings


def _again(w: Work, found: Finding) -> Finding:
    """Give a difference that comes again, after what had settled it was taken back, as a new one.

    What a person settled with a reason stays settled.
    """
    newest = tax_rows.newest_of(w.conn, found.fingerprint)
    if newest is None:
        return found
    fingerprint, moved = newest["fingerprint"], newest["why"] == OTHER_NOW
    if moved or (newest["settled_at"] is not None and newest["ended_by"] == "reversal"):
        first, _mark, number = fingerprint.partition("#")
        fingerprint = f"{first}#{int(number or 0) + 1}"
    return replace(found, fingerprint=fingerprint)


OTHER_NAMES: Final = N_("{count} rows name somebody else than their number has here; look at rows:")

AGREES_NOW: Final = "agrees with a later list"
OTHER_NOW: Final = "stands otherwise in a later list"
GIVEN_BACK: Final = "given back by the bureau"
TAKEN_BACK: Final = "taken back here since"


def _settle_what_agrees_now(w: Work, compared: tax_compare.Comparison, books: Books) -> int:
    """Settle findings of earlier lists that this one shows to agree, or to be something else."""
    standing = {payment["id"] for payment in books.standing.values()}
    settled = 0
    for row in tax_rows.open_findings(w.conn):
        key = tuple(row[name] for name in _KEY)
        kind, entry_id = compared.seen.get(key, (row["kind"], None))
        why = ""
        if row["kind"] == "only_here":
            if row["entry_id"] in compared.listed_entries:
                why, entry_id = AGREES_NOW, row["entry_id"]
            elif row["entry_id"] not in standing:
                why = TAKEN_BACK
        elif row["kind"] == "twice":
            continue
        elif kind != row["kind"]:
            why = AGREES_NOW if kind == "matched" and entry_id is not None else OTHER_NOW
        elif kind == "only_there" and key[:3] in compared.given_back:
            why = GIVEN_BACK
        elif kind == "amount_differs" and key not in compared.seen:
            why = "" if row["entry_id"] in standing else TAKEN_BACK
        if why:
            tax_rows.settle(w.conn, row["uid"], w.moment, w.actor.staff_id, why, entry_id)
            settled += 1
    return settled


_KEY: Final = ("document_number", "year", "listed_fen", "voucher", "paid_at")


def _paid_at(office: Office, text: str) -> datetime:
    """Give when a listed payment was taken; of today no later than now, noon being a stand-in."""
    at, now = parse_moment(text), office.now()
    return min(at, now) if day_of(at) == day_of(now) else at


def _open(office: Office, finding_uid: str) -> Row:
    row = tax_rows.finding(office.conn, finding_uid)
    if row is None:
        raise NotFoundError(N_("There is no such difference."))
    if row["settled_at"] is not None:
        raise RuleError(N_("This difference has been settled already."), code="settled")
    return row
