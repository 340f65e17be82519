"""A village's collection: every gate blocks the next, and money and people agree to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.support import Desk, made_up_number
from tests.years import adopt_next_year
from townshipdesk.domain.errors import NotPermittedError, RuleError, UsageError
from townshipdesk.services import (
    collection_note,
    collection_view,
    collections,
    deposits,
    file_history,
)
from townshipdesk.services.collection_check import Counted
from townshipdesk.services.payments import PaymentOrder, pay, unseen_payments
from townshipdesk.services.verify import verify
from townshipdesk.store.driver import sqlite3

VILLAGE = "532399200201"
HEADINGS = (
    "户号",
    "户主",
    "姓名",
    "与户主关系",
    "证件号码",
    "应缴",
    "自缴金额",
    "收据号",
    "缴费日期",
)


def number(n: int) -> str:
    return made_up_number(date(1980, 5, 6), n)


NAMES = {number(n): f"人{n}" for n in (1, 2, 3, 4)} | {number(50): "外村人"}


def ledger(path: Path, rows: Sequence[tuple[str, str, int, str]], day: str = "2025-03-10") -> Path:
    """Write a ledger: household, number, yuan, receipt."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["青杠村2025年城乡居民基本医疗保险筹资台账"])
    sheet.append(HEADINGS)
    for household, person, yuan, receipt in rows:
        name = NAMES.get(person, "某某")
        sheet.append([household, "甲一", name, "户主", person, yuan, yuan, receipt, day])
    book.save(path)
    return path


@pytest.fixture
def village(desk: Desk) -> Desk:
    """Four people in two households of one village."""
    for household, members in (("H1", 3), ("H2", 1)):
        home = desk.add_household(household)
        for _member in range(members):
            n = desk.count("resident") + 1
            desk.add_resident(f"人{n}", number=number(n), household_id=home)
    return desk


@pytest.fixture
def good(village: Desk, tmp_path: Path) -> Path:
    rows = [("H1", number(n), 400, "ZY001") for n in (1, 2, 3)] + [("H2", number(4), 400, "ZY002")]
    return ledger(tmp_path / "ledger.xlsx", rows)


RIGHT = Counted(pages=1, households=2, heads=4, paper_fen=160000, cash_fen=160000)


def received(desk: Desk, path: Path, review: bool | None = None) -> str:
    came_in = collections.receive(
        desk.office, desk.clerk, path, village_code=VILLAGE, needs_review=review
    )
    return came_in.collection.uid


def test_the_whole_way_enrols_everybody_on_the_villages_receipts(village: Desk, good: Path) -> None:
    uid = received(village, good)
    collections.count(village.office, village.clerk, uid, RIGHT)
    on = date(2025, 3, 15)
    collections.record_deposit(village.office, village.clerk, uid, 160000, "B-77", on)
    entered = collections.enter(village.office, village.clerk, uid)
    assert (entered.enrolled, entered.left_out, entered.complete) == (4, (), True)
    assert village.count("enrolment") == 4
    assert village.count("receipt") == 2
    rows = village.office.conn.execute("SELECT DISTINCT channel, voucher, paid_at FROM entry")
    assert {tuple(row) for row in rows} == {
        ("village", "ZY001", "2025-03-10T12:00:00+08:00"),
        ("village", "ZY002", "2025-03-10T12:00:00+08:00"),
    }
    assert deposits.cash_in_hand(village.office) == []
    assert collections.collection(village.office, uid).state == "entered"


@pytest.mark.parametrize("kind", ["school", "department"])
def test_what_a_school_or_a_department_deposited_is_no_villages_cash_out(
    village: Desk, tmp_path: Path, kind: str
) -> None:
    """Its one deposit stands against the cash of every village its people are of."""
    office, clerk = village.office, village.clerk
    other = village.add_village("532399200299", "邻村村委会")
    village.add_resident("某某", number=number(90), village_id=other)
    path = ledger(
        tmp_path / "school.xlsx",
        [("", number(1), 400, "XX001"), ("", number(90), 400, "XX002")],
    )
    came_in = collections.receive(office, clerk, path, kind=kind, body="镇中学")
    assert came_in.differences == ()
    uid = came_in.collection.uid
    collections.count(office, clerk, uid, Counted(1, 2, 2, 80000, 80000))
    collections.record_deposit(office, clerk, uid, 80000, "B-78", date(2025, 3, 15))
    assert collections.enter(office, clerk, uid).enrolled == 2
    assert village.count("enrolment") == 2
    assert deposits.cash_in_hand(office) == []


def test_nobody_is_asked_for_receipts_of_a_ledger_at_the_next_start(
    village: Desk, good: Path
) -> None:
    """Only what was paid at the counter and never shown is told again, not a whole ledger."""
    clerk = replace(village.clerk, desk="desk-1")
    uid = received(village, good)
    collections.count(village.office, clerk, uid, RIGHT)
    on = date(2025, 3, 15)
    collections.record_deposit(village.office, clerk, uid, 160000, "B-77", on)
    collections.enter(village.office, clerk, uid)
    assert unseen_payments(village.office, clerk) == []
    at_the_counter = village.add_resident("零星")
    pay(village.office, clerk, PaymentOrder((at_the_counter,), "cash"))
    assert len(unseen_payments(village.office, clerk)) == 1


def test_how_long_the_cash_has_been_out_is_shown_until_it_is_at_the_bank(
    village: Desk, good: Path
) -> None:
    uid = received(village, good)
    assert collections.collection(village.office, uid).days_out(date(2025, 3, 17)) == 7
    collections.count(village.office, village.clerk, uid, RIGHT)
    collections.record_deposit(village.office, village.clerk, uid, 160000, "B", date(2025, 3, 17))
    assert collections.collection(village.office, uid).days_out(date(2025, 3, 17)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        Counted(1, 2, 3, 160000, 160000),
        Counted(1, 1, 4, 160000, 160000),
        Counted(1, 2, 4, 159999, 160000),
        Counted(1, 2, 4, 160000, 160001),
    ],
)
def test_no_gate_opens_while_a_count_differs(village: Desk, good: Path, wrong: Counted) -> None:
    uid = received(village, good)
    with pytest.raises(RuleError) as error:
        collections.count(village.office, village.clerk, uid, wrong)
    assert error.value.code == "counts-differ"
    with pytest.raises(RuleError):
        collections.record_deposit(
            village.office, village.clerk, uid, 160000, "B", date(2025, 3, 15)
        )
    with pytest.raises(RuleError):
        collections.enter(village.office, village.clerk, uid)
    assert village.count("entry") == 0


def test_each_difference_is_named_by_person_and_can_be_set_aside(
    village: Desk, tmp_path: Path
) -> None:
    stranger = village.add_resident("外村人", number=number(50), village_id=2)
    pay(village.office, village.clerk, PaymentOrder((2,), "cash"))
    path = ledger(
        tmp_path / "ledger.xlsx",
        [
            ("H1", number(1), 380, "ZY001"),
            ("H1", number(2), 400, "ZY001"),
            ("H1", number(3), 400, "ZY001"),
            ("H2", number(77), 400, "ZY002"),
            ("H3", number(50), 400, "ZY003"),
        ],
    )
    uid = received(village, path)
    found = collections.differences(village.office, uid)
    assert stranger
    assert [item.kind for item in found] == ["amount", "refused", "unknown", "elsewhere"]
    with pytest.raises(RuleError) as error:
        collections.count(village.office, village.clerk, uid, Counted(1, 1, 1, 40000, 40000))
    assert error.value.values["count"] == 4
    for item in found:
        collections.set_aside(village.office, village.clerk, uid, item.row_id, "退村里更正")
    done = collections.count(village.office, village.clerk, uid, Counted(1, 1, 1, 40000, 40000))
    assert (done.heads, done.amount_fen) == (1, 40000)


def test_another_name_a_dead_person_and_a_day_to_come_are_differences(
    village: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NAMES, number(1), "别人")
    village.office.conn.execute(
        "UPDATE resident SET status = 'deceased', status_on = '2025-01-01' WHERE id = 2"
    )
    rows = [("H1", number(n), 400, f"ZY{n}") for n in (1, 2)]
    found = collections.differences(
        village.office, received(village, ledger(tmp_path / "a.xlsx", rows))
    )
    assert [item.kind for item in found] == ["name", "refused"]
    tomorrow = ledger(tmp_path / "b.xlsx", [("H1", number(3), 400, "ZY3")], day="2025-03-18")
    found = collections.differences(village.office, received(village, tomorrow))
    assert [item.kind for item in found] == ["day"]


def test_the_pages_a_file_tells_must_be_those_of_the_paper(village: Desk, tmp_path: Path) -> None:
    path = ledger(tmp_path / "a.xlsx", [("H1", number(1), 400, "ZY1"), ("H1", number(2), 400, "Z")])
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.insert_rows(4)
    for row in (4, 6):
        for column, value in ((1, "本页小计"), (7, 400)):
            sheet.cell(row, column, value)
    book.save(path)
    uid = received(village, path)
    counted = Counted(pages=3, households=1, heads=2, paper_fen=80000, cash_fen=80000)
    with pytest.raises(RuleError) as error:
        collections.count(village.office, village.clerk, uid, counted)
    assert "3" in str(error.value.values["what"])
    collections.count(village.office, village.clerk, uid, replace(counted, pages=2))


def test_where_the_county_reviews_the_deposit_waits_for_it(village: Desk, good: Path) -> None:
    uid = received(village, good, review=True)
    collections.count(village.office, village.clerk, uid, RIGHT)
    day = date(2025, 3, 15)
    with pytest.raises(RuleError):
        collections.record_deposit(village.office, village.clerk, uid, 160000, "B", day)
    with pytest.raises(NotPermittedError):
        collections.review(village.office, village.clerk, uid, "复核单1号")
    collections.review(village.office, village.supervisor, uid, "复核单1号")
    collections.record_deposit(village.office, village.clerk, uid, 160000, "B", day)
    assert collections.collection(village.office, uid).state == "deposited"


def test_a_deposit_is_all_of_it_to_the_fen(village: Desk, good: Path) -> None:
    uid = received(village, good)
    collections.count(village.office, village.clerk, uid, RIGHT)
    with pytest.raises(RuleError) as error:
        collections.record_deposit(
            village.office, village.clerk, uid, 159999, "B", date(2025, 3, 15)
        )
    assert error.value.code == "deposit-differs"


def test_somebody_who_paid_at_the_desk_meanwhile_is_left_out_with_the_reason(
    village: Desk, good: Path
) -> None:
    uid = received(village, good)
    collections.count(village.office, village.clerk, uid, RIGHT)
    collections.record_deposit(village.office, village.clerk, uid, 160000, "B", date(2025, 3, 15))
    pay(village.office, village.clerk, PaymentOrder((4,), "cash"))
    entered = collections.enter(village.office, village.clerk, uid)
    assert entered.enrolled == 3
    assert [item[0] for item in entered.left_out] == [number(4)]
    assert not entered.complete
    assert collections.collection(village.office, uid).state == "deposited"
    closed = collections.enter(village.office, village.clerk, uid, leave_out=True)
    assert closed.complete
    assert collections.collection(village.office, uid).state == "entered"


def test_who_only_shares_a_receipt_is_not_said_to_have_paid_and_is_entered_in_the_end(
    village: Desk, good: Path
) -> None:
    """One of three on a receipt paid at the desk: the receipt waits, and only one is named."""
    office, clerk = village.office, village.clerk
    uid = received(village, good)
    collections.count(office, clerk, uid, RIGHT)
    collections.record_deposit(office, clerk, uid, 160000, "B", date(2025, 3, 15))
    pay(office, clerk, PaymentOrder((2,), "cash"))
    entered = collections.enter(office, clerk, uid)
    assert (entered.enrolled, entered.complete) == (1, False)
    assert [item[0] for item in entered.left_out] == [number(2)]
    assert [item[0] for item in entered.waiting] == [number(1), number(3)]
    assert all("人2" in why for _number, why in entered.waiting)
    closed = collections.enter(office, clerk, uid, leave_out=True)
    assert (closed.enrolled, closed.waiting, closed.complete) == (3, (), True)
    assert [item[0] for item in closed.left_out] == [number(2)]
    assert village.count("enrolment") == 4
    assert deposits.cash_in_hand(office)[0].amount_fen == 40000  # what the desk took itself
    lines = collection_view.lines(office, uid)
    assert [line.document_number for line in lines if line.left_out] == [number(2)]
    [record] = file_history.history(office)
    assert (record.rows, dict(record.counts)) == (4, {"entered": 3, "aside": 0})
    path = good.parent / "note.xlsx"
    assert collection_note.write(office, clerk, uid, (), path) == 1
    [row] = openpyxl.load_workbook(path).active.iter_rows(min_row=4, max_row=4, values_only=True)
    assert (row[3], row[6]) == (number(2), "未能登记，钱款退回。")


@pytest.mark.parametrize("paid_here", [1, 2, 3])
def test_closing_without_somebody_that_was_stopped_is_taken_up_again(
    village: Desk, good: Path, paid_here: int
) -> None:
    """Nobody is entered twice, and who was left out, first on the receipt or last, stays so."""
    office, clerk = village.office, village.clerk
    uid = received(village, good)
    collections.count(office, clerk, uid, RIGHT)
    collections.record_deposit(office, clerk, uid, 160000, "B", date(2025, 3, 15))
    pay(office, clerk, PaymentOrder((paid_here,), "cash"))
    asked = iter([False, True])
    stopped = collections.enter(office, clerk, uid, cancelled=lambda: next(asked), leave_out=True)
    assert (stopped.enrolled, stopped.complete) == (2, False)
    closed = collections.enter(office, clerk, uid, leave_out=True)
    assert (closed.enrolled, closed.complete) == (3, True)
    assert [item[0] for item in closed.left_out] == [number(paid_here)]
    assert village.count("enrolment") == 4


def test_a_ledger_of_today_is_entered_in_the_morning_too(village: Desk, tmp_path: Path) -> None:
    """A day without a time stands for its noon, which at nine lies ahead."""
    rows = [("H1", number(1), 400, "ZY001")]
    uid = received(village, ledger(tmp_path / "today.xlsx", rows, day="2025-03-17"))
    collections.count(village.office, village.clerk, uid, Counted(1, 1, 1, 40000, 40000))
    day = date(2025, 3, 17)
    collections.record_deposit(village.office, village.clerk, uid, 40000, "B", day)
    assert collections.enter(village.office, village.clerk, uid).enrolled == 1


def test_entering_that_was_stopped_is_taken_up_again(village: Desk, good: Path) -> None:
    uid = received(village, good)
    collections.count(village.office, village.clerk, uid, RIGHT)
    collections.record_deposit(village.office, village.clerk, uid, 160000, "B", date(2025, 3, 15))
    asked = iter([False, True])
    first = collections.enter(village.office, village.clerk, uid, cancelled=lambda: next(asked))
    assert (first.enrolled, first.complete) == (3, False)
    second = collections.enter(village.office, village.clerk, uid)
    assert second.complete
    assert village.count("entry") == 4


def test_the_same_file_comes_in_once(village: Desk, good: Path) -> None:
    uid = received(village, good)
    with pytest.raises(RuleError) as error:
        received(village, good)
    assert error.value.code == "same-file"
    collections.withdraw(village.office, village.clerk, uid, "村里重报")
    assert received(village, good) != uid


def test_a_ledger_with_a_row_nobody_can_read_does_not_come_in(
    village: Desk, tmp_path: Path
) -> None:
    path = ledger(tmp_path / "bad.xlsx", [("H1", number(1)[:-1] + "0", 400, "ZY001")])
    came_in = collections.receive(village.office, village.clerk, path, village_code=VILLAGE)
    assert len(came_in.rejections) == 1
    assert village.count("collection") == 0


def test_a_school_needs_its_name_and_a_village_its_code(village: Desk, good: Path) -> None:
    with pytest.raises(UsageError):
        collections.receive(village.office, village.clerk, good, kind="village")
    with pytest.raises(UsageError):
        collections.receive(
            village.office, village.clerk, good, kind="school", village_code=VILLAGE
        )


@pytest.mark.parametrize("step", ["reviewed", "deposited", "entered"])
def test_the_database_itself_keeps_the_gates(village: Desk, good: Path, step: str) -> None:
    received(village, good)
    with pytest.raises(sqlite3.IntegrityError):
        village.office.conn.execute(
            "INSERT INTO collection_step (collection_id, step, done_at, done_by)"
            " VALUES (1, ?, 'x', 1)",
            (step,),
        )


def test_a_ledger_passes_no_gate_at_a_desk_that_works_for_another_year(
    village: Desk, good: Path
) -> None:
    uid = received(village, good)
    adopt_next_year(village)
    with pytest.raises(RuleError) as refused:
        collections.count(village.office, village.clerk, uid, RIGHT)
    assert refused.value.code == "year-changed"
    village.office.work_for(2025)
    assert collections.count(village.office, village.clerk, uid, RIGHT).state == "counted"


def test_a_deposit_typed_wrongly_is_put_right_until_the_ledger_is_entered(
    village: Desk, good: Path
) -> None:
    """A supervisor, a reason; the step stays as it was written, what counts is the correction."""
    office, clerk, supervisor = village.office, village.clerk, village.supervisor
    day, right = date(2025, 3, 15), date(2025, 3, 14)
    uid = received(village, good)
    with pytest.raises(RuleError):  # nothing is at the bank yet
        collections.correct_deposit(office, supervisor, uid, "B-2", right, "抄错")
    collections.count(office, clerk, uid, RIGHT)
    collections.record_deposit(office, clerk, uid, 160000, "B-1", day)
    with pytest.raises(NotPermittedError):
        collections.correct_deposit(office, clerk, uid, "B-2", right, "抄错")
    for reference, why in (("  ", "抄错"), ("B-2", " ")):
        with pytest.raises(UsageError):
            collections.correct_deposit(office, supervisor, uid, reference, right, why)
    with pytest.raises(UsageError):
        collections.correct_deposit(office, supervisor, uid, "B-2", date(2099, 1, 1), "抄错")
    with pytest.raises(RuleError) as same:
        collections.correct_deposit(office, supervisor, uid, "B-1", day, "抄错")
    assert same.value.code == "same"
    assert village.count("collection_correction") == 0
    collections.correct_deposit(office, supervisor, uid, "B-9", day, "抄错")
    collections.correct_deposit(office, supervisor, uid, "B-2", right, "又抄错")
    assert collection_view.deposit(office, uid) == ("B-2", right)
    assert [gate.told for gate in collection_view.passed(office, uid)][-1] == "B-2 · 又抄错"
    assert collections.enter(office, clerk, uid).complete
    [entered] = deposits.deposits(office, 10)
    assert (entered.bank_reference, entered.deposited_on) == ("B-2", right)
    with pytest.raises(RuleError):
        collections.correct_deposit(office, supervisor, uid, "B-3", right, "抄错")
    with pytest.raises(sqlite3.IntegrityError, match="between bank and entering"):
        office.conn.execute(
            "INSERT INTO collection_correction SELECT id + 9, collection_id, bank_reference,"
            " deposited_on, corrected_at, corrected_by, why FROM collection_correction"
        )
    for change in (
        "UPDATE collection_correction SET why = 'x'",
        "DELETE FROM collection_correction",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            office.conn.execute(change)
    assert {problem.code for problem in verify(office)} <= {"readings"}  # of made-up people
