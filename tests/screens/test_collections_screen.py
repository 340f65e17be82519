"""A village's ledger on the screen: taken in, set aside, counted, deposited, entered."""

from __future__ import annotations

import openpyxl
import pytest

from tests.screens.sheets import LEDGER, number, workbook
from townshipdesk.screens.collection import CollectionPage
from townshipdesk.screens.collections import CollectionsPage, _village_in
from townshipdesk.screens.file_choice import ChooseFileBox
from townshipdesk.screens.import_columns import ColumnsBox
from townshipdesk.screens.import_preview import ImportPage
from townshipdesk.screens.sign_in import SignInBox
from townshipdesk.services import collection_note, collections, file_history, last_folders, people
from townshipdesk.services.collection_view import Absent
from townshipdesk.services.payments import PaymentOrder, pay

SPOILED = 410


@pytest.fixture
def ledger(desk, tmp_path):
    """Three people of one village; the last one's sum is wrong."""
    rows = []
    for place, yuan in enumerate((400, 400, SPOILED)):
        born = f"198{place}-01-02"
        desk.add_resident(f"人{place}", born, number=number(born))
        rows.append(
            (
                "H1",
                "甲一",
                f"人{place}",
                "户主",
                number(born),
                yuan,
                yuan,
                f"ZY{place}",
                "2025-03-10",
            )
        )
    return workbook(tmp_path / "青杠村委会台账.xlsx", "青杠村筹资台账", [LEDGER, *rows])


async def take_in(hands, path):
    """Take the ledger in, its village told by the name of the file."""
    await hands.app.push_screen(CollectionsPage(hands.app.session, path))
    await hands.settle()
    await hands.press("ctrl+s")
    assert isinstance(hands.app.screen, ColumnsBox)
    await hands.press("f3")
    await hands.press("escape")
    page = hands.app.screen
    assert isinstance(page, CollectionPage)
    return page


def state(desk):
    [one] = collections.collections(desk.office)
    return one.state


async def count(hands, *values):
    await hands.press("f3")
    for value in values:
        await hands.type(value)
        await hands.press("enter")


async def test_a_ledger_goes_gate_after_gate_until_everybody_is_enrolled(open_desk, desk, ledger):
    async with open_desk() as hands:
        page = await take_in(hands, ledger)
        assert [row.kind for row in page.rows.rows] == ["amount"]
        assert page.check_action("next_gate", ()) is None  # a difference is open
        await hands.press("a")
        await hands.type("村里改正后再报")
        await hands.press("enter")
        assert "全部与底册、政策相符" in hands.text()
        await count(hands, "1", "2", "2", "800", "800")
        assert "户数" in hands.text()
        assert state(desk) == "received"
        await hands.press("escape")
        await count(hands, "1", "1", "2", "800", "800")
        assert state(desk) == "counted"
        await hands.press("f3")
        await hands.type("B-1")
        await hands.press("ctrl+s")
        assert state(desk) == "deposited"
        await hands.press("f3", "y")
        assert "已登记 2 人" in hands.text()
        assert state(desk) == "entered"
        await hands.press("escape")
        assert page.check_action("next_gate", ()) is None
    [match] = people.find(desk.office, "人1")
    assert match.enrolled


async def test_a_ledger_settled_elsewhere_is_shown_and_entered_at_once(open_desk, desk, ledger):
    """The screen of `import contributions`: a second yes, and the wrong sum is left out."""
    async with open_desk() as hands:
        await hands.app.push_screen(CollectionsPage(hands.app.session, ledger))
        await hands.settle()
        box = hands.app.screen
        box.query_one("#how").focus()
        await hands.press("right")
        assert "不再清点" in hands.text()
        await hands.press("ctrl+s")
        page = hands.app.screen
        assert isinstance(page, ImportPage)
        assert (page.shown.added, len(page.shown.rejections)) == (2, 1)
        await hands.press("f3", "y")
        assert "已写入" in hands.text()
    assert collections.collections(desk.office) == []
    [match] = people.find(desk.office, "人1")
    assert match.enrolled


async def test_the_list_says_how_long_cash_is_out_and_what_comes_next(open_desk, desk, ledger):
    async with open_desk() as hands:
        await take_in(hands, ledger)
        await hands.press("escape")
        assert isinstance(hands.app.screen, CollectionsPage)
        text = hands.text()
        assert "清点纸册与现金" in text
        assert "尚未缴存 1,210.00 元" in text
        assert " 7 " in text  # days since the 10th


async def test_everybody_of_a_ledger_can_be_looked_at_and_who_was_set_aside_and_why(
    open_desk, desk, ledger
):
    async with open_desk() as hands:
        page = await take_in(hands, ledger)
        await hands.press("s")
        assert [row.name for row in page.rows.rows] == ["人0", "人1", "人2"]
        await hands.press("end", "a")
        await hands.type("户主已在县城参保")
        await hands.press("enter")
        assert "✕ 户主" in hands.text()
        assert page.check_action("set_aside", ()) is None  # it is aside already
        await count(hands, "1", "1", "2", "800", "800")
        assert "已清点 03-17 " in hands.text()  # the gate that was passed, when and by whom


async def test_who_differs_or_was_set_aside_goes_back_to_the_village_in_a_workbook(
    open_desk, desk, ledger, tmp_path, monkeypatch
):
    monkeypatch.setattr(last_folders, "_place", lambda: tmp_path / ".state" / "folders.json")
    last_folders.remember_folder("out", tmp_path)
    async with open_desk() as hands:
        page = await take_in(hands, ledger)
        await hands.press("s", "home", "a")
        await hands.type("本人要求不参保")
        await hands.press("enter")
        await hands.press("e", "ctrl+s")
        assert hands.app.screen is page
    [path] = tmp_path.glob("青杠村委会台账核对不符清单.xlsx")
    rows = [row[:7] for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)]
    told = {row[2]: (row[3], row[6]) for row in rows if isinstance(row[0], int)}
    assert told["人0"] == (number("1980-01-02"), "本人要求不参保")
    assert "410.00" in told["人2"][1]
    assert len(told) == 2
    assert file_history.history(desk.office)[0].kind == "ledger-note"


async def test_the_name_a_number_has_here_is_told_on_the_screen_and_not_in_the_workbook(
    open_desk, desk, tmp_path
):
    desk.add_resident("真名", "1980-01-02", number=number("1980-01-02"))
    row = ("H1", "甲一", "别名", "户主", number("1980-01-02"), 400, 400, "ZY1", "2025-03-10")
    path = workbook(tmp_path / "青杠村委会台账.xlsx", "青杠村筹资台账", [LEDGER, row])
    async with open_desk() as hands:
        page = await take_in(hands, path)
        assert "真名" in hands.text()
        note = tmp_path / "note.xlsx"
        collection_note.write(desk.office, desk.clerk, page.ledger.uid, page.rows.rows, note)
    cells = [
        str(c) for r in openpyxl.load_workbook(note).active.iter_rows(values_only=True) for c in r
    ]
    assert any("别名" in cell for cell in cells)
    assert not any("真名" in cell for cell in cells)


async def test_villages_without_a_ledger_stand_in_the_list_and_enter_takes_theirs_in(
    open_desk, desk, ledger
):
    async with open_desk() as hands:
        await hands.app.push_screen(CollectionsPage(hands.app.session))
        await hands.settle()
        page = hands.app.screen
        assert "未交台账" in hands.text()
        assert all(isinstance(row, Absent) for row in page.ledgers.rows)
        await hands.press("enter")
        assert isinstance(hands.app.screen, ChooseFileBox)
        await hands.press("escape")
        before = len(page.ledgers.rows)
        await take_in(hands, ledger)
        await hands.press("escape")
        here = hands.app.screen.ledgers.rows
        assert len(here) == before
        assert [isinstance(row, Absent) for row in here][:2] == [False, True]
        assert not isinstance(hands.app.screen.ledgers.current, Absent)


async def test_a_ledger_is_given_back_with_a_reason(open_desk, desk, ledger):
    async with open_desk() as hands:
        await take_in(hands, ledger)
        await hands.press("w")
        await hands.type("金额不符")
        await hands.press("enter")
        assert state(desk) == "withdrawn"


async def test_where_the_county_reviews_a_supervisor_does_it(open_desk, desk, ledger):
    path = ledger
    received = collections.receive(
        desk.office, desk.clerk, path, village_code="532399200201", needs_review=True
    )
    uid = received.collection.uid
    row = received.differences[0].row_id
    collections.set_aside(desk.office, desk.clerk, uid, row, "改正")
    from townshipdesk.services.collection_check import Counted

    collections.count(desk.office, desk.clerk, uid, Counted(1, 1, 2, 80000, 80000))
    async with open_desk() as hands:
        await hands.app.push_screen(CollectionPage(hands.app.session, uid))
        await hands.settle()
        await hands.press("f3")
        assert "县级复核" in hands.text() or "主管" in hands.text()
        assert state(desk) == "counted"


async def test_a_ledger_with_rows_that_cannot_be_read_is_not_taken_in(open_desk, desk, tmp_path):
    rows = [("H1", "甲一", "人0", "户主", "5323012", 400, 400, "ZY1", "2025-03-10")]
    path = workbook(tmp_path / "青杠村委会台账.xlsx", "青杠村筹资台账", [LEDGER, *rows])
    async with open_desk() as hands:
        await hands.app.push_screen(CollectionsPage(hands.app.session, path))
        await hands.settle()
        await hands.press("ctrl+s")
        assert "1 行无法读取" in hands.text()
        assert "须整份接收" in hands.text()
        await hands.press("f3")
        assert isinstance(hands.app.screen, ColumnsBox)
        assert collections.collections(desk.office) == []


async def test_a_count_that_differs_is_mended_without_leaving_the_box(open_desk, desk, ledger):
    """Up and down lead from field to field, past a choice as well; nothing is saved on the way."""
    async with open_desk() as hands:
        await take_in(hands, ledger)
        await hands.press("a")
        await hands.type("村里改正后再报")
        await hands.press("enter")
        await count(hands, "1", "1", "3", "800", "800")
        assert "人数" in hands.text()
        assert hands.app.focused.id == "counted-cash"
        await hands.press("up", "up")
        assert hands.app.focused.id == "heads"
        await hands.type("2")
        await hands.press("down", "down", "down")
        assert hands.app.focused.id == "counted-cash"
        assert state(desk) == "received"
        await hands.press("enter")
        assert state(desk) == "counted"


async def test_up_and_down_pass_a_choice_and_leave_it_as_it_is(open_desk, ledger):
    async with open_desk() as hands:
        await hands.app.push_screen(CollectionsPage(hands.app.session, ledger))
        await hands.settle()
        box = hands.app.screen
        await hands.press("up", "up", "up", "down", "down")
        assert (box.chosen("collector"), box.chosen("how")) == ("village", False)
        assert hands.app.focused.id == "how"
        await hands.press("right")
        assert box.chosen("how") is True


@pytest.mark.parametrize(
    ("stem", "found"),
    [
        ("青杠台账", "青杠村委会"),
        ("大青杠2025年台账", "大青杠社区"),
        ("青杠和石桥台账", ""),
        ("台账(1)", ""),
    ],
)
def test_a_village_is_known_by_the_short_name_of_its_file(stem, found):
    """A name within a longer one loses; where two fit nothing is filled in."""
    names = ["青杠村委会", "大青杠社区", "石桥社区"]
    assert _village_in(stem, names) == found


async def test_a_ledger_closed_without_somebody_shows_whom_it_was_closed_without(
    open_desk, desk, ledger
):
    """Only who paid at the desk is named as such; who shares the receipt is entered in the end."""
    book = openpyxl.load_workbook(ledger)
    for row in (3, 4):
        book.active.cell(row, 8).value = "ZY0"
    book.active.delete_rows(5)
    book.save(ledger)
    async with open_desk() as hands:
        page = await take_in(hands, ledger)
        await count(hands, "1", "1", "2", "800", "800")
        await hands.press("f3")
        await hands.type("B-1")
        await hands.press("ctrl+s")
        first = people.by_number(desk.office, number("1980-01-02"))
        assert first is not None
        pay(desk.office, desk.clerk, PaymentOrder((first,), "cash"))
        await hands.press("f3", "y")
        assert "1 人未能登记" in hands.text()
        assert "另有 1 人与他们同一张收据" in hands.text()
        await hands.press("enter")
        assert "同一张收据上的其余 1 人照常登记" in hands.text()
        await hands.press("y", "enter")
        assert state(desk) == "entered"
        assert [line.left_out for line in page._lines] == [True, False]
        assert "✕ 未登记" in hands.text()
        assert page.check_action("send_back", ()) is True


async def test_a_schools_list_without_households_is_counted_by_heads_alone(
    open_desk, desk, tmp_path
):
    rows = []
    for place in range(2):
        born = f"200{place}-01-02"
        desk.add_resident(f"生{place}", born, number=number(born))
        rows.append((place + 1, f"生{place}", number(born), 400, f"X{place}", "2025-03-10"))
    heading = ("序号", "学生姓名", "身份证号", "缴费金额", "收据号", "缴费时间")
    path = workbook(tmp_path / "学生名单.xlsx", "镇中学参保缴费名单", [heading, *rows])
    async with open_desk() as hands:
        await hands.app.push_screen(CollectionsPage(hands.app.session, path))
        await hands.settle()
        await hands.press("right", "enter")
        await hands.type("镇中学")
        await hands.press("ctrl+s")
        await hands.press("f3")
        await hands.press("escape")
        await count(hands, "1", "3", "800", "800")
        assert "人数：纸质 3，电子 2" in hands.text()
        assert "户数" not in hands.text()
        await hands.press("up", "up")
        await hands.type("2")
        await hands.press("ctrl+s")
        assert state(desk) == "counted"


def told(hands):
    said = " ".join(note.message for note in hands.app._notifications)
    hands.app.clear_notifications()
    return said


async def test_a_key_that_the_ledger_does_not_allow_says_why(open_desk, desk, ledger):
    async with open_desk() as hands:
        await take_in(hands, ledger)
        await hands.press("f3")
        assert "有 1 人不符" in told(hands)
        await hands.press("a")
        await hands.type("村里改正后再报")
        await hands.press("enter")
        await count(hands, "1", "1", "2", "800", "800")
        await hands.press("a")
        assert "已清点" in told(hands)
        await hands.press("f3")
        await hands.type("B-1")
        await hands.press("ctrl+s")
        await hands.press("w")
        assert "不能退回" in told(hands)
        await hands.press("f3", "y")
        await hands.press("enter", "f3")
        assert "已全部登记" in told(hands)


async def test_a_wrong_bank_reference_is_put_right_before_entering(open_desk, desk, ledger):
    """Dim before the bank has the money, then a box with what stands, and the page says both."""
    async with open_desk() as hands:
        page = await take_in(hands, ledger)
        assert page.check_action("correct_deposit", ()) is None
        await hands.press("c")
        assert "钱还没有缴存银行" in told(hands)
        await hands.press("a")
        await hands.type("村里改正后再报")
        await hands.press("enter")
        await count(hands, "1", "1", "2", "800", "800")
        await hands.press("f3")
        await hands.type("B-1")
        await hands.press("ctrl+s")
        await hands.press("c")
        assert isinstance(hands.app.screen, SignInBox)
        await hands.press("enter")
        assert "更正缴存" in hands.text()
        await hands.type("B-7")
        await hands.press("tab", "tab")
        await hands.type("抄错一位")
        await hands.press("ctrl+s")
        await hands.settle()
        assert "B-7 · 抄错一位" in hands.text()
        await hands.press("f3", "y")
        assert state(desk) == "entered"
        await hands.press("enter", "c")
        assert "到缴存页" in told(hands)
