"""Undo with a reason, and the receipts of a day: look, print again, take back."""

from __future__ import annotations

import pytest

from townshipdesk.screens.receipt import ReceiptBox
from townshipdesk.screens.receipts_of_day import ReceiptsOfDayPage
from townshipdesk.screens.undo import ReversalBox, ReversedBox
from townshipdesk.services import receipts
from townshipdesk.services.payments import PaymentOrder, pay


@pytest.fixture(autouse=True)
def no_printer(monkeypatch):
    """No test prints on a real printer."""
    monkeypatch.setattr(
        "townshipdesk.printing.printer.send_to_printer", lambda *_given, **_named: None
    )


@pytest.fixture
def household_paid(desk, family):
    """Head and wife have paid together this morning, on one receipt."""
    pay(desk.office, desk.clerk, PaymentOrder((family.head, family.wife), "cash"))
    return family


async def test_a_wrong_payment_of_today_goes_back_with_its_reason(open_desk, household_paid, desk):
    async with open_desk() as hands:
        await hands.scan(household_paid.head_number)
        await hands.press("ctrl+z")
        said = hands.text()
        assert "票据 000001 作废" in said
        assert "为 普英 另开新票据" in said
        await hands.press("enter")
        assert "必须填" in hands.text()
        await hands.type("收错人")
        await hands.press("enter")
        assert isinstance(hands.app.screen, ReversedBox)
        assert "退还现金" in hands.text()
        await hands.press("enter")
        assert isinstance(hands.app.screen, ReceiptBox)
        assert "替代收据 000001" in hands.text()
        await hands.press("escape")
        assert hands.desk.view.can_pay
    assert receipts.receipt(desk.office, "000001").void_reason == "收错人"
    assert [line.name for line in receipts.receipt(desk.office, "000002").lines] == ["普英"]


async def test_a_payment_of_yesterday_is_sent_to_the_refunds(open_desk, household_paid, desk):
    desk.at("2025-03-18T09:00")
    async with open_desk() as hands:
        await hands.scan(household_paid.head_number)
        await hands.press("ctrl+z")
        assert "只能冲正当天的缴费" in hands.text()
        await hands.type("x")
        await hands.press("enter")
        assert isinstance(hands.app.screen, ReversalBox)
    assert desk.count("receipt_void") == 0


async def test_without_a_payment_there_is_nothing_to_take_back(open_desk, family, desk):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("ctrl+z")
        assert "没有可以冲正的缴费" in hands.text()
        await hands.type("x")
        await hands.press("enter")
        assert isinstance(hands.app.screen, ReversalBox)
    assert desk.count("entry") == 0


async def test_the_receipts_of_today_are_a_list_to_take_back_from(open_desk, household_paid, desk):
    async with open_desk() as hands:
        await hands.press("ctrl+y")
        assert isinstance(hands.app.screen, ReceiptsOfDayPage)
        said = hands.text()
        assert "杨发贵" in said
        assert "收费 2 人" in said
        await hands.press("down", "x")
        assert "冲正：普英" in hands.text()
        await hands.type("重复")
        await hands.press("enter", "enter", "escape")
        said = hands.text()
        assert "作废：重复" in said
        assert "作废 1 张" in said
        assert "收费 1 人" in said


async def test_a_receipt_printed_again_from_the_list_is_a_reprint(open_desk, household_paid, desk):
    async with open_desk() as hands:
        await hands.press("ctrl+y", "enter", "enter")
        assert isinstance(hands.app.screen, ReceiptsOfDayPage)
        for _moment in range(250):  # it prints beside the keys, the list is back before that
            if receipts.receipt(desk.office, "000001").printed_times:
                break
            await hands.pilot.pause(0.02)
        await hands.press("enter")
        assert "补打" in hands.text()
        await hands.press("escape")
    assert receipts.receipt(desk.office, "000001").printed_times == 1


async def test_earlier_days_can_be_looked_at_but_not_taken_back(open_desk, household_paid, desk):
    desk.at("2025-03-20T09:00")
    async with open_desk() as hands:
        await hands.press("ctrl+y")
        assert "收费 0 人" in hands.text()
        await hands.press("left")
        assert "2025-03-17" in hands.text()
        assert "收费 2 人" in hands.text()
        assert hands.app.screen.check_action("take_back", ()) is None
        await hands.press("right")
        assert "收费 0 人" in hands.text()


async def test_going_elsewhere_leaves_the_page(open_desk, household_paid):
    async with open_desk() as hands:
        await hands.press("ctrl+y", "f10")
        assert hands.app.screen is hands.desk
        await hands.press("ctrl+y", "f9")
        assert len(hands.app.screen_stack) == 2
