"""Village and group in one cell: taken where one village alone can be meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.services.importing import Importing, counts, reasons
from tests.sheets.making import as_xlsx, number
from tests.support import Desk
from townshipdesk.services import imports, people
from townshipdesk.services.imports import ImportKind, ImportOptions

VILLAGES = ("大龙箐村委会", "小龙箐村委会", "龙潭社区居民委员会", "新街村委会", "新街子村委会")
TWINS = ("石桥村委会", "石桥社区")


@pytest.fixture
def places(desk: Desk, tmp_path: Path) -> dict[str, str]:
    """Give the villages of the office: name -> code."""
    codes = {name: f"5323261062{n:02d}" for n, name in enumerate((*VILLAGES, *TWINS), 1)}
    table = [["村(社区)", "行政区划代码"], *map(list, codes.items())]
    shown = imports.preview(desk.office, ImportKind.VILLAGES, as_xlsx(tmp_path / "村.xlsx", table))
    imports.commit(desk.office, desk.clerk, shown)
    return codes


def homes(desk: Desk, count: int) -> list[tuple[str, str]]:
    """Give village and group of the first people of a roster."""
    found = []
    for serial in range(count):
        [match] = people.find(desk.office, number(serial))
        person = people.card(desk.office, match.resident_id).person
        found.append((person.village_name, person.group_name))
    return found


def bring(
    desk: Desk, path: Path, headings: list[str], rows: list[list[Any]], **options: Any
) -> Any:
    return Importing(desk, ImportKind.RESIDENTS, path, headings).bring(
        [[f"杨{'一二三四五六七八九十'[n]}", number(n), *cells] for n, cells in enumerate(rows)],
        **options,
    )


SAID = {
    "大龙箐村委会一组": ("大龙箐村委会", "一组"),
    "大龙箐村民委员会第3村民小组": ("大龙箐村委会", "第3村民小组"),
    "大龙箐村（二组）": ("大龙箐村委会", "二组"),
    "大龙箐1组": ("大龙箐村委会", "1组"),
    "大龙箐村委会 上村小组": ("大龙箐村委会", "上村小组"),
    "龙潭社区二组": ("龙潭社区居民委员会", "二组"),
    "新街子二组": ("新街子村委会", "二组"),
    "石桥社区二组": ("石桥社区", "二组"),
    "小龙箐村委会": ("小龙箐村委会", ""),
}


@pytest.mark.parametrize("heading", ["村组", "所属村组", "所在村（居）组", "村(社区)"])
def test_a_cell_with_village_and_group_gives_both(
    desk: Desk, tmp_path: Path, places: dict[str, str], heading: str
) -> None:
    """Full, short and bracketed forms; the next file that says it so changes nobody."""
    rows = [[said] for said in SAID]
    for expected in ((len(SAID), 0, 0, 0), (0, 0, len(SAID), 0)):
        path = tmp_path / f"{expected[0]}.xlsx"
        summary = bring(desk, path, ["姓名", "身份证号", heading], rows)
        assert counts(summary) == expected
    assert homes(desk, len(SAID)) == [*SAID.values()]


@pytest.mark.parametrize("heading", ["所属村组", "村(社区)"])
def test_what_may_mean_another_village_or_none_is_rejected(
    desk: Desk, tmp_path: Path, places: dict[str, str], heading: str
) -> None:
    """Two villages of one short name, a place that is no group, a village nobody knows."""
    cells = ["石桥一组", "大龙箐附近", "大龙箐小龙箐一组", "李家村一组", "上大龙箐村一组"]
    path = tmp_path / "花名册.xlsx"
    summary = bring(desk, path, ["姓名", "身份证号", heading], [[cell] for cell in cells])
    rejected = [(row, heading, "unknown-village") for row in range(2, 7)]
    assert reasons(summary) == rejected


def test_a_group_of_its_own_column_must_agree(
    desk: Desk, tmp_path: Path, places: dict[str, str]
) -> None:
    """第一村民小组 beside 一组 agrees, 二组 does not; a group names no other village."""
    rows = [
        ["大龙箐村委会一组", "第一村民小组"],
        ["大龙箐村委会一组", "二组"],
        ["大龙箐村委会", "大龙箐村委会三组"],
        ["大龙箐村委会", "小龙箐村委会三组"],
        ["大龙箐村委会", "小龙箐一组"],  # a place inside the village may be called so
    ]
    headings = ["姓名", "身份证号", "村(社区)", "村民小组"]
    summary = bring(desk, tmp_path / "花名册.xlsx", headings, rows)
    assert reasons(summary) == [(3, "村民小组", "conflict"), (5, "村民小组", "conflict")]
    assert homes(desk, 1) == [("大龙箐村委会", "第一村民小组")]
    [match] = people.find(desk.office, number(2))
    assert people.card(desk.office, match.resident_id).person.group_name == "三组"
    [match] = people.find(desk.office, number(4))
    assert people.card(desk.office, match.resident_id).person.group_name == "小龙箐一组"


def test_places_inside_the_village_a_file_is_of_stay_groups(
    desk: Desk, tmp_path: Path, places: dict[str, str]
) -> None:
    """A file brought in for one village: its own places, its own name, and no other village."""
    rows = [["李家村一组"], ["二组"], ["大龙箐村三组"], ["小龙箐村一组"], ["小龙箐村委会一组"]]
    path = tmp_path / "花名册.xlsx"
    headings = ["姓名", "身份证号", "村组"]
    summary = bring(desk, path, headings, rows, village=places["大龙箐村委会"])
    assert reasons(summary) == [(5, "村组", "conflict")]
    assert homes(desk, 3) == [
        ("大龙箐村委会", "李家村一组"),
        ("大龙箐村委会", "二组"),
        ("大龙箐村委会", "三组"),
    ]


def test_a_titled_village_holds_for_a_column_of_groups(
    desk: Desk, tmp_path: Path, places: dict[str, str]
) -> None:
    """大龙箐村花名册 over 村组: groups with and without the village's name; 某某等村 names none."""
    for title, cell in (
        ("大龙箐村参保登记花名册", "一组"),
        ("新街等村参保登记花名册", "大龙箐村一组"),
    ):
        path = as_xlsx(
            tmp_path / f"{title}.xlsx",
            [[title], ["姓名", "身份证号", "村组"], ["杨一", number(0), cell]],
        )
        shown = imports.preview(desk.office, ImportKind.RESIDENTS, path, ImportOptions())
        assert reasons(shown) == []
        imports.commit(desk.office, desk.clerk, shown)
        assert homes(desk, 1) == [("大龙箐村委会", "一组")]
