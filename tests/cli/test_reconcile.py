"""`townshipdesk reconcile`: the document of a comparison, and a file that is not there."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.sheets.making import as_csv
from tests.support import Desk, made_up_number
from townshipdesk.cli import main
from townshipdesk.services.payments import PaymentOrder, pay

HEADINGS = ("姓名", "证件号码", "缴费金额", "缴费日期", "电子税票号")


def test_a_comparison_prints_its_counts_and_takes_over_on_demand(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One paid here alone, one at the bureau alone, one unknown to the office."""
    numbers = [made_up_number(date(1980 + place, 1, 2)) for place in range(3)]
    for place, number in enumerate(numbers[:2]):
        desk.add_resident(f"人{place}", f"198{place}-01-02", number=number)
    office, path = desk.office, desk.office.database.path
    pay(office, desk.clerk, PaymentOrder((1,), "mobile"))
    rows = [(f"人{place}", numbers[place], 400, "2025-03-17", f"T{place}") for place in (1, 2)]
    sheet = as_csv(tmp_path / "实征清册.csv", [HEADINGS, *rows])
    call = ["reconcile", str(sheet), "--db", str(path), "--date", "2025-03-17"]
    assert main([*call, "--accept"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["rows"], document["matched"]) == (2, 0)
    assert (document["only_there"], document["only_here"], document["unknown_person"]) == (1, 1, 1)
    assert document["accepted"] == 1
    assert main([*call[:1], str(tmp_path / "nothing.csv"), *call[2:]]) == 1
    assert "nothing.csv" in capsys.readouterr().err
