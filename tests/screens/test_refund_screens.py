"""Refunds on the desk: asked for by the clerk, decided by another person, paid out, printed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from townshipdesk.screens.refund_form import RefundFormBox
from townshipdesk.screens.refund_list import RefundListPage
from townshipdesk.screens.refund_request import RefundBox
from townshipdesk.screens.sign_in import SignInBox
from townshipdesk.services import refunds, staffing
from townshipdesk.services.audit_search import AuditQuestion, search
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.refunds import RefundRequest
from townshipdesk.services.staff import without_password

ACCOUNT = "6200000000000000017"


@pytest.fixture
def paid(desk, family):
    """The head and the wife have paid in the central window; it is December before the year."""
    desk.at("2024-10-10T10:00")
    for person in (family.head, family.wife):
        pay(desk.office, desk.clerk, PaymentOrder((person,), "cash"))
    desk.at("2024-12-20T09:00")
    return family


@pytest.fixture
def waiting(desk, paid):
    """An application of the head's waits for approval since the third of the month."""
    desk.at("2024-12-03T09:00")
    made = refunds.request(
        desk.office,
        desk.clerk,
        RefundRequest(
            paid.head, "employee-insurance", "杨发贵", ACCOUNT, "参保证明", "本人", "农信社"
        ),
    )
    desk.at("2024-12-20T09:00")
    return made.number


def actions_logged(desk):
    return [row.action for row in search(desk.office, AuditQuestion())]


async def test_from_the_application_to_the_payout_on_one_desk(open_desk, paid, desk):
    async with open_desk() as hands:
        await hands.scan(paid.head_number)
        await hands.press("f4")
        assert "可以退费" in hands.text()
        await hands.press("enter")
        await hands.type("参保证明")
        await hands.press("enter", "enter", "enter", "enter")
        await hands.type("6200 0000 0000 0000 017")
        await hands.press("enter")
        assert isinstance(hands.app.screen, RefundFormBox)
        assert "TF000001" in hands.text()
        await hands.press("escape")

        await hands.press("f9", "a")
        assert isinstance(hands.app.screen, SignInBox)
        await hands.type("training")
        await hands.press("enter")
        await hands.press("enter")
        assert refunds.refund(desk.office, "TF000001").state == "approved"
        assert hands.app.session.who.name == "clerk"

        await hands.press("p", "y")
    done = refunds.refund(desk.office, "TF000001")
    assert (done.state, done.account) == ("paid", ACCOUNT)
    assert (done.requested_name, done.decided_name, done.settled_name) == ("李春", "周敏", "李春")
    live = "SELECT count(*) FROM enrolment WHERE ended_at IS NULL"
    assert desk.office.conn.execute(live).fetchone()[0] == 1


async def test_each_ground_has_its_answer_at_once_with_the_clause(open_desk, paid):
    async with open_desk() as hands:
        await hands.scan(paid.head_number)
        await hands.press("f4", "1")
        assert "可以退费" in hands.text()
        assert "元退回原渠道" in hands.text()
        await hands.press("5")
        said = hands.text()
        assert "不能退费" in said
        assert "不在政策允许退费的范围内" in said
        assert "四(三)" in said


async def test_what_the_policy_refuses_cannot_be_handed_in(open_desk, paid, desk):
    async with open_desk() as hands:
        await hands.scan(paid.head_number)
        await hands.press("f4", "5", "tab")
        await hands.type("x")
        await hands.press("tab", "tab", "tab", "tab")
        await hands.type("123")
        await hands.press("ctrl+s")
        assert isinstance(hands.app.screen, RefundBox)
        assert "政策不允许这项退费" in hands.text()
    assert desk.count("refund") == 0


async def test_for_a_death_the_heir_is_asked_for(open_desk, paid, desk):
    async with open_desk() as hands:
        await hands.scan(paid.head_number)
        await hands.press("f4", "1", "enter")
        await hands.type("死亡证明")
        await hands.press("enter")
        await hands.type("普英")
        await hands.press("enter", "enter", "enter")
        await hands.type("62000")
        await hands.press("enter")
        assert "与本人的关系" in hands.text()
        await hands.type("配偶")
        await hands.press("ctrl+s")
        assert isinstance(hands.app.screen, RefundFormBox)
        await hands.press("escape")
    made = refunds.refund(desk.office, "TF000001")
    assert (made.ground, made.payee, made.payee_relation) == ("death", "普英", "配偶")


async def test_the_proof_is_asked_for_by_its_name(open_desk, paid, desk):
    async with open_desk() as hands:
        await hands.scan(paid.head_number)
        await hands.press("f4", "tab", "tab", "tab", "tab", "tab")
        await hands.type("62000")
        await hands.press("enter")
        assert "请填证明材料：职工医保参保证明" in hands.text()
    assert desk.count("refund") == 0


async def test_a_refund_under_way_is_said_instead_of_a_second_one(open_desk, paid, waiting):
    async with open_desk() as hands:
        await hands.scan(paid.head_number)
        await hands.press("f4")
        assert f"退费单 {waiting} 在办" in hands.text()


async def test_where_nothing_was_paid_the_box_says_so(open_desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("f4")
        assert "没有可以退" in hands.text()


async def test_a_wrong_password_of_the_other_person_decides_nothing(open_desk, waiting, desk):
    async with open_desk() as hands:
        await hands.press("f9", "a")
        await hands.type("wrong-one")
        await hands.press("enter")
        assert isinstance(hands.app.screen, SignInBox)
        await hands.press("escape")
        assert isinstance(hands.app.screen, RefundListPage)
    assert refunds.refund(desk.office, waiting).state == "requested"


async def test_whoever_took_it_in_must_find_another_even_as_supervisor(open_desk, paid, desk):
    refunds.request(
        desk.office, desk.supervisor, RefundRequest(paid.head, "death", "普英", ACCOUNT)
    )
    async with open_desk() as hands:
        hands.app.session.actor = replace(desk.supervisor, desk="desk-1")
        await hands.press("f9", "a")
        assert isinstance(hands.app.screen, SignInBox)
        await hands.type("training")
        await hands.press("enter")
        await hands.press("enter")
        assert "另一人" in hands.text() or "不能是同一人" in hands.text()
    assert refunds.refund(desk.office, "TF000001").state == "requested"


async def test_rejecting_needs_a_reason_and_shows_it(open_desk, waiting, desk):
    async with open_desk() as hands:
        await hands.press("f9", "r")
        await hands.type("training")
        await hands.press("enter")
        await hands.press("enter")
        assert "必须填" in hands.text()
        await hands.type("材料不全")
        await hands.press("enter", "s", "s")
        assert "材料不全" in hands.text()
    assert refunds.refund(desk.office, waiting).state == "rejected"


async def test_withdrawing_leaves_the_payment_as_it_was(open_desk, waiting, desk):
    async with open_desk() as hands:
        await hands.press("f9", "w")
        await hands.type("本人撤回")
        await hands.press("enter")
    assert refunds.refund(desk.office, waiting).state == "withdrawn"


async def test_an_account_is_masked_until_somebody_looks_which_is_logged(open_desk, waiting, desk):
    async with open_desk() as hands:
        await hands.press("f9")
        assert ACCOUNT not in hands.text()
        await hands.press("v")
        assert ACCOUNT in hands.text()
        await hands.press("v")
        assert ACCOUNT not in hands.text()
    assert actions_logged(desk).count("refund.account-shown") == 1


async def test_the_list_says_for_how_long_each_refund_waits(open_desk, waiting):
    async with open_desk() as hands:
        await hands.press("f9")
        assert "17 天" in hands.text()
        assert "待复核" in hands.text()


async def test_what_another_desk_decided_is_seen(open_desk, waiting, desk):
    async with open_desk() as hands:
        await hands.press("f9")
        other = desk.office.again()
        refunds.approve(other, desk.supervisor, waiting)
        other.close()
        hands.app._poll()
        await hands.settle()
        assert "待付款" in hands.text()


async def test_an_auditor_sees_refunds_and_is_refused_kindly(open_desk, waiting, desk):
    staffing.add(
        desk.office,
        desk.supervisor,
        name="audit",
        shown_name="何审",
        role="auditor",
        password="x" * 8,
    )
    async with open_desk() as hands:
        hands.app.session.actor = without_password(desk.office.conn, "audit")
        await hands.press("f9", "a")
        assert isinstance(hands.app.screen, RefundListPage)
        await hands.press("w")
        assert isinstance(hands.app.screen, RefundListPage)
        assert any("审计" in note.message for note in hands.app._notifications)
        await hands.press("v")
        assert ACCOUNT in hands.text()
    assert refunds.refund(desk.office, waiting).state == "requested"


async def test_the_form_is_written_as_pdf_and_as_text(open_desk, waiting, desk):
    async with open_desk() as hands:
        await hands.press("f9", "f", "p")
        await hands.press("t")
    folder = desk.office.database.path.parent / "refunds"
    assert (folder / f"{waiting}.pdf").read_bytes().startswith(b"%PDF")
    assert "杨发贵" in (folder / f"{waiting}.txt").read_bytes().decode("gb18030")


async def test_number_and_account_are_masked_on_the_screen_and_in_full_on_paper_which_is_logged(
    open_desk, waiting, paid, desk
):
    async with open_desk((120, 40)) as hands:
        await hands.press("f9", "f")
        assert paid.head_number not in hands.text()
        assert ACCOUNT not in hands.text()
        assert "refund.account-shown" not in actions_logged(desk)
        await hands.press("t")
    text = (desk.office.database.path.parent / "refunds" / f"{waiting}.txt").read_bytes()
    assert paid.head_number.encode() in text
    assert ACCOUNT.encode() in text
    assert actions_logged(desk)[0] == "refund.account-shown"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_screens_of_refunds_look_like_this(
    open_desk, waiting, paid, size, language, picture
):
    async with open_desk(size) as hands:
        if language == "en":
            await hands.press("f12")
        await hands.press("f9")
        assert hands.app.export_screenshot(simplify=True) == picture(name="list")
        await hands.press("escape", *"普英", "enter", "f4")
        assert hands.app.export_screenshot(simplify=True) == picture(name="request")


async def test_a_resident_whose_refund_is_under_way_does_not_look_plainly_enrolled(
    open_desk, paid, waiting, desk
):
    async with open_desk() as hands:
        await hands.scan(paid.head_number)
        assert "退费办理中：待复核，2024-12-03 起" in hands.text()
    refunds.approve(desk.office, desk.supervisor, waiting)
    async with open_desk() as hands:
        await hands.scan(paid.head_number)
        assert "退费办理中：已批准，2024-12-20 起" in hands.text()
    refunds.withdraw(desk.office, desk.clerk, waiting, "不退了")
    async with open_desk() as hands:
        await hands.scan(paid.head_number)
        assert "退费办理中" not in hands.text()
