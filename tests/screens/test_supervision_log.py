"""The audit log on the desk: who may read it, searching, one entry whole, the workbook."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from townshipdesk.screens.audit_log import AuditLogPage, EntryBox
from townshipdesk.screens.audit_words import ACTIONS, matching_actions
from townshipdesk.screens.sign_in import SignInBox
from townshipdesk.screens.supervisor import SECTIONS, SupervisorPage
from townshipdesk.services import reversals, staff, staffing
from townshipdesk.services.payments import PaymentOrder, pay

LOG = str([item.id for item in SECTIONS].index("log") + 1)


@pytest.fixture
def history(desk, family):
    """Two payments by the clerk, one of them taken back by the supervisor the day after."""
    first = pay(desk.office, desk.clerk, PaymentOrder((family.head,), "cash"))
    desk.at("2025-03-18T09:00")
    second = pay(desk.office, desk.clerk, PaymentOrder((family.wife,), "cash"))
    reversals.reverse(desk.office, desk.supervisor, second.lines[0].entry_uid, "=1+1 收错")
    return first


def as_supervisor(hands, desk):
    hands.app.session.actor = replace(desk.supervisor, desk="desk-1")


def shown(hands):
    return [row.action for row in hands.app.screen.log_list.rows]


async def test_a_clerk_reads_the_log_only_with_a_supervisor(open_desk, history):
    async with open_desk() as hands:
        await hands.press("ctrl+g", LOG)
        assert isinstance(hands.app.screen, SignInBox)
        await hands.press("escape")
        assert isinstance(hands.app.screen, SupervisorPage)
        await hands.press(LOG)
        await hands.type("training")
        await hands.press("enter")
        assert isinstance(hands.app.screen, AuditLogPage)


async def test_it_is_newest_first_and_in_words(open_desk, desk, history):
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await hands.press("ctrl+g", LOG)
        assert shown(hands) == [
            "payment.reversed",
            "payment.taken",
            "payment.taken",
            "office.created",
        ]
        assert "冲正" in hands.text()
        assert "共 4 条" in hands.text()


@pytest.mark.parametrize(
    ("field", "text", "found"),
    [
        ("log-text", "000001", ["payment.taken"]),
        ("log-text", "收错", ["payment.reversed"]),
        ("log-action", "冲正", ["payment.reversed"]),
        ("log-action", "taken back", ["payment.reversed"]),
        ("log-staff", "周敏", ["payment.reversed"]),
        ("log-from", "2025-03-18", ["payment.reversed", "payment.taken"]),
        ("log-to", "2025.3.17", ["payment.taken", "office.created"]),
    ],
)
async def test_it_is_searched_by_what_one_knows(open_desk, desk, history, field, text, found):
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await hands.press("ctrl+g", LOG)
        hands.app.screen.query_one(f"#{field}").focus()
        await hands.type(text)
        await hands.press("enter")
        assert shown(hands) == found


async def test_a_document_number_finds_what_was_done_with_the_person(
    open_desk, desk, family, history
):
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await hands.press("ctrl+g", LOG, "f2")
        await hands.type(family.head_number)
        await hands.press("enter")
        assert shown(hands) == ["payment.taken"]
        await hands.press("enter")
        assert isinstance(hands.app.screen, EntryBox)
        assert "000001" in hands.text()


async def test_a_day_that_is_none_is_said(open_desk, desk, history):
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await hands.press("ctrl+g", LOG)
        hands.app.screen.query_one("#log-from").focus()
        await hands.type("gestern")
        await hands.press("enter")
        assert any("2025-03-17" in note.message for note in hands.app._notifications)
        assert len(shown(hands)) == 4


async def test_older_rows_come_when_the_cursor_nears_the_end(open_desk, desk, history, monkeypatch):
    monkeypatch.setattr("townshipdesk.screens.audit_log.PAGE", 2)
    monkeypatch.setattr("townshipdesk.screens.audit_log.NEAR_THE_END", 1)
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await hands.press("ctrl+g", LOG)
        assert len(shown(hands)) == 2
        await hands.press("down")
        assert len(shown(hands)) == 4
        assert hands.app.screen.log_list.cursor == 1


async def test_an_auditor_exports_it_text_as_text_and_that_is_logged(open_desk, desk, history):
    staffing.add(
        desk.office,
        desk.supervisor,
        name="audit",
        shown_name="何审",
        role="auditor",
        password="long-enough",
    )
    async with open_desk() as hands:
        hands.app.session.actor = staff.without_password(desk.office.conn, "audit")
        await hands.press("ctrl+g", LOG, "f3")
    (path,) = (desk.office.database.path.parent / "exports").glob("audit-*.xlsx")
    sheet = openpyxl.load_workbook(path).active
    rows = list(sheet.iter_rows(min_row=2))
    assert [row[0].value for row in rows] == [5, 4, 3, 2, 1]
    details = rows[1][5]
    assert "=1+1 收错" in details.value
    assert details.data_type == "s"
    last = desk.office.conn.execute("SELECT * FROM audit ORDER BY id DESC").fetchone()
    assert (last["action"], last["detail"]) == ("log.exported", '{"rows":5}')


def test_actions_are_found_by_their_words_in_either_language():
    assert matching_actions("", ACTIONS) is None
    assert matching_actions("refund paid", ACTIONS) == ("refund.paid",)
    assert "refund.paid" in matching_actions("退费", ACTIONS)
    assert matching_actions("nothing of the kind", ACTIONS) == ()
