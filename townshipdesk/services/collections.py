"""What villages, schools and departments collect: ledger and cash, gate after gate (村组代收).

The ledger comes in and is compared with the register and the policy; heads and money, paper and
file are counted and must agree (人款相符、纸电相符); where the policy wants it the county reviews;
then the deposit is recorded; only then everybody is entered with the village's receipt numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import day_of, parse_moment
from townshipdesk.domain.errors import NotFoundError, RuleError, UsageError
from townshipdesk.domain.money import format_yuan
from townshipdesk.i18n import N_, _
from townshipdesk.services import collection_check as check
from townshipdesk.services.collection_check import Counted, Difference
from townshipdesk.services.collection_entering import Entered, enter_rows, settle_deposit
from townshipdesk.services.imports import columns
from townshipdesk.services.work import Work, check_year, work
from townshipdesk.sheets.given import file_name
from townshipdesk.sheets.result import SheetKind
from townshipdesk.store import collection_rows, tax_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.sheets.ledger import LedgerRow
    from townshipdesk.sheets.result import Progress, Rejection, SheetResult
    from townshipdesk.store.driver import Row

KINDS: Final = {"village": "village-household", "school": "school", "department": None}
"""Who collects, and the payer group of those who paid there (None: the person's own)."""

PAGE_TOTAL: Final = "本页"
"""In the label of the sum under each page (本页小计): a file with such sums tells its pages."""

STATES: Final = ("received", "counted", "reviewed", "deposited", "entered", "withdrawn")


@dataclass(frozen=True, slots=True)
class Collection:
    """A ledger that came in and how far it is. `amount_fen` is what its rows say was collected."""

    uid: str
    kind: str
    body: str
    village_code: str | None
    file: str
    state: str
    needs_review: bool
    heads: int
    amount_fen: int
    received_at: datetime
    first_paid_on: date | None

    def days_out(self, today: date) -> int:
        """How many days the oldest of its cash has been out; 0 once it is at the bank."""
        if self.first_paid_on is None or self.state in ("deposited", "entered", "withdrawn"):
            return 0
        return max(0, (today - self.first_paid_on).days)


@dataclass(frozen=True, slots=True)
class Received:
    """A ledger that has just come in: `rejections` are rows that could not be read."""

    collection: Collection
    rejections: tuple[Rejection, ...]
    differences: tuple[Difference, ...]


def receive(
    office: Office,
    actor: Actor,
    path: Path,
    *,
    kind: str = "village",
    village_code: str | None = None,
    body: str = "",
    needs_review: bool | None = None,
    read: SheetResult[LedgerRow] | None = None,
    progress: Callable[[Progress], None] | None = None,
    compared: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Received:
    """Take in a ledger: its rows are kept as written, nothing is entered yet.

    `needs_review`: the county reviews before the deposit; None takes it from the policy. `read` is
    what was read of the file already, its columns confirmed by a person; `progress` is told how far
    the reading is, `compared` how many rows of how many have been compared. Raises BadFileError,
    NotFoundError for an unknown village, RuleError for a file that is in already. A ledger with
    rows that cannot be read does not come in: it comes whole or not at all.
    """
    from townshipdesk.sheets.reader import read_ledger

    if kind not in KINDS or (kind == "village") != (village_code is not None):
        raise UsageError(
            N_("A ledger is a village's, or a school's or department's with its name.")
        )
    if read is None:
        read = read_ledger(
            path,
            today=office.today(),
            mapping=columns.remembered(office, SheetKind.CONTRIBUTIONS),
            progress=progress,
            cancelled=cancelled,
        )
    if read.rejections:
        return Received(_nothing(office, kind, body, path), tuple(read.rejections), ())
    review = _policy_wants_review(office) if needs_review is None else needs_review
    with work(office, actor) as w:
        before = collection_rows.same_file(w.conn, read.sha256, office.year)
        if before is not None:
            raise RuleError(N_("This very file has come in already."), code="same-file")
        uid = new_uid()
        people = tax_rows.residents_of(w.conn, (row.number for row in read.rows))
        collection_rows.insert(
            w.conn,
            uid=uid,
            kind=kind,
            village_id=_village_id(w, village_code),
            body=body.strip(),
            year=office.year,
            needs_review=review,
            file_name=file_name(path),
            sha256=read.sha256,
            at=w.moment,
            staff_id=actor.staff_id,
            rows=(_new_row(row, people.get(row.number), w.at) for row in _as_written(read)),
        )
        pages = sum(1 for total in read.totals if PAGE_TOTAL in total.label)
        detail = {"sha256": read.sha256, "rows": len(read.rows), "pages": pages}
        w.note("collection.received", uid, detail)
    found = differences(office, uid, compared, cancelled)
    return Received(collection(office, uid), (), tuple(found))


def differences(
    office: Office,
    uid: str,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Difference]:
    """Compare every row with the register and the policy as of the day it was paid, by person.

    Where it is stopped it gives what it has found so far.
    """
    row = row_of(office, uid)
    return check.differences(
        office,
        collection_rows.rows(office.conn, row["id"]),
        row["village_id"],
        KINDS[row["kind"]],
        progress,
        cancelled,
    )


def set_aside(office: Office, actor: Actor, uid: str, row_number: int, why: str) -> None:
    """Leave a row out, with a reason: it goes back to the village with its money."""
    if not why.strip():
        raise UsageError(N_("Setting a row aside needs a reason."))
    with work(office, actor) as w:
        found = row_of(office, uid)
        _check_state(office, found, "received")
        rows = {row["id"]: row for row in collection_rows.rows(w.conn, found["id"])}
        if row_number not in rows or rows[row_number]["aside_why"] is not None:
            raise NotFoundError(N_("There is no such row, or it has been set aside already."))
        collection_rows.insert_aside(w.conn, row_number, w.moment, actor.staff_id, why.strip())
        w.note("collection.aside", uid, {"row": rows[row_number]["row"], "why": why.strip()})


def count(office: Office, actor: Actor, uid: str, counted: Counted) -> Collection:
    """Pass the first gate: no difference is open, and paper, file, heads and cash agree.

    Raises RuleError naming every count that differs, or how many people differ.
    """
    with work(office, actor) as w:
        found = row_of(office, uid)
        _check_state(office, found, "received")
        open_differences = differences(office, uid)
        if open_differences:
            raise RuleError(
                N_("{count} people differ; mend the ledger or set their rows aside."),
                code="differences",
                count=len(open_differences),
            )
        pages = collection_rows.pages_told(w.conn, uid)
        wrong = check.disagreements(collection_rows.rows(w.conn, found["id"]), counted, pages)
        if wrong:
            raise RuleError(
                N_("Paper, file and cash do not agree: {what}."),
                code="counts-differ",
                what=_("; ").join(wrong),
            )
        _pass(w, found, "counted", counted.to_json())
    return collection(office, uid)


def review(office: Office, actor: Actor, uid: str, document: str) -> Collection:
    """Record the county's review (复核). A supervisor only, with the number of its paper."""
    if not document.strip():
        raise UsageError(N_("The review needs the number of its paper."))
    with work(office, actor, supervisor=True) as w:
        found = row_of(office, uid)
        _check_state(office, found, "counted")
        _pass(w, found, "reviewed", {"document": document.strip()})
    return collection(office, uid)


def record_deposit(
    office: Office, actor: Actor, uid: str, amount_fen: int, bank_reference: str, on: date
) -> Collection:
    """Record that the village paid the money into the bank: all of it, to the fen.

    Raises RuleError before the gates are passed or for another sum than was counted.
    """
    _check_reference(bank_reference)
    with work(office, actor) as w:
        found = row_of(office, uid)
        _check_state(office, found, "reviewed" if found["needs_review"] else "counted")
        due_fen = check.amount_fen(collection_rows.rows(w.conn, found["id"]))
        if amount_fen != due_fen:
            raise RuleError(
                N_("{due} yuan were counted; {amount} yuan are not all of it."),
                code="deposit-differs",
                due=format_yuan(due_fen),
                amount=format_yuan(amount_fen),
            )
        _check_day(w, on)
        detail = {"reference": bank_reference.strip(), "on": on.isoformat(), "fen": amount_fen}
        _pass(w, found, "deposited", detail)
    return collection(office, uid)


def correct_deposit(
    office: Office, actor: Actor, uid: str, bank_reference: str, on: date, why: str
) -> Collection:
    """Put the bank's reference and day of a deposit right, as a supervisor, with a reason.

    Until the ledger is entered; after that its deposits are taken back like all others
    (`deposits.take_back`). The sum is what was counted and stays. Raises RuleError `same` where
    nothing would change.
    """
    _check_reference(bank_reference)
    if not why.strip():
        raise UsageError(N_("Correcting a deposit needs a reason."))
    right = collection_rows.Deposited(bank_reference.strip(), on.isoformat(), why.strip())
    with work(office, actor, supervisor=True) as w:
        found = row_of(office, uid)
        _check_state(office, found, "deposited")
        _check_day(w, on)
        stands = collection_rows.deposited(w.conn, found["id"])
        if stands is None or stands[:2] == right[:2]:
            raise RuleError(N_("This is what stands there already."), code="same")
        collection_rows.insert_correction(w.conn, found["id"], right, w.moment, actor.staff_id)
        detail = {"reference": right.bank_reference, "on": right.deposited_on, "why": right.why}
        before = {"reference": stands.bank_reference, "on": stands.deposited_on}
        w.note("collection.corrected", uid, {**detail, "before": before})
    return collection(office, uid)


def enter(
    office: Office,
    actor: Actor,
    uid: str,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    *,
    leave_out: bool = False,
) -> Entered:
    """Enrol everybody of a deposited ledger, receipt by receipt; can be stopped and taken up again.

    Each receipt is a transaction of its own with a key of its own, so that nobody is entered twice
    and other desks wait no longer than for one payment. Where somebody cannot be entered the ledger
    stays open, to be tried again, unless they are to be left out: their money goes back.
    """
    found = row_of(office, uid)
    _check_state(office, found, "deposited")
    entered = enter_rows(
        office,
        actor,
        found,
        collection_rows.rows(office.conn, found["id"]),
        KINDS[found["kind"]],
        progress,
        cancelled,
        leave_out=leave_out,
    )
    if not entered.complete or (entered.left_out and not leave_out):
        return replace(entered, complete=False)
    with work(office, actor) as w:
        settle_deposit(w, found)
        left_out = len(entered.left_out)
        _pass(w, found, "entered", {"enrolled": entered.enrolled, "left_out": left_out})
    return entered


def withdraw(office: Office, actor: Actor, uid: str, why: str) -> Collection:
    """Give a ledger back to the village before its money is at the bank."""
    if not why.strip():
        raise UsageError(N_("Giving a ledger back needs a reason."))
    with work(office, actor) as w:
        found = row_of(office, uid)
        _check_state(office, found, "received", "counted", "reviewed")
        _pass(w, found, "withdrawn", {"why": why.strip()})
    return collection(office, uid)


def collection(office: Office, uid: str) -> Collection:
    """Give one collection. Raises NotFoundError."""
    for found in collections(office):
        if found.uid == uid:
            return found
    raise NotFoundError(N_("There is no such ledger."))


def collections(office: Office) -> list[Collection]:
    """Give all collections of the year, newest first."""
    return [_from_row(office, row) for row in collection_rows.every(office.conn, office.year)]


def _from_row(office: Office, row: Row) -> Collection:
    return Collection(
        uid=row["uid"],
        kind=row["kind"],
        body=row["village_name"] or row["body"],
        village_code=row["village_code"],
        file=row["file_name"],
        state=_state(office, row),
        needs_review=bool(row["needs_review"]),
        heads=row["heads"],
        amount_fen=row["amount_fen"],
        received_at=parse_moment(row["received_at"]),
        first_paid_on=day_of(parse_moment(row["first_paid"])) if row["first_paid"] else None,
    )


def _nothing(office: Office, kind: str, body: str, path: Path) -> Collection:
    name = file_name(path)
    return Collection("", kind, body, None, name, "received", False, 0, 0, office.now(), None)


def _policy_wants_review(office: Office) -> bool:
    return any(
        channel.code == "village" and channel.county_review for channel in office.policy.channels
    )


def row_of(office: Office, uid: str) -> Row:
    """Give what is kept of a ledger. Raises NotFoundError."""
    row = collection_rows.by_uid(office.conn, uid)
    if row is None:
        raise NotFoundError(N_("There is no such ledger."))
    return row


def _state(office: Office, row: Row) -> str:
    taken = collection_rows.steps(office.conn, row["id"])
    return next((state for state in reversed(STATES) if state in taken), "received")


def _check_reference(bank_reference: str) -> None:
    if not bank_reference.strip():
        raise UsageError(N_("A deposit needs the bank's reference."))


def _check_day(w: Work, on: date) -> None:
    if on > w.day:
        raise UsageError(N_("A deposit cannot be of a day to come."))


def _check_state(office: Office, row: Row, *allowed: str) -> None:
    check_year(office, row["year"])
    if _state(office, row) not in allowed:
        raise RuleError(N_("This step is not the next one of this ledger."), code="gate")


def _pass(w: Work, row: Row, step: str, detail: dict[str, object]) -> None:
    collection_rows.insert_step(w.conn, row["id"], step, w.moment, w.actor.staff_id, detail)
    w.note(f"collection.{step}", row["uid"], detail)


def _village_id(w: Work, code: str | None) -> int | None:
    if code is None:
        return None
    row = w.conn.execute("SELECT id FROM village WHERE code = ?", (code,)).fetchone()
    if row is None:
        raise NotFoundError(N_("There is no village {code}."), code=code[:20])
    return int(row[0])


def _as_written(read: SheetResult[LedgerRow]) -> list[LedgerRow]:
    """Give the rows as they stand in the file: who shares a receipt stands together there.

    The reading hands a row on later where only the whole table tells whether to believe its number.
    """
    order = {sheet: place for place, sheet in enumerate(read.sheets)}
    return sorted(read.rows, key=lambda row: (order.get(row.sheet, 0), row.row))


def _new_row(row: LedgerRow, resident_id: int | None, now: datetime) -> collection_rows.NewRow:
    return collection_rows.NewRow(
        row.sheet,
        row.row,
        resident_id,
        row.number,
        row.name,
        row.household,
        row.own_fen,
        row.receipt,
        check.paid_at(row.paid_on, row.paid_time, now),
    )
