"""The resident on one screen: large households, states that must not be overlooked."""

from __future__ import annotations

import pytest

from townshipdesk import i18n
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.keys import KeyLine

NAMES = ("白一", "白二", "白三", "白四", "白五", "白六", "白七", "白八", "白九", "白十")


@pytest.mark.parametrize("moment", ["2025-03-17T09:00", "2025-07-03T10:00", "2025-11-03T10:00"])
@pytest.mark.parametrize("count", [7, 10])
async def test_a_large_household_is_seen_whole_at_80x24(open_desk, desk, count, moment):
    household = desk.add_household("DL9009")
    members = [
        desk.add_resident(name, f"19{80 + place}-01-0{place or 1}", household_id=household)
        for place, name in enumerate(NAMES[:count])
    ]
    desk.add_identity(members[0], "subsistence-allowance")
    desk.at(moment)
    async with open_desk() as hands:
        hands.desk.open_resident(members[0])
        await hands.settle()
        seen = hands.text()
        assert [name for name in NAMES[:count] if name not in seen] == []
        assert "低保" in seen
        for member in members[1:3]:
            hands.desk.open_resident(member)
            await hands.settle()
            assert NAMES[count - 1] in hands.text()


@pytest.mark.parametrize(("status", "said"), [("deceased", "已死亡"), ("moved", "已迁出")])
async def test_who_is_gone_is_not_taken_for_living_though_enrolled(
    open_desk, desk, family, status, said
):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2", "enter", "escape")
        desk.office.conn.execute(
            "UPDATE resident SET status = ?, status_on = '2025-03-15' WHERE id = ?",
            (status, family.head),
        )
        hands.desk.open_resident(family.head)
        await hands.settle()
        assert said in hands.text().splitlines()[5]
        assert "2025-03-15" in hands.text()


async def test_a_key_that_can_do_nothing_says_why(open_desk, desk, family):
    async with open_desk() as hands:

        async def told_after(*keys: str) -> str:
            hands.app.clear_notifications()
            await hands.press(*keys)
            return " ".join(note.message for note in hands.app._notifications)

        assert "请先查找" in await told_after("f2")
        await hands.scan(family.head_number)
        assert await told_after("f2", "enter", "escape") == ""
        assert "已于2025-03-17缴费，票据号 000001" in await told_after("f2")
        desk.at("2025-06-27T10:00")
        hands.desk.open_resident(family.son)
        assert "两段缴费期之间" in await told_after("f2")
        assert "政策对此已有规定" in await told_after("r")


BOXES = "f2 f3 f3+a f4 ctrl+n ctrl+r w d f c m n b e i x o f1 ctrl+p f5+f2 f2+enter"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_every_box_over_a_resident_shows_its_keys_at_80x24(open_desk, family, language):
    """Nobody has to guess how to leave a box: its line of keys is inside the screen."""
    i18n.set_language(language)
    async with open_desk() as hands:
        for keys in BOXES.split():
            await hands.scan(family.head_number)
            await hands.press(*([keys] if keys.startswith("ctrl") else keys.split("+")))
            box = hands.app.screen
            assert isinstance(box, Box), keys
            line = box.query_one(KeyLine)
            room = box.query_one(".box").content_region
            assert (line.region.height, line.region.bottom <= room.bottom < 24) == (1, True), keys
            assert "Esc" in hands.text().splitlines()[line.region.y], keys
            while isinstance(hands.app.screen, Box):
                await hands.press("escape")


async def test_a_later_cover_at_the_same_price_is_told_across_days_without_collection(
    open_desk, desk, family
):
    desk.at("2024-10-10T09:00")
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        assert "3月1日起缴费，待遇推迟到6月1日起" in hands.text()


async def test_when_to_pay_says_that_somebody_is_enrolled(open_desk, desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2", "enter", "escape")
        await hands.scan(family.head_number)
        await hands.press("d")
        assert isinstance(hands.app.screen, Box)
        assert "何时缴" in hands.text()
        assert "2025年度已参保" in hands.text()
