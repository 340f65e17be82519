"""Reversals: a wrong payment of today is taken back by a new entry, never by an edit."""

from __future__ import annotations

import pytest

from tests.support import Desk
from townshipdesk.domain.errors import NotFoundError, RuleError, UsageError
from townshipdesk.services import receipts
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.reversals import reverse
from townshipdesk.store.driver import sqlite3


def paid(desk: Desk, *people: int) -> list[str]:
    payment = pay(desk.office, desk.clerk, PaymentOrder(people, "cash"))
    return [line.entry_uid for line in payment.lines]


def test_a_reversed_payment_sums_to_nothing_and_can_be_paid_again(desk: Desk) -> None:
    person = desk.add_resident()
    desk.add_identity(person, "out-of-poverty")
    (entry,) = paid(desk, person)
    done = reverse(desk.office, desk.clerk, entry, "认错人")
    assert (done.amount_fen, done.voided, done.replacement) == (35500, "000001", None)
    sums = desk.office.conn.execute(
        "SELECT source, sum(amount_fen) FROM entry_part GROUP BY source"
    ).fetchall()
    assert {row[0]: row[1] for row in sums} == {"individual": 0, "medical-assistance": 0}
    assert receipts.receipt(desk.office, "1").void_reason == "认错人"
    paid(desk, person)
    assert desk.count("enrolment") == 2


def test_the_others_of_a_household_get_a_new_receipt(desk: Desk) -> None:
    first, second = desk.add_resident("甲一"), desk.add_resident("甲二")
    entries = paid(desk, first, second)
    done = reverse(desk.office, desk.clerk, entries[0], "认错人")
    assert done.replacement is not None
    assert done.replacement.replaces == "000001"
    assert [line.name for line in done.replacement.lines] == ["甲二"]
    later = reverse(desk.office, desk.clerk, entries[1], "都认错了")
    assert (later.voided, later.replacement) == ("000002", None)


def test_a_payment_is_taken_back_once(desk: Desk) -> None:
    (entry,) = paid(desk, desk.add_resident())
    reverse(desk.office, desk.clerk, entry, "认错人")
    with pytest.raises(RuleError) as error:
        reverse(desk.office, desk.clerk, entry, "认错人")
    assert error.value.code == "reversed-already"


def test_yesterdays_payment_is_a_matter_for_a_refund(desk: Desk) -> None:
    (entry,) = paid(desk, desk.add_resident())
    desk.at("2025-03-18T08:30")
    with pytest.raises(RuleError) as error:
        reverse(desk.office, desk.clerk, entry, "认错人")
    assert error.value.code == "not-today"
    assert desk.count("entry") == 1


def test_a_reason_and_a_known_payment_are_needed(desk: Desk) -> None:
    (entry,) = paid(desk, desk.add_resident())
    with pytest.raises(UsageError):
        reverse(desk.office, desk.clerk, entry, "  ")
    with pytest.raises(NotFoundError):
        reverse(desk.office, desk.clerk, "no-such-entry", "认错人")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET individual_fen = 1",
        "DELETE FROM entry",
        "UPDATE entry_part SET amount_fen = 1",
        "DELETE FROM entry_part",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry",
        "UPDATE receipt SET amount_fen = 1",
        "DELETE FROM receipt",
        "UPDATE enrolment SET standard_fen = 1",
        "UPDATE enrolment SET ended_at = 'x', ended_day = 'x', ended_by = 'refund'",
        "DELETE FROM enrolment",
        "UPDATE audit SET action = 'x'",
        "DELETE FROM audit",
        "UPDATE operation SET result = 'x'",
        "UPDATE office SET kind = 'live', training_clock = NULL",
        "INSERT INTO receipt SELECT id + 9, 'u', series, number + 2, issued_at, day, staff_id,"
        " operation_key, NULL, amount_fen, content FROM receipt",
    ],
)
def test_the_database_refuses_what_the_rules_forbid(desk: Desk, statement: str) -> None:
    paid(desk, desk.add_resident())
    with pytest.raises(sqlite3.IntegrityError):
        desk.office.conn.execute(statement)
