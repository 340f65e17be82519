"""Charts in workbooks: real ones, drawn by the spreadsheet program from the sheet's own cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from townshipdesk.sheets.spec import CellKind, Chart, ChartKind, Column, SheetSpec

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_TYPES: Final = {ChartKind.LINE: "line", ChartKind.BAR: "bar"}
_AXIS_FORMATS: Final = {CellKind.RATE: "0%", CellKind.MONEY: "#,##0", CellKind.COUNT: "#,##0"}
_LABEL_FORMATS: Final = {**_AXIS_FORMATS, CellKind.RATE: "0.00%"}
_DAY_ZERO: Final = date(1899, 12, 30)
"""The day that a workbook counts as nothing."""

_FONT: Final = {"name": "宋体", "size": 9}
_TITLE_FONT: Final = {"name": "黑体", "size": 12, "bold": False}
_LOOKS: Final[tuple[dict[str, Any], ...]] = (
    {"color": "#1F6FB2", "width": 2.5},
    {"color": "#7F7F7F", "width": 1.5, "dash_type": "dash"},
    {"color": "#C0392B", "width": 1.5},
)
"""The first column is what happened; those after it are what it is held against."""

_CHARACTER: Final = 7
_NARROWEST, _HEIGHT = 480, 340
_ROW_HEIGHT: Final = 20
_AROUND_BARS: Final = 90
_LABELS_ACROSS: Final = 12
_MOST_LABELLED: Final = 60
"""With more bars than this, figures beside them would only be a grey stripe."""


def draw_charts(
    book: Workbook,
    page: Worksheet,
    spec: SheetSpec,
    cells: Sequence[Sequence[Any]],
    first: int,
    at: int,
    width: int,
) -> None:
    """Set a sheet's charts one below the other from the row `at` on, `width` characters wide.

    `cells` are the values as they were written, from the row `first` on: they are put into the
    charts as well, for readers that show a chart without working it out.
    """
    offset = _ROW_HEIGHT
    for chart in spec.charts:
        drawn, height = _drawn(book, str(page.name), spec.columns, chart, cells, first)
        drawn.set_size({"width": max(_NARROWEST, width * _CHARACTER), "height": height})
        page.insert_chart(at, 0, drawn, {"x_offset": 4, "y_offset": offset, "object_position": 2})
        offset += height + _ROW_HEIGHT


def _drawn(
    book: Workbook,
    sheet: str,
    columns: Sequence[Column],
    chart: Chart,
    cells: Sequence[Sequence[Any]],
    first: int,
) -> tuple[Any, int]:
    """Give a chart and its height in pixels."""
    place = {column.heading: number for number, column in enumerate(columns)}
    kind = columns[place[chart.values[0]]].kind
    names, last = place[chart.labels], first + len(cells) - 1
    bars = chart.kind is ChartKind.BAR
    drawn: Any = book.add_chart({"type": _TYPES[chart.kind]})
    for heading, look in zip(chart.values, _LOOKS, strict=False):
        series: dict[str, Any] = {
            "name": heading,
            "categories": [sheet, first, names, last, names],
            "categories_data": [_cached(row[names]) for row in cells],
            "values": [sheet, first, place[heading], last, place[heading]],
            "values_data": [row[place[heading]] for row in cells],
        }
        if bars:
            series |= {"fill": {"color": look["color"]}, "gap": 40}
            if len(cells) <= _MOST_LABELLED:
                shown = _LABEL_FORMATS.get(kind, "General")
                series["data_labels"] = {"value": True, "font": _FONT, "num_format": shown}
        else:
            series["line"] = look
        drawn.add_series(series)
    _axes(drawn, kind, columns[names].kind, len(cells), bars=bars)
    height = max(_HEIGHT, _AROUND_BARS + _ROW_HEIGHT * len(cells)) if bars else _HEIGHT
    drawn.set_title({"name": chart.title, "name_font": _TITLE_FONT, "overlay": False})
    if len(chart.values) == 1:
        drawn.set_legend({"none": True})
    else:
        drawn.set_legend({"position": "bottom", "font": _FONT})
    drawn.show_blanks_as("gap")
    return drawn, height


def _cached(value: Any) -> Any:
    """Give a label as a chart keeps it: days as the workbook's number of the day."""
    return (value - _DAY_ZERO).days if isinstance(value, date) else value


def _axes(drawn: Any, kind: CellKind, label_kind: CellKind, count: int, *, bars: bool) -> None:
    """Set the axes: labels in the order of the rows, values from nothing upward.

    The library calls what lies across x and what stands upright y, whichever holds the labels.
    """
    labels: dict[str, Any] = {"num_font": _FONT, "text_axis": True}
    if label_kind is CellKind.DAY:
        labels |= {"num_format": "m-d", "interval_unit": max(1, count // _LABELS_ACROSS)}
        labels["num_font"] = {**_FONT, "rotation": -45}  # some programs show every one of them
    if bars:
        labels["reverse"] = True  # the first row on top, as in the table
    values: dict[str, Any] = {
        "num_font": _FONT,
        "num_format": _AXIS_FORMATS.get(kind, "General"),
        "min": 0,
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}},
    }
    if bars:
        labels["major_gridlines"] = {"visible": False}
        values["label_position"] = "high"  # at the foot, since the labels run downward
    drawn.set_x_axis(values if bars else labels)
    drawn.set_y_axis(labels if bars else values)
