"""A fault of the program itself: a sentence for the clerk, a note without anybody's data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.conftest import Open
from townshipdesk.screens import farewell
from townshipdesk.screens.farewell import note_fault


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
