"""Deposits: cash goes to the bank oldest first, and what is out is shown by age."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support import Desk
from townshipdesk.domain.errors import NotPermittedError, RuleError, UsageError
from townshipdesk.services import deposits
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.reversals import reverse

VILLAGE = "532399200201"


def take(desk: Desk, moment: str, channel: str = "cash") -> str:
    desk.at(moment)
    order = PaymentOrder((desk.add_resident(),), channel)
    return pay(desk.office, desk.clerk, order).lines[0].entry_uid


def test_a_deposit_carries_the_oldest_days_first(desk: Desk) -> None:
    take(desk, "2025-03-10T09:00")
    take(desk, "2025-03-11T09:00")
    take(desk, "2025-03-11T10:00")
    deposits.deposit(desk.office, desk.clerk, 50000, "B-1")
    (held,) = deposits.cash_in_hand(desk.office)
    assert held.days == ((date(2025, 3, 11), 70000),)
    assert held.age_days(date(2025, 3, 17)) == 6


def test_a_villages_money_is_counted_apart_from_the_desks(desk: Desk) -> None:
    take(desk, "2025-03-10T09:00")
    take(desk, "2025-03-10T10:00", "village")
    take(desk, "2025-03-10T11:00", "pos")
    desk_cash, village_cash = deposits.cash_in_hand(desk.office)
    assert (desk_cash.village_code, desk_cash.amount_fen) == (None, 40000)
    assert (village_cash.village_code, village_cash.amount_fen) == (VILLAGE, 40000)
    deposits.deposit(desk.office, desk.clerk, 40000, "B-2", village_code=VILLAGE)
    assert [held.village_code for held in deposits.cash_in_hand(desk.office)] == [None]


def test_more_than_is_in_hand_cannot_be_deposited(desk: Desk) -> None:
    take(desk, "2025-03-10T09:00")
    with pytest.raises(RuleError) as error:
        deposits.deposit(desk.office, desk.clerk, 40001, "B-3")
    assert error.value.values["held"] == "400.00"
    with pytest.raises(RuleError):
        deposits.deposit(desk.office, desk.clerk, 1, "B-3", village_code=VILLAGE)


def test_a_reversed_payment_is_no_cash_in_hand(desk: Desk) -> None:
    entry = take(desk, "2025-03-10T09:00")
    reverse(desk.office, desk.clerk, entry, "认错人")
    assert deposits.cash_in_hand(desk.office) == []


def test_a_wrong_deposit_is_taken_back_once_by_a_supervisor(desk: Desk) -> None:
    take(desk, "2025-03-10T09:00")
    made = deposits.deposit(desk.office, desk.clerk, 40000, "B-4")
    with pytest.raises(NotPermittedError):
        deposits.take_back(desk.office, desk.clerk, made.uid, "录错")
    deposits.take_back(desk.office, desk.supervisor, made.uid, "录错")
    assert deposits.cash_in_hand(desk.office)[0].amount_fen == 40000
    with pytest.raises(RuleError):
        deposits.take_back(desk.office, desk.supervisor, made.uid, "再来")
    assert [found.taken_back for found in deposits.deposits(desk.office)] == [False, True]


def test_a_deposit_needs_reference_amount_and_a_day_that_has_come(desk: Desk) -> None:
    take(desk, "2025-03-10T09:00")
    for amount_fen, reference, on in ((0, "B", None), (1, " ", None), (1, "B", date(2025, 3, 11))):
        with pytest.raises(UsageError):
            deposits.deposit(desk.office, desk.clerk, amount_fen, reference, deposited_on=on)
