"""Cash in hand by age, and deposits that carry the oldest days first."""

from __future__ import annotations

import pytest

from townshipdesk.screens.deposits import DepositBackBox, DepositBox, DepositsPage
from townshipdesk.screens.sign_in import SignInBox
from townshipdesk.services import deposits
from townshipdesk.services.payments import PaymentOrder, pay


@pytest.fixture
def cash(desk):
    """800 yuan of the desk from two days, 400 of a village for two weeks."""
    people = [desk.add_resident(f"村民{n}") for n in range(3)]
    for moment, person, channel in (
        ("2025-03-03T10:00", people[0], "village"),
        ("2025-03-16T10:00", people[1], "cash"),
        ("2025-03-17T10:00", people[2], "cash"),
    ):
        desk.at(moment)
        pay(desk.office, desk.clerk, PaymentOrder((person,), channel, voucher="1"))


async def opened(hands):
    await hands.press("ctrl+f")
    assert isinstance(hands.app.screen, DepositsPage)


async def test_cash_stands_there_with_its_age_oldest_days_named(open_desk, cash):
    async with open_desk() as hands:
        await opened(hands)
        row = next(text for text in hands.text().splitlines() if "青杠村委会" in text)
        assert row.split()[1:] == ["400.00", "2025-03-03", "14", "天", "1"]
        assert "3月16日 400.00、3月17日 400.00" in hands.text()
        assert "共 1,200.00 元" in hands.text()


async def test_a_deposit_needs_its_reference_and_one_enter_when_it_is_all(open_desk, cash, desk):
    async with open_desk() as hands:
        await opened(hands)
        await hands.press("enter", "enter")
        assert isinstance(hands.app.screen, DepositBox)
        await hands.type("HK001")
        await hands.press("enter")
        assert isinstance(hands.app.screen, DepositsPage)
        assert "HK001" in hands.text()
    (made,) = deposits.deposits(desk.office)
    assert (made.amount_fen, made.bank_reference, made.village_name) == (800_00, "HK001", None)
    assert [held.village_name for held in deposits.cash_in_hand(desk.office)] == ["青杠村委会"]


async def test_more_than_is_in_hand_is_refused_kindly_and_the_form_stays(open_desk, cash, desk):
    async with open_desk() as hands:
        await opened(hands)
        await hands.press("down", "enter")
        await hands.type("HK002")
        await hands.press("shift+tab", "shift+tab", "home", "9", "ctrl+s")
        assert isinstance(hands.app.screen, DepositBox)
        assert "手中只有 400.00 元" in hands.text()
    assert deposits.deposits(desk.office) == []


async def test_the_form_says_what_stays_in_hand(open_desk, cash):
    async with open_desk() as hands:
        await opened(hands)
        await hands.press("enter", "shift+tab", "shift+tab", *["backspace"] * 6)
        await hands.type("300")
        assert "缴存后还剩 500.00 元" in hands.text()


async def test_a_clerk_takes_a_deposit_back_only_with_a_supervisor(open_desk, cash, desk):
    deposits.deposit(desk.office, desk.clerk, 300_00, "HK009")
    async with open_desk() as hands:
        await opened(hands)
        await hands.press("tab", "x")
        assert isinstance(hands.app.screen, SignInBox)
        await hands.press("enter")
        assert isinstance(hands.app.screen, DepositBackBox)
        await hands.type("记错金额")
        await hands.press("enter")
        assert isinstance(hands.app.screen, DepositsPage)
        assert "已撤销" in hands.text()
    assert sum(held.amount_fen for held in deposits.cash_in_hand(desk.office)) == 1200_00


async def test_another_desks_cash_appears(open_desk, cash, desk):
    async with open_desk() as hands:
        await opened(hands)
        other = desk.office.again()
        other.clock = desk.office.clock
        pay(other, desk.supervisor, PaymentOrder((desk.add_resident("新人"),), "cash"))
        other.close()
        hands.app._poll()
        await hands.settle()
        assert "1,200.00" in next(t for t in hands.text().splitlines() if "本窗口" in t)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_deposits_look_like_this(open_desk, cash, desk, size, language, picture):
    deposits.deposit(desk.office, desk.clerk, 300_00, "HK009")
    async with open_desk(size) as hands:
        if language == "en":
            await hands.press("f12")
        await opened(hands)
        hands.app._version = -1  # as the next look of the app does
        hands.app._poll()
        await hands.settle()
        await hands.settle()
        assert hands.app.export_screenshot(simplify=True) == picture(name="deposits")
