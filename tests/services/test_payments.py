"""Payments: one transaction each, decided by the policy, never twice."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.support import Desk
from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import NotPermittedError, RuleError, UsageError
from townshipdesk.services import payments, quotes, receipts
from townshipdesk.services.payments import PaymentOrder, QuoteRefusedError, pay
from townshipdesk.store import money_rows
from townshipdesk.store.driver import sqlite3


def cash(*resident_ids: int, **more: object) -> PaymentOrder:
    return PaymentOrder(resident_ids=resident_ids, channel="cash", **more)


def test_a_late_payer_gets_price_wait_cover_and_receipt_at_once(desk: Desk) -> None:
    person = desk.add_resident()
    desk.add_identity(person, "unstable-out-of-poverty")
    desk.add_identity(person, "subsistence-allowance")
    payment = pay(desk.office, desk.clerk, cash(person, handed_over_fen=30000))
    line = payment.receipt.lines[0]
    assert payment.receipt.number == "000001"
    assert (line.standard_fen, line.individual_fen) == (40000, 22000)
    assert [(part.source, part.amount_fen) for part in line.subsidies] == [
        ("medical-assistance", 18000)
    ]
    assert line.waiting is not None
    assert line.coverage is not None
    assert line.waiting.to_json() == {"from": "2025-03-01", "to": "2025-05-31"}
    assert line.coverage.to_json() == {"from": "2025-06-01", "to": "2025-12-31"}
    assert payment.receipt.training


def test_the_payment_keeps_what_it_was_decided_on(desk: Desk) -> None:
    person = desk.add_resident()
    desk.add_identity(person, "out-of-poverty")
    pay(desk.office, desk.clerk, cash(person))
    row = money_rows.live_enrolment(desk.office.conn, person, 2025)
    assert row is not None
    kept = json.loads(row["facts"])
    assert kept["identities"] == ["out-of-poverty"]
    assert kept["facts"]["born"] == "1980-05-06"
    assert json.loads(row["quote"])["due"] == "355.00"
    assert row["policy_hash"] == desk.office.policy.hash
    text = desk.office.conn.execute("SELECT text FROM policy_text").fetchone()[0]
    assert text == desk.office.policy.text


def test_the_same_order_again_gives_the_same_receipt_and_takes_no_money(desk: Desk) -> None:
    order = cash(desk.add_resident())
    first = pay(desk.office, desk.clerk, order)
    again = pay(desk.office, desk.clerk, order)
    assert again.already
    assert again.receipt == first.receipt
    assert again.lines[0].quote.to_record() == first.lines[0].quote.to_record()
    assert desk.count("entry") == 1


def test_a_second_desk_is_told_when_and_on_which_receipt_it_was_done(desk: Desk) -> None:
    person = desk.add_resident()
    pay(desk.office, desk.clerk, cash(person))
    other = desk.office.again()
    with pytest.raises(QuoteRefusedError) as refused:
        pay(other, desk.supervisor, cash(person))
    other.close()
    assert refused.value.code == "already-enrolled"
    assert refused.value.values["receipt"] == "000001"
    assert refused.value.values["at"] == "2025-03-17 09:00"
    assert desk.count("entry") == 1


def test_the_database_itself_refuses_a_second_live_enrolment(desk: Desk) -> None:
    person = desk.add_resident()
    pay(desk.office, desk.clerk, cash(person))
    columns = "resident_id, year, village_id, policy_hash, paid_at, day, facts, quote, standard_fen"
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        desk.office.conn.execute(
            f"INSERT INTO enrolment (uid, {columns}) SELECT 'x', {columns} FROM enrolment"
        )


def test_a_household_pays_on_one_receipt_with_a_line_for_each(desk: Desk) -> None:
    home = desk.add_household("HH0001")
    parent = desk.add_resident("普英", household_id=home)
    child = desk.add_resident("杨磊", "2010-01-02", household_id=home)
    desk.add_identity(child, "extreme-hardship")
    payment = pay(desk.office, desk.clerk, cash(parent, child, expected_due_fen=40000))
    assert [line.individual_fen for line in payment.receipt.lines] == [40000, 0]
    assert payment.receipt.amount_fen == 40000
    assert desk.count("receipt") == 1
    assert desk.count("entry") == 2


def test_nobody_of_a_household_is_enrolled_when_one_cannot_be(desk: Desk) -> None:
    free = desk.add_resident("普英")
    insured = desk.add_resident("罗小满")
    desk.insure_as_employee(insured, "2020-01-01")
    with pytest.raises(QuoteRefusedError) as refused:
        pay(desk.office, desk.clerk, cash(free, insured))
    assert refused.value.code == "employee-insured"
    assert refused.value.resident_id == insured
    assert desk.count("entry") == desk.count("enrolment") == desk.count("receipt") == 0


def test_a_payment_without_cover_needs_a_second_yes(desk: Desk) -> None:
    person = desk.add_resident()
    desk.at("2025-10-09T10:00")
    with pytest.raises(QuoteRefusedError) as refused:
        pay(desk.office, desk.clerk, cash(person))
    assert refused.value.quote.decision == "confirm"
    assert desk.count("entry") == 0
    payment = pay(desk.office, desk.clerk, cash(person, confirmed_no_coverage=True))
    assert payment.amount_fen == 107000
    assert payment.receipt.lines[0].coverage is None


def test_nothing_is_taken_between_windows(desk: Desk) -> None:
    desk.at("2025-02-27T10:00")
    with pytest.raises(QuoteRefusedError) as refused:
        pay(desk.office, desk.clerk, cash(desk.add_resident()))
    opening = refused.value.quote.next_opening
    assert refused.value.code == "between-windows"
    assert opening is not None
    assert (opening.on.isoformat(), opening.standard_fen) == ("2025-03-01", 40000)


def test_a_price_that_changed_under_the_clerks_eyes_takes_nothing(desk: Desk) -> None:
    person = desk.add_resident()
    with pytest.raises(RuleError) as error:
        pay(desk.office, desk.clerk, cash(person, expected_due_fen=22000))
    assert error.value.code == "price-changed"
    assert desk.count("entry") == 0


def test_too_little_cash_takes_nothing(desk: Desk) -> None:
    with pytest.raises(RuleError) as error:
        pay(desk.office, desk.clerk, cash(desk.add_resident(), handed_over_fen=39999))
    assert error.value.code == "too-little"
    assert desk.count("entry") == 0


@pytest.mark.parametrize("channel", ["gold", "", "CASH"])
def test_an_unknown_channel_is_named_with_those_allowed(desk: Desk, channel: str) -> None:
    with pytest.raises(UsageError, match="cash, pos"):
        pay(desk.office, desk.clerk, replace(cash(desk.add_resident()), channel=channel))


def test_what_counts_is_the_moment_the_money_was_taken(desk: Desk) -> None:
    person = desk.add_resident()
    order = PaymentOrder(
        (person,), "mobile", voucher="E100", paid_at=parse_moment("2025-02-25T23:59:59")
    )
    payment = pay(desk.office, desk.clerk, order)
    assert payment.receipt.lines[0].waiting is None
    row = desk.office.conn.execute("SELECT day, paid_at FROM entry").fetchone()
    assert tuple(row) == ("2025-03-17", "2025-02-25T23:59:59+08:00")


def test_money_cannot_have_been_taken_in_the_future(desk: Desk) -> None:
    order = replace(cash(desk.add_resident()), paid_at=parse_moment("2025-03-17T09:00:01"))
    with pytest.raises(UsageError):
        pay(desk.office, desk.clerk, order)


@pytest.mark.parametrize("status", ["deceased", "moved"])
def test_nothing_is_paid_for_the_dead_and_the_gone(desk: Desk, status: str) -> None:
    person = desk.add_resident(status=status, status_on="2025-01-05")
    with pytest.raises(RuleError) as error:
        pay(desk.office, desk.clerk, cash(person))
    assert error.value.code == status


def test_an_auditor_takes_no_money(desk: Desk) -> None:
    person = desk.add_resident()
    with pytest.raises(NotPermittedError):
        pay(desk.office, replace(desk.clerk, role="auditor"), cash(person))


def test_receipt_numbers_run_without_gaps_over_failures(desk: Desk) -> None:
    people = [desk.add_resident(f"李{letter}") for letter in "甲乙丙"]
    numbers = []
    for person in people:
        numbers.append(pay(desk.office, desk.clerk, cash(person)).receipt.number)
        with pytest.raises(QuoteRefusedError):
            pay(desk.office, desk.clerk, cash(person))
    assert numbers == ["000001", "000002", "000003"]


def test_a_receipt_reads_the_same_after_the_person_was_corrected(desk: Desk) -> None:
    person = desk.add_resident("张三丰")
    issued = pay(desk.office, desk.clerk, cash(person)).receipt
    desk.office.conn.execute("UPDATE resident SET name = '张三' WHERE id = ?", (person,))
    assert receipts.receipt(desk.office, "1") == issued
    assert receipts.receipt(desk.office, issued.uid).lines[0].name == "张三丰"


def test_a_reprint_says_which_time_it_is(desk: Desk) -> None:
    issued = pay(desk.office, desk.clerk, cash(desk.add_resident())).receipt
    printed = [
        receipts.record_print(desk.office, desk.clerk, issued.uid, form) for form in ("pdf", "text")
    ]
    assert printed == [1, 2]
    assert receipts.receipt(desk.office, issued.uid).printed_times == 2


def test_a_desk_that_died_is_told_what_it_never_showed(desk: Desk) -> None:
    actor = replace(desk.clerk, desk="clerk@window-1")
    payment = pay(desk.office, actor, cash(desk.add_resident()))
    elsewhere = replace(actor, desk="clerk@window-2")
    assert payments.unseen_payments(desk.office, elsewhere) == []
    unseen = payments.unseen_payments(desk.office, actor)
    assert [found.receipt.number for found in unseen] == [payment.receipt.number]
    payments.mark_seen(desk.office, [payment.operation_key])
    assert payments.unseen_payments(desk.office, actor) == []


def test_a_quote_shows_another_identity_without_saving_it(desk: Desk) -> None:
    person = desk.add_resident()
    quote = quotes.quote_for(desk.office, person, identities=["extreme-hardship"])
    assert quote.due_fen == 0
    assert quotes.quote_for(desk.office, person).due_fen == 40000
    assert desk.count("identity") == 0


def test_an_identity_counts_from_its_day_until_the_day_it_ended(desk: Desk) -> None:
    person = desk.add_resident()
    desk.add_identity(
        person,
        "subsistence-allowance",
        "2025-03-10",
        ended_on="2025-03-20",
        ended_at="2025-03-20T10:00:00+08:00",
    )
    dues = {}
    for day in ("09", "10", "19", "20"):
        desk.at(f"2025-03-{day}T10:00")
        dues[day] = quotes.quote_for(desk.office, person).due_fen
    assert dues == {"09": 40000, "10": 28000, "19": 28000, "20": 40000}


def test_the_whole_household_is_judged_with_those_who_pay_now(desk: Desk) -> None:
    home = desk.add_household("HH0002")
    first, second, worker = (
        desk.add_resident(name, household_id=home) for name in ("甲一", "甲二", "甲三")
    )
    desk.insure_as_employee(worker, "2020-01-01")
    at = desk.office.now()
    alone = quotes.question_for(desk.office, first, at)
    together = quotes.question_for(desk.office, first, at, [first, second])
    assert alone.facts.whole_household is False
    assert together.facts.whole_household is True


@pytest.mark.parametrize(
    ("hukou", "registered", "group"),
    [
        ("农业户口", "here", "village-household"),
        ("农转城", "county", "village-household"),
        ("非农业户口", "here", "walk-in"),
        ("农业户口", "elsewhere", "walk-in"),
        ("", "here", "walk-in"),
    ],
)
def test_rural_households_of_the_county_pay_with_their_village(
    desk: Desk, hukou: str, registered: str, group: str
) -> None:
    person = desk.add_resident(hukou_kind=hukou, registered=registered)
    question = quotes.question_for(desk.office, person, desk.office.now())
    assert question.facts.payer_group == group


def test_the_receipt_of_a_payment_is_the_one_that_is_read_from_the_office_later(
    desk: Desk,
) -> None:
    person = desk.add_resident()
    desk.add_identity(person, "subsistence-allowance")
    paid = pay(desk.office, desk.clerk, cash(person, handed_over_fen=50000))
    assert receipts.receipt(desk.office, paid.receipt.number) == paid.receipt
