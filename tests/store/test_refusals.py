"""Rows that wait are held against the CHECKs of the office's own tables, and refused as by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.importing import everything
from tests.sheets.making import ROSTER_HEADINGS, as_xlsx, roster_row
from tests.support import Desk
from townshipdesk.services import imports
from townshipdesk.services.imports import ImportKind
from townshipdesk.services.verify import verify
from townshipdesk.store.driver import sqlite3
from townshipdesk.store.refusals import refusal


def test_every_check_of_every_table_is_found_and_says_what_the_table_says(desk: Desk) -> None:
    """Comments are passed over, nested brackets kept together, and NULL is let pass."""
    conn = desk.office.conn
    tables = conn.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'"
    ).fetchall()
    assert len(tables) > 40
    for name, sql in tables:
        code = "\n".join(line.split("--")[0] for line in sql.splitlines())
        found = refusal(conn, name)
        assert found.count("NOT (") >= code.count("CHECK ("), name
        assert not conn.execute(f"SELECT 1 FROM {name} WHERE {found}").fetchall(), name


@pytest.mark.parametrize(
    ("column", "value", "raised"),
    [
        ("name", "", AssertionError),
        ("sex", "robot", AssertionError),
        ("born", "2024-02-30", AssertionError),
        ("born", "2024-2-3", AssertionError),
        ("registered", "moon", AssertionError),
        ("name_key", None, sqlite3.IntegrityError),  # NOT NULL still holds as it is written
        ("phone", b"1", sqlite3.IntegrityError),  # and so do the types of the columns
    ],
)
def test_a_row_the_table_would_refuse_stops_the_import(
    desk: Desk, tmp_path: Path, column: str, value: object, raised: type[Exception]
) -> None:
    """Nothing of the file is written, and the tables check again what comes afterwards."""
    with desk.office.database.transaction():
        desk.add_village("532399300101", "大龙箐村委会")
    rows = [ROSTER_HEADINGS, *(roster_row(n) for n in range(1, 30))]
    roster = as_xlsx(tmp_path / "roster.xlsx", rows)
    before = everything(desk)
    shown = imports.preview(desk.office, ImportKind.RESIDENTS, roster)
    room = shown.plan.stage.rooms[0]
    query = f"UPDATE resident SET {column} = ? WHERE id = (SELECT max(id) FROM resident)"
    room.conn.execute(query, (value,))
    with pytest.raises(raised):
        imports.commit(desk.office, desk.clerk, shown)
    assert everything(desk) == before
    assert verify(desk.office) == []
    assert (
        imports.commit(
            desk.office, desk.clerk, imports.preview(desk.office, ImportKind.RESIDENTS, roster)
        ).added
        == len(rows) - 1
    )
    with pytest.raises(sqlite3.IntegrityError), desk.office.database.transaction() as conn:
        conn.execute("UPDATE resident SET sex = 'robot'")
