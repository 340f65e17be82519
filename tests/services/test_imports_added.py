"""Whom an import would add can be looked at, a page at a time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.screens.sheets import LEDGER, ROSTER, workbook
from tests.support import Desk, made_up_number
from townshipdesk.services import imports
from townshipdesk.services.imports import ImportKind, ImportOptions
from townshipdesk.services.imports.added import PAGE, Pages, added

COUNT = 3 * PAGE + 5


def number(place: int) -> str:
    return made_up_number(date(1950 + place // 300, 1, 1), place % 300 + 1)


def test_new_people_of_a_roster_are_all_named_and_few_are_held(desk: Desk, tmp_path: Path) -> None:
    rows = [("", f"人{n}", number(n), "青杠村委会", "二组", "") for n in range(COUNT)]
    path = workbook(tmp_path / "花名册.xlsx", "花名册", [ROSTER, *rows])
    people = added(desk.office, imports.preview(desk.office, ImportKind.RESIDENTS, path))
    found = {one.row: (one.name, one.number, one.village, one.group) for one in people}
    assert found == {n + 3: (f"人{n}", number(n), "青杠村委会", "二组") for n in range(COUNT)}
    assert isinstance(people, Pages)
    assert len(people._held) == 2


def test_there_is_nobody_past_the_last() -> None:
    people = Pages(0, lambda _first, _most: [])
    with pytest.raises(IndexError):
        people[0]


def test_a_list_of_villages_and_a_ledger_name_what_they_add(desk: Desk, tmp_path: Path) -> None:
    villages = workbook(
        tmp_path / "村.xlsx",
        "村名单",
        [("村(社区)", "行政区划代码", "任务数"), ("新桥村委会", "532326104299", 80)],
    )
    [new] = added(desk.office, imports.preview(desk.office, ImportKind.VILLAGES, villages))
    assert (new.name, new.number, new.target) == ("新桥村委会", "532326104299", 80)
    desk.add_resident("段和", number=number(1))
    row = ("", "", "段和", "", number(1), 400, 400, "0000007", "2025-03-10")
    ledger = workbook(tmp_path / "台账.xlsx", "筹资台账", [LEDGER, row])
    options = ImportOptions(village="青杠村委会")
    shown = imports.preview(desk.office, ImportKind.CONTRIBUTIONS, ledger, options)
    [payer] = added(desk.office, shown)
    assert (payer.name, payer.village, payer.receipt) == ("段和", "青杠村委会", "0000007")
