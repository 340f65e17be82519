"""Supervision: settings, policy text, staff, clock, backup, checking the books."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support import Desk
from townshipdesk import policy
from townshipdesk.app import DeskApp
from townshipdesk.domain.dates import parse_moment
from townshipdesk.screens.backup import BackupNowBox
from townshipdesk.screens.clock import ConfirmClockBox
from townshipdesk.screens.policy_state import AdoptBox, PolicyFileBox, PolicyPage
from townshipdesk.screens.season_text import season_text
from townshipdesk.screens.session import Session
from townshipdesk.screens.sign_in import LockBox, SignInBox
from townshipdesk.screens.staff import AddBox, StaffPage
from townshipdesk.screens.supervisor import SECTIONS, SupervisorPage
from townshipdesk.screens.verify import VerifyBox
from townshipdesk.services import backup, policies, settings, staff, staffing
from townshipdesk.services.clock import StandingClock
from townshipdesk.services.office import create_office
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.store import audit


def as_supervisor(hands, desk):
    hands.app.session.actor = replace(desk.supervisor, desk="desk-1")


def section(name: str) -> str:
    """The digit that opens a section of the menu."""
    return str([item.id for item in SECTIONS].index(name) + 1)


def keys_of(name: str) -> tuple[str, ...]:
    """The keys that open a section: its digit; the tenth and last has none."""
    return (section(name),) if section(name) != "10" else ("end", "enter")


async def open_section(hands, name):
    await hands.press("ctrl+g", *keys_of(name))


async def test_the_menu_says_how_each_thing_stands(open_desk, desk):
    async with open_desk() as hands:
        await hands.press("ctrl+g")
        assert isinstance(hands.app.screen, SupervisorPage)
        said = hands.text()
        for words in ("5 项金额已定 0 项", "在岗 2 人", "停在 2025-03-17 09:00", "不会自动备份"):
            assert words in said
        await hands.press("escape")
        assert hands.app.screen is hands.desk


# ------------------------------------------------------------------------------- settings


async def test_a_setting_is_entered_by_a_supervisor_and_kept_with_its_history(open_desk, desk):
    async with open_desk() as hands:
        await open_section(hands, "settings")
        assert "六(二)3" in hands.text()
        await hands.press("enter")
        await hands.type("120")
        await hands.press("enter")
        await hands.type("龙财〔2025〕7号")
        await hands.press("enter")
        await hands.type("2025.3.10")
        await hands.press("enter", "enter")
        assert isinstance(hands.app.screen, SignInBox)
        await hands.type("training")
        await hands.press("enter")
        assert "120.00" in hands.text()
        await hands.press("h")
        assert "龙财〔2025〕7号 2025-03-10" in hands.text()
    changed = settings.history(desk.office)
    assert [(row.key, row.value, row.set_by) for row in changed] == [
        ("amount.entitled-group", "120.00", "周敏")
    ]


async def test_an_amount_that_is_emptied_is_not_set_any_more(open_desk, desk):
    settings.change(desk.office, desk.supervisor, "amount.entitled-group", "120")
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await open_section(hands, "settings")
        await hands.press("enter", "end", *["backspace"] * 6, "ctrl+s")
        assert "120.00" not in hands.text()
    assert "amount.entitled-group" not in desk.office.settings().to_json()


def test_a_setting_made_at_any_desk_says_the_season_anew(desk):
    """Opening an extension changes the season at once, and nothing is asked twice for it."""
    session = Session(desk.office)
    assert not session.follow_policy()
    settings.change(desk.office, desk.supervisor, "amount.entitled-group", "120")
    assert session.follow_policy()
    assert not session.follow_policy()


def test_a_season_that_ends_within_a_day_is_said_with_its_hour():
    """Payment that closes at 17:00 must not look open until midnight."""
    at = parse_moment("2018-02-10T09:00")
    ending = policy.season(policy.load("songming-2018"), policy.Settings(), at)
    assert "2月23日 17:00" in season_text(ending, 2018)


async def test_without_a_supervisor_a_setting_stays(open_desk, desk):
    async with open_desk() as hands:
        await open_section(hands, "settings")
        await hands.press("enter")
        await hands.type("120")
        await hands.press("ctrl+s", "escape")
        assert "主管" in hands.text()
    assert settings.history(desk.office) == []


# ------------------------------------------------------------------------------- policy


@pytest.fixture
def changed_policy(desk, tmp_path):
    """The same policy with a corrected line, as a file."""
    path = tmp_path / "corrected.toml"
    path.write_text(desk.office.policy.text + "\n# 更正一处说明\n", encoding="utf-8")
    return path


async def test_another_text_is_shown_and_adopted_with_a_reason(
    open_desk, desk, changed_policy, family
):
    pay(desk.office, desk.clerk, PaymentOrder((family.head,), "cash"))
    before = desk.office.policy_hash
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await open_section(hands, "policy")
        assert "与程序所带文本一致" in hands.text()
        await hands.press("o")
        await hands.type(str(changed_policy))
        await hands.press("enter")
        assert isinstance(hands.app.screen, AdoptBox)
        assert "更正一处说明" in hands.text()
        await hands.type("县局更正")
        await hands.press("enter")
        hands.app._poll()
        await hands.settle()
        assert isinstance(hands.app.screen, PolicyPage)
        said = hands.text()
        assert "程序带来了新的文本" in said
        assert "县局更正" in said
        assert hands.app.session.office.policy_hash != before
        await hands.press("a")
        await hands.type("回到程序文本")
        await hands.press("enter")
        hands.app._poll()
        await hands.settle()
        assert hands.app.session.office.policy_hash == before
    kept = desk.office.conn.execute("SELECT policy_hash FROM enrolment").fetchone()[0]
    assert kept == before


async def test_the_empty_desk_says_that_the_program_brings_another_text(
    open_desk, desk, changed_policy
):
    policies.adopt(desk.office, desk.supervisor, str(changed_policy), "县局更正")
    async with open_desk() as hands:
        hands.app._poll()
        await hands.settle()
        assert "程序带来了新的文本" in hands.text()


async def test_a_file_with_problems_is_not_adopted_and_says_where(open_desk, desk, tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text(desk.office.policy.text.replace('clause = "', 'clauses = "'), encoding="utf-8")
    before = desk.office.policy_hash
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await open_section(hands, "policy")
        await hands.press("o")
        await hands.type(str(path))
        await hands.press("enter")
        assert isinstance(hands.app.screen, PolicyFileBox)
        assert "行：" in hands.text()
        assert hands.app.session.office.policy_hash == before


# ------------------------------------------------------------------------------- staff


async def test_a_new_member_of_staff_can_sign_in(open_desk, desk):
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await open_section(hands, "staff")
        await hands.press("a")
        await hands.type("heshen")
        await hands.press("enter")
        await hands.type("何审")
        await hands.press("enter", "right", "right", "enter")
        await hands.type("long-enough")
        await hands.press("enter")
        await hands.type("long-enough")
        await hands.press("enter")
        assert isinstance(hands.app.screen, StaffPage)
        assert "审计" in hands.text()
    office = desk.office
    assert staff.sign_in(office.database, "heshen", "long-enough", office.now()).role == "auditor"


async def test_two_passwords_that_differ_are_not_taken(open_desk, desk):
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await open_section(hands, "staff")
        await hands.press("a")
        await hands.type("heshen")
        await hands.press("enter")
        await hands.type("何审")
        await hands.press("enter", "enter")
        await hands.type("long-enough")
        await hands.press("enter")
        await hands.type("long-enouhg")
        await hands.press("enter")
        assert isinstance(hands.app.screen, AddBox)
        assert "两次输入不一致" in hands.text()
    assert len(staffing.colleagues(desk.office)) == 2


async def test_a_new_pin_unlocks_the_desk_and_the_old_one_does_not(open_desk, desk):
    async with open_desk() as hands:
        await open_section(hands, "staff")
        await hands.press("n")
        await hands.type("training")
        await hands.press("enter")
        await hands.type("4711")
        await hands.press("enter")
        await hands.type("4711")
        await hands.press("enter")
        await hands.press("ctrl+l")
        assert isinstance(hands.app.screen, LockBox)
        await hands.type("1111")
        await hands.press("enter")
        assert isinstance(hands.app.screen, LockBox)
        await hands.type("4711")
        await hands.press("enter")
        assert isinstance(hands.app.screen, StaffPage)


async def test_a_clerk_needs_the_old_password_for_a_new_one(open_desk, desk):
    async with open_desk() as hands:
        await open_section(hands, "staff")
        await hands.press("p")
        await hands.type("not-the-old")
        await hands.press("enter")
        await hands.type("new-password")
        await hands.press("enter")
        await hands.type("new-password")
        await hands.press("enter")
        assert "姓名或密码不对" in hands.text() or "密码" in hands.text()
    office = desk.office
    assert staff.sign_in(office.database, "clerk", "training", office.now()).name == "clerk"


async def test_the_last_supervisor_stays(open_desk, desk):
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await open_section(hands, "staff")
        await hands.press("down", "d", "y")
    assert all(person.active for person in staffing.colleagues(desk.office))


async def test_somebody_put_out_of_work_can_come_back(open_desk, desk):
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await open_section(hands, "staff")
        await hands.press("d", "y")
        assert [person.active for person in staffing.colleagues(desk.office)] == [True, False]
        await hands.press("d", "y")
    assert all(person.active for person in staffing.colleagues(desk.office))


# ------------------------------------------------------------------------------- clock


async def test_a_training_clock_moved_shows_the_price_of_that_day(open_desk, desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        assert "220.00" in str(hands.desk.view.quote.to_json())
        await open_section(hands, "clock")
        await hands.press("end", *["backspace"] * 10)
        await hands.type("2025-08-10")
        await hands.press("enter", "enter", "escape")
        hands.app._poll()
        await hands.settle()
        assert "2025-08-10" in hands.text()
        assert hands.desk.view.quote.due_fen == 89000


@pytest.fixture
def live(tmp_path):
    """A live office whose clock has gone back by an hour since its last work."""
    office = create_office(
        tmp_path / "live.tdo",
        name="某镇医保窗口",
        policy_id="longjie-2025",
        now=parse_moment("2025-03-17T10:00"),
        training=False,
        supervisor_password="long-enough",
    )
    office.clock = StandingClock(parse_moment("2025-03-17T09:00"))
    yield Desk(office)
    office.close()


async def test_a_clock_that_jumped_is_confirmed_with_a_reason(live):
    session = Session(live.office, live.supervisor, desk="desk-1")
    app = DeskApp(session)
    async with app.run_test(size=(80, 24)) as pilot:

        async def press(*keys):
            await pilot.press(*keys)
            await pilot.pause()
            await session.at_rest()
            await pilot.pause()

        await press("ctrl+g", *keys_of("clock"))
        assert isinstance(app.screen, ConfirmClockBox)
        await press(*"电池没电，已校正", "enter")
        assert isinstance(app.screen, SupervisorPage)
    assert settings.clock_jump(live.office) is None


# ---------------------------------------------------------------------------- backup and the books


async def test_a_folder_is_chosen_and_a_backup_made_there_at_once(open_desk, desk, tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await open_section(hands, "backup")
        await hands.type(str(folder))
        await hands.press("enter")
        assert isinstance(hands.app.screen, BackupNowBox)
        assert "备份已打开核验，正常" in hands.text()
        await hands.press("escape")
    assert backup.backup_folder(desk.office) == folder
    assert len(backup.generations(desk.office, folder)) == 1


async def test_a_folder_that_is_not_there_is_not_chosen(open_desk, desk, tmp_path):
    async with open_desk() as hands:
        as_supervisor(hands, desk)
        await open_section(hands, "backup")
        await hands.type(str(tmp_path / "nowhere"))
        await hands.press("enter")
        assert "nowhere" in hands.text()
    assert backup.backup_folder(desk.office) is None


async def test_a_backup_that_is_stopped_leaves_nothing_behind(open_desk, desk, tmp_path):
    backup.choose_backup_folder(desk.office, desk.supervisor, tmp_path)

    class Stopped(BackupNowBox):
        def stopped(self) -> bool:
            return True

    async with open_desk() as hands:
        hands.app.push_screen(Stopped(hands.app.session))
        await hands.settle()
        assert "备份已停止" in hands.text()
    assert backup.generations(desk.office, tmp_path) == {}


async def test_the_books_in_order_are_said_to_be_so(open_desk, desk):
    with desk.office.database.transaction() as conn:
        audit.seal_anew(conn, "office.sealed")  # the villages of the tests came by plain SQL
    async with open_desk() as hands:
        await open_section(hands, "verify")
        assert isinstance(hands.app.screen, VerifyBox)
        assert "全部正常" in hands.text()
        await hands.press("escape")
        assert isinstance(hands.app.screen, SupervisorPage)


async def test_a_change_behind_the_programs_back_is_named(open_desk, desk, family):
    pay(desk.office, desk.clerk, PaymentOrder((family.head,), "cash"))
    desk.office.conn.execute("DROP TRIGGER entry_stays_u")
    desk.office.conn.execute("UPDATE entry SET individual_fen = 1")
    async with open_desk() as hands:
        await open_section(hands, "verify")
        assert "处不对" in hands.text()
