"""Claims of subsidies on the screen: what a source owes, a numbered claim, its payment."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest

from townshipdesk.screens.claims import ClaimingBox, ClaimsPage, LinesBox
from townshipdesk.services import claims, last_folders
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.reversals import reverse


@pytest.fixture
def granted(desk, family, tmp_path, monkeypatch):
    """The head of the family has paid with a subsidy of 180 yuan."""
    monkeypatch.setattr(last_folders, "_place", lambda: tmp_path / ".state" / "folders.json")
    last_folders.remember_folder("out", tmp_path)
    pay(desk.office, desk.clerk, PaymentOrder((family.head,), "cash"))
    return family


async def opened(hands):
    page = ClaimsPage(hands.app.session)
    await hands.app.push_screen(page)
    await hands.settle()
    return page


async def test_a_claim_is_made_after_a_second_yes_and_its_lines_name_everybody(
    open_desk, desk, granted
):
    async with open_desk() as hands:
        await opened(hands)
        assert "180.00" in hands.text()
        await hands.press("enter")
        assert "杨发贵" in hands.text()
        await hands.press("escape", "f3", "escape")
        assert claims.claims(desk.office) == []
        await hands.press("f3", "y")
        [made] = claims.claims(desk.office)
        assert (made.people, made.amount_fen) == (1, 18000)
        assert made.number in hands.text()
        await hands.press("enter", "enter")
        assert isinstance(hands.app.screen, LinesBox)


async def test_a_claim_is_stopped_with_escape_and_there_is_none(
    open_desk, desk, granted, monkeypatch
):
    """Work that runs ends at the next look; Esc then closes the box, and nothing was claimed."""
    make, reached, go_on = claims.make, Event(), Event()

    def slow(*args, cancelled, **more):
        reached.set()
        assert go_on.wait(10)
        return make(*args, cancelled=cancelled, **more)

    monkeypatch.setattr(claims, "make", slow)
    async with open_desk() as hands:
        page = await opened(hands)
        await hands.pilot.press("f3")
        await hands.settle()
        await hands.pilot.press("y")
        await asyncio.to_thread(reached.wait, 10)
        await hands.pilot.press("escape")
        assert isinstance(hands.app.screen, ClaimingBox)
        go_on.set()
        await hands.settle()
        assert "已停止" in hands.text()
        await hands.press("escape")
        assert hands.app.screen is page
        assert claims.claims(desk.office) == []


async def test_a_claim_is_written_as_workbook(open_desk, desk, granted, tmp_path):
    made = claims.make(desk.office, desk.clerk, "medical-assistance")
    async with open_desk() as hands:
        await opened(hands)
        await hands.press("s", "f2")
        await hands.press("ctrl+s")
        assert "已写入" in hands.text()
    assert list(tmp_path.glob(f"资助资金申请明细{made.number}-*.xlsx"))


async def test_another_sum_than_was_claimed_needs_a_reason(open_desk, desk, granted):
    made = claims.make(desk.office, desk.clerk, "medical-assistance")
    async with open_desk() as hands:
        page = await opened(hands)
        await hands.press("s", "p")
        await hands.type("B-9")
        box = hands.app.screen
        box.query_one("#paid-sum").value = "100"
        await hands.press("ctrl+s")
        assert claims.claim(desk.office, made.number).paid_on is None
        box.query_one("#paid-why").value = "财政分两次拨"
        await hands.press("ctrl+s")
        assert claims.claim(desk.office, made.number).paid_fen == 10000
        assert "少拨" in hands.text()
        assert "财政分两次拨" in hands.text()
        assert page.check_action("claim_paid", ()) is True  # the rest may still come
        await hands.press("p")
        assert "100.00" in hands.text()
        await hands.type("B-10")
        await hands.press("ctrl+s")
        settled = claims.claim(desk.office, made.number)
        assert (settled.paid_fen, settled.owed_fen, settled.payments) == (made.amount_fen, 0, 2)
        assert page.check_action("claim_paid", ()) is None
        await hands.press("p")
        assert any("已登记过" in note.message for note in hands.app._notifications)


async def test_a_claim_that_only_deducts_is_settled_by_giving_back(open_desk, desk, granted):
    """Everybody was reversed after the claim: the next one is below nothing and is paid back."""
    claims.make(desk.office, desk.clerk, "medical-assistance")
    entries = desk.office.conn.execute("SELECT uid FROM entry WHERE kind = 'contribution'")
    for entry in [row["uid"] for row in entries]:
        reverse(desk.office, desk.clerk, entry, "收错人")
    async with open_desk() as hands:
        await opened(hands)
        assert "下次申请扣除" in hands.text()
        await hands.press("f3", "y")
        await hands.press("enter", "p")
        await hands.type("TK-1")
        await hands.press("ctrl+s")
        [back, _first] = claims.claims(desk.office)
        assert back.amount_fen < 0
        assert back.paid_fen == back.amount_fen
        assert "已退回" in hands.text()


async def test_no_claim_yet_says_how_one_is_made_and_a_payment_that_it_may_come_in_parts(
    open_desk, desk, granted
):
    async with open_desk() as hands:
        page = await opened(hands)
        await hands.press("s")
        assert "还没有报过申请" in hands.text()
        claims.make(desk.office, desk.clerk, "medical-assistance")
        page.office_changed()
        await hands.settle()
        await hands.press("p")
        assert "到一笔登一笔" in hands.text()
