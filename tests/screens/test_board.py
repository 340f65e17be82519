"""The board: figures of every village that follow every desk and never lose the place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from townshipdesk import i18n
from townshipdesk.screens import board_text
from townshipdesk.screens.board import BoardScreen
from townshipdesk.screens.board_boxes import ComingBox, GroupsBox
from townshipdesk.screens.board_columns import ORDERS, money, percent
from townshipdesk.services.board import board
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.watch import watch
from townshipdesk.widgets.live_list import LiveList
from townshipdesk.widgets.spark import columns, sparkline

FIRST, SECOND, THIRD = "532399200201", "532399200202", "532399200203"


@pytest.fixture
def township(desk):
    """Three villages with 10, 20 and 4 to reach; one of the second has paid."""
    desk.add_village(THIRD, "核桃村委会", base=4)
    desk.office.conn.execute("UPDATE village SET target = 10 WHERE id = 1")
    desk.office.conn.execute("UPDATE village SET target = 20 WHERE id = 2")
    desk.office.conn.execute("UPDATE village SET target = 1 WHERE id = 3")
    people = [desk.add_resident(f"村民{n}", village_id=n % 3 + 1) for n in range(9)]
    desk.add_identity(people[0], "subsistence-allowance")
    pay(desk.office, desk.clerk, PaymentOrder((people[1],), "cash"))
    return people


def at_another_desk(desk, *people):
    """Take a payment through another connection, as another desk does."""
    other = desk.office.again()
    pay(other, replace(desk.supervisor, desk="desk-2"), PaymentOrder(people, "cash"))
    other.close()


async def follow(hands):
    """Do what the app does four times a second."""
    hands.app._poll()
    await hands.settle()
    await hands.settle()


def line(hands, name):
    return next(text for text in hands.text().splitlines() if name in text).replace("▸", " ")


async def test_every_village_stands_there_and_the_township_below(open_desk, township):
    async with open_desk() as hands:
        await hands.press("f6")
        assert isinstance(hands.app.screen, BoardScreen)
        assert line(hands, "柿树村委会").split()[1:5] == ["20", "1", "19", "5.0%"]
        assert line(hands, "全镇").split()[1:5] == ["31", "1", "30", "3.2%"]
        assert "400" in line(hands, "柿树村委会")


async def test_another_desks_payment_shows_without_a_key(open_desk, township, desk):
    async with open_desk() as hands:
        await hands.press("f6")
        at_another_desk(desk, township[0])
        await follow(hands)
        assert line(hands, "青杠村委会").split()[1:5] == ["10", "1", "9", "10.0%"]
        assert line(hands, "全镇").split()[2] == "2"


async def test_the_cursor_stays_on_its_village_through_payments_and_sorting(
    open_desk, township, desk
):
    async with open_desk() as hands:
        await hands.press("f6", "down")
        board_screen = hands.app.screen
        at_another_desk(desk, township[0], township[3])
        await follow(hands)
        assert board_screen.villages.current.code == SECOND
        for _order in ORDERS:
            await hands.press("s")
            assert board_screen.villages.current.code == SECOND
        await hands.press("r")
        assert board_screen.villages.current.code == SECOND


async def test_a_key_sorts_by_the_next_column_and_another_turns_it(open_desk, township):
    async with open_desk() as hands:
        await hands.press("f6", "s")
        rows = [row.code for row in hands.app.screen.villages.rows]
        assert rows == [SECOND, FIRST, THIRD]  # 19, 10 and 1 are missing
        assert "▼" in hands.text()
        await hands.press("r")
        rows = [row.code for row in hands.app.screen.villages.rows]
        assert rows == [THIRD, FIRST, SECOND]
        assert "▲" in hands.text()


async def test_only_lines_that_changed_are_painted(open_desk, township, desk, monkeypatch):
    """A payment in the first village paints its line, and none of the others."""
    async with open_desk() as hands:
        await hands.press("f6")
        painted = []
        paint = LiveList._paint
        monkeypatch.setattr(
            LiveList,
            "_paint",
            lambda self, row, **how: painted.append(row.code) or paint(self, row, **how),
        )
        at_another_desk(desk, township[3])
        await follow(hands)
        whole = board(desk.office).township.totals.code
        assert set(painted) == {FIRST, whole}


async def test_nothing_is_read_while_nobody_commits(open_desk, township, monkeypatch):
    async with open_desk() as hands:
        await hands.press("f6")
        reads = []
        monkeypatch.setattr(type(hands.app.screen._live), "read", lambda *a: reads.append(a))
        hands.app._poll()
        hands.app._poll()
        await hands.settle()
        assert reads == []


async def test_a_wide_screen_shows_more_columns(open_desk, township):
    async with open_desk((200, 60)) as hands:
        await hands.press("f6")
        heads = line(hands, "任务")
        for head in ("人数", "基数", "已参保", "差", "完成率", "近14天", "个人缴费", "未缴存"):
            assert head in heads
        assert "逐周进度" in hands.text()
        assert "重点人群" in hands.text()


async def test_a_narrow_screen_keeps_what_matters_within_80_columns(open_desk, township):
    async with open_desk() as hands:
        await hands.press("f6")
        heads = line(hands, "任务")
        for head in ("任务", "已参保", "差", "完成率", "今天", "近7天", "个人缴费"):
            assert head in heads
        assert "低保 0.0% 差 1 人" in hands.text()
        assert "6月25日" in hands.text()


async def test_the_boxes_tell_every_group_and_every_deadline(open_desk, township):
    async with open_desk() as hands:
        await hands.press("f6", "g")
        assert isinstance(hands.app.screen, GroupsBox)
        assert "≥100%" in hands.text()
        await hands.press("escape", "c")
        assert isinstance(hands.app.screen, ComingBox)
        assert "三(二)" in hands.text()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_groups_fit_whatever_the_width(desk, township, language):
    """A row that is too long would fold and tear the table apart."""
    i18n.set_language(language)
    groups = watch(desk.office).groups
    for width in (36, 38, 40, 46, 50, 80):
        lines = board_text.groups_table(groups, width).split("\n")
        assert len(lines) == len(groups) + 1
        assert max(line.cell_length for line in lines) <= width


async def test_a_villages_name_is_never_read_as_markup(open_desk, township, desk):
    desk.office.conn.execute("UPDATE village SET name = '[red]村[/b]' WHERE id = 1")
    async with open_desk() as hands:
        await hands.press("f6")
        assert "[red]村[/b]" in hands.text()


async def test_the_language_changes_on_the_open_board(open_desk, township):
    async with open_desk() as hands:
        await hands.press("f6", "f12")
        assert "Whole township" in hands.text()
        assert "Enrolled" in hands.text()


async def test_an_empty_office_has_a_board_too(open_desk, desk):
    desk.office.conn.execute("DELETE FROM village")
    async with open_desk((160, 50)) as hands:
        await hands.press("f6", "s", "enter")
        assert isinstance(hands.app.screen, BoardScreen)
        assert "全镇" in hands.text()


def test_a_rate_is_shown_as_it_was_rounded_down():
    assert (percent(999), percent(1000), percent(1002), percent(None)) == (
        "99.9%",
        "100.0%",
        "100.2%",
        "",
    )


def test_money_shows_fen_only_where_there_are_any():
    assert (money(0), money(123_400), money(123_450), money(-50)) == (
        "",
        "1,234",
        "1,234.50",
        "-0.50",
    )


def test_a_sparkline_has_its_highest_day_full_and_tells_rest_from_loss():
    assert sparkline([0, 1, 4, 8, -2]) == ".▁▄█-"
    assert sparkline([0, 0]) == ".."


def test_a_chart_is_as_high_as_it_is_told_and_never_overfull():
    assert columns([0, 8, 16, 99], top=16, height=2) == ["  ██", " ███"]


def test_the_even_pace_stands_over_weeks_that_are_behind_it():
    """A dot only where the bar does not reach: the second week has, the first has not."""
    marks = board_text._with_pace("    ██", [8, 0, 8], line=1, top=16, height=2)
    assert marks == ".   ██"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_board_looks_like_this(open_desk, township, size, language, picture):
    async with open_desk(size) as hands:
        if language == "en":
            await hands.press("f12")
        await hands.press("f6")
        hands.app._version = -1  # as the next look of the app does
        hands.app._poll()
        await hands.settle()
        await hands.settle()
        assert hands.app.export_screenshot(simplify=True) == picture(name="board")
