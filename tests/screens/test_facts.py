"""What a policy asks about a person is entered at the desk and changes the answer at once."""

from __future__ import annotations

from tests.screens.conftest import Family, Open
from tests.support import Desk
from townshipdesk.store import fact_rows


async def test_a_situation_is_recorded_and_taken_back(
    open_desk: Open, desk: Desk, family: Family
) -> None:
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("i")
        assert "政策要问的情况" in hands.text()
        await hands.press("right", "ctrl+s")
        recorded = fact_rows.recorded(desk.office.conn, family.head)
        assert recorded == {"special_situation": "moved-in"}
        await hands.press("i", "left", "ctrl+s")
        assert fact_rows.recorded(desk.office.conn, family.head) == {}
