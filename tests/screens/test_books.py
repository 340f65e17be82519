"""Receipt books on the screen: received, issued, voided, written off, outstanding."""

from __future__ import annotations

from dataclasses import replace

import pytest

from townshipdesk.screens.book_forms import IssueBox, VoidBox, WriteOffBox
from townshipdesk.screens.books import BooksPage
from townshipdesk.services import books
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.reversals import reverse

VILLAGE = "532399200201"


@pytest.fixture
def stocked(desk):
    """A book of 100, ten numbers of it at a village, one of those voided."""
    books.receive(desk.office, desk.supervisor, "筹资专用收据", "ZY000101", "ZY000200")
    books.issue(
        desk.office,
        desk.supervisor,
        "ZY000101",
        "ZY000110",
        village_code=VILLAGE,
        received_by="王五",
    )
    books.void(desk.office, desk.clerk, "ZY000102", "写错", 3)
    return desk


async def opened(hands, *, supervisor=True):
    if supervisor:
        hands.app.session.actor = replace(hands.office_desk.supervisor, desk="desk-1")
    await hands.press("ctrl+f", "k")
    assert isinstance(hands.app.screen, BooksPage)


async def test_what_is_outstanding_at_each_village_stands_there(open_desk, stocked):
    async with open_desk((120, 40)) as hands:
        await opened(hands)
        text = hands.text()
        assert "ZY000101–ZY000200" in text
        assert "青杠村委会 9" in text
        row = next(line for line in text.splitlines() if "ZY000101–ZY000110" in line)
        assert row.split()[-4:] == ["1", "9", "2025-03-17", "王五"]


async def test_a_book_is_received_and_a_range_of_it_issued(open_desk, desk):
    async with open_desk() as hands:
        await opened(hands)
        await hands.press("n")
        await hands.type("筹资专用收据")
        await hands.press("enter")
        await hands.type("ZY000101")
        await hands.press("enter")
        await hands.type("ZY000200")
        assert "共 100 份" in hands.text()
        await hands.press("enter", "i")
        assert isinstance(hands.app.screen, IssueBox)
        await hands.type("青杠")
        await hands.press("enter")
        await hands.type("王五")
        await hands.press("enter")
        assert isinstance(hands.app.screen, BooksPage)
    (issue,) = books.issues(desk.office)
    assert (issue.first, issue.last, issue.village_code, issue.received_by) == (
        "ZY000101",
        "ZY000150",
        VILLAGE,
        "王五",
    )


async def test_a_range_can_go_to_a_clerk_and_follows_on_the_last_one(open_desk, stocked):
    async with open_desk() as hands:
        await opened(hands)
        await hands.press("i")
        await hands.type("李春")
        await hands.press("ctrl+s")
        assert isinstance(hands.app.screen, BooksPage)
    issue = books.issues(stocked.office)[0]
    assert (issue.first, issue.last, issue.holder) == ("ZY000111", "ZY000160", "李春")


async def test_nobody_of_that_name_keeps_the_form_open(open_desk, stocked):
    async with open_desk() as hands:
        await opened(hands)
        await hands.press("i")
        await hands.type("没有的村")
        await hands.press("ctrl+s")
        assert isinstance(hands.app.screen, IssueBox)
    assert len(books.issues(stocked.office)) == 1


async def test_a_number_is_voided_with_its_copies(open_desk, stocked):
    async with open_desk() as hands:
        await opened(hands, supervisor=False)
        await hands.press("v")
        assert isinstance(hands.app.screen, VoidBox)
        await hands.type("ZY000103")
        await hands.press("enter")
        await hands.type("污损")
        await hands.press("enter", "enter")
        assert isinstance(hands.app.screen, BooksPage)
    assert books.issues(stocked.office)[0].void == 2


async def test_a_range_is_written_off_only_when_it_adds_up(open_desk, stocked):
    async with open_desk() as hands:
        await opened(hands)
        await hands.press("w")
        assert isinstance(hands.app.screen, WriteOffBox)
        assert "相符" in hands.text()
        await hands.press("backspace", "8")
        assert "还差 1 份" in hands.text()
        await hands.press("ctrl+s")
        assert isinstance(hands.app.screen, WriteOffBox)
        await hands.press("backspace", "9", "ctrl+s")
        assert isinstance(hands.app.screen, BooksPage)
        assert "ZY000110" not in hands.text()
        await hands.press("s")
        row = next(line for line in hands.text().splitlines() if "ZY000110" in line)
        assert "2025-03-17" in row
    assert books.issues(stocked.office)[0].outstanding == 0


async def test_a_clerk_needs_a_supervisor_for_a_book(open_desk, stocked):
    async with open_desk() as hands:
        await opened(hands, supervisor=False)
        await hands.press("n", "escape")
        assert isinstance(hands.app.screen, BooksPage)
    assert stocked.count("book") == 1


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_books_look_like_this(open_desk, stocked, size, language, picture):
    async with open_desk(size) as hands:
        if language == "en":
            await hands.press("f12")
        await opened(hands)
        hands.app._version = -1  # as the next look of the app does
        hands.app._poll()
        await hands.settle()
        await hands.settle()
        assert hands.app.export_screenshot(simplify=True) == picture(name="books")


async def test_the_number_of_a_payment_taken_back_is_offered_to_be_voided(open_desk, stocked):
    order = PaymentOrder((stocked.add_resident(),), "village", paper="ZY000103")
    paid = pay(stocked.office, stocked.clerk, order)
    reverse(stocked.office, stocked.clerk, paid.lines[0].entry_uid, "认错人")
    async with open_desk() as hands:
        await opened(hands, supervisor=False)
        assert "待作废的票据：ZY000103" in hands.text()
        await hands.press("v")
        await hands.type("认错人")
        await hands.press("ctrl+s")
        assert "待作废" not in hands.text()
    assert books.to_void(stocked.office) == ()
