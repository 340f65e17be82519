"""The pages behind the board: pictures, money for the work, a period's figures, money columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.screens.test_board import at_another_desk, follow
from tests.support import Desk
from townshipdesk import i18n
from townshipdesk.app import DeskApp
from townshipdesk.domain.dates import parse_moment
from townshipdesk.screens.course_chart import DayOfTask, course_chart
from townshipdesk.screens.period import PeriodPage
from townshipdesk.screens.pictures import PicturesPage
from townshipdesk.screens.session import Session
from townshipdesk.screens.work_money import WorkMoneyPage
from townshipdesk.services.course import Course, StraightLine, by_week
from townshipdesk.services.course import Week as WeekEnd
from townshipdesk.services.office import create_office
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.widgets.cells import cell_len

SIZES = [(80, 24), (120, 40), (200, 60)]


@pytest.fixture
def season(desk: Desk) -> list[int]:
    """Two villages with tasks of 8 and 4; people of the first paid over three months."""
    desk.office.conn.execute("UPDATE village SET target = 8 WHERE id = 1")
    desk.office.conn.execute("UPDATE village SET target = 4, name = 'A村' WHERE id = 2")
    people = [desk.add_resident(f"村民{n}", village_id=1 if n < 8 else 2) for n in range(12)]
    for moment, count in (
        ("2024-10-10T09:00", 2),
        ("2024-12-02T09:00", 3),
        ("2025-02-03T09:00", 1),
    ):
        desk.at(moment)
        for _n in range(count):
            pay(desk.office, desk.clerk, PaymentOrder((people.pop(0),), "cash"))
    desk.at("2025-02-10T09:00")
    return people


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", SIZES)
async def test_the_pictures_line_up_whatever_the_language(open_desk, season, size, language):
    """The task's mark of each village's bar stands in one column, and no line is too long."""
    async with open_desk(size) as hands:
        if language == "en":
            await hands.press("f12")
        await hands.press("f6", "p")
        assert isinstance(hands.app.screen, PicturesPage)
        shown = hands.text().splitlines()
        assert all(cell_len(line) == size[0] for line in shown)
        bars = [line for line in shown if "青杠村委会" in line or "A村" in line]
        assert len(bars) == 2
        figures = [cell_len(line[: line.rindex("%")]) for line in bars]
        assert figures[0] == figures[1]
        marks = [cell_len(line[: line.index("│")]) for line in bars]
        assert marks[0] == marks[1]
        assert ("12月25日" if language == "zh_CN" else "25 Dec") in hands.text()


async def test_the_furthest_behind_comes_first_and_enter_draws_a_village(open_desk, season):
    async with open_desk((120, 40)) as hands:
        await hands.press("f6", "p")
        rows = [row.totals.name for row in hands.app.screen.tracks.rows]
        assert rows == ["A村", "青杠村委会"]  # 4 behind, 2 behind
        await hands.press("s", "s")
        assert [row.totals.name for row in hands.app.screen.tracks.rows] == ["青杠村委会", "A村"]
        await hands.press("down", "enter")
        assert "逐周进度：" in hands.text()
        assert hands.app.screen._village == "532399200202" or "青杠村委会" in hands.text()
        before = hands.app.screen._village
        await hands.press("enter")
        assert before is not None
        assert hands.app.screen._village is None


async def test_pictures_follow_another_desk(open_desk, season, desk):
    async with open_desk() as hands:
        await hands.press("f6", "p")
        at_another_desk(desk, season[0])
        await follow(hands)
        (row,) = [r for r in hands.app.screen.tracks.rows if r.totals.name == "青杠村委会"]
        assert row.totals.enrolled == 7


def test_a_day_stands_in_the_cell_that_ends_on_it_or_after():
    """The chart's last cell holds the last day of the task, and its heads are those of today."""
    line = StraightLine(date(2024, 9, 2), date(2024, 9, 29))
    days = ((date(2024, 9, 3), 10), (date(2024, 9, 12), 20))
    today = date(2024, 9, 15)
    weeks = tuple(WeekEnd(*week) for week in by_week(days, today, line.begins_on))
    course = Course(today, weeks, 40, line, days)
    chart = course_chart(course, [DayOfTask(date(2024, 9, 29), "100%")], "x", 38, 9)
    top, second, third, last = chart.plain.split("\n")[1:5]
    assert top.startswith("      40 ")
    assert top.rstrip().endswith(".")  # the even pace holds the task on the last day
    assert "█" not in last[9 + 15 :]  # nothing is known of the days to come
    assert third.count("█") <= last.count("█")
    assert second.count("█") == 0
    assert course.heads_on(date(2024, 9, 11)) == 10


def test_no_day_or_no_room_gives_no_chart():
    empty = Course(date(2024, 9, 15), (), None, None)
    assert "尚无人参保" in course_chart(empty, (), "x", 60, 20).plain
    week = WeekEnd(date(2024, 9, 15), 3)
    low = Course(date(2024, 9, 15), (week,), None, None, ((date(2024, 9, 14), 3),))
    assert "\n" not in course_chart(low, (), "x", 60, 6).plain


async def test_money_by_source_and_channel_fits_a_narrow_screen(open_desk, season):
    async with open_desk() as hands:
        await hands.press("f6", "m")
        head = next(line for line in hands.text().splitlines() if "村（社区）" in line)
        assert "个人缴费" in head
        assert "未缴存" in head
        assert "退费额" in head
        await hands.press("m")
        head = next(line for line in hands.text().splitlines() if "村（社区）" in line)
        for channel in ("现金", "POS", "手机", "银行", "办税厅", "村代收"):
            assert channel in head
        await hands.press("m")
        assert "完成率" in hands.text()


async def test_a_policy_without_rules_on_work_money_says_so(open_desk):
    async with open_desk() as hands:
        await hands.press("f6", "w")
        assert isinstance(hands.app.screen, WorkMoneyPage)
        assert "没有工作经费和奖励的规定" in hands.text()
        await hands.press("f12")
        assert "has no rules on money for the work" in hands.text()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_work_money_tells_rank_amounts_and_conditions(tmp_path: Path, language: str):
    """ziyang-2021 after February 2021: one unit earned all, one missed the award and lost."""
    office = create_office(
        tmp_path / "o.tdo",
        name="演练街道",
        policy_id="ziyang-2021",
        now=parse_moment("2020-12-20T09:00"),
        training=True,
    )
    desk = Desk(office)
    desk.add_village("430902001001", "甲村", target=2)
    desk.add_village("430902001002", "乙村", target=2)
    first, second, third = (desk.add_resident(village_id=n) for n in (1, 1, 2))
    pay(office, desk.clerk, PaymentOrder((first, second, third), "cash"))
    desk.at("2021-03-05T09:00")
    i18n.set_language(language)
    app = DeskApp(Session(office, replace(desk.clerk, desk="desk-1"), "desk-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6", "w")
        await pilot.pause()
        while app.session.is_working:
            await app.session.at_rest()
            await pilot.pause()
        rows = app.screen.units.rows
        assert [(line.unit.name, line.rank) for line in rows] == [("甲村", 1), ("乙村", 2)]
        assert rows[0].total_fen == 200 + 200 + 40 + 6_000_000
        assert rows[1].total_fen == 20
        lost = {"zh_CN": "取消", "en": "lost"}[language]
        await pilot.press("down")
        await pilot.pause()
        text = "\n".join(
            "".join(segment.text for segment in strip)
            for strip in app.screen._compositor.render_strips()
        )
        assert lost in text
        assert "1/2 ✗" in text
    office.close()


async def test_periods_go_back_and_grow_longer(open_desk, season):
    async with open_desk() as hands:
        await hands.press("f6", "d")
        assert isinstance(hands.app.screen, PeriodPage)
        await hands.press("d", "left")  # the week before: 3 February
        whole = hands.app.screen.whole.rows[0]
        assert (whole.began, whole.heads, whole.individual_fen) == (1, 6, 400_00)
        await hands.press("d", "d")  # the season
        whole = hands.app.screen.whole.rows[0]
        assert (whole.began, whole.heads, whole.individual_fen) == (6, 6, 2400_00)
        assert "2024-10-10" in hands.text()


async def test_chosen_days_are_a_period_too(open_desk, season):
    async with open_desk() as hands:
        await hands.press("f6", "d", "f")
        hands.app.screen.query_one("#first").set_day(date(2024, 12, 1))
        hands.app.screen.query_one("#last").set_day(date(2024, 12, 31))
        await hands.press("ctrl+s")
        while not isinstance(hands.app.screen, PeriodPage):
            await hands.settle()
        await hands.settle()
        whole = hands.app.screen.whole.rows[0]
        assert (whole.began, whole.heads) == (3, 5)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", SIZES)
async def test_the_pictures_look_like_this(open_desk, season, size, language, picture):
    async with open_desk(size) as hands:
        if language == "en":
            await hands.press("f12")
        await hands.press("f6", "p")
        hands.app._version = -1  # as the next look of the app does
        hands.app._poll()
        await hands.settle()
        await hands.settle()
        assert hands.app.export_screenshot(simplify=True) == picture(name="pictures")
