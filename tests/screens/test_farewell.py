"""A fault of the program itself: a sentence for the clerk, a note without anybody's data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.conftest import Hands, Open
from tests.support import Desk
from townshipdesk.app import DeskApp
from townshipdesk.screens import farewell
from townshipdesk.screens.farewell import note_fault
from townshipdesk.screens.session import Session
from townshipdesk.screens.verify import WrongBox
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.store.driver import sqlite3


class OddFault(Exception):
    """A fault whose words hold a name."""


def fault() -> OddFault:
    try:
        raise OddFault("杨发贵 532399198005060017")
    except OddFault as error:
        return error


def test_the_note_holds_the_place_and_no_words(tmp_path: Path) -> None:
    path = note_fault(fault(), tmp_path)
    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert "OddFault" in text
    assert "test_farewell.py" in text
    assert "杨发贵" not in text
    assert "5323" not in text


def test_a_folder_that_cannot_be_written_hides_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="ascii")
    assert note_fault(fault(), blocked) is None
    assert "OddFault" in farewell.farewell(fault(), blocked)


async def test_the_desk_closes_with_a_sentence_and_no_stack(
    open_desk: Open,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(farewell.platformdirs, "user_log_dir", lambda *a, **k: str(tmp_path))
    with pytest.raises(OddFault):  # noqa: PT012 - a test run raises again what closed the desk
        async with open_desk() as hands:
            hands.app._handle_exception(fault())
            shown = "".join(
                segment.text for item in hands.app._exit_renderables for segment in item.segments
            )
            assert "OddFault" in shown
            assert "杨发贵" not in shown
            assert "Traceback" not in shown
    assert (tmp_path / "faults.txt").exists()


def test_a_damaged_file_is_said_to_be_damaged_and_not_a_fault_of_the_program(
    tmp_path: Path,
) -> None:
    error = sqlite3.DatabaseError("database disk image is malformed")
    said = farewell.farewell(error, tmp_path)
    assert "损坏" in said
    assert "备份" in said
    assert not (tmp_path / "faults.txt").exists()


async def test_what_is_wrong_with_an_office_is_said_when_the_desk_begins(desk: Desk) -> None:
    pay(desk.office, desk.clerk, PaymentOrder((desk.add_resident(),), "cash"))
    desk.office.conn.execute("DROP TRIGGER entry_stays_u")
    desk.office.conn.execute("UPDATE entry SET voucher = 'x'")
    app = DeskApp(Session(desk.office, desk.clerk, desk="desk-1", checks_first=True))
    async with app.run_test() as pilot:
        while not isinstance(app.screen, WrongBox):
            await pilot.pause()
        await pilot.pause()
        text = Hands(app, pilot, desk).text()
        assert "entry_stays_u" in text
        assert "请先不要收费" in text
        await pilot.press("escape")
        assert not isinstance(app.screen, WrongBox)


async def test_an_office_in_order_begins_without_a_word(desk: Desk) -> None:
    app = DeskApp(Session(desk.office, desk.clerk, desk="desk-1", checks_first=True))
    async with app.run_test() as pilot:
        hands = Hands(app, pilot, desk)
        await hands.settle()
        await hands.settle()
        assert app.screen is hands.desk
