"""A desk that works for another year says so wherever money is taken."""

from __future__ import annotations

from tests.years import adopt_next_year, write_next_year
from townshipdesk.screens.pay import PayBox
from townshipdesk.screens.work_year import WorkYearBox


async def test_another_year_is_two_keys_away_and_stands_on_top(open_desk, family, desk):
    adopt_next_year(desk)
    async with open_desk() as hands:
        assert "2026年度" in hands.text().splitlines()[0]
        await hands.press("ctrl+b")
        assert isinstance(hands.app.screen, WorkYearBox)
        await hands.press("enter")
        assert "2025年度" in hands.text().splitlines()[0]
        await hands.scan(family.head_number)
        assert hands.desk.view.year == 2025
        await hands.press("f2")
        assert isinstance(hands.app.screen, PayBox)
        assert "缴费（2025年度）" in hands.text()


async def test_whoever_signs_in_next_begins_with_the_offices_own_year(open_desk, family, desk):
    adopt_next_year(desk)
    async with open_desk() as hands:
        await hands.press("ctrl+b", "enter")
        assert hands.app.session.office.year == 2025
        await hands.press("ctrl+o")
        await hands.type("supervisor")
        await hands.press("enter")
        await hands.type("training")
        await hands.press("enter")
        assert hands.app.session.actor.is_supervisor
        assert hands.app.session.office.year == 2026


async def test_an_office_with_one_year_says_where_another_comes_from(open_desk, family, desk):
    async with open_desk() as hands:
        await hands.press("ctrl+b")
        assert not isinstance(hands.app.screen, WorkYearBox)
        assert any("只采用了 2025 年度" in note.message for note in hands.app._notifications)


async def test_an_office_that_goes_on_meanwhile_takes_nothing_for_a_year_not_shown(
    open_desk, family, desk
):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2")
        adopt_next_year(desk)
        hands.app._poll()
        assert hands.app.session.office.year == 2026
        await hands.press("enter")
        assert isinstance(hands.app.screen, PayBox)
        assert "现在办理的是 2026 年度，不是 2025 年度" in hands.text()
    assert desk.count("entry") == 0


async def test_the_receipts_of_a_day_name_the_year_of_each(open_desk, family, desk):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2", "enter", "escape")
        adopt_next_year(desk)
        hands.app._poll()
        await hands.press("ctrl+y")
        line = next(line for line in hands.text().splitlines() if "000001" in line)
        assert " 2025 " in line


async def test_the_text_in_force_is_marked_though_it_has_a_reason(open_desk, desk):
    adopt_next_year(desk)
    async with open_desk() as hands:
        await hands.press("ctrl+g", "5")
        marked = [line for line in hands.text().splitlines() if "执行中" in line]
        assert len(marked) == 2
        assert any("新年度文件" in line and " 2026 " in line for line in marked)


async def test_the_box_says_which_year_the_office_works_for_once_a_text_is_adopted(
    open_desk, desk, tmp_path
):
    later = write_next_year(desk, tmp_path)
    corrected = tmp_path / "longjie-2025.toml"
    corrected.write_text(desk.office.policy.text + "\n# 更正一处说明\n", encoding="utf-8")
    async with open_desk() as hands:
        hands.app.session.actor = desk.supervisor
        await hands.press("ctrl+g", "5", "o")
        await hands.type(str(later))
        await hands.press("enter")
        assert "转入 2026 年度，不再是 2025 年度" in hands.text()
        await hands.press("escape")
        adopt_next_year(desk)
        hands.app._poll()
        await hands.press("o")
        await hands.type(str(corrected))
        await hands.press("enter")
        assert "只管 2025 年度；本单位仍以 2026 年度为主" in hands.text()
