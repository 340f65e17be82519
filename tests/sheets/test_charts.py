"""Charts in workbooks: real ones over the sheet's own cells, also read without a spreadsheet."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import openpyxl

from tests.support import Desk
from townshipdesk.services.exports import export
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.sheets.spec import CellKind, Chart, ChartKind, Column, SheetSpec
from townshipdesk.sheets.writer import write_sheet

DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def charts(path: Path) -> list[ElementTree.Element]:
    """Give the chart parts of a workbook, in their order."""
    with zipfile.ZipFile(path) as book:
        names = sorted(name for name in book.namelist() if name.startswith("xl/charts/chart"))
        return [ElementTree.fromstring(book.read(name)) for name in names]  # noqa: S314 - a file of this test


def texts(part: ElementTree.Element, *names: str) -> list[str]:
    """Give the texts at the end of a path of names, wherever it stands."""
    path = ".//" + "/".join(DRAWN + name for name in names)
    return [str(found.text) for found in part.findall(path)]


def value_at(path: Path, formula: str) -> list[object]:
    """Give what stands in the cells a chart's formula names."""
    sheet, span = formula.rsplit("!", 1)
    page = openpyxl.load_workbook(path)[sheet.strip("'")]
    return [cell.value for row in page[span.replace("$", "")] for cell in row]


def test_a_chart_names_cells_and_holds_what_stands_in_them(tmp_path: Path) -> None:
    """A hole stays a hole; the row of sums is not in the chart; days are the workbook's."""
    path = tmp_path / "line.xlsx"
    columns = (
        Column("截止日期", CellKind.DAY),
        Column("累计参保", CellKind.COUNT, total=True),
        Column("匀速应达", CellKind.COUNT),
    )
    rows = [(date(2024, 9, 1), 3, None), (date(2024, 9, 8), 7, 5)]
    drawn = Chart(ChartKind.LINE, "历周", "截止日期", ("累计参保", "匀速应达"))
    spec = SheetSpec("周", "标题", columns, rows, total_label="合计", charts=(drawn,))
    write_sheet(path, spec)
    (part,) = charts(path)
    assert len(part.findall(f".//{DRAWN}lineChart")) == 1
    assert texts(part, "val", "numRef", "f") == ["周!$B$3:$B$4", "周!$C$3:$C$4"]
    assert value_at(path, "周!$B$3:$B$4") == [3, 7]
    assert texts(part, "val", "numRef", "numCache", "pt", "v") == ["3", "7", "5"]
    assert texts(part, "cat", "numRef", "numCache", "pt", "v")[:2] == ["45536", "45543"]


def test_a_sheet_without_rows_has_no_chart(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    columns = (Column("村"), Column("完成率", CellKind.RATE))
    drawn = Chart(ChartKind.BAR, "完成率", "村", ("完成率",))
    write_sheet(path, SheetSpec("空", "标题", columns, [], charts=(drawn,)))
    assert charts(path) == []


def test_the_week_shows_villages_side_by_side_and_the_course_of_the_year(
    desk: Desk, tmp_path: Path
) -> None:
    """The bars are the rates of the first sheet; the line ends at today's heads, beside the task
    and an even pace."""
    desk.office.conn.execute("UPDATE village SET target = 4")
    desk.at("2024-09-10T09:00")
    people = tuple(desk.add_resident() for _n in range(3))
    pay(desk.office, desk.clerk, PaymentOrder(people, "cash"))
    path = tmp_path / "week.xlsx"
    exported = export(desk.office, "weekly", path)
    bars, line = charts(path)
    assert len(bars.findall(f".//{DRAWN}barChart")) == 1
    assert texts(bars, "val", "numRef", "numCache", "pt", "v") == ["0.75", "0"]
    assert texts(bars, "cat", "strRef", "strCache", "pt", "v") == ["青杠村委会", "柿树村委会"]
    (rates,) = texts(bars, "val", "numRef", "f")
    assert value_at(path, rates) == [0.75, 0]
    reached, due, task = texts(line, "val", "numRef", "f")
    assert value_at(path, reached) == [0, 0, 3]
    assert value_at(path, due) == [1, 1, 1]
    assert value_at(path, task) == [8, 8, 8]
    assert exported.rows == 5


def test_the_week_of_one_village_has_its_own_course_and_no_comparison(
    desk: Desk, tmp_path: Path
) -> None:
    desk.at("2024-09-03T09:00")
    pay(desk.office, desk.clerk, PaymentOrder((desk.add_resident(village_id=2),), "cash"))
    path = tmp_path / "week.xlsx"
    export(desk.office, "weekly", path, village="532399200201")
    (line,) = charts(path)
    assert value_at(path, texts(line, "val", "numRef", "f")[0]) == [0, 0]


def test_the_townships_summary_shows_its_villages_side_by_side(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "town.xlsx"
    export(desk.office, "town-summary", path)
    (bars,) = charts(path)
    assert texts(bars, "cat", "strRef", "strCache", "pt", "v") == ["青杠村委会", "柿树村委会"]
