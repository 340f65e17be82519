"""Roles: an auditor reads everything and changes nothing; the database holds to it by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import Desk
from townshipdesk.domain.errors import NotPermittedError
from townshipdesk.services import (
    audit_export,
    backup,
    books,
    calls,
    days,
    deposits,
    file_history,
    identities,
    payments,
    receipts,
    refunds,
    register,
    reveal,
    reversals,
    rulings,
    settings,
    staff,
    staffing,
)
from townshipdesk.services.audit_search import AuditQuestion
from townshipdesk.services.exports import SHEETS, export
from townshipdesk.services.payments import PaymentOrder
from townshipdesk.services.refunds import RefundRequest
from townshipdesk.services.rulings import Grant
from townshipdesk.services.staff import Actor
from townshipdesk.store.driver import sqlite3

PASSWORD = "long enough"


@pytest.fixture
def audited(desk: Desk) -> Desk:
    """A desk with an auditor, one payment and one refund that waits."""
    add(desk, "auditor", "何审", "auditor")
    person = desk.add_resident()
    desk.at("2024-10-10T10:00")
    payments.pay(desk.office, desk.clerk, PaymentOrder((person,), "cash"))
    asked = RefundRequest(person, "employee-insurance", "杨发贵", "6200000017")
    refunds.request(desk.office, desk.clerk, asked)
    books.receive(desk.office, desk.supervisor, "收据", "ZY000001", "ZY000100")
    return desk


def add(desk: Desk, name: str, shown: str, role: str) -> None:
    staffing.add(
        desk.office, desk.supervisor, name=name, shown_name=shown, role=role, password=PASSWORD
    )


def auditor(desk: Desk) -> Actor:
    return staff.without_password(desk.office.conn, "auditor")


def refund_number(desk: Desk) -> str:
    return str(desk.office.conn.execute("SELECT number FROM refund").fetchone()[0])


def entry_uid(desk: Desk) -> str:
    return str(desk.office.conn.execute("SELECT uid FROM entry").fetchone()[0])


def receipt_uid(desk: Desk) -> str:
    return str(desk.office.conn.execute("SELECT uid FROM receipt").fetchone()[0])


STEPS: dict[str, Callable[[Desk, Actor], object]] = {
    "pay": lambda d, a: payments.pay(d.office, a, PaymentOrder((d.add_resident(),), "cash")),
    "reverse": lambda d, a: reversals.reverse(d.office, a, entry_uid(d), "错"),
    "print": lambda d, a: receipts.record_print(d.office, a, receipt_uid(d), "pdf"),
    "ask for a refund": lambda d, a: refunds.request(
        d.office, a, RefundRequest(1, "death", "杨磊", "6200000017")
    ),
    "approve": lambda d, a: refunds.approve(d.office, a, refund_number(d)),
    "reject": lambda d, a: refunds.reject(d.office, a, refund_number(d), "不符"),
    "withdraw": lambda d, a: refunds.withdraw(d.office, a, refund_number(d)),
    "count": lambda d, a: days.count_cash(d.office, a, d.office.today(), 0),
    "close": lambda d, a: days.close_day(d.office, a, d.office.today(), 40000),
    "deposit": lambda d, a: deposits.deposit(d.office, a, 100, "银行1"),
    "book in": lambda d, a: books.receive(d.office, a, "收据", "ZX01", "ZX10"),
    "issue": lambda d, a: books.issue(d.office, a, "ZY000001", "ZY000010", staff_name="clerk"),
    "void": lambda d, a: books.void(d.office, a, "ZY000001", "错", 3),
    "identity": lambda d, a: identities.add_identity(
        d.office, a, 1, "subsistence-allowance", d.office.today(), "民政"
    ),
    "death": lambda d, a: register.record_death(d.office, a, 1, d.office.today(), "证明"),
    "call": lambda d, a: calls.record(d.office, a, 1, calls.REASONS[0], ""),
    "setting": lambda d, a: settings.change(
        d.office, a, "extension_open", "yes", document_number="1"
    ),
    "clock": lambda d, a: settings.confirm_clock(d.office, a, "看过"),
    "staff": lambda d, a: staffing.set_active(d.office, a, "clerk", False),
    "somebody's password": lambda d, a: staffing.set_password(d.office, a, "clerk", "another one"),
    "backup folder": lambda d, a: backup.choose_backup_folder(d.office, a, None),
}


@pytest.mark.parametrize("step", STEPS)
def test_no_service_lets_an_auditor_change_anything(audited: Desk, step: str) -> None:
    before = audited.count("audit")
    with pytest.raises(NotPermittedError):
        STEPS[step](audited, auditor(audited))
    assert audited.count("audit") == before


@pytest.mark.parametrize("what", ["password", "pin"])
def test_an_auditor_sets_the_own_secrets_and_it_is_logged(audited: Desk, what: str) -> None:
    office, who = audited.office, auditor(audited)
    if what == "password":
        staffing.set_password(office, who, "auditor", "a new long one")
        assert staff.sign_in(office.database, "auditor", "a new long one", office.now())
    else:
        staffing.set_pin(office, who, "246810")
        assert staff.sign_in(office.database, "auditor", "246810", office.now(), what="pin")
    assert last_act(audited) == (who.staff_id, f"staff.{what}")


def test_what_an_auditor_takes_out_is_recorded_as_the_auditors_act(
    audited: Desk, tmp_path: Path
) -> None:
    who = auditor(audited)
    done = export(audited.office, "roster", tmp_path / "roster.xlsx")
    file_history.record_written(audited.office, who, "roster", done.path, done.rows)
    assert last_act(audited) == (who.staff_id, "sheet.written")
    headings = ("1", "2", "3", "4", "5", "6", "7", "8")
    audit_export.export(
        audited.office, who, AuditQuestion(), headings=headings, words=lambda row: (row.action, "")
    )
    assert last_act(audited) == (who.staff_id, "log.exported")
    reveal.reveal_numbers(audited.office, who, 1)
    assert last_act(audited) == (who.staff_id, "resident.numbers-shown")


def test_an_auditor_reads_every_sheet(audited: Desk, tmp_path: Path) -> None:
    days.close_day(audited.office, audited.supervisor, audited.office.today(), 40000)
    for sheet in SHEETS:
        done = export(audited.office, sheet, tmp_path / f"{sheet}.xlsx")
        assert done.path.exists(), sheet


def test_who_was_put_out_of_work_changes_nothing_more_at_an_open_desk(audited: Desk) -> None:
    add(audited, "leaver", "离任", "clerk")
    leaver = staff.without_password(audited.office.conn, "leaver")
    staffing.set_active(audited.office, audited.supervisor, "leaver", False)
    with pytest.raises(NotPermittedError) as error:
        payments.pay(
            audited.office, leaver, PaymentOrder((audited.add_resident("罗小满"),), "cash")
        )
    assert error.value.code == "inactive"


def test_only_a_supervisor_rules(audited: Desk) -> None:
    grant = Grant(standard_fen=40000, coverage=None)
    with pytest.raises(NotPermittedError):
        rulings.rule(audited.office, audited.clerk, 1, grant, "看过", "1")


def last_act(desk: Desk) -> tuple[int, str]:
    row = desk.office.conn.execute(
        "SELECT staff_id, action FROM audit ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return row[0], row[1]


# --------------------------------------------------------------------- behind the program's back

AT = "'2024-10-10T10:00:00+08:00'"
RAW_BY_AUDITOR = {
    "operation": f"INSERT INTO operation VALUES ('some-key', 'payment', '', :who, {AT}, '{{}}')",
    "entry": "INSERT INTO entry (uid, kind, enrolment_id, resident_id, village_id, year, day,"
    " paid_at, entered_at, channel, voucher, staff_id, individual_fen, subsidy_fen, operation_key)"
    " SELECT 'u', 'duplicate', enrolment_id, resident_id, village_id, year, day, paid_at,"
    " entered_at, channel, voucher, :who, individual_fen, subsidy_fen, operation_key FROM entry",
    "receipt": "INSERT INTO receipt (uid, series, number, issued_at, day, staff_id, operation_key,"
    " amount_fen, content) SELECT 'u', series, number + 1, issued_at, day, :who, operation_key,"
    " amount_fen, content FROM receipt",
    "void": f"INSERT INTO receipt_void SELECT id, {AT}, :who, day, '错' FROM receipt",
    "print": "INSERT INTO receipt_print (receipt_id, nth, printed_at, printed_by, form)"
    f" SELECT id, 1, {AT}, :who, 'pdf' FROM receipt",
    "refund": "INSERT INTO refund (uid, number, enrolment_id, entry_id, ground, payee, account,"
    " answer, individual_fen, subsidy_fen, ends_enrolment, state, requested_at, requested_by)"
    " SELECT 'u', 'T9', enrolment_id, entry_id, ground, payee, account, answer, 0, 0, 0,"
    " 'requested', requested_at, :who FROM refund",
    "settle": f"UPDATE refund SET state = 'withdrawn', settled_at = {AT}, settled_by = :who",
    "open day": f"INSERT INTO business_day VALUES ('2024-10-11', {AT}, :who)",
    "close day": f"INSERT INTO day_close VALUES ('2024-10-10', {AT}, :who, 0, 0, '', '', 1, '')",
    "deposit": "INSERT INTO deposit (uid, amount_fen, bank_reference, deposited_on, recorded_at,"
    f" recorded_by) VALUES ('u', 1, 'x', '2024-10-10', {AT}, :who)",
    "identity": "INSERT INTO identity (uid, resident_id, code, from_on, entered_at, entered_by)"
    f" VALUES ('u', 1, 'disability', '2024-01-01', {AT}, :who)",
    "insurance": "INSERT INTO employee_insurance (uid, resident_id, from_on, recorded_at,"
    f" recorded_by) VALUES ('u', 1, '2024-01-01', {AT}, :who)",
    "log": "INSERT INTO audit SELECT id + 1, at, :who, desk, 'payment.taken', subject, detail,"
    " NULL, hash, substr(hash || hash, 2, 64) FROM audit ORDER BY id DESC LIMIT 1",
    "log of another's password": "INSERT INTO audit SELECT id + 1, at, :who, desk,"
    " 'staff.password', 'staff:clerk', detail, NULL, hash, substr(hash || hash, 2, 64)"
    " FROM audit ORDER BY id DESC LIMIT 1",
}

RAW_BY_CLERK = {
    "approve": f"UPDATE refund SET state = 'approved', decided_at = {AT}, decided_by = :who",
    "reject": f"UPDATE refund SET state = 'rejected', decided_at = {AT}, decided_by = :who,"
    " why = 'x'",
    "ruling": "INSERT INTO ruling (uid, resident_id, year, ruled_at, day, ruled_by, why,"
    f" document_number, referred, granted) VALUES ('u', 1, 2025, {AT}, '2024-10-10', :who, 'x',"
    " '1', '{}', '{}')",
    "setting": "INSERT INTO setting (key, value, set_at, set_by)"
    f" VALUES ('batch_count', '2', {AT}, :who)",
    "book": "INSERT INTO book (uid, name, first, last, width, received_at, received_by)"
    f" VALUES ('u', 'x', 1, 2, 2, {AT}, :who)",
    "issue": "INSERT INTO book_issue (uid, book_id, first, last, village_id, issued_at, issued_by)"
    f" VALUES ('u', 1, 1, 2, 1, {AT}, :who)",
    "deposit back": "INSERT INTO deposit (uid, amount_fen, bank_reference, deposited_on,"
    " recorded_at, recorded_by, takes_back, why)"
    f" VALUES ('v', 1, 'x', '2024-10-10', {AT}, :who, 1, 'x')",
}


@pytest.mark.parametrize("step", RAW_BY_AUDITOR)
def test_the_database_itself_refuses_an_auditor(audited: Desk, step: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="an auditor changes nothing"):
        audited.office.conn.execute(RAW_BY_AUDITOR[step], {"who": auditor(audited).staff_id})


@pytest.mark.parametrize("step", RAW_BY_CLERK)
def test_the_database_itself_keeps_for_supervisors_what_is_theirs(audited: Desk, step: str) -> None:
    add(audited, "second", "另一人", "clerk")
    second = staff.without_password(audited.office.conn, "second")
    deposits.deposit(audited.office, audited.clerk, 1, "x")
    with pytest.raises(sqlite3.IntegrityError, match="supervisor"):
        audited.office.conn.execute(RAW_BY_CLERK[step], {"who": second.staff_id})


def test_receipts_stay_out_of_closed_days_in_the_database_too(audited: Desk) -> None:
    office = audited.office
    days.close_day(office, audited.supervisor, office.today(), 40000)
    for statement in (RAW_BY_AUDITOR["receipt"], RAW_BY_AUDITOR["void"]):
        with pytest.raises(sqlite3.IntegrityError, match="the day is closed"):
            office.conn.execute(statement, {"who": audited.clerk.staff_id})
    with pytest.raises(sqlite3.IntegrityError, match="the day is closed"):
        office.conn.execute(
            "UPDATE enrolment SET ended_at = day, ended_day = day, ended_by = 'reversal'"
        )


def test_a_range_of_receipts_never_goes_to_an_auditor(audited: Desk) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="writes no receipts"):
        audited.office.conn.execute(
            "INSERT INTO book_issue (uid, book_id, first, last, holder_id, issued_at, issued_by)"
            f" VALUES ('u', 1, 1, 2, :auditor, {AT}, :supervisor)",
            {
                "auditor": auditor(audited).staff_id,
                "supervisor": audited.supervisor.staff_id,
            },
        )


@pytest.mark.parametrize("pin", ["2468", "24681357"])
def test_a_locked_desk_opens_with_pin_or_password_of_any_length(desk: Desk, pin: str) -> None:
    add(desk, "other", "另一人", "clerk")
    office, other = desk.office, staff.without_password(desk.office.conn, "other")
    staffing.set_pin(office, other, pin)
    staffing.set_password(office, other, "other", "86427531")
    for secret in (pin, "86427531"):
        assert staff.unlock(office.database, "other", secret, office.now()).name == "other"
    with pytest.raises(NotPermittedError):
        staff.unlock(office.database, "other", "8642", office.now())


def test_an_auditor_looks_at_the_phones_of_a_call_list_and_is_recorded(audited: Desk) -> None:
    reveal.reveal_phones(audited.office, auditor(audited), "532399200201")
    said = audited.office.conn.execute(
        "SELECT action, staff_id FROM audit ORDER BY rowid DESC LIMIT 1"
    ).fetchone()
    assert tuple(said) == ("village.phones-shown", auditor(audited).staff_id)
