"""A machine that dies while a roster is written: all of the import is there, or nothing of it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.importing import everything
from tests.sheets.making import ROSTER_HEADINGS, as_xlsx, roster_row
from tests.support import Desk
from townshipdesk.services import imports
from townshipdesk.services.imports import ImportKind
from townshipdesk.services.verify import verify

ROWS = 300
IMPORT = """
import os, signal, sys
from pathlib import Path
from townshipdesk.services import imports
from townshipdesk.services.imports import ImportKind, resident_writes
from townshipdesk.services.office import open_office
from townshipdesk.services.staff import without_password
from townshipdesk.store import seal, stage_rows

def die(*_args):
    os.kill(os.getpid(), signal.SIGKILL)

def dying(module, name, before):
    real = getattr(module, name)
    def stand_in(*args, **kwargs):
        if before:
            die()
        found = real(*args, **kwargs)
        die()
        return found
    setattr(module, name, stand_in)

office = open_office(Path(sys.argv[1]))
when = sys.argv[3]
if when == "while rows are written":
    real = stage_rows.take_over
    def take_over(conn, *args):
        conn.set_progress_handler(die, 20_000)
        real(conn, *args)
    stage_rows.take_over = take_over
elif when == "before the rows":
    dying(stage_rows, "take_over", True)
elif when == "after the rows":
    dying(stage_rows, "take_over", False)
elif when == "when the seal is folded":
    dying(seal, "fold", False)
elif when == "after the commit":
    dying(resident_writes.RosterStage, "close", True)
shown = imports.preview(office, ImportKind.RESIDENTS, Path(sys.argv[2]))
imports.commit(office, without_password(office.conn, "clerk"), shown)
print("done")
"""


@pytest.fixture
def roster(desk: Desk, tmp_path: Path) -> Path:
    with desk.office.database.transaction():
        desk.add_village("532399300101", "大龙箐村委会")
    rows = [ROSTER_HEADINGS, *(roster_row(n) for n in range(1, ROWS + 1))]
    return as_xlsx(tmp_path / "roster.xlsx", rows)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize(
    ("when", "written"),
    [
        ("before the rows", 0),
        ("while rows are written", 0),
        ("after the rows", 0),
        ("when the seal is folded", 0),
        ("after the commit", ROWS),
    ],
)
def test_a_kill_in_the_middle_leaves_all_or_nothing(
    when: str, written: int, desk: Desk, roster: Path
) -> None:
    """Another desk sees the office whole, `verify` finds nothing, and the file can come again."""
    before = everything(desk)
    office = str(desk.office.database.path)
    command = [sys.executable, "-c", IMPORT, office, str(roster), when]
    done = subprocess.run(command, check=False, capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert desk.count("resident") == written
    assert desk.count("import_file") == (1 if written else 0)
    if not written:
        assert everything(desk) == before
    assert verify(desk.office) == []
    shown = imports.preview(desk.office, ImportKind.RESIDENTS, roster)
    assert (shown.added, shown.unchanged) == (ROWS - written, written)
    imports.commit(desk.office, desk.clerk, shown)
    assert desk.count("resident") == ROWS
    assert verify(desk.office) == []
