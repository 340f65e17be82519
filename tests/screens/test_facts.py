"""What a policy asks about a person is entered at the desk and changes the answer at once."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.screens.conftest import Family, Open
from tests.support import Desk
from townshipdesk.policy import load
from townshipdesk.screens.facts import FactsBox
from townshipdesk.store import fact_rows
from townshipdesk.widgets.choice import Choice


async def test_a_fact_is_recorded_and_taken_back(
    open_desk: Open, desk: Desk, family: Family
) -> None:
    """longjie-2025 asks for one thing only: lost working capacity."""
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("i")
        assert "政策要问的情况" in hands.text()
        assert "丧失劳动能力" in hands.text()
        assert "特殊情形" not in hands.text()
        await hands.press("right", "ctrl+s")
        recorded = fact_rows.recorded(desk.office.conn, family.head)
        assert recorded == {"work_incapacity": "yes"}
        await hands.press("i", "left", "ctrl+s")
        assert fact_rows.recorded(desk.office.conn, family.head) == {}


@pytest.mark.parametrize(
    ("policy_id", "fields"),
    [
        ("longjie-2025", ["work_incapacity"]),
        ("songming-2015", []),
        ("songming-2018", ["wife_born", "assessed_at"]),
        (
            "chuxiong-2021",
            [
                "special_situation",
                "both_parents_enrolled",
                "birth_compliant",
                "work_incapacity",
                "household_registered_on",
            ],
        ),
        ("ziyang-2021", ["special_situation", "new_employment"]),
        ("national-template", ["special_situation", "missed_years", "repaired_years"]),
    ],
)
async def test_only_what_the_policy_asks_is_asked(
    open_desk: Open, desk: Desk, family: Family, policy_id: str, fields: list[str]
) -> None:
    """A clerk is not shown questions whose answer changes nothing here."""
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        desk.office._policy = load(policy_id)
        await hands.press("i")
        box = hands.app.screen
        if not fields:
            assert not isinstance(box, FactsBox)
            assert any("没有别的" in note.message for note in hands.app._notifications)
            return
        assert isinstance(box, FactsBox)
        shown = [item.id for item in (*box.query(Choice), *box.query(Input))]
        assert sorted(shown, key=fields.index) == fields
