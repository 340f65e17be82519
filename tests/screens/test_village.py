"""A village opened from the board: who is missing, and the way to them and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from townshipdesk.screens.board import BoardScreen
from townshipdesk.screens.desk import DeskScreen
from townshipdesk.screens.village import CallBox, VillagePage
from townshipdesk.services import calls
from townshipdesk.services.audit_search import AuditQuestion, search
from townshipdesk.services.payments import PaymentOrder, pay


@pytest.fixture
def missing(desk, family):
    """The household of four, of whom the wife has paid, and one person in another group."""
    pay(desk.office, desk.clerk, PaymentOrder((family.wife,), "cash"))
    desk.office.conn.execute("INSERT INTO earlier_enrolment VALUES (?, 2024, NULL)", (family.head,))
    alone = desk.add_resident("李四", "1960-01-02", group_name="二组", phone="13900000002")
    return {"alone": alone, "head": family.head, "son": family.son}


async def opened(hands):
    await hands.press("f6", "enter")
    assert isinstance(hands.app.screen, VillagePage)


async def test_who_is_missing_stands_there_masked_with_phone_and_last_year(open_desk, missing):
    async with open_desk((120, 40)) as hands:
        await opened(hands)
        row = next(text for text in hands.text().splitlines() if "杨发贵" in text)
        assert "532399********" in row
        assert "139****0001" in row
        assert "已参" in row
        assert "断保" in next(text for text in hands.text().splitlines() if "李四" in text)
        assert "普英" not in hands.text()


async def test_phones_are_shown_in_full_by_a_key_and_it_is_logged(open_desk, missing, desk):
    async with open_desk((120, 40)) as hands:
        await opened(hands)
        await hands.press("v")
        assert "13900000001" in hands.text()
        await hands.press("v")
        assert "13900000001" not in hands.text()
    shown = [row for row in search(desk.office, AuditQuestion()) if "phones" in row.action]
    assert [row.action for row in shown] == ["village.phones-shown"]


async def test_enter_brings_the_resident_to_the_desk_and_f6_back_to_the_place(open_desk, missing):
    async with open_desk() as hands:
        await opened(hands)
        await hands.press("down", "enter")
        assert isinstance(hands.app.screen, DeskScreen)
        assert hands.desk.view.card.person.resident_id == missing["son"]
        await hands.press("f6")
        assert isinstance(hands.app.screen, VillagePage)
        assert hands.app.screen.people.current.person.resident_id == missing["son"]
        await hands.press("escape")
        assert isinstance(hands.app.screen, BoardScreen)


async def test_who_pays_leaves_the_list(open_desk, missing, desk):
    async with open_desk() as hands:
        await opened(hands)
        other = desk.office.again()
        pay(
            other, replace(desk.supervisor, desk="desk-2"), PaymentOrder((missing["head"],), "cash")
        )
        other.close()
        hands.app._poll()
        await hands.settle()
        await hands.settle()
        assert "杨发贵" not in hands.text()


async def test_one_group_at_a_time(open_desk, missing):
    async with open_desk() as hands:
        await opened(hands)
        await hands.press("g", "g")
        assert "李四" in hands.text()
        assert "杨发贵" not in hands.text()
        await hands.press("g")
        assert "杨发贵" in hands.text()


async def test_households_with_somebody_missing(open_desk, missing):
    async with open_desk() as hands:
        await opened(hands)
        await hands.press("h")
        row = next(text for text in hands.text().splitlines() if "DL9001" in text)
        assert row.split()[-4:-1] == ["4", "1", "3"] or "3" in row.split()
        await hands.press("enter")
        assert hands.desk.view.card.person.resident_id == missing["head"]


async def test_a_call_is_recorded_with_its_reason_and_stands_in_the_list(open_desk, missing, desk):
    async with open_desk((120, 40)) as hands:
        await opened(hands)
        await hands.press("r")
        assert isinstance(hands.app.screen, CallBox)
        await hands.press(*["right"] * 7, "enter")
        await hands.type("在外打工")
        await hands.press("enter")
        assert isinstance(hands.app.screen, VillagePage)
        assert "拒参：在外打" in hands.text()
    call = calls.last_call(desk.office, missing["head"])
    assert (call.reason, call.result) == ("refused", "在外打工")


async def test_an_auditor_records_no_call(open_desk, missing):
    async with open_desk() as hands:
        hands.app.session.actor = replace(hands.app.session.who, role="auditor")
        await opened(hands)
        await hands.press("r")
        assert isinstance(hands.app.screen, VillagePage)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_village_looks_like_this(open_desk, missing, size, language, picture):
    async with open_desk(size) as hands:
        if language == "en":
            await hands.press("f12")
        await opened(hands)
        hands.app._version = -1  # as the next look of the app does
        hands.app._poll()
        await hands.settle()
        await hands.settle()
        assert hands.app.export_screenshot(simplify=True) == picture(name="village")


async def test_a_child_of_this_year_has_no_gap_last_year(open_desk, desk):
    """Nobody is asked why a newborn was not enrolled the year before."""
    desk.add_resident("杨小苗", "2025-02-03")
    desk.add_resident("杨大树", "1980-02-03")
    async with open_desk() as hands:
        await hands.press("f6", "enter")
        lines = {name: text for text in hands.text().splitlines() for name in NAMES if name in text}
        assert "断保" not in lines["杨小苗"]
        assert "断保" in lines["杨大树"]


NAMES = ("杨小苗", "杨大树")
