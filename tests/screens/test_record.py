"""Over the resident: identities, receipts, what-if, and every change of the record."""

from __future__ import annotations

import pytest

from townshipdesk.screens.confirm import ConfirmBox
from townshipdesk.screens.desk import DeskScreen
from townshipdesk.screens.identities import AddIdentityBox, IdentitiesBox
from townshipdesk.screens.receipt import ReceiptBox
from townshipdesk.screens.receipts import ReceiptsBox
from townshipdesk.screens.record import CorrectBox, DeathBox, InsuredBox, MoveBox, PaperBox
from townshipdesk.screens.register import RegisterBox
from townshipdesk.services import payments, people
from townshipdesk.widgets.inputs import LineInput


async def fill(hands, field, text):
    box = hands.app.screen
    box.query_one(f"#{field}", LineInput).value = text
    await hands.settle()


async def test_what_an_identity_would_change_is_seen_before_it_is_saved(open_desk, family, desk):
    async with open_desk() as hands:
        hands.desk.open_resident(family.son)
        await hands.press("f3")
        assert isinstance(hands.app.screen, IdentitiesBox)
        await hands.press("a")
        assert isinstance(hands.app.screen, AddIdentityBox)
        assert "400.00" in hands.text()
        assert "0.00 元（资助 400.00）" in hands.text()
        assert desk.count("identity") == 2
        await fill(hands, "department", "民政所")
        await hands.press("ctrl+s")
        assert isinstance(hands.app.screen, IdentitiesBox)
        assert "民政所" in hands.text()
        await hands.press("escape")
        assert hands.desk.view.quote.due_fen == 0


async def test_ending_an_identity_says_its_effect_and_needs_a_reason(open_desk, family, desk):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f3")
        assert "如果取消" in hands.text()
        await hands.press("x")
        assert "280.00" in hands.text()
        await hands.press("ctrl+s")
        assert "必须填" in hands.text()
        await fill(hands, "reason", "名单核减")
        await hands.press("ctrl+s", "escape")
        assert hands.desk.view.quote.due_fen == 28000


async def test_after_the_payment_an_identity_changes_nothing_for_the_year(open_desk, family, desk):
    payments.pay(desk.office, desk.clerk, payments.PaymentOrder((family.son,), "cash"))
    async with open_desk() as hands:
        hands.desk.open_resident(family.son)
        await hands.press("f3", "a")
        assert "本年度已缴费" in hands.text()


async def test_why_names_each_step_with_its_clause_and_when_the_days_that_matter(open_desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("w")
        text = hands.text()
        assert "三(二)" in text
        assert "400.00" in text
        await hands.press("escape", "d")
        text = hands.text()
        assert "890.00" in text
        assert "无待遇" in text


async def test_what_if_asks_without_saving(open_desk, family, desk):
    async with open_desk() as hands:
        hands.desk.open_resident(family.son)
        await hands.press("f", "space")
        assert "0.00 元" in hands.text()
        await hands.press("escape")
        assert hands.desk.view.quote.due_fen == 40000
    assert desk.count("identity") == 2


async def test_what_if_says_why_an_identity_changes_nothing(open_desk, family, desk):
    """An identity that the policy does not name is told with its clause, not passed over."""
    async with open_desk() as hands:
        hands.desk.open_resident(family.son)
        await hands.press("f", "down", "space")
        assert "孤儿" in hands.text()
        assert "本政策没有" in hands.text()
        await hands.press("down", "space")
        assert "残疾按一级" in hands.text()


async def test_a_receipt_is_found_again_and_printed_again(open_desk, family, desk, monkeypatch):
    monkeypatch.setattr("townshipdesk.printing.printer.send_to_printer", lambda *_a, **_k: None)
    payments.pay(desk.office, desk.clerk, payments.PaymentOrder((family.head,), "cash"))
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("ctrl+r", "enter")
        assert isinstance(hands.app.screen, ReceiptBox)
        await hands.press("enter")
        assert isinstance(hands.app.screen, ReceiptsBox)
        assert "已打印 1 次" in hands.text()


async def test_a_receipt_is_saved_as_pdf_and_text(open_desk, family, desk):
    payments.pay(desk.office, desk.clerk, payments.PaymentOrder((family.head,), "cash"))
    folder = desk.office.database.path.parent / "receipts"
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("ctrl+r", "enter", "p", "t")
        assert "000001.txt" in hands.text().replace("\n", "")
    assert (folder / "000001.pdf").read_bytes().startswith(b"%PDF")
    assert "杨发贵" in (folder / "000001.txt").read_text(encoding="gb18030")


async def test_a_printer_that_fails_leaves_a_file_and_goes_on(open_desk, family, desk, monkeypatch):
    from townshipdesk.printing.printer import PrinterError

    def broken(*_arguments, **_options):
        raise PrinterError("The printer does not answer.")

    monkeypatch.setattr("townshipdesk.printing.printer.send_to_printer", broken)
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f2", "enter", "enter")
        assert isinstance(hands.app.screen, DeskScreen)
    assert (desk.office.database.path.parent / "receipts" / "000001.pdf").exists()


async def test_correcting_a_name_shows_at_once(open_desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("c")
        assert isinstance(hands.app.screen, CorrectBox)
        await fill(hands, "name", "杨发桂")
        await hands.press("ctrl+s")
        assert hands.desk.view.card.person.name == "杨发桂"


async def test_moving_takes_a_part_of_a_villages_name(open_desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("m")
        assert isinstance(hands.app.screen, MoveBox)
        await fill(hands, "village", "没有这个村")
        await hands.press("ctrl+s")
        assert isinstance(hands.app.screen, MoveBox)
        await fill(hands, "village", "柿树")
        await fill(hands, "household", "SS0001")
        await hands.press("ctrl+s")
        assert hands.desk.view.card.person.village_name == "柿树村委会"
        assert hands.desk.view.card.person.household_number == "SS0001"


async def test_for_somebody_who_died_nothing_can_be_paid(open_desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("x")
        assert isinstance(hands.app.screen, DeathBox)
        await hands.press("ctrl+s")
        assert "已登记 2025-03-17 死亡" in hands.text()
        await hands.press("f2")
        assert isinstance(hands.app.screen, DeskScreen)


async def test_a_newborn_is_registered_in_the_household_and_later_gets_a_number(open_desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("b")
        assert isinstance(hands.app.screen, RegisterBox)
        await fill(hands, "number", "Q530123456")
        await fill(hands, "name", "杨新")
        await fill(hands, "born", "20250301")
        await hands.press("ctrl+s")
        person = hands.desk.view.card.person
        assert (person.name, person.household_number) == ("杨新", "DL9001")
        assert person.document_kind == "birth-certificate"


async def test_a_number_with_another_birth_date_is_asked_about_before_it_is_taken(
    open_desk, family, desk
):
    from datetime import date

    from tests.support import made_up_number

    number = made_up_number(date(1980, 5, 7), 77)
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("n")
        assert isinstance(hands.app.screen, PaperBox)
        await fill(hands, "number", number)
        await hands.press("ctrl+s")
        assert isinstance(hands.app.screen, ConfirmBox)
        await hands.press("y")
        assert hands.desk.view.card.person.number == number
    assert people.by_number(desk.office, family.head_number) == family.head


async def test_employee_insurance_refuses_the_payment_and_its_end_lifts_it(open_desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("e")
        assert isinstance(hands.app.screen, InsuredBox)
        await fill(hands, "from_on", "2024-01-01")
        await hands.press("ctrl+s")
        assert hands.desk.view.quote.reason == "employee-insured"
        await hands.press("e")
        await fill(hands, "to_on", "2025-03-01")
        await hands.press("ctrl+s")
        assert hands.desk.view.can_pay


@pytest.mark.parametrize(
    ("typed", "wanted"), [("2025.3.7", "2025-03-07"), ("20250307", "2025-03-07")]
)
async def test_days_are_taken_as_people_type_them(open_desk, family, typed, wanted):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("x")
        await fill(hands, "on", typed)
        await hands.press("ctrl+s")
        assert str(hands.desk.view.card.person.status_on) == wanted


async def test_a_form_shows_all_its_fields_at_once_on_a_small_screen(open_desk, family):
    async with open_desk((80, 24)) as hands:
        await hands.scan("150102880730303")
        assert isinstance(hands.app.screen, RegisterBox)
        rows = list(hands.app.screen.query(".row"))
        assert len(rows) == 10
        assert {row.region.height for row in rows} == {1}
        assert "由 15 位号码换算而来" in hands.text()
