"""`townshipdesk import` as the contract gives it: the summary, exit statuses, messages, report."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.sheets.making import ROSTER_HEADINGS, as_xlsx, number, roster_row
from tests.support import Desk, made_up_number
from townshipdesk.cli import main

VILLAGE = {"村(社区)": "青杠村委会"}
BORN = date(1960, 3, 4)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    good = number(1)
    wrong = good[:17] + ("1" if good[17] != "1" else "2")
    rows = [roster_row(n, **VILLAGE) for n in range(3)]
    rows.append(roster_row(5, **VILLAGE | {"证件号码": wrong}))
    title = ["某镇参保登记花名册"]
    return as_xlsx(tmp_path / "roster.xlsx", [title, ROSTER_HEADINGS, *rows], "花名册")


@pytest.fixture
def call(desk: Desk, capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    """Run a command on the office; give status, document and messages."""

    def run(*arguments: object) -> tuple[int, Any, str]:
        parts = [str(argument) for argument in arguments]
        try:
            status = main([*parts, "--db", str(desk.office.database.path)])
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in err
        return status, json.loads(out.decode("utf-8")) if out else None, err.decode("utf-8")

    return run


def test_the_summary_is_the_contracts(call: Any, roster: Path) -> None:
    status, document, _said = call("import", "residents", roster)
    assert status == 0
    [rejection] = document.pop("rejections")
    assert document == {
        "file": "roster.xlsx",
        "kind": "residents",
        "rows": 4,
        "added": 3,
        "updated": 0,
        "unchanged": 0,
        "rejected": 1,
        "dry_run": False,
    }
    assert rejection["text"]
    del rejection["text"]
    assert rejection == {
        "sheet": "花名册",
        "row": 6,
        "column": "证件号码",
        "value": rejection["value"],
        "reason": "checksum",
    }


def test_a_dry_run_changes_nothing_and_says_so(call: Any, roster: Path, desk: Desk) -> None:
    status, document, _said = call("import", "residents", roster, "--dry-run")
    assert (status, document["dry_run"], document["added"]) == (0, True, 3)
    assert desk.count("resident") == 0


def test_the_same_file_again_says_that_nothing_was_changed(call: Any, roster: Path) -> None:
    call("import", "residents", roster)
    _status, document, said = call("import", "residents", roster)
    assert (document["added"], document["unchanged"]) == (0, 3)
    assert "2025-03-17" in said
    assert "没有任何改动" in said


def test_rejected_rows_go_into_a_workbook_with_their_reasons(
    call: Any, roster: Path, tmp_path: Path
) -> None:
    target = tmp_path / "back.xlsx"
    _status, _document, said = call("import", "residents", roster, "--report", target)
    assert "back.xlsx" in said
    page = openpyxl.load_workbook(target).active
    assert page is not None
    rows = [[cell for cell in row if cell is not None] for row in page.values]
    assert rows[0] == ["某镇参保登记花名册"]
    assert len(rows) == 3
    assert "校验" in str(rows[2])


def test_a_report_that_cannot_be_written_leaves_everything_as_it_was(
    call: Any, roster: Path, desk: Desk, tmp_path: Path
) -> None:
    """Status 1 says that nothing was changed; the file itself is never written over."""
    before, content = desk.count("resident"), roster.read_bytes()
    nowhere = tmp_path / "no folder" / "r.xlsx"
    assert call("import", "residents", roster, "--report", nowhere)[0] == 1
    assert call("import", "residents", roster, "--report", roster)[0] == 2
    assert (desk.count("resident"), roster.read_bytes()) == (before, content)


def test_a_full_list_with_a_bad_row_ends_with_status_one(
    call: Any, desk: Desk, tmp_path: Path
) -> None:
    desk.add_resident("杨一", number=made_up_number(BORN, 3))
    rows = [
        ("姓名", "身份证号码", "救助身份"),
        ("杨一", made_up_number(BORN, 3), "低保"),
        ("杨二", "不记得", "低保"),
    ]
    path = as_xlsx(tmp_path / "list.xlsx", rows)
    status, document, said = call(
        "import", "identities", path, "--department", "社会事务办", "--full"
    )
    assert (status, document["added"], document["rejected"], document["ended"]) == (1, 0, 2, 0)
    assert "整份" in said
    assert desk.count("identity") == 0
    status, document, _said = call(
        "import", "identities", path, "--department", "社会事务办", "--difference"
    )
    assert (status, document["added"], document["rejected"]) == (0, 1, 1)


def test_a_possible_same_person_is_told_with_masked_numbers(
    call: Any, desk: Desk, tmp_path: Path
) -> None:
    known = made_up_number(BORN, 3)
    new = made_up_number(BORN, 5)
    desk.add_resident("杨一", BORN.isoformat(), number=known)
    row = roster_row(1, **VILLAGE | {"姓名": "杨一", "证件号码": new})
    _status, document, said = call(
        "import", "residents", as_xlsx(tmp_path / "r.xlsx", [ROSTER_HEADINGS, row])
    )
    assert document["added"] == 1
    assert known[-4:] in said
    assert known not in said
    assert new not in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "people", "x.xlsx"),
        ("import", "residents"),
        ("import", "identities", "x.xlsx", "--full", "--difference", "--department", "民政"),
        ("import", "identities", "x.xlsx", "--department", "民政"),
        ("import", "identities", "x.xlsx", "--full"),
        ("import", "residents", "x.xlsx", "--full"),
        ("import", "contributions", "x.xlsx"),
    ],
)
def test_a_wrong_call_ends_with_status_two(call: Any, arguments: tuple[str, ...]) -> None:
    status, document, said = call(*arguments)
    assert (status, document) == (2, None)
    assert said


def test_a_file_that_cannot_be_read_ends_with_status_one(
    call: Any, desk: Desk, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 torn")
    for path in (bad, tmp_path / "none.xlsx"):
        status, document, said = call("import", "residents", path)
        assert (status, document) == (1, None)
        assert said
    assert desk.count("import_file") == 0


def test_columns_that_were_not_read_are_named_once(call: Any, tmp_path: Path) -> None:
    """What nothing was taken from must not pass in silence; notes and serials are not meant."""
    rows = [["序号", "姓名", "证件号码", "村", "监护人姓名", "银行账号", "备注"]]
    rows.append(["1", "杨二甲", number(1), "青杠村委会", "杨大", "6217", ""])
    _status, document, said = call("import", "residents", as_xlsx(tmp_path / "r.xlsx", rows))
    assert document["added"] == 1
    assert "没有读取的列：监护人姓名、银行账号。" in said
    rows = [rows[0][:4], ["2", "杨二乙", number(2), "青杠村委会"]]
    _status, _document, said = call("import", "residents", as_xlsx(tmp_path / "s.xlsx", rows))
    assert "没有读取的列" not in said
