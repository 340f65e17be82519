"""Sheets as townships have them: what is taken and what is refused, row by row, exactly."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.sheets.officelike import CASES, VILLAGES, Expected
from tests.support import Desk
from townshipdesk.services import imports
from townshipdesk.services.verify import verify


@pytest.fixture
def desk_of_three(desk: Desk) -> Desk:
    with desk.office.database.transaction():
        for code, name in VILLAGES.items():
            desk.add_village(code, name)
    return desk.at("2025-11-20T09:00")


def check(desk: Desk, path: Path, expected: Expected) -> None:
    """See that a file is read exactly so, and that a second time changes nothing."""
    shown = imports.preview(desk.office, expected.kind, path, expected.options)
    refused = {(one.sheet, one.row): (one.column, one.reason) for one in shown.rejections}
    assert refused == expected.rejected
    assert (shown.added, shown.updated) == (expected.added, expected.updated)
    assert shown.rows == expected.added + expected.updated + len(expected.rejected)
    assert {warning.code for warning in shown.warnings} == expected.warnings
    imports.commit(desk.office, desk.clerk, shown)
    again = imports.preview(desk.office, expected.kind, path, expected.options)
    assert again.changes_nothing
    assert again.unchanged == expected.added + expected.updated
    assert verify(desk.office) == []


@pytest.mark.parametrize("name", CASES)
def test_a_sheet_of_an_office_is_read_exactly(
    name: str, desk_of_three: Desk, tmp_path: Path
) -> None:
    """Counts and reasons are those worked out by hand; the same file again changes nothing."""
    case, ending = CASES[name]
    path = tmp_path / f"a.{ending}"
    check(desk_of_three, path, case(path))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not at hand")
@pytest.mark.parametrize("ending", ["xls", "xlsx"])
@pytest.mark.parametrize("name", ["printed form", "old workbook", "merged households"])
def test_what_libreoffice_makes_of_a_sheet_is_read_the_same(
    name: str, ending: str, desk_of_three: Desk, tmp_path: Path
) -> None:
    """Another program's way of writing the same cells changes neither counts nor reasons."""
    case, own_ending = CASES[name]
    source = tmp_path / f"a.{own_ending}"
    expected = case(source)
    folder = tmp_path / "converted"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", str(folder)]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=120)
    check(desk_of_three, folder / f"a.{ending}", expected)
