"""A ruled table on a page, as receipts, day sheets and forms have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from townshipdesk.printing.canvas import LEADING, MM_PER_POINT, Align, Page, broken

READABLE_POINTS: Final = 7.0
"""A row grows in height before its text gets smaller than this."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its width in millimetres, its heading, and how what stands in it is written."""

    width: float
    heading: str
    align: Align = "centre"
    points: float = 8.5
    bold: bool = False


def row_height(columns: Sequence[Column], cells: Sequence[str], least: float) -> float:
    """Give how high a row must be for its fullest cell to be read."""
    lines = max(
        len(broken(text, column.width - 2, READABLE_POINTS, bold=column.bold))
        for column, text in zip(columns, cells, strict=True)
    )
    return max(least, lines * READABLE_POINTS * MM_PER_POINT * LEADING + 1.6)


def draw_table(
    page: Page,
    x: float,
    y: float,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    head_height: float = 8.0,
    height: float = 7.5,
    bold_last: bool = False,
) -> float:
    """Draw a table with its headings and give the place below it."""
    width = sum(column.width for column in columns)
    heights = [row_height(columns, row, height) for row in rows]
    page.box(x, y, width, head_height + sum(heights), 0.4)
    left = x
    for index, column in enumerate(columns):
        page.cell(
            left, y, column.width, head_height, column.heading, 8.5, bold=True, align="centre"
        )
        if index:
            page.line(left, y, left, y + head_height + sum(heights))
        left += column.width
    y += head_height
    for number, (row, high) in enumerate(zip(rows, heights, strict=True)):
        page.line(x, y, x + width, y)
        left = x
        for column, text in zip(columns, row, strict=True):
            bold = column.bold or (bold_last and number == len(rows) - 1)
            page.cell(
                left, y, column.width, high, text, column.points, bold=bold, align=column.align
            )
            left += column.width
        y += high
    return y
