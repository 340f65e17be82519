"""The end of the day: counted blind, closed for ever, in a few keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from townshipdesk.screens.cash_count import NOTES_FEN
from townshipdesk.screens.confirm import ConfirmBox
from townshipdesk.screens.day_end import CLOSE, COUNT, SHEET, STORY, DayEndScreen
from townshipdesk.services import days
from townshipdesk.services.payments import PaymentOrder, pay

TODAY = date(2025, 3, 17)


@pytest.fixture
def paid(desk):
    """Two cash payments of 400 yuan and one by POS."""
    people = [desk.add_resident(f"村民{n}") for n in range(4)]
    pay(desk.office, desk.clerk, PaymentOrder(tuple(people[:2]), "cash"))
    pay(desk.office, desk.clerk, PaymentOrder((people[2],), "pos", voucher="P1"))
    return people


@pytest.fixture
def printed(monkeypatch):
    """No test prints on a real printer; what was sent is kept."""
    sent = []
    monkeypatch.setattr(
        "townshipdesk.printing.printer.send_to_printer",
        lambda contents, printer=None, title="": sent.append((title, contents[:4])),
    )
    return sent


def closed(desk, day=TODAY):
    return day in days.closed_days(desk.office)


async def count_sum(hands, amount):
    """Go to the count and type the sum alone."""
    await hands.press("enter", "up", *["down"] * len(NOTES_FEN))
    await hands.type(amount)
    await hands.press("enter")


async def test_a_day_is_closed_with_a_few_keys(open_desk, desk, paid):
    async with open_desk() as hands:
        await hands.press("f7")
        screen = hands.app.screen
        assert isinstance(screen, DayEndScreen)
        await hands.press("enter", "8", *["enter"] * (len(NOTES_FEN) + 1))
        assert screen._step == CLOSE
        assert "账款相符" in hands.text()
        await hands.press("enter")
        assert isinstance(hands.app.screen, ConfirmBox)
        await hands.press("y")
        assert screen._step == SHEET
        assert "日 结 单" in hands.text()
    assert closed(desk)
    sheet = days.day_sheet(desk.office, TODAY)
    assert (sheet.counted_fen, sheet.difference_fen) == (800_00, 0)


async def test_no_sum_of_cash_is_on_the_screen_before_it_is_counted(open_desk, paid):
    async with open_desk((160, 50)) as hands:
        await hands.press("f7")
        for _step in ("story", "count"):
            text = hands.text()
            assert "800" not in text
            assert "1,200" not in text  # the whole of the day would tell it too
            assert "400.00" in text  # what came by POS need not be hidden
            await hands.press("enter")
        await hands.press(*["escape"] * 2)


async def test_the_live_sum_follows_the_notes(open_desk, paid):
    async with open_desk() as hands:
        await hands.press("f7", "enter", "7", "enter", "1", "enter", "2", "enter", "1")
        assert "= 700.00" in hands.text()
        assert "= 800.00" in hands.text()


async def test_a_difference_is_shown_and_needs_a_reason(open_desk, desk, paid):
    async with open_desk() as hands:
        await hands.press("f7")
        await count_sum(hands, "780.50")
        screen = hands.app.screen
        assert "短款 19.50 元" in hands.text()
        await hands.press("enter")
        assert hands.app.screen is screen
        assert not closed(desk)
        await hands.type("找错零")
        await hands.press("enter", "y")
    assert days.day_sheet(desk.office, TODAY).why == "找错零"


async def test_a_second_count_is_remembered(open_desk, desk, paid):
    async with open_desk() as hands:
        await hands.press("f7")
        await count_sum(hands, "900")
        assert "长款 100.00 元" in hands.text()
        await hands.press("escape")
        assert hands.app.screen._step == COUNT
        assert "100.00 元" not in hands.text()
    row = desk.office.conn.execute("SELECT count(*) FROM audit WHERE action = 'day.counted'")
    assert row.fetchone()[0] == 1


async def test_enter_alone_does_not_close(open_desk, desk, paid):
    async with open_desk() as hands:
        await hands.press("f7")
        await count_sum(hands, "800")
        await hands.press("enter", "enter", "escape")
        assert hands.app.screen._step == CLOSE
    assert not closed(desk)


async def test_nothing_entered_and_two_different_sums_are_no_count(open_desk, paid):
    async with open_desk() as hands:
        await hands.press("f7", "enter", *["enter"] * (len(NOTES_FEN) + 1))
        assert hands.app.screen._step == COUNT
        await hands.press(*["up"] * len(NOTES_FEN), "8", *["down"] * len(NOTES_FEN))
        await hands.type("900")
        await hands.press("enter")
        assert hands.app.screen._step == COUNT


async def test_cash_taken_after_the_count_is_counted_again(open_desk, desk, paid):
    async with open_desk() as hands:
        await hands.press("f7")
        await count_sum(hands, "800")
        other = desk.office.again()
        pay(other, replace(desk.supervisor, desk="desk-2"), PaymentOrder((paid[3],), "cash"))
        other.close()
        hands.app._poll()
        await hands.settle()
        assert hands.app.screen._step == COUNT
    assert not closed(desk)


async def test_cash_taken_between_the_question_and_the_yes_closes_nothing(open_desk, desk, paid):
    async with open_desk() as hands:
        await hands.press("f7")
        await count_sum(hands, "800")
        await hands.press("enter")
        screen = next(s for s in hands.app.screen_stack if isinstance(s, DayEndScreen))
        screen.office_changed = lambda: None  # the poll comes too late
        pay(desk.office, desk.supervisor, PaymentOrder((paid[3],), "cash"))
        await hands.press("y")
        assert screen._step == COUNT
    assert not closed(desk)


async def test_earlier_days_come_first_and_then_today(open_desk, desk, paid):
    desk.at("2025-03-18T09:00")
    desk.at("2025-03-19T09:00")
    async with open_desk() as hands:
        await hands.press("f7")
        assert "2025-03-17" in hands.text()
        assert "3月17日" in hands.text()
        await count_sum(hands, "800")
        await hands.press("enter", "y")
        assert hands.app.screen._step == SHEET
        await hands.press("enter")
        assert hands.app.screen._day == date(2025, 3, 19)
        assert hands.app.screen._step == STORY
    assert closed(desk)


async def test_a_day_without_payments_can_be_closed(open_desk, desk):
    async with open_desk() as hands:
        await hands.press("f7")
        assert "没有收款" in hands.text()
        await hands.press("enter", "0", "enter", "enter", "y")  # one 0 and not one a denomination
        assert hands.app.screen._step == SHEET
    assert closed(desk)


async def test_an_older_sheet_can_be_looked_at_and_printed(open_desk, desk, paid, printed):
    days.close_day(desk.office, desk.clerk, TODAY, 800_00)
    desk.at("2025-03-18T09:00")
    async with open_desk() as hands:
        await hands.press("f7", "left")
        assert "日 结 单" in hands.text()
        for key in ("ctrl+s", "p", "t", "right"):
            await hands.press(key)
        assert hands.app.screen._day == date(2025, 3, 18)
    assert printed == [("2025-03-17", b"%PDF")]
    folder = desk.office.database.path.parent / "day-sheets"
    assert (folder / "2025-03-17.pdf").read_bytes().startswith(b"%PDF")
    assert "日 结 单" in (folder / "2025-03-17.txt").read_bytes().decode("gb18030")


async def test_an_auditor_looks_and_does_not_count(open_desk, paid):
    async with open_desk() as hands:
        hands.app.session.actor = replace(hands.app.session.who, role="auditor")
        await hands.press("f7", "enter")
        assert hands.app.screen._step == STORY


async def test_closing_makes_the_backup_of_the_day(open_desk, desk, paid, tmp_path):
    from townshipdesk.services.backup import choose_backup_folder

    folder = tmp_path / "stick"
    folder.mkdir()
    choose_backup_folder(desk.office, desk.supervisor, folder)
    async with open_desk() as hands:
        await hands.press("f7")
        await count_sum(hands, "800")
        await hands.press("enter", "y")
    assert len(list(folder.glob("*.tdbackup"))) == 1


async def test_a_backup_folder_that_is_gone_is_told_and_the_day_is_closed(
    open_desk, desk, paid, tmp_path
):
    from townshipdesk.services.backup import choose_backup_folder

    folder = tmp_path / "stick"
    folder.mkdir()
    choose_backup_folder(desk.office, desk.supervisor, folder)
    folder.rmdir()
    async with open_desk() as hands:
        await hands.press("f7")
        await count_sum(hands, "800")
        await hands.press("enter", "y")
        told = [note.message for note in hands.app._notifications]
    assert closed(desk)
    assert any("stick" in message for message in told)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_end_of_the_day_looks_like_this(open_desk, paid, size, language, picture):
    async with open_desk(size) as hands:
        if language == "en":
            await hands.press("f12")
        await hands.press("f7")
        await count_sum(hands, "780")
        assert hands.app.export_screenshot(simplify=True) == picture(name="difference")
