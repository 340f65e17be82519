"""Where the policy refers, a supervisor decides at the desk, and paper and log say so."""

from __future__ import annotations

from datetime import date

import pytest

from tests.years import adopt_next_year
from townshipdesk.printing.receipt_text import receipt_text
from townshipdesk.screens.receipt import ReceiptBox
from townshipdesk.screens.ruling import RulingBox
from townshipdesk.screens.sign_in import SignInBox
from townshipdesk.services import receipts
from townshipdesk.services.audit_search import AuditQuestion, search
from townshipdesk.services.printouts import receipt_on_paper


@pytest.fixture
def newborn(desk):
    """A child born after the collection: the document says nothing about it."""
    household = desk.add_household("DL9002")
    desk.add_resident("罗新生", "2025-03-03", household_id=household)
    return "罗新生"


async def fill(hands, cover_from="2025-03-03"):
    await hands.type("400")
    await hands.press("enter")
    await hands.type("100")
    await hands.press("enter", "enter", "enter")
    await hands.type(cover_from)
    await hands.press("enter", "enter")
    await hands.type("新生儿随父母参保")
    await hands.press("enter")
    await hands.type("龙医保〔2025〕5号")


async def test_a_decision_holds_for_the_next_payment_and_stands_on_the_receipt(
    open_desk, newborn, desk
):
    async with open_desk() as hands:
        await hands.press(*newborn, "enter")
        assert "须由主管裁定" in hands.text()
        await hands.press("r")
        assert "普通人员今天缴费：400.00 元" in hands.text()
        await fill(hands)
        assert "应缴 300.00 元" in hands.text()
        await hands.press("enter")
        assert isinstance(hands.app.screen, SignInBox)
        await hands.type("training")
        await hands.press("enter")
        assert hands.desk.view.quote.due_fen == 30000
        await hands.press("f2", "enter")
        assert isinstance(hands.app.screen, ReceiptBox)
        await hands.press("escape")
    issued = receipts.receipt(desk.office, "000001")
    assert "文号 龙医保〔2025〕5号" in receipt_text(receipt_on_paper(issued), 1)
    assert "ruling.made" in [row.action for row in search(desk.office, AuditQuestion())]


async def test_a_decision_is_corrected_before_the_payment(open_desk, newborn):
    async with open_desk() as hands:
        await hands.press(*newborn, "enter", "r")
        await fill(hands, cover_from="2025-12-03")
        await hands.press("enter")
        await hands.type("training")
        await hands.press("enter")
        assert "29 天" in hands.text()
        await hands.press("r")
        assert "2025-12-03" in hands.text()  # what was decided stands in the fields
        assert "300.00" in hands.text()
        hands.app.screen.query_one("#start").set_day(date(2025, 3, 3))
        hands.app.screen.query_one("#why").value = "待遇起始日更正"
        hands.app.screen.query_one("#document").value = "龙医保〔2025〕6号"
        await hands.press("ctrl+s")
        await hands.type("training")
        await hands.press("enter")
        quote = hands.desk.view.quote
        assert (quote.due_fen, quote.coverage.start) == (30000, date(2025, 3, 3))


async def test_without_a_supervisor_nothing_is_decided(open_desk, newborn, desk):
    async with open_desk() as hands:
        await hands.press(*newborn, "enter", "r")
        await fill(hands)
        await hands.press("enter", "escape")
        assert isinstance(hands.app.screen, RulingBox)
        assert "须由主管" in hands.text() or "主管" in hands.text()
    assert desk.count("ruling") == 0


async def test_a_cover_that_ends_before_it_begins_is_not_taken(open_desk, newborn, desk):
    async with open_desk() as hands:
        await hands.press(*newborn, "enter", "r")
        await fill(hands, cover_from="2026-03-03")
        await hands.press("enter")
        assert "待遇止日早于起日" in hands.text()
    assert desk.count("ruling") == 0


async def test_where_the_policy_answers_there_is_nothing_to_decide(open_desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("r")
        assert hands.app.screen is hands.desk


async def test_a_decision_shown_for_one_year_is_not_written_for_the_next(open_desk, newborn, desk):
    async with open_desk() as hands:
        hands.app.session.actor = desk.supervisor
        await hands.press(*newborn, "enter")
        await hands.press("r")
        await fill(hands)
        adopt_next_year(desk)
        hands.app._poll()
        await hands.press("enter")
        assert isinstance(hands.app.screen, RulingBox)
        assert "现在办理的是 2026 年度，不是 2025 年度" in hands.text()
    assert desk.count("ruling") == 0
