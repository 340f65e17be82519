"""Receipt books: every number is in one place, used or voided once, and accounted for."""

from __future__ import annotations

import pytest

from tests.support import Desk
from townshipdesk.domain.errors import NotPermittedError, RuleError, UsageError
from townshipdesk.printing.receipt_text import receipt_text
from townshipdesk.services import books, staffing
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.printouts import receipt_on_paper
from townshipdesk.services.reversals import reverse
from townshipdesk.services.verify import verify
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


def held_by_clerk(desk: Desk, who: str, first: str = "ZY000111", last: str = "ZY000113") -> None:
    books.issue(desk.office, desk.supervisor, first, last, staff_name=who)


def test_the_next_number_is_the_clerks_own_then_the_offices_and_of_a_village_its_own(
    stocked: Desk,
) -> None:
    assert books.next_for_clerk(stocked.office, stocked.clerk) is None
    held_by_clerk(stocked, "supervisor", "ZY000121", "ZY000122")
    shared = books.next_for_clerk(stocked.office, stocked.clerk)
    assert shared is not None
    assert (shared.number, shared.left) == ("ZY000121", 2)
    held_by_clerk(stocked, "clerk")
    own = books.next_for_clerk(stocked.office, stocked.clerk)
    assert own is not None
    assert (own.number, own.left) == ("ZY000111", 3)
    of_village = books.next_for_village_of(stocked.office, stocked.add_resident())
    assert of_village is not None
    assert of_village.number == "ZY000101"


def test_a_number_left_out_comes_next_and_a_range_that_is_used_up_or_written_off_never(
    stocked: Desk,
) -> None:
    held_by_clerk(stocked, "clerk")
    for number, following in (("ZY000112", "ZY000111"), ("ZY000111", "ZY000113")):
        pay(
            stocked.office,
            stocked.clerk,
            PaymentOrder((stocked.add_resident(),), "cash", paper=number),
        )
        found = books.next_for_clerk(stocked.office, stocked.clerk)
        assert found is not None
        assert found.number == following
    held = next(one for one in books.issues(stocked.office) if one.first == "ZY000111")
    books.write_off(stocked.office, stocked.supervisor, held.uid, returned=1)
    assert books.next_for_clerk(stocked.office, stocked.clerk) is None


def test_nobody_writes_on_another_clerks_numbers(stocked: Desk) -> None:
    staffing.add(
        stocked.office,
        stocked.supervisor,
        name="other",
        shown_name="另一人",
        role="clerk",
        password="long enough",
    )
    held_by_clerk(stocked, "other")
    with pytest.raises(RuleError) as error:
        paid_on(stocked, "ZY000111")
    assert error.value.code == "issued-elsewhere"
    assert error.value.values["holder"] == "另一人"


def test_the_receipt_says_on_which_number_it_was_written(stocked: Desk) -> None:
    order = PaymentOrder((stocked.add_resident(),), "cash", paper="zy101")
    paid = pay(stocked.office, stocked.clerk, order)
    assert paid.receipt.paper == "ZY000101"
    assert "票据号：ZY000101" in receipt_text(receipt_on_paper(paid.receipt))
    again = pay(stocked.office, stocked.clerk, order)
    assert again.already
    assert again.receipt.paper == "ZY000101"
    assert {problem.code for problem in verify(stocked.office)} <= {"readings"}


def test_the_number_of_a_household_is_voided_when_one_of_them_is_taken_back(stocked: Desk) -> None:
    people = tuple(stocked.add_resident() for _one in range(2))
    paid = pay(stocked.office, stocked.clerk, PaymentOrder(people, "cash", paper="ZY000101"))
    reverse(stocked.office, stocked.clerk, paid.lines[1].entry_uid, "认错人")
    books.void(stocked.office, stocked.clerk, "ZY000101", "户内一人退回", 3)
    (held,) = books.issues(stocked.office)
    assert (held.used, held.void) == (0, 1)


def test_a_number_waits_to_be_voided_from_the_moment_its_payment_is_taken_back(
    stocked: Desk,
) -> None:
    entry = paid_on(stocked, "ZY000101")
    assert books.to_void(stocked.office) == ()
    reverse(stocked.office, stocked.clerk, entry, "认错人")
    assert books.to_void(stocked.office) == ("ZY000101",)
    books.void(stocked.office, stocked.clerk, "ZY000101", "退回", 3)
    assert books.to_void(stocked.office) == ()
