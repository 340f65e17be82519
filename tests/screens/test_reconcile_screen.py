"""The comparison with the tax bureau on the screen: found, taken over, settled, still open."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest

from tests.screens.sheets import TAX, number, workbook
from townshipdesk.screens.import_columns import ColumnsBox
from townshipdesk.screens.reconcile import ComparingBox, ReconcilePage
from townshipdesk.services import people, reconcile
from townshipdesk.services.imports import columns
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.sheets.result import SheetKind

DAY = "2025-03-17 08:30:00"


@pytest.fixture
def tax_list(desk, tmp_path):
    """Four people; one agrees, two are only there, one of those twice, one is unknown."""
    ids = [
        desk.add_resident(f"人{n}", f"198{n}-01-02", number=number(f"198{n}-01-02"))
        for n in range(4)
    ]
    pay(desk.office, desk.clerk, PaymentOrder((ids[0],), "mobile", voucher="V0"))
    rows = [(f"198{n}-01-02", f"V{n}") for n in (0, 1, 2, 1)] + [("1950-01-02", "V9")]
    lines = [
        (place, "某某", number(born), 2025, 400, "电子税务局", DAY, f"{voucher}-{place}")
        for place, (born, voucher) in enumerate(rows)
    ]
    return workbook(tmp_path / "实征清册.xlsx", "实征清册", [TAX, *lines])


async def compare(hands, path):
    """Open the page with a list and let it compare."""
    page = ReconcilePage(hands.app.session, path)
    await hands.app.push_screen(page)
    await hands.settle()
    if path is not None:
        assert isinstance(hands.app.screen, ColumnsBox)
        await hands.press("f3")
    return page


def kinds(desk):
    return sorted(one.kind for one in reconcile.open_findings(desk.office))


async def test_a_list_is_compared_and_its_counts_are_said(open_desk, desk, tax_list):
    async with open_desk() as hands:
        page = await compare(hands, tax_list)
        text = hands.text()
        assert "相符 1" in text
        assert "税务有本处无 2" in text
        await hands.press("escape")
        assert len(page.findings.rows) == 4
        assert "未了结差异 4 条" in hands.text()


async def test_escape_stops_a_comparison_and_nothing_of_it_is_kept(
    open_desk, desk, tax_list, monkeypatch
):
    """The work ends at its next look; a second Esc closes the box."""
    compare_them, reached, go_on = reconcile.reconcile, Event(), Event()

    def slow(*args, **more):
        reached.set()
        assert go_on.wait(10)
        return compare_them(*args, **more)

    monkeypatch.setattr(reconcile, "reconcile", slow)
    async with open_desk() as hands:
        page = ReconcilePage(hands.app.session, tax_list)
        await hands.app.push_screen(page)
        await hands.settle()
        await hands.pilot.press("f3")
        await asyncio.to_thread(reached.wait, 10)
        await hands.pilot.press("escape")
        assert isinstance(hands.app.screen, ComparingBox)
        go_on.set()
        await hands.settle()
        assert "已停止" in hands.text()
        await hands.press("escape")
        assert hands.app.screen is page
    assert reconcile.open_findings(desk.office) == []


async def test_one_key_takes_the_payment_under_the_cursor_over(open_desk, desk, tax_list):
    async with open_desk() as hands:
        page = await compare(hands, tax_list)
        await hands.press("escape")
        assert page.findings.current.kind == "only_there"
        person = page.findings.current.resident_id
        await hands.press("a")
        card = people.card(desk.office, person)
        assert card.enrolment.channel == "mobile"
        assert kinds(desk) == ["only_there", "twice", "unknown_person"]


async def test_all_at_once_asks_first_and_leaves_what_is_not_allowed(open_desk, desk, tax_list):
    async with open_desk() as hands:
        await compare(hands, tax_list)
        await hands.press("escape", "f3", "enter")
        assert kinds(desk).count("only_there") == 2  # Enter alone is no yes
        await hands.press("y")
        assert "已补录 2 笔" in hands.text()
        assert kinds(desk) == ["twice", "unknown_person"]


async def test_a_second_payment_is_recorded_as_surplus(open_desk, desk, tax_list):
    async with open_desk() as hands:
        page = await compare(hands, tax_list)
        await hands.press("escape", "f3", "y", "escape")
        page.findings.cursor = [row.kind for row in page.findings.rows].index("twice")
        await hands.press("p")
        assert kinds(desk) == ["unknown_person"]


async def test_a_difference_stays_open_until_it_is_settled_with_a_reason(open_desk, desk, tax_list):
    async with open_desk() as hands:
        await compare(hands, tax_list)
        await hands.press("escape")
    desk.at("2025-03-18T09:00")
    async with open_desk() as hands:
        page = await compare(hands, None)
        assert len(page.findings.rows) == 4
        page.findings.cursor = [row.kind for row in page.findings.rows].index("unknown_person")
        await hands.press("r", "enter")
        assert "unknown_person" in kinds(desk)
        await hands.type("外镇人员，已退回税务")
        await hands.press("enter")
        assert "unknown_person" not in kinds(desk)


async def test_the_kinds_limit_the_list(open_desk, desk, tax_list):
    async with open_desk() as hands:
        page = await compare(hands, tax_list)
        await hands.press("escape", "s")
        assert {row.kind for row in page.findings.rows} == {"only_there"}
        assert page.check_action("surplus", ()) is None
        assert page.check_action("accept_one", ()) is True


async def test_enter_brings_the_resident_to_the_desk(open_desk, desk, tax_list):
    async with open_desk() as hands:
        page = await compare(hands, tax_list)
        await hands.press("escape")
        person = page.findings.current.resident_id
        await hands.press("enter")
        assert hands.desk.view.card.person.resident_id == person


async def test_a_column_of_the_list_is_corrected_and_remembered_for_the_next_one(
    open_desk, desk, tmp_path
):
    """The bureau prints the sum under a heading of its own; somebody says once what it is."""
    desk.add_resident("人1", "1981-01-02", number=number("1981-01-02"))
    heads = ("姓名", "证件号码", "年度", "入库数", "金额", "缴费日期")
    row = ("人1", number("1981-01-02"), 2025, 400, 9, DAY)
    path = workbook(tmp_path / "a.xlsx", "实征清册", [heads, row])
    async with open_desk() as hands:
        page = ReconcilePage(hands.app.session, path)
        await hands.app.push_screen(page)
        await hands.settle()
        box = hands.app.screen
        for heading, field in (("金额", ""), ("入库数", "own")):
            box.rows.cursor = [line.cells[1] for line in box.rows.rows].index(heading)
            await hands.press("enter")
            while hands.app.screen.chosen("field") != field:
                await hands.press("right")
            await hands.press("enter")
            if field == "":
                assert "没有" in hands.text()  # a list without a sum is none: nothing is lost
                assert box.read.rows[0].amount_fen == 900
        assert box.read.rows[0].amount_fen == 40000
        await hands.press("f3")
        assert "税务有本处无 1" in hands.text()
    assert columns.remembered(desk.office, SheetKind.TAX_LIST)["入库数"] == "own"


async def test_a_payment_under_another_name_is_told_before_it_is_taken_over(
    open_desk, desk, tmp_path
):
    """The number decides; the clerk sees both names and looks."""
    born = "1980-05-06"
    desk.add_resident("杨发贵", born, number=number(born))
    line = (1, "欧阳别人", number(born), 2025, 400, "微信", DAY, "V1")
    reconcile.reconcile(
        desk.office, desk.clerk, workbook(tmp_path / "实征清册.xlsx", "实征清册", [TAX, line])
    )
    async with open_desk() as hands:
        await compare(hands, None)
        text = hands.text()
    assert "欧阳别人" in text
    assert "登记为杨发贵" in text
    assert "2025-03-17" in text
