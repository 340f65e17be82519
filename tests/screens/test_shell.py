"""Around the screens: signing in, locking, help, the palette, languages, what goes wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support import POLICY
from townshipdesk.app import DeskApp
from townshipdesk.domain.dates import parse_moment
from townshipdesk.screens.desk import DeskScreen
from townshipdesk.screens.help import HelpBox
from townshipdesk.screens.palette import PaletteBox
from townshipdesk.screens.session import Session
from townshipdesk.screens.sign_in import LockBox, SignInBox
from townshipdesk.services import payments
from townshipdesk.services.office import create_office


async def test_f1_shows_every_key_and_esc_closes_it(open_desk):
    async with open_desk() as hands:
        await hands.press("f1")
        assert isinstance(hands.app.screen, HelpBox)
        assert "F2" in hands.text()
        await hands.press("escape")
        assert isinstance(hands.app.screen, DeskScreen)


async def test_the_palette_does_what_it_finds(open_desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("ctrl+p")
        assert isinstance(hands.app.screen, PaletteBox)
        await hands.type("why")
        await hands.press("enter")
        assert "为什么：杨发贵" in hands.text()


async def test_the_palette_dims_what_cannot_be_done(open_desk):
    async with open_desk() as hands:
        assert hands.desk.check_action("pay", ()) is None
        assert hands.desk.check_action("register", ()) is True


async def test_a_locked_desk_opens_with_the_pin_only(open_desk):
    async with open_desk() as hands:
        await hands.press("ctrl+l")
        assert isinstance(hands.app.screen, LockBox)
        await hands.press("escape", "f6")
        assert isinstance(hands.app.screen, LockBox)
        await hands.type("9999")
        await hands.press("enter")
        assert isinstance(hands.app.screen, LockBox)
        await hands.type("1111")
        await hands.press("enter")
        assert isinstance(hands.app.screen, DeskScreen)


async def test_an_idle_desk_locks_itself(open_desk):
    async with open_desk() as hands:
        hands.app._active_at -= 11 * 60
        hands.app._poll()
        await hands.settle()
        assert isinstance(hands.app.screen, LockBox)


async def test_the_staff_can_change(open_desk):
    async with open_desk() as hands:
        await hands.press("ctrl+o")
        assert isinstance(hands.app.screen, SignInBox)
        await hands.type("supervisor")
        await hands.press("enter")
        assert hands.app.session.who.name == "supervisor"
        assert "周敏" in hands.text()


@pytest.fixture
def live_office(tmp_path):
    office = create_office(
        tmp_path / "live.tdo",
        name="某镇医保窗口",
        policy_id=POLICY,
        now=parse_moment("2025-03-17T09:00"),
        training=False,
        supervisor_password="long enough",
    )
    yield office
    office.close()


async def test_a_live_office_asks_who_works_and_shows_nothing_before(live_office):
    app = DeskApp(Session(live_office, desk="desk-1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, SignInBox)
        await pilot.press("escape", *"supervisor", "enter", *"wrong one", "enter")
        await app.session.at_rest()
        await pilot.pause()
        assert isinstance(app.screen, SignInBox)
        await pilot.press(*"long enough", "enter")
        await app.session.at_rest()
        await pilot.pause()
        assert isinstance(app.screen, DeskScreen)
        assert app.session.who.desk == "desk-1"


async def test_training_is_on_every_screen_and_only_there(open_desk, live_office):
    async with open_desk() as hands:
        assert "演练" in hands.text().splitlines()[0]
    session = Session(live_office, desk="d")
    from townshipdesk.services.staff import without_password

    session.actor = replace(without_password(live_office.conn, "supervisor"), desk="d")
    app = DeskApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        first = "".join(s.text for s in app.screen._compositor.render_strips()[0])
        assert "演练" not in first


async def test_the_look_can_be_light_or_dark(open_desk):
    async with open_desk() as hands:
        await hands.press("ctrl+t")
        assert hands.app.theme == "desk-light"
        await hands.press("ctrl+t")
        assert hands.app.theme == "desk-dark"


async def test_something_unforeseen_beside_the_keys_is_told_and_the_desk_goes_on(
    open_desk, family, monkeypatch
):
    from townshipdesk.services import payments

    def broken(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(payments, "pay", broken)
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2", "enter")
        await hands.settle()
        assert any("发生意外" in told.message for told in hands.app._notifications)
        await hands.press("escape")
        assert isinstance(hands.app.screen, DeskScreen)


async def test_the_keys_at_the_foot_can_be_clicked(open_desk):
    async with open_desk() as hands:
        await hands.pilot.click("KeyLine", offset=(68, 0))
        await hands.settle()
        assert isinstance(hands.app.screen, HelpBox | PaletteBox)


async def test_a_screen_that_comes_back_shows_what_was_committed_meanwhile(open_desk, family, desk):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        hands.app._poll()
        await hands.press("f6")
        hands.app._poll()
        await hands.settle()
        assert "今日尚未收费" in hands.text()
        order = payments.PaymentOrder((family.head,), "cash")
        payments.pay(desk.office.again(), desk.clerk, order)
        hands.app._poll()
        await hands.settle()
        assert "今日 1 人 220.00 元" in hands.text()
        await hands.press("f10")
        hands.app._poll()
        await hands.settle()
        assert "今日 1 人 220.00 元" in hands.text()
        assert "✓ 已参保" in hands.text()
