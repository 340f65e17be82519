"""Pre-numbered receipt books (票据): received, issued (领用), used, voided, written off (核销)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import NotFoundError, RuleError, UsageError
from townshipdesk.services.work import Work, work
from townshipdesk.store import book_rows, fact_rows, money_rows, staff_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.store.driver import Row

LARGEST_BOOK: Final = 100_000
_NUMBER: Final = re.compile(r"([A-Za-z\u4e00-\u9fff-]{0,12})([0-9]{1,12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PaperNumber:
    """A printed number: prefix, value, and how many digits it is printed with."""

    prefix: str
    value: int
    width: int

    def __str__(self) -> str:
        return f"{self.prefix}{self.value:0{self.width}d}"


@dataclass(frozen=True, slots=True)
class Issue:
    """A range in somebody's hands, and how many of its numbers were used, voided or are left."""

    uid: str
    name: str
    first: str
    last: str
    size: int
    holder: str
    village_code: str | None
    received_by: str
    issued_at: datetime
    used: int
    void: int
    returned: int
    written_off_at: datetime | None
    checker: str

    @property
    def outstanding(self) -> int:
        """How many numbers are still out: neither used, voided nor handed back."""
        return self.size - self.used - self.void - self.returned


@dataclass(frozen=True, slots=True)
class Book:
    """A book as it came in: how many of its numbers were issued, and the first that was not."""

    uid: str
    name: str
    first: str
    last: str
    size: int
    issued: int
    next_free: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class NextPaper:
    """The number to be written next, in whose hands it is, and at most how many are left."""

    number: str
    holder: str
    left: int


def read_number(text: str) -> PaperNumber:
    """Read a printed receipt number such as ZY0001234. Raises UsageError."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None or int(match[2]) == 0:
        raise UsageError("A receipt number looks like 0001234 or ZY0001234.")
    return PaperNumber(match[1].upper(), int(match[2]), len(match[2]))


def receive(office: Office, actor: Actor, name: str, first: str, last: str) -> None:
    """Record that a book came from the finance office; a supervisor only.

    Raises RuleError when some of its numbers are here already, UsageError for a bad range.
    """
    start, end = _range(first, last)
    if not name.strip():
        raise UsageError("A receipt book needs its name.")
    with work(office, actor, supervisor=True) as w:
        held = book_rows.overlapping_book(w.conn, start.prefix, start.value, end.value)
        if held is not None:
            raise RuleError(
                "Some of these numbers are in another book already ({first}–{last}).",
                code="book-overlaps",
                first=_shown(held, held["first"]),
                last=_shown(held, held["last"]),
            )
        uid = new_uid()
        book_rows.insert_book(
            w.conn,
            uid=uid,
            name=name.strip(),
            prefix=start.prefix,
            first=start.value,
            last=end.value,
            width=start.width,
            at=w.moment,
            staff_id=actor.staff_id,
        )
        w.note("book.received", uid, {"first": str(start), "last": str(end)})


def issue(
    office: Office,
    actor: Actor,
    first: str,
    last: str,
    *,
    village_code: str | None = None,
    staff_name: str | None = None,
    received_by: str = "",
) -> Issue:
    """Put a range into the hands of a village or a clerk (领用).

    Raises RuleError when it is not in one book or partly out already, NotFoundError for an
    unknown village or clerk, UsageError unless exactly one of them is named.
    """
    start, end = _range(first, last)
    if (village_code is None) == (staff_name is None):
        raise UsageError("A range of receipts goes to one village or to one clerk.")
    with work(office, actor, supervisor=True) as w:
        book = book_rows.book_holding(w.conn, start.prefix, start.value, end.value)
        if book is None:
            raise RuleError("These numbers are not all in one book.", code="not-in-book")
        out = book_rows.overlapping_issue(w.conn, book["id"], start.value, end.value)
        if out is not None:
            raise RuleError(
                "Some of these numbers are out already ({first}–{last}, {holder}).",
                code="issued-already",
                first=_shown(out, out["first"]),
                last=_shown(out, out["last"]),
                holder=out["village_name"] or out["holder_name"],
            )
        uid = new_uid()
        book_rows.insert_issue(
            w.conn,
            uid=uid,
            book_id=book["id"],
            first=start.value,
            last=end.value,
            village_id=_village(w, village_code),
            holder_id=_holder(w, staff_name),
            received_by=received_by.strip(),
            at=w.moment,
            staff_id=actor.staff_id,
        )
        w.note(
            "book.issued",
            uid,
            {
                "first": str(start),
                "last": str(end),
                "village": village_code,
                "staff": staff_name,
            },
        )
        return _from_row(_issue(w, uid))


def next_for_clerk(office: Office, actor: Actor) -> NextPaper | None:
    """Give the number a clerk writes next: of an own range, else of one a supervisor holds.

    What a supervisor signed for is the office's, and everybody at the desk writes on it. None
    where there is no range, or nothing is left of it.
    """
    return _next(book_rows.first_with_papers(office.conn, staff_id=actor.staff_id))


def next_for_village_of(office: Office, resident_id: int) -> NextPaper | None:
    """Give the number that the village of a resident writes next, None where it has no range."""
    resident = fact_rows.resident(office.conn, resident_id)
    if resident is None:
        return None
    return _next(book_rows.first_with_papers(office.conn, village_id=resident["village_id"]))


def _next(row: Row | None) -> NextPaper | None:
    if row is None:
        return None
    return NextPaper(_shown(row, row["next_free"]), row["holder"], row["left"])


def use(w: Work, number: str, entry_id: int, village_id: int | None = None) -> PaperNumber:
    """Record that a payment was written on a number; stands in the payment's transaction.

    Gives the number as it is printed. Raises RuleError for a number that was not issued (to that
    village, to this clerk or to a supervisor for all), is void, used, or written off.
    """
    wanted = read_number(number)
    held = book_rows.issue_holding(w.conn, wanted.prefix, wanted.value)
    if held is None:
        raise RuleError(
            "Receipt {number} was never issued to anybody.", code="not-issued", number=number
        )
    others = held["holder_id"] not in (None, w.actor.staff_id)
    if (others and held["holder_role"] != "supervisor") or (
        village_id is not None and held["village_id"] not in (None, village_id)
    ):
        raise RuleError(
            "Receipt {number} was issued to {holder}.",
            code="issued-elsewhere",
            number=number,
            holder=held["village_name"] or held["holder_name"],
        )
    if book_rows.papers(w.conn, held["id"], wanted.value):
        raise RuleError(
            "Receipt {number} has been used or voided.", code="number-used", number=number
        )
    _record(w, held, wanted, "used", entry_id=entry_id)
    return PaperNumber(wanted.prefix, wanted.value, held["width"])


def void(office: Office, actor: Actor, number: str, why: str, copies_kept: int) -> None:
    """Record that a number was voided (作废), with all its copies kept.

    Raises RuleError for a number that was not issued, is void already, or whose payment stands:
    take the payment back first. UsageError without a reason or copies.
    """
    wanted = read_number(number)
    if not why.strip() or copies_kept < 1:
        raise UsageError("Voiding a receipt needs a reason and the number of copies kept.")
    with work(office, actor) as w:
        held = book_rows.issue_holding(w.conn, wanted.prefix, wanted.value)
        if held is None:
            raise RuleError(
                "Receipt {number} was never issued to anybody.", code="not-issued", number=number
            )
        for paper in book_rows.papers(w.conn, held["id"], wanted.value):
            if paper["state"] == "void":
                raise RuleError("Receipt {number} is void already.", code="void", number=number)
            if _payment_stands(w, paper["entry_id"]):
                raise RuleError(
                    "The payment on receipt {number} stands: take it back first.",
                    code="payment-stands",
                    number=number,
                )
        _record(w, held, wanted, "void", why=why.strip(), copies_kept=copies_kept)
        w.note("book.void", held["uid"], {"number": str(wanted), "copies_kept": copies_kept})


def to_void(office: Office) -> tuple[str, ...]:
    """Give the numbers that are still to be voided: the payment written on them was taken back."""
    return tuple(_shown(row, row["number"]) for row in book_rows.to_void(office.conn))


def write_off(office: Office, actor: Actor, issue_uid: str, returned: int, note: str = "") -> Issue:
    """Write off a range after checking (核销): used, void and returned numbers must add up.

    A supervisor only. Raises RuleError naming how many numbers are unaccounted for.
    """
    with work(office, actor, supervisor=True) as w:
        held = _issue(w, issue_uid)
        if held["written_off_at"] is not None:
            raise RuleError("This range has been written off already.", code="written-off")
        missing = held["size"] - held["used"] - held["void"] - returned
        if missing != 0 or returned < 0:
            raise RuleError(
                "{size} numbers were issued; {used} used, {void} void and {returned} returned "
                "leave {missing} unaccounted for.",
                code="not-adding-up",
                size=held["size"],
                used=held["used"],
                void=held["void"],
                returned=returned,
                missing=missing,
            )
        book_rows.insert_write_off(
            w.conn,
            issue_id=held["id"],
            used=held["used"],
            void=held["void"],
            returned=returned,
            at=w.moment,
            staff_id=actor.staff_id,
            note=note.strip(),
        )
        w.note("book.written-off", issue_uid, {"returned": returned})
        return _from_row(_issue(w, issue_uid))


def issues(office: Office, village_id: int | None = None) -> list[Issue]:
    """Give the ranges in somebody's hands, newest first."""
    return [_from_row(row) for row in book_rows.issues(office.conn, village_id)]


def books(office: Office) -> list[Book]:
    """Give the books that came in, newest first."""
    return [
        Book(
            uid=row["uid"],
            name=row["name"],
            first=_shown(row, row["first"]),
            last=_shown(row, row["last"]),
            size=row["last"] - row["first"] + 1,
            issued=row["issued"],
            next_free=None if row["next_free"] > row["last"] else _shown(row, row["next_free"]),
            received_at=parse_moment(row["received_at"]),
        )
        for row in book_rows.books(office.conn)
    ]


def _range(first: str, last: str) -> tuple[PaperNumber, PaperNumber]:
    start, end = read_number(first), read_number(last)
    if start.prefix != end.prefix or start.width != end.width or end.value < start.value:
        raise UsageError("The two ends of a range have the same form, the smaller first.")
    if end.value - start.value >= LARGEST_BOOK:
        raise UsageError("A range has at most {count} numbers.", count=LARGEST_BOOK)
    return start, end


def _village(w: Work, code: str | None) -> int | None:
    if code is None:
        return None
    row = w.conn.execute("SELECT id FROM village WHERE code = ?", (code,)).fetchone()
    if row is None:
        raise NotFoundError("There is no village {code}.", code=code[:20])
    return int(row[0])


def _holder(w: Work, name: str | None) -> int | None:
    if name is None:
        return None
    row = staff_rows.by_name(w.conn, name)
    if row is None:
        raise NotFoundError("There is no member of staff of that name.")
    return int(row["id"])


def _record(
    w: Work,
    held: Row,
    number: PaperNumber,
    state: str,
    *,
    entry_id: int | None = None,
    why: str = "",
    copies_kept: int | None = None,
) -> None:
    if held["written_off_at"] is not None:
        raise RuleError("This range has been written off already.", code="written-off")
    book_rows.insert_paper(
        w.conn,
        issue_id=held["id"],
        number=number.value,
        state=state,
        entry_id=entry_id,
        copies_kept=copies_kept,
        why=why,
        at=w.moment,
        staff_id=w.actor.staff_id,
    )


def _payment_stands(w: Work, entry_id: int) -> bool:
    """Tell whether the receipt that was written on a number still holds for all who stand on it."""
    issued = money_rows.receipt_written_for(w.conn, entry_id)
    return issued is None or money_rows.receipt_void(w.conn, issued["id"]) is None


def _issue(w: Work, uid: str) -> Row:
    row = book_rows.issue(w.conn, uid)
    if row is None:
        raise NotFoundError("There is no such range of receipts.")
    return row


def _shown(row: Row, value: int) -> str:
    return f"{row['prefix']}{value:0{row['width']}d}"


def _from_row(row: Row) -> Issue:
    return Issue(
        uid=row["uid"],
        name=row["name"],
        first=_shown(row, row["first"]),
        last=_shown(row, row["last"]),
        size=row["size"],
        holder=row["village_name"] or row["holder_name"],
        village_code=row["village_code"],
        received_by=row["received_by"],
        issued_at=parse_moment(row["issued_at"]),
        used=row["used"],
        void=row["void"],
        returned=row["returned"] or 0,
        written_off_at=parse_moment(row["written_off_at"]) if row["written_off_at"] else None,
        checker=row["checker_name"] or "",
    )
