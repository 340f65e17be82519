"""Refunds: asked for by one, approved by another, paid out; every other step is refused."""

from __future__ import annotations

import pytest

from tests.support import Desk
from townshipdesk.domain.errors import NotFoundError, NotPermittedError, RuleError, UsageError
from townshipdesk.services import refunds
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.refunds import RefundRefusedError, RefundRequest
from townshipdesk.store import money_rows
from townshipdesk.store.driver import sqlite3


@pytest.fixture
def person(desk: Desk) -> int:
    """Somebody subsidised who paid in the central window; it is December 2024."""
    resident_id = desk.add_resident()
    desk.add_identity(resident_id, "subsistence-allowance")
    desk.at("2024-10-10T10:00")
    pay(desk.office, desk.clerk, PaymentOrder((resident_id,), "cash"))
    desk.at("2024-12-20T09:00")
    return resident_id


def application(person: int, ground: str = "employee-insurance") -> RefundRequest:
    return RefundRequest(person, ground, payee="杨发贵", account="6200000000000000001")


def requested(desk: Desk, person: int) -> str:
    return refunds.request(desk.office, desk.clerk, application(person)).number


def test_the_whole_way_returns_each_part_to_its_source(desk: Desk, person: int) -> None:
    number = requested(desk, person)
    refunds.approve(desk.office, desk.supervisor, number)
    done = refunds.pay_out(desk.office, desk.clerk, number)
    assert (done.state, done.individual_fen, done.subsidy_fen) == ("paid", 28000, 12000)
    sums = desk.office.conn.execute(
        "SELECT source, sum(amount_fen) FROM entry_part GROUP BY source"
    ).fetchall()
    assert {row[0]: row[1] for row in sums} == {"individual": 0, "medical-assistance": 0}
    assert money_rows.live_enrolment(desk.office.conn, person, 2025) is None


def test_a_duplicate_payment_is_returned_and_the_enrolment_stays(desk: Desk) -> None:
    resident_id = desk.add_resident()
    desk.at("2024-10-10T10:00")
    pay(desk.office, desk.clerk, PaymentOrder((resident_id,), "cash"))
    made = refunds.request(desk.office, desk.clerk, application(resident_id, "duplicate"))
    refunds.approve(desk.office, desk.supervisor, made.number)
    refunds.pay_out(desk.office, desk.clerk, made.number)
    assert money_rows.live_enrolment(desk.office.conn, resident_id, 2025) is not None


def test_from_new_year_on_nothing_is_refunded(desk: Desk, person: int) -> None:
    desk.at("2025-01-01T00:00")
    with pytest.raises(RefundRefusedError) as error:
        requested(desk, person)
    assert error.value.answer.reason == "refund-closed"
    assert desk.count("refund") == 0


def test_an_application_of_december_may_be_paid_in_january(desk: Desk, person: int) -> None:
    number = requested(desk, person)
    desk.at("2025-01-03T09:00")
    refunds.approve(desk.office, desk.supervisor, number)
    assert refunds.pay_out(desk.office, desk.clerk, number).state == "paid"


def test_nobody_approves_what_they_took_in(desk: Desk, person: int) -> None:
    made = refunds.request(desk.office, desk.supervisor, application(person))
    with pytest.raises(NotPermittedError):
        refunds.approve(desk.office, desk.supervisor, made.number)
    with pytest.raises(NotPermittedError):
        refunds.approve(desk.office, desk.clerk, made.number)
    with pytest.raises(sqlite3.IntegrityError):
        desk.office.conn.execute(
            "UPDATE refund SET state = 'approved', decided_at = 'x', decided_by = requested_by"
        )


def test_one_live_refund_for_a_payment(desk: Desk, person: int) -> None:
    number = requested(desk, person)
    with pytest.raises(RuleError) as error:
        requested(desk, person)
    assert error.value.code == "refund-under-way"
    refunds.withdraw(desk.office, desk.clerk, number)
    assert requested(desk, person) == "TF000002"


STEPS = {
    "approve": lambda desk, number: refunds.approve(desk.office, desk.supervisor, number),
    "reject": lambda desk, number: refunds.reject(desk.office, desk.supervisor, number, "材料不全"),
    "withdraw": lambda desk, number: refunds.withdraw(desk.office, desk.clerk, number),
    "pay": lambda desk, number: refunds.pay_out(desk.office, desk.clerk, number),
}
WAYS = {
    "requested": ((), {"approve", "reject", "withdraw"}),
    "approved": (("approve",), {"pay", "withdraw"}),
    "rejected": (("reject",), set()),
    "withdrawn": (("withdraw",), set()),
    "paid": (("approve", "pay"), set()),
}


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("step", STEPS)
def test_only_the_steps_of_the_state_are_possible(
    desk: Desk, person: int, state: str, step: str
) -> None:
    number = requested(desk, person)
    way, allowed = WAYS[state]
    for before in way:
        STEPS[before](desk, number)
    assert refunds.refund(desk.office, number).state == state
    if step in allowed:
        STEPS[step](desk, number)
        assert refunds.refund(desk.office, number).state != state
    else:
        with pytest.raises(RuleError):
            STEPS[step](desk, number)
        assert refunds.refund(desk.office, number).state == state


@pytest.mark.parametrize("old", WAYS)
@pytest.mark.parametrize("new", WAYS)
def test_the_database_refuses_every_other_step(desk: Desk, person: int, old: str, new: str) -> None:
    number = requested(desk, person)
    for before in WAYS[old][0]:
        STEPS[before](desk, number)
    allowed = {
        "requested": {"approved", "rejected", "withdrawn"},
        "approved": {"paid", "withdrawn"},
    }.get(old, set())
    supervisor = desk.supervisor.staff_id
    settled = new in ("paid", "withdrawn")
    decided = new in ("approved", "rejected") or old == "approved"
    statement = (
        "UPDATE refund SET state = ?1, why = 'x',"
        " decided_by = CASE WHEN ?2 THEN coalesce(decided_by, ?4) ELSE decided_by END,"
        " decided_at = CASE WHEN ?2 THEN coalesce(decided_at, 'x') ELSE decided_at END,"
        " settled_by = CASE WHEN ?3 THEN ?4 END, settled_at = CASE WHEN ?3 THEN 'x' END"
    )
    values = (new, decided, settled, supervisor)
    if new in allowed:
        desk.office.conn.execute(statement, values)
    else:
        with pytest.raises(sqlite3.IntegrityError):
            desk.office.conn.execute(statement, values)


def test_rejecting_needs_a_reason_and_a_refund_needs_an_account(desk: Desk, person: int) -> None:
    number = requested(desk, person)
    with pytest.raises(UsageError):
        refunds.reject(desk.office, desk.supervisor, number, " ")
    with pytest.raises(UsageError):
        refunds.request(desk.office, desk.clerk, RefundRequest(person, "death", "", ""))


def test_what_was_never_paid_is_not_refunded(desk: Desk) -> None:
    with pytest.raises(RuleError) as error:
        refunds.check(desk.office, desk.add_resident(), "death")
    assert error.value.code == "nothing-paid"
    with pytest.raises(NotFoundError):
        refunds.refund(desk.office, "TF000009")


def test_the_list_of_what_waits_shows_the_oldest_first(desk: Desk, person: int) -> None:
    first = requested(desk, person)
    other = desk.add_resident("罗小满")
    desk.at("2024-12-21T09:00")
    pay(desk.office, desk.clerk, PaymentOrder((other,), "cash"))
    second = refunds.request(desk.office, desk.clerk, application(other, "death")).number
    refunds.approve(desk.office, desk.supervisor, second)
    assert [item.number for item in refunds.waiting(desk.office)] == [first, second]
    refunds.pay_out(desk.office, desk.clerk, second)
    assert [item.number for item in refunds.waiting(desk.office)] == [first]
