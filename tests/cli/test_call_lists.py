"""`townshipdesk calls`: the results of a call list come in from the command line too."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.support import Desk
from townshipdesk.cli import main
from townshipdesk.services import calls


def test_a_call_list_goes_out_and_comes_back(
    desk: Desk, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    person = desk.add_resident("杨发贵")
    db, path = str(desk.office.database.path), tmp_path / "未参保.xlsx"
    assert main(["export", "unpaid", "--db", db, "-o", str(path)]) == 0
    book = openpyxl.load_workbook(path)
    (sheet,) = book.worksheets
    assert [cell.value for cell in sheet[3]][-2:] == ["未参保原因", "回访结果"]
    sheet["H4"], sheet["I4"] = "外地参保", "在省城参保"
    book.save(path)
    capfdbinary.readouterr()
    for recorded in (1, 0):
        assert main(["calls", str(path), "--db", db]) == 0
        told = json.loads(capfdbinary.readouterr().out)
        assert (told["rows"], told["recorded"], told["unchanged"]) == (1, recorded, 1 - recorded)
        assert (told["not_found"], told["ambiguous"]) == ([], [])
    last = calls.last_call(desk.office, person)
    assert last is not None
    assert (last.reason, last.result) == ("elsewhere", "在省城参保")
