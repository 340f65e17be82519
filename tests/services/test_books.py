"""Receipt books: every number is in one place, used or voided once, and accounted for."""

from __future__ import annotations

import pytest

from tests.support import Desk
from townshipdesk.domain.errors import NotPermittedError, RuleError, UsageError
from townshipdesk.services import books
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.reversals import reverse
from townshipdesk.store.driver import sqlite3

VILLAGE = "532399200201"


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    books.receive(desk.office, desk.supervisor, "筹资专用收据", "ZY000101", "ZY000200")
    books.issue(desk.office, desk.supervisor, "ZY000101", "ZY000110", village_code=VILLAGE)
    return desk


def paid_on(desk: Desk, number: str) -> str:
    order = PaymentOrder((desk.add_resident(),), "village", paper=number)
    return pay(desk.office, desk.clerk, order).lines[0].entry_uid


def test_what_is_outstanding_is_counted_from_what_was_used_and_voided(stocked: Desk) -> None:
    paid_on(stocked, "ZY000101")
    books.void(stocked.office, stocked.clerk, "zy000102", "写错姓名", 3)
    (held,) = books.issues(stocked.office)
    assert (held.size, held.used, held.void, held.outstanding) == (10, 1, 1, 8)
    assert (held.first, held.last, held.holder) == ("ZY000101", "ZY000110", "青杠村委会")


@pytest.mark.parametrize("number", ["ZY000101", "ZY000150", "ZY000999"])
def test_a_number_is_used_once_and_only_after_it_was_issued(stocked: Desk, number: str) -> None:
    paid_on(stocked, "ZY000101")
    before = stocked.count("entry")
    with pytest.raises(RuleError):
        paid_on(stocked, number)
    assert stocked.count("entry") == before


def test_another_villages_receipts_are_refused(stocked: Desk) -> None:
    person = stocked.add_resident(village_id=2)
    with pytest.raises(RuleError) as error:
        pay(stocked.office, stocked.clerk, PaymentOrder((person,), "village", paper="ZY000103"))
    assert error.value.code == "issued-elsewhere"


def test_a_used_number_is_voided_only_after_its_payment_was_taken_back(stocked: Desk) -> None:
    entry = paid_on(stocked, "ZY000101")
    with pytest.raises(RuleError) as error:
        books.void(stocked.office, stocked.clerk, "ZY000101", "退回", 3)
    assert error.value.code == "payment-stands"
    reverse(stocked.office, stocked.clerk, entry, "认错人")
    books.void(stocked.office, stocked.clerk, "ZY000101", "退回", 3)
    (held,) = books.issues(stocked.office)
    assert (held.used, held.void) == (0, 1)


def test_writing_off_needs_every_number_accounted_for(stocked: Desk) -> None:
    paid_on(stocked, "ZY000101")
    (held,) = books.issues(stocked.office)
    with pytest.raises(RuleError) as error:
        books.write_off(stocked.office, stocked.supervisor, held.uid, 8)
    assert error.value.values["missing"] == 1
    done = books.write_off(stocked.office, stocked.supervisor, held.uid, 9)
    assert done.outstanding == 0
    with pytest.raises(RuleError):
        paid_on(stocked, "ZY000102")


@pytest.mark.parametrize(
    ("first", "last"),
    [("ZY000100", "ZY000101"), ("ZY000200", "ZY000300"), ("ZY000120", "ZY000130")],
)
def test_books_never_overlap(stocked: Desk, first: str, last: str) -> None:
    with pytest.raises(RuleError):
        books.receive(stocked.office, stocked.supervisor, "收据", first, last)


@pytest.mark.parametrize(
    ("first", "last"),
    [("ZY000105", "ZY000106"), ("ZY000110", "ZY000120"), ("ZY000199", "ZY000201")],
)
def test_a_range_is_issued_once_and_from_one_book(stocked: Desk, first: str, last: str) -> None:
    with pytest.raises(RuleError):
        books.issue(stocked.office, stocked.supervisor, first, last, staff_name="clerk")


@pytest.mark.parametrize(
    ("first", "last"), [("1", "20"), ("ZY2", "ZY1"), ("A1", "B2"), ("0", "0"), ("x", "y")]
)
def test_a_range_that_cannot_be_is_named(desk: Desk, first: str, last: str) -> None:
    with pytest.raises(UsageError):
        books.receive(desk.office, desk.supervisor, "收据", first, last)


def test_only_a_supervisor_handles_books(desk: Desk) -> None:
    with pytest.raises(NotPermittedError):
        books.receive(desk.office, desk.clerk, "收据", "001", "050")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE book SET last = 9999",
        "DELETE FROM book_issue",
        "INSERT INTO book_issue (uid, book_id, first, last, holder_id, issued_at, issued_by)"
        " VALUES ('x', 1, 105, 106, 1, 'x', 1)",
        "INSERT INTO paper (issue_id, number, state, copies_kept, why, recorded_at, recorded_by)"
        " VALUES (1, 999, 'void', 3, 'x', 'x', 1)",
        "INSERT INTO book_write_off (issue_id, used, void, returned, written_off_at,"
        " written_off_by) VALUES (1, 1, 1, 1, 'x', 1)",
    ],
)
def test_the_database_itself_keeps_the_books(stocked: Desk, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        stocked.office.conn.execute(statement)
