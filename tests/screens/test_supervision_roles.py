"""Who may do what at the desk: auditors, signing in, and what the menu of supervision opens."""

from __future__ import annotations

import pytest

from tests.screens.test_supervision import open_section, section
from townshipdesk.screens.supervisor import SupervisorPage
from townshipdesk.services import staff, staffing
from townshipdesk.services.payments import PaymentOrder, pay

# ------------------------------------------------------------------------------- auditors


async def test_an_auditor_looks_everywhere_and_changes_nothing(open_desk, desk, family):
    staffing.add(
        desk.office,
        desk.supervisor,
        name="audit",
        shown_name="何审",
        role="auditor",
        password="long-enough",
    )
    rows = desk.count("audit")
    async with open_desk() as hands:
        hands.app.session.actor = staff.without_password(desk.office.conn, "audit")
        for name, keys in (("settings", "enter"), ("policy", "o"), ("staff", "a"), ("clock", "")):
            await open_section(hands, name)
            before = len(hands.app.screen_stack)
            if keys:
                await hands.press(keys)
            assert len(hands.app.screen_stack) == before
            await hands.press("escape")
        await hands.press("f10")
        await hands.scan(family.head_number)
        for key in ("f2", "f4", "r", "c", "m", "x", "ctrl+z", "ctrl+n"):
            await hands.press(key)
            assert hands.app.screen is hands.desk, key
        assert any("审计" in note.message for note in hands.app._notifications)
    assert desk.count("audit") == rows


async def test_an_auditor_sets_the_own_password_and_pin_and_nobody_elses(open_desk, desk):
    staffing.add(
        desk.office,
        desk.supervisor,
        name="audit",
        shown_name="何审",
        role="auditor",
        password="long-enough",
    )
    office = desk.office
    async with open_desk() as hands:
        hands.app.session.actor = staff.without_password(office.conn, "audit")
        await open_section(hands, "staff")
        page = hands.app.screen
        names = [row.name for row in page.people.rows]
        page.people.cursor = names.index("clerk")
        await hands.press("p")
        assert hands.app.screen is page
        page.people.cursor = names.index("audit")
        await hands.press("p")
        for text in ("long-enough", "another-one", "another-one"):
            await hands.type(text)
            await hands.press("enter")
        assert hands.app.screen is page
        await hands.press("n")
        for text in ("another-one", "246810", "246810"):
            await hands.type(text)
            await hands.press("enter")
        assert hands.app.screen is page
    assert staff.sign_in(office.database, "audit", "another-one", office.now())
    assert staff.sign_in(office.database, "audit", "246810", office.now(), what="pin")


@pytest.mark.parametrize(("name", "said"), [("deposits", "现金与缴存"), ("books", "票据领用核销")])
async def test_deposits_and_books_open_from_the_menu_too(open_desk, desk, name, said):
    async with open_desk() as hands:
        await hands.press("ctrl+g")
        assert said in hands.text()
        await hands.press(section(name))
        assert type(hands.app.screen).__name__ == f"{name.capitalize()}Page"
        await hands.press("escape")
        assert isinstance(hands.app.screen, SupervisorPage)


# ------------------------------------------------------------------------ signing in, locked


async def test_boxes_that_nothing_leads_out_of_offer_no_way_back(open_desk, desk):
    async with open_desk() as hands:
        await hands.press("ctrl+l")
        last = [line for line in hands.text().splitlines() if "Enter" in line]
        assert any("解锁" in line for line in last)
        assert "Esc" not in hands.text()
        await hands.press("escape")
        assert type(hands.app.screen).__name__ == "LockBox"


async def test_who_changes_staff_may_go_back(open_desk, desk):
    async with open_desk() as hands:
        await hands.press("ctrl+o")
        assert "Esc 返回" in hands.text()
        await hands.press("escape")
        assert hands.app.screen is hands.desk


async def test_the_empty_desk_names_the_oldest_day_that_is_not_closed(open_desk, desk, family):
    pay(desk.office, desk.clerk, PaymentOrder((family.head,), "cash"))
    async with open_desk() as hands:
        assert "没有日结" not in hands.text()
    desk.at("2025-03-19T09:00")
    async with open_desk() as hands:
        (line,) = [line for line in hands.text().splitlines() if "没有日结" in line]
        assert "2025-03-17" in line
        assert "F7" in line
