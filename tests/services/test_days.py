"""The end of a day: the story, the blind count, the closing, the sheet and its anchor."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tests.support import Desk
from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import NotFoundError, NotPermittedError, RuleError, UsageError
from townshipdesk.services import day_sheets, days, deposits, receipts, refunds
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.reversals import reverse
from townshipdesk.services.staff import Actor
from townshipdesk.store import audit
from townshipdesk.store.driver import sqlite3

TODAY = date(2025, 3, 17)


def paid(desk: Desk, count: int = 1, channel: str = "cash", actor: Actor | None = None, **order):
    """Take one payment for so many new people."""
    people = tuple(desk.add_resident() for _one in range(count))
    voucher = order.pop("voucher", "" if channel == "cash" else "12345")
    new = PaymentOrder(people, channel, voucher=voucher, **order)
    return pay(desk.office, actor or desk.clerk, new)


def close(desk: Desk, counted_fen: int, why: str = "", day: date = TODAY) -> days.DaySheet:
    return days.close_day(desk.office, desk.clerk, day, counted_fen, why)


def codes(desk: Desk, day: date = TODAY) -> list[str]:
    return [oddity.code for oddity in days.day_story(desk.office, day).oddities]


def test_the_sheet_of_a_busy_day_is_the_contracts_document(desk):
    """Payments of two clerks and channels, a reversal and a voided receipt, all in one document."""
    paid(desk)
    paid(desk, 2)
    paid(desk, channel="pos", actor=desk.supervisor)
    wrong = paid(desk)
    reverse(desk.office, desk.clerk, wrong.lines[0].entry_uid, "录错人")
    sheet = close(desk, 120_000)
    document = sheet.to_json()
    chain = document.pop("chain")
    assert document == {
        "date": "2025-03-17",
        "channels": [
            {"channel": "cash", "count": 3, "amount": "1200.00"},
            {"channel": "pos", "count": 1, "amount": "400.00"},
        ],
        "reversals": {"count": 1, "amount": "400.00"},
        "refunds": {"count": 0, "amount": "0.00"},
        "receipts": {"from": "000001", "to": "000004", "void": 1},
        "cash_expected": "1200.00",
        "counted": "1200.00",
        "difference": "0.00",
        "closed": True,
    }
    assert chain == {"length": sheet.chain_length, "head": sheet.chain_head}


def test_the_story_tells_each_clerk_apart_and_runs_of_receipts(desk):
    """Two clerks who take turns have numbers with holes; the runs show them, nothing is lost."""
    paid(desk)
    paid(desk, actor=desk.supervisor)
    paid(desk)
    paid(desk)
    story = days.day_story(desk.office, TODAY)
    assert [(p.clerk, p.channel, p.taken, p.taken_fen) for p in story.parts] == [
        ("李春", "cash", 3, 120_000),
        ("周敏", "cash", 1, 40_000),
    ]
    assert [(r.clerk, r.runs, r.count) for r in story.receipts] == [
        ("李春", (("000001", "000001"), ("000003", "000004")), 3),
        ("周敏", (("000002", "000002"),), 1),
    ]


def test_a_reversal_by_another_clerk_lowers_the_cash_of_the_day(desk):
    """What one took and another reversed is out of the drawer, and each one's part is shown."""
    payment = paid(desk)
    reverse(desk.office, desk.supervisor, payment.lines[0].entry_uid, "录错")
    story = days.day_story(desk.office, TODAY)
    assert story.expected_cash_fen == 0
    assert [(p.clerk, p.taken, p.reversals) for p in story.parts] == [
        ("李春", 1, 0),
        ("周敏", 0, 1),
    ]


def test_a_refund_leaves_the_drawer_as_it_is(desk):
    """Refunds go to a bank account, so the cash of the day is not expected to be less."""
    desk.at("2024-11-04T09:00")
    resident = desk.add_resident()
    pay(desk.office, desk.clerk, PaymentOrder((resident,), "cash"))
    desk.at("2024-11-05T09:00")
    paid(desk)
    new = refunds.RefundRequest(resident, "employee-insurance", payee="本人", account="62001")
    number = refunds.request(desk.office, desk.clerk, new).number
    refunds.approve(desk.office, desk.supervisor, number)
    refunds.pay_out(desk.office, desk.clerk, number)
    sheet = close(desk, 40_000, day=date(2024, 11, 5))
    assert sheet.story.expected_cash_fen == 40_000
    assert sheet.to_json()["refunds"] == {"count": 1, "amount": "400.00"}
    assert [c["channel"] for c in sheet.to_json()["channels"]] == ["cash"]


def test_a_difference_needs_a_reason_and_changes_nothing_without_one(desk):
    """Cash that is missing or too much closes only with a reason; the failed try leaves nothing."""
    paid(desk)
    before = desk.count("audit")
    for counted in (39_900, 40_100):
        with pytest.raises(RuleError) as refused:
            close(desk, counted, "  ")
        assert refused.value.code == "difference-needs-reason"
    assert (desk.count("audit"), desk.count("day_close")) == (before, 0)
    sheet = close(desk, 39_900, "找零差错")
    assert (sheet.difference_fen, sheet.why) == (-100, "找零差错")
    assert sheet.to_json()["difference"] == "-1.00"


def test_a_day_without_payments_is_opened_and_closed(desk):
    """Nobody came: the day still gets its sheet, without receipts."""
    document = close(desk, 0).to_json()
    assert document["receipts"] == {"from": None, "to": None, "void": 0}
    assert (document["channels"], document["closed"]) == ([], True)


def test_nothing_can_be_written_into_a_closed_day(desk):
    """Neither the services nor raw SQL move money on a closed day, nor is it closed again."""
    payment = paid(desk)
    close(desk, 40_000)
    with pytest.raises(RuleError):
        paid(desk)
    with pytest.raises(RuleError):
        reverse(desk.office, desk.clerk, payment.lines[0].entry_uid, "录错")
    with pytest.raises(RuleError):
        close(desk, 40_000)
    for change in ("UPDATE day_close SET counted_cash_fen = 0", "DELETE FROM day_close"):
        with pytest.raises(sqlite3.IntegrityError):
            desk.office.conn.execute(change)


def test_yesterday_can_be_closed_today_and_is_named_until_then(desk):
    """A forgotten day is on the next day's sheet, and closable by its date."""
    paid(desk)
    desk.at("2025-03-18T09:00")
    assert days.unclosed_days(desk.office) == (TODAY,)
    today = close(desk, 0, day=date(2025, 3, 18))
    assert today.story.unclosed_before == (TODAY,)
    assert close(desk, 40_000, day=TODAY).story.day == TODAY
    assert days.unclosed_days(desk.office) == ()
    assert days.closed_days(desk.office) == (date(2025, 3, 18), TODAY)


def test_tomorrow_cannot_be_closed(desk):
    """A day that has not come has nothing to count."""
    with pytest.raises(RuleError) as refused:
        close(desk, 0, day=date(2025, 3, 18))
    assert refused.value.code == "day-ahead"


def test_less_than_no_cash_cannot_be_counted(desk):
    """A negative count is a mistake in the call."""
    with pytest.raises(UsageError):
        close(desk, -1)


def test_an_auditor_closes_nothing(desk):
    """Who only reads cannot close a day or count its cash."""
    auditor = Actor(1, "auditor", "审计", "auditor")
    with pytest.raises(NotPermittedError):
        days.close_day(desk.office, auditor, TODAY, 0)
    with pytest.raises(NotPermittedError):
        days.count_cash(desk.office, auditor, TODAY, 0)


def test_the_anchor_is_the_chain_with_the_closing_as_its_last_row(desk):
    """Length and head name the closing's own row, and its detail seals the kept sheet."""
    paid(desk)
    sheet = close(desk, 40_000)
    paid_later = desk.at("2025-03-18T09:00")
    paid(paid_later)
    (row,) = [r for r in audit.rows(desk.office.conn) if r["id"] == sheet.chain_length]
    kept = desk.office.conn.execute("SELECT * FROM day_close").fetchone()
    assert (row["action"], row["subject"], row["hash"]) == (
        days.CLOSED_ACTION,
        "2025-03-17",
        sheet.chain_head,
    )
    assert json.loads(row["detail"])["sheet"] == days.sheet_seal(kept["sheet"])
    assert (kept["chain_length"], kept["chain_head"]) == (sheet.chain_length, sheet.chain_head)


def test_the_sheet_is_given_again_as_it_was_kept(desk):
    """Weeks later the sheet is the same, with its oddities and its reason."""
    paid(desk, channel="pos", voucher="")
    sheet = close(desk, 500, "多出五元")
    desk.at("2025-04-20T09:00")
    assert days.day_sheet(desk.office, TODAY) == sheet
    assert [oddity.code for oddity in sheet.story.oddities] == ["no-voucher"]


def test_a_day_that_is_not_closed_has_no_sheet(desk):
    """Nothing is made up for a day that is still open."""
    with pytest.raises(NotFoundError):
        days.day_sheet(desk.office, TODAY)


def test_each_count_of_the_cash_leaves_a_trace(desk):
    """Who counts again after having seen the difference is seen to have done so."""
    paid(desk)
    first = days.count_cash(desk.office, desk.clerk, TODAY, 30_000)
    assert (first.expected_fen, first.difference_fen) == (40_000, -10_000)
    assert codes(desk) == []
    days.count_cash(desk.office, desk.clerk, TODAY, 40_000)
    assert codes(desk) == ["counted-again"]
    details = [
        json.loads(row["detail"])["counted_fen"]
        for row in audit.rows(desk.office.conn)
        if row["action"] == days.COUNTED_ACTION
    ]
    assert details == [30_000, 40_000]


def test_many_reversals_of_one_clerk_are_pointed_out(desk):
    """Three of six is odd; two of six is not."""
    for number in range(6):
        payment = paid(desk)
        if number < 3:
            assert codes(desk) == []
            reverse(desk.office, desk.clerk, payment.lines[0].entry_uid, "录错")
    (oddity,) = days.day_story(desk.office, TODAY).oddities
    assert oddity.text("en") == "李春 reversed 3 of 6 payments."


def test_a_missing_receipt_number_is_pointed_out(desk):
    """A number that somebody took out of the file leaves a gap that the day shows."""
    for _one in range(3):
        paid(desk)
    conn = desk.office.conn
    for trigger in ("receipt_stays_d", "receipt_line_stays_d"):
        conn.execute(f"DROP TRIGGER {trigger}")
    conn.execute("DELETE FROM receipt_line WHERE receipt_id = 2")
    conn.execute("DELETE FROM receipt WHERE id = 2")
    (oddity,) = days.day_story(desk.office, TODAY).oddities
    assert (oddity.code, dict(oddity.values)) == (
        "receipt-gap",
        {"number": "000003", "before": "000001"},
    )


def test_cash_that_a_village_or_the_desk_holds_too_long_is_pointed_out(desk):
    """Ten days are right, eleven are odd; what was deposited is not held, and a closed day is."""
    desk.at("2025-03-06T10:00")
    paid(desk, channel="village")
    paid(desk)
    desk.at("2025-03-16T10:00")
    paid(desk, channel="village")
    assert codes(desk, date(2025, 3, 16)) == []
    desk.at("2025-03-17T10:00")
    assert codes(desk) == ["old-cash-desk", "old-cash-village"]
    (_desk, village) = days.day_story(desk.office, TODAY).oddities
    assert village.text("zh_CN") == "现金超过 10 天未缴存的村（社区）：1 个（青杠村委会）。"
    code = desk.office.conn.execute("SELECT code FROM village WHERE id = 1").fetchone()[0]
    deposits.deposit(desk.office, desk.clerk, 400_00, "HK1", village_code=code)
    assert codes(desk) == ["old-cash-desk"]
    days.close_day(desk.office, desk.clerk, date(2025, 3, 6), 400_00)
    sheet = days.day_sheet(desk.office, date(2025, 3, 6))
    assert codes(desk, date(2025, 3, 6)) == []
    assert sheet.story.oddities == ()


def test_numbers_that_go_on_from_yesterday_are_no_gap(desk):
    """The first receipt of a day follows on the last one of the days before."""
    paid(desk)
    desk.at("2025-03-18T09:00")
    paid(desk)
    assert codes(desk, date(2025, 3, 18)) == []


def test_an_amount_unlike_the_standard_is_pointed_out(desk):
    """Parts that do not add up to the standard are seen, whoever wrote them."""
    paid(desk)
    conn = desk.office.conn
    conn.execute("DROP TRIGGER enrolment_ends_once")
    conn.execute("DROP TRIGGER enrolment_end_has_cause")
    conn.execute("UPDATE enrolment SET standard_fen = 38000")
    assert codes(desk) == ["unlike-standard"]


def test_money_taken_earlier_entries_at_night_and_many_copies_are_pointed_out(desk):
    """What is unusual about how something was entered or printed stands on the sheet."""
    desk.at("2025-03-17T22:30")
    payment = paid(
        desk, channel="bank", voucher="7", paid_at=parse_moment("2025-03-16T10:00:00+08:00")
    )
    for _time in range(4):
        receipts.record_print(desk.office, desk.clerk, payment.receipt.uid, "pdf")
    assert codes(desk) == ["taken-earlier", "outside-hours", "printed-often"]


def test_a_sheet_goes_on_paper_with_what_was_taken_and_what_was_reversed(desk):
    """The paper shows payments as they were taken, and beside them what was taken back."""
    payment = paid(desk)
    paid(desk)
    reverse(desk.office, desk.clerk, payment.lines[0].entry_uid, "录错")
    paper = day_sheets.on_paper(close(desk, 40_000))
    (row,) = paper.rows
    assert (row.count, row.amount_fen, row.reversal_count, row.reversal_fen) == (
        2,
        80_000,
        1,
        40_000,
    )
    assert (paper.expected_cash_fen, paper.difference_fen) == (40_000, 0)
    assert paper.chain_head == days.day_sheet(desk.office, TODAY).chain_head
