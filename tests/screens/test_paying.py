"""From a scanned card to a receipt, and what happens when it cannot be so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import events

from tests.screens.conftest import Hands
from townshipdesk.app import DeskApp
from townshipdesk.screens.confirm import ConfirmBox
from townshipdesk.screens.desk import DeskScreen
from townshipdesk.screens.pay import PayBox
from townshipdesk.screens.receipt import ReceiptBox
from townshipdesk.screens.session import Session
from townshipdesk.services import books, payments


@pytest.fixture(autouse=True)
def no_printer(monkeypatch):
    """No test prints on a real printer; what was sent is kept."""
    sent = []
    monkeypatch.setattr(
        "townshipdesk.printing.printer.send_to_printer",
        lambda contents, printer=None, title="": sent.append(title),
    )
    return sent


async def test_a_cash_payer_needs_three_keys_after_the_scan(open_desk, family, desk, no_printer):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        assert "220.00" in hands.text() or hands.desk.view.quote.due_fen == 22000
        await hands.press("f2")
        await hands.press("enter")
        assert isinstance(hands.app.screen, ReceiptBox)
        await hands.press("enter")
        assert isinstance(hands.app.screen, DeskScreen)
        assert hands.app.focused is hands.desk.lookup
        assert hands.desk.lookup.value == ""
    assert no_printer == ["000001"]
    assert desk.count("entry") == 1


async def test_the_change_is_shown_and_too_little_is_not_taken(open_desk, family, desk):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2")
        await hands.type("300")
        assert "找零 80.00" in hands.text()
        await hands.press("backspace", "backspace", "backspace")
        await hands.type("200")
        assert "还差 20.00" in hands.text()
        await hands.press("enter")
        assert isinstance(hands.app.screen, PayBox)
        assert desk.count("entry") == 0


async def test_a_card_scanned_into_the_sum_is_not_money(open_desk, family, desk):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2")
        await hands.scan("532399198005060015")
        assert isinstance(hands.app.screen, PayBox)
        assert desk.count("entry") == 0


async def test_another_way_of_paying_takes_its_voucher(open_desk, family, desk):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2", "down")
        await hands.type("POS123")
        await hands.press("enter")
        assert isinstance(hands.app.screen, ReceiptBox)
    row = desk.office.conn.execute("SELECT channel, voucher FROM entry").fetchone()
    assert tuple(row) == ("pos", "POS123")


async def test_who_is_second_is_told_kindly_that_it_is_done(open_desk, family, desk):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2")
        other = desk.office.again()
        payments.pay(other, desk.supervisor, payments.PaymentOrder((family.head,), "cash"))
        other.close()
        await hands.press("enter")
        assert "已经" in hands.text()
        assert "000001" in hands.text()
        await hands.press("enter")
        assert isinstance(hands.app.screen, DeskScreen)
        assert "已参保" in hands.text()
    assert desk.count("entry") == 1


async def test_no_cover_needs_a_second_yes_that_enter_does_not_give(open_desk, family, desk):
    desk.at("2025-11-03T10:00")
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        assert "无待遇" in hands.text()
        await hands.press("f2", "enter")
        assert isinstance(hands.app.screen, ConfirmBox)
        assert "890.00" in hands.text()
        await hands.press("enter")
        assert isinstance(hands.app.screen, ConfirmBox)
        await hands.press("escape")
        assert desk.count("entry") == 0
        await hands.press("enter", "y")
        assert isinstance(hands.app.screen, ReceiptBox)
    assert desk.count("entry") == 1


async def test_a_household_pays_at_once_on_one_receipt(open_desk, family, desk):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f5", "f2")
        text = hands.text()
        assert "普英" in text
        assert "罗小满" in text
        await hands.press("enter")
        assert isinstance(hands.app.screen, ReceiptBox)
    assert desk.count("entry") == 4
    assert desk.count("receipt") == 1


async def test_space_marks_single_members(open_desk, family, desk):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("space", "right", "right", "space", "f2", "enter")
        assert isinstance(hands.app.screen, ReceiptBox)
    paid = desk.office.conn.execute("SELECT resident_id FROM entry ORDER BY id").fetchall()
    assert [row[0] for row in paid] == [family.head, family.son]


async def test_refused_says_why_and_when_in_the_place_of_the_price(open_desk, family, desk):
    desk.at("2025-06-27T10:00")
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        text = hands.text()
        assert "今天不能缴费" in text
        assert "7月1日起可以缴：应缴 890.00 元" in text
        await hands.press("f2")
        assert isinstance(hands.app.screen, DeskScreen)


async def test_a_payment_whose_receipt_was_never_seen_is_shown_at_the_next_start(
    open_desk, family, desk
):
    actor = replace(desk.clerk, desk="desk-1")
    payments.pay(desk.office, actor, payments.PaymentOrder((family.head,), "cash"))
    async with open_desk() as hands:
        await hands.settle()
        assert isinstance(hands.app.screen, ReceiptBox)
        await hands.press("escape")
        assert isinstance(hands.app.screen, DeskScreen)
    assert payments.unseen_payments(desk.office, actor) == []


async def test_the_receipt_of_a_large_household_leaves_its_keys_on_the_screen(
    open_desk, family, desk
):
    household = desk.office.conn.execute("SELECT max(id) FROM household").fetchone()[0]
    for day in range(1, 5):
        desk.add_resident("杨小", f"2010-03-0{day}", household_id=household, relation="孙")
    async with open_desk((80, 24)) as hands:
        await hands.scan(family.head_number)
        assert any("杨发贵" in line and "户主" in line for line in hands.text().splitlines()[-6:])
        await hands.press("f5", "f2", "enter")
        assert isinstance(hands.app.screen, ReceiptBox)
        assert "第 1 页 共 2 页" in hands.text()
        assert "Enter 打印" in hands.text()


async def test_a_card_scanned_over_a_receipt_opens_the_next_person_and_prints_nothing(
    open_desk, desk, family
):
    """The reader's digits begin the next lookup; its Enter must not print the receipt."""
    other = desk.office.conn.execute(
        "SELECT number FROM document WHERE resident_id = ?", (family.son,)
    ).fetchone()[0]
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2", "enter")
        assert isinstance(hands.app.screen, ReceiptBox)
        await hands.scan(other)
        assert isinstance(hands.app.screen, DeskScreen)
        assert hands.desk.view.card.person.resident_id == family.son
        assert desk.count("receipt_print") == 0
        assert desk.count("operation_seen") == 1


async def test_a_card_scanned_right_after_enter_is_not_lost(open_desk, desk, family):
    """Printing goes on beside the next person."""
    other = desk.office.conn.execute(
        "SELECT number FROM document WHERE resident_id = ?", (family.son,)
    ).fetchone()[0]
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2", "enter")
        hands.app.post_message(events.Key("enter", "\r"))
        await hands.scan(other)
        assert hands.desk.view.card.person.resident_id == family.son


def book_held_by(desk, who, first="ZY000001", last="ZY000005"):
    books.receive(desk.office, desk.supervisor, "收据", first, last)
    books.issue(desk.office, desk.supervisor, first, last, staff_name=who)


async def test_without_a_book_the_pay_box_asks_for_no_number(open_desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2")
        assert "票据号" not in hands.text()


async def test_the_next_number_of_the_book_is_used_up_without_one_more_key(open_desk, family, desk):
    book_held_by(desk, "clerk")
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2")
        assert "ZY000001" in hands.text()
        await hands.press("enter")
        assert isinstance(hands.app.screen, ReceiptBox)
        assert "票据号：ZY000001" in hands.text()
    assert [one.used for one in books.issues(desk.office)] == [1]


async def test_another_number_can_be_typed_and_a_wrong_one_is_refused_plainly(
    open_desk, family, desk
):
    book_held_by(desk, "supervisor")
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2", "tab")
        assert hands.app.focused.id == "paper"
        for number, said in (("ZY000009", "没有"), ("x", "0001234")):
            hands.app.screen.paper.value = number
            await hands.press("enter")
            assert isinstance(hands.app.screen, PayBox)
            assert said in hands.text()
        assert desk.count("entry") == 0
        hands.app.screen.paper.value = "ZY000003"
        await hands.press("enter")
        assert isinstance(hands.app.screen, ReceiptBox)
    assert tuple(desk.office.conn.execute("SELECT number, state FROM paper").fetchone()) == (
        3,
        "used",
    )


async def test_a_number_another_desk_used_meanwhile_is_refused_and_the_next_one_offered(
    open_desk, family, desk
):
    book_held_by(desk, "supervisor")
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2")
        other = desk.office.again()
        order = payments.PaymentOrder((family.wife,), "cash", paper="ZY000001")
        payments.pay(other, desk.supervisor, order)
        other.close()
        await hands.press("enter")
        assert isinstance(hands.app.screen, PayBox)
        assert hands.app.screen.paper.value == "ZY000002"
        await hands.press("enter")
        assert isinstance(hands.app.screen, ReceiptBox)


async def test_a_way_of_paying_without_a_paper_offers_none(open_desk, family, desk):
    book_held_by(desk, "clerk")
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2", "down", "down")
        box = hands.app.screen
        assert (box.channel.value, box.paper.value) == ("mobile", "")
        await hands.press("up", "up")
        assert box.paper.value == "ZY000001"


async def test_a_household_is_written_on_one_number(open_desk, family, desk):
    book_held_by(desk, "clerk")
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f5", "f2")
        assert "ZY000001" in hands.text()
        await hands.press("enter")
        assert isinstance(hands.app.screen, ReceiptBox)
    assert desk.count("entry") == 4
    assert desk.count("paper") == 1


async def test_in_a_live_office_it_is_shown_to_whoever_signs_in_first(open_desk, family, desk):
    actor = replace(desk.clerk, desk="desk-1")
    payments.pay(desk.office, actor, payments.PaymentOrder((family.head,), "cash"))
    app = DeskApp(Session(desk.office, None, desk="desk-1"))
    async with app.run_test() as pilot:
        hands = Hands(app, pilot, desk)
        while not hands.desk.has_begun:
            await pilot.pause()
        await hands.settle()
        await hands.type("clerk")
        await hands.press("enter")
        while not isinstance(app.screen, ReceiptBox):
            await pilot.pause()
        assert "000001" in hands.text()


async def test_a_payment_on_its_way_says_so_and_cannot_be_called_back(open_desk, family, desk):
    """Esc would close the box, and the clerk would believe that nothing was taken."""
    other = desk.office.again()
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2")
        with other.database.transaction():  # another desk is writing
            await hands.pilot.press("enter")
            for _moment in range(100):
                await hands.pilot.pause(0.05)
                if "正在写入" in hands.text():
                    break
            assert "正在写入" in hands.text()
            await hands.pilot.press("escape")
            assert isinstance(hands.app.screen, PayBox)
            assert desk.count("entry") == 0
        await hands.settle()
        assert isinstance(hands.app.screen, ReceiptBox)
    assert desk.count("entry") == 1
    other.close()
