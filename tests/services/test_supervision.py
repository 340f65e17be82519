"""What the desk shows of refunds, receipts of a day, settings, policy texts and the audit log."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support import Desk
from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import NotFoundError, RuleError
from townshipdesk.services import (
    audit_search,
    day_receipts,
    open_settings,
    policies,
    refund_desk,
    refunds,
    reveal,
    reversals,
    settings,
)
from townshipdesk.services.audit_search import AuditQuestion
from townshipdesk.services.clock import StandingClock
from townshipdesk.services.office import create_office
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.refunds import RefundRequest


@pytest.fixture
def paid(desk: Desk) -> int:
    resident_id = desk.add_resident()
    desk.at("2024-10-10T10:00")
    pay(desk.office, desk.clerk, PaymentOrder((resident_id,), "cash"))
    desk.at("2024-12-20T09:00")
    return resident_id


def request(desk: Desk, resident_id: int) -> str:
    order = RefundRequest(resident_id, "employee-insurance", "杨发贵", "6200000017")
    return refunds.request(desk.office, desk.clerk, order).number


# ------------------------------------------------------------ refunds


def test_the_answer_before_a_request_names_payment_and_receipt(desk: Desk, paid: int) -> None:
    case = refund_desk.case(desk.office, paid, "death")
    assert (case.answer.decision, case.paid_fen, case.receipt_number) == ("allow", 40000, "000001")
    assert case.under_way is None
    number = request(desk, paid)
    assert refund_desk.case(desk.office, paid, "death").under_way == number


def test_nothing_paid_has_no_answer(desk: Desk) -> None:
    with pytest.raises(RuleError):
        refund_desk.case(desk.office, desk.add_resident(), "death")


def test_waiting_is_counted_from_the_last_step_and_the_longest_comes_first(
    desk: Desk, paid: int
) -> None:
    other = desk.add_resident("罗小满")
    desk.at("2024-12-01T09:00")
    pay(desk.office, desk.clerk, PaymentOrder((other,), "cash"))
    first = request(desk, paid)
    desk.at("2024-12-05T09:00")
    second = request(desk, other)
    desk.at("2024-12-10T09:00")
    refunds.approve(desk.office, desk.supervisor, first)
    desk.at("2024-12-20T23:59")
    rows = refund_desk.listed(desk.office, refund_desk.WAITING)
    assert [(row.refund.number, row.waits_days) for row in rows] == [(second, 15), (first, 10)]
    assert [row.name for row in rows] == ["罗小满", "杨发贵"]


def test_settled_refunds_come_newest_first(desk: Desk, paid: int) -> None:
    first = request(desk, paid)
    refunds.withdraw(desk.office, desk.clerk, first)
    desk.at("2024-12-21T09:00")
    second = request(desk, paid)
    refunds.reject(desk.office, desk.supervisor, second, "材料不全")
    rows = refund_desk.listed(desk.office, refund_desk.NOT_REFUNDED)
    assert [row.refund.number for row in rows] == [second, first]


def test_looking_at_an_account_is_recorded(desk: Desk, paid: int) -> None:
    number = request(desk, paid)
    assert reveal.reveal_account(desk.office, desk.clerk, number) == "6200000017"
    assert audit_search.search(desk.office, AuditQuestion())[0].action == "refund.account-shown"
    with pytest.raises(NotFoundError):
        reveal.reveal_account(desk.office, desk.clerk, "TF999999")


# ------------------------------------------------------------ receipts of a day


def test_a_day_shows_each_person_on_each_receipt_void_ones_too(desk: Desk) -> None:
    pair = desk.add_resident("甲"), desk.add_resident("乙")
    made = pay(desk.office, desk.clerk, PaymentOrder(pair, "cash"))
    reversals.reverse(desk.office, desk.clerk, made.lines[0].entry_uid, "收错")
    rows = day_receipts.of_day(desk.office, date(2025, 3, 17))
    found = [(row.receipt.number, row.line.name, row.receipt.is_void) for row in rows]
    assert found == [("000002", "乙", False), ("000001", "甲", True), ("000001", "乙", True)]
    held = day_receipts.of_entry(desk.office, made.lines[1].entry_uid)
    assert (held.receipt.number, held.others) == ("000002", ())


def test_days_without_receipts_are_passed_over(desk: Desk, paid: int) -> None:
    office = desk.office
    day = date(2024, 10, 10)
    assert day_receipts.day_with_receipts(office, date(2024, 12, 20), later=False) == day
    assert day_receipts.day_with_receipts(office, day, later=False) is None
    assert day_receipts.day_with_receipts(office, day, later=True) is None


# ------------------------------------------------------------ settings and policy


def office_under(tmp_path, policy_id: str) -> Desk:
    return Desk(
        create_office(
            tmp_path / "o.tdo",
            name="某镇医保窗口",
            policy_id=policy_id,
            now=parse_moment("2025-03-17T09:00"),
            training=True,
        )
    )


@pytest.mark.parametrize(
    ("policy_id", "key"),
    [
        ("longjie-2025", "amount.entitled-group"),
        ("ziyang-2021", "fiscal_standard"),
        ("ziyang-2021", "extension_open"),
    ],
)
def test_only_what_the_policy_leaves_open_is_asked_with_its_clause(
    tmp_path, policy_id: str, key: str
) -> None:
    desk = office_under(tmp_path, policy_id)
    rows = {row.key: row for row in open_settings.open_settings(desk.office)}
    assert rows[key].asked
    assert rows[key].clause
    assert not any(row.value for row in rows.values())
    desk.office.close()


def test_collective_support_is_asked_for_each_village_by_its_name(tmp_path) -> None:
    desk = office_under(tmp_path, "songming-2015")
    desk.add_village("532399200201", "青杠村委会")
    (row,) = open_settings.open_settings(desk.office)
    assert (row.key, row.about, row.asked) == ("collective.532399200201", "青杠村委会", True)
    desk.office.close()


def test_a_setting_made_without_need_is_shown_as_such(desk: Desk) -> None:
    settings.change(desk.office, desk.supervisor, "fiscal_standard", "580")
    row = next(r for r in open_settings.open_settings(desk.office) if r.key == "fiscal_standard")
    assert (row.value, row.asked, row.clause) == ("580.00", False, "")
    assert row.last is not None
    assert row.last.set_by == "周敏"


def test_texts_tell_who_adopted_them_why_and_what_was_decided_on_them(
    desk: Desk, paid: int, tmp_path
) -> None:
    path = tmp_path / "other.toml"
    path.write_text(desk.office.policy.text + "# 更正\n", encoding="utf-8")
    change = policies.difference(desk.office, str(path))
    assert [line for line in change.lines if line.startswith("+")] == ["+# 更正"]
    policies.adopt(desk.office, desk.supervisor, str(path), "县局更正")
    rows = {row.in_force: row for row in policies.texts(desk.office)}
    assert (rows[True].why, rows[True].adopted_by, rows[True].payments) == ("县局更正", "周敏", 0)
    assert rows[False].payments == 1


def test_a_live_clock_that_went_back_is_told_until_it_is_confirmed(tmp_path) -> None:
    office = create_office(
        tmp_path / "live.tdo",
        name="某镇医保窗口",
        policy_id="longjie-2025",
        now=parse_moment("2025-03-17T10:00"),
        training=False,
        supervisor_password="long-enough",
    )
    office.clock = StandingClock(parse_moment("2025-03-17T09:57"))
    jump = settings.clock_jump(office)
    assert jump is not None
    assert jump.code == "clock-back"
    settings.confirm_clock(office, Desk(office).supervisor, "已校正")
    assert settings.clock_jump(office) is None
    office.close()


def test_a_training_clock_never_jumps(desk: Desk) -> None:
    assert settings.clock_jump(desk.at("2020-01-01T09:00").office) is None


# ------------------------------------------------------------ the audit log


def test_a_receipt_number_finds_payment_prints_and_refund(desk: Desk, paid: int) -> None:
    request(desk, paid)
    found = audit_search.search(desk.office, AuditQuestion(text="1"))
    assert [row.action for row in found] == ["refund.requested", "payment.taken"]


def test_a_document_number_finds_the_persons_rows_only(desk: Desk, paid: int) -> None:
    other = desk.add_resident("罗小满")
    pay(desk.office, desk.clerk, PaymentOrder((other,), "cash"))
    number = desk.office.conn.execute(
        "SELECT number FROM document WHERE resident_id = ?", (paid,)
    ).fetchone()[0]
    found = audit_search.search(desk.office, AuditQuestion(text=number.lower()))
    assert [row.action for row in found] == ["payment.taken"]
    subject = audit_search.subject_of(desk.office, found[0].subject)
    assert subject == audit_search.Subject("receipt", "000001")


def test_every_row_is_given_whatever_the_page(desk: Desk, paid: int, monkeypatch) -> None:
    monkeypatch.setattr(audit_search, "_EXPORT_PAGE", 1)
    rows = list(audit_search.every(desk.office, AuditQuestion()))
    assert [row.number for row in rows] == [2, 1]


def test_actions_and_days_and_staff_narrow_the_search(desk: Desk, paid: int) -> None:
    def numbers(**asked) -> list[int]:
        return [row.number for row in audit_search.search(desk.office, AuditQuestion(**asked))]

    assert numbers(actions=("payment.taken",)) == [2]
    assert numbers(actions=()) == []
    assert numbers(action="payment.") == [2]
    assert numbers(staff="李") == [2]
    assert numbers(from_day=date(2024, 10, 10), to_day=date(2024, 10, 10)) == [2]
    assert numbers(text="no such thing") == []
