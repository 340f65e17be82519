"""Supervision under other policies: an extension to open, a refund the document is silent on."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tests.screens.conftest import Hands
from tests.support import Desk
from townshipdesk.app import DeskApp
from townshipdesk.domain.dates import parse_moment
from townshipdesk.screens.refund_decision import DecisionBox
from townshipdesk.screens.session import Session
from townshipdesk.screens.settings import SettingBox, SettingsPage
from townshipdesk.services import refunds, settings
from townshipdesk.services.office import create_office
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.refunds import RefundRequest


@pytest.fixture
def under(tmp_path):
    """Give a function that opens the desk of a supervisor under a policy at a moment."""

    @asynccontextmanager
    async def opened(policy_id, moment, prepare=lambda desk: None):
        office = create_office(
            tmp_path / "o.tdo",
            name="某镇医保窗口",
            policy_id=policy_id,
            now=parse_moment(moment),
            training=True,
        )
        desk = Desk(office)
        desk.add_village("532399200201", "青杠村委会")
        prepare(desk)
        session = Session(office, replace(desk.supervisor, desk="desk-1"), desk="desk-1")
        app = DeskApp(session)
        async with app.run_test(size=(100, 30)) as pilot:
            hands = Hands(app, pilot, desk)
            await hands.settle()
            yield hands
        office.close()

    return opened


async def test_an_extension_is_opened_on_a_decision_with_number_and_day(under):
    async with under("ziyang-2021", "2021-01-05T09:00") as hands:
        await hands.press("ctrl+g", "4", "enter")
        assert "延长征缴" in hands.text()
        await hands.press("right", "ctrl+s")
        assert isinstance(hands.app.screen, SettingBox)
        assert "开启须填决定的文号和日期" in hands.text()
        await hands.press("enter")
        await hands.type("资医保〔2021〕1号")
        await hands.press("enter")
        await hands.type("2021-01-04")
        await hands.press("ctrl+s")
        assert isinstance(hands.app.screen, SettingsPage)
        assert "已开启" in hands.text()
        office = hands.office_desk.office
        assert office.settings().extension_open
        (made,) = settings.history(office)
        assert (made.document_number, str(made.document_date)) == (
            "资医保〔2021〕1号",
            "2021-01-04",
        )


async def test_a_refund_the_document_is_silent_on_needs_a_reason_and_a_document(under):
    def request(desk):
        resident_id = desk.add_resident()
        pay(desk.office, desk.clerk, PaymentOrder((resident_id,), "cash"))
        order = RefundRequest(resident_id, "changed-mind", "杨发贵", "6200000017", "书面申请")
        made = refunds.request(desk.office, desk.clerk, order)
        assert made.answer.decision == "refer"

    async with under("chuxiong-2021", "2020-11-10T09:00", request) as hands:
        await hands.press("f9", "a")
        assert isinstance(hands.app.screen, DecisionBox)
        await hands.type("本人尚未就医")
        await hands.press("ctrl+s")
        assert isinstance(hands.app.screen, DecisionBox)
        assert "文号必须填" in hands.text()
        await hands.type("楚医保〔2020〕9号")
        await hands.press("enter")
        done = refunds.refund(hands.office_desk.office, "TF000001")
        assert (done.state, done.document_number) == ("approved", "楚医保〔2020〕9号")
        assert "楚医保〔2020〕9号" in hands.text()
