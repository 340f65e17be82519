"""The progress of a year as a picture made of text: heads, the even pace, the task, its days.

Drawn here and not with plotext or textual-plotext: they count characters where a terminal counts
cells, so a title or an axis label in Han characters moves the frame and the bars out of line.
Eighth blocks are what Textual's own Sparkline is made of, which has no axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from textual.content import Content

from townshipdesk.i18n import _, language
from townshipdesk.screens.naming import MONTHS, short_day
from townshipdesk.widgets.cells import beside, cell_len, fit, styled
from townshipdesk.widgets.spark import columns

if TYPE_CHECKING:
    from townshipdesk.services.course import Course

LABELS: Final = 8
"""Cells at the left for the figures of the axis."""

AROUND: Final = 5
"""Lines that are not for the heads: title, axis, months, the days of the task, each week's own."""

LEAST: Final = 3
"""Lines of heads below which no picture is drawn."""

PACE, TASK, DAY_OF_TASK = ".", "─", "│"


@dataclass(frozen=True, slots=True)
class DayOfTask:
    """A day by which a share of the task is due, in words such as "100 %"."""

    on: date
    share: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Which cells stand for which days, and how many heads fill the height."""

    begins_on: date
    days: int
    width: int
    height: int
    top: int

    def last_day(self, cell: int) -> date:
        """Give the last day that a cell stands for."""
        return self.begins_on + timedelta((cell + 1) * self.days // self.width - 1)

    def cell(self, day: date) -> int:
        """Give the cell in which a day lies."""
        gone = (day - self.begins_on).days
        return min(self.width - 1, max(0, -(-(gone + 1) * self.width // self.days) - 1))

    def row(self, heads: int) -> int:
        """Give the line a number of heads reaches into, the lowest is 0."""
        return min(self.height - 1, max(0, (heads * self.height - 1) // self.top))


def course_chart(
    course: Course, days_of_task: Sequence[DayOfTask], title: str, width: int, height: int
) -> Content:
    """Draw the heads of each day over the weeks, up to the last day of the task or today.

    A line at the height of the task, dots where an even pace would stand, an upright line at each
    day of the task. Below, what each week added. Too little room gives the title.
    """
    scale = _scale(course, days_of_task, width, height - AROUND)
    head = beside(styled(f" {title}", "bold"), _legend(course), width)
    if not course.weeks:
        return Content("\n").join([head, styled("  " + _("Nobody has enrolled yet."), "$quiet")])
    if scale is None:
        return head
    lines = [head, *_plot(course, days_of_task, scale)]
    lines.append(_axis(scale, days_of_task))
    lines.append(_months(scale))
    lines.append(_named_days(scale, days_of_task))
    lines.append(_each_week(course, scale))
    return Content("\n").join(lines)


def _scale(
    course: Course, days_of_task: Sequence[DayOfTask], width: int, height: int
) -> Scale | None:
    if height < LEAST or not course.weeks:
        return None
    begins_on = course.weeks[0].ends_on - timedelta(course.weeks[0].ends_on.weekday())
    ends_on = max([course.day, *(one.on for one in days_of_task)])
    days = (ends_on - begins_on).days + 1
    top = max([1, course.target or 0, *(heads for _day, heads in course.days)])
    return Scale(begins_on, days, max(10, width - LABELS - 2), height, top)


def _legend(course: Course) -> Content:
    parts: list[Content | str] = [styled("█", "$primary"), " " + _("enrolled")]
    if course.target is not None:
        parts += ["  ", styled(TASK, "$season"), " " + _("task")]
        if course.line is not None:
            parts += ["  ", styled(PACE, "bold $accent"), " " + _("even pace")]
    return Content.assemble(*parts, " ")


def _plot(course: Course, days_of_task: Sequence[DayOfTask], scale: Scale) -> list[Content]:
    today = scale.cell(course.day)
    heads = [
        course.heads_on(min(scale.last_day(cell), course.day)) if cell <= today else 0
        for cell in range(scale.width)
    ]
    bars = columns(heads, scale.top, scale.height)
    done = course.target is not None and course.heads >= course.target
    marks = _marks(course, days_of_task, scale)
    lines = []
    for number, text in enumerate(bars):
        row = scale.height - 1 - number
        label = fit(_label(scale, number), LABELS, right=True)
        cells = [
            _cell(text[cell], marks.get((row, cell)), "$text-success" if done else "$primary")
            for cell in range(scale.width)
        ]
        lines.append(Content.assemble(styled(label, "$quiet"), " ", *cells))
    return lines


def _label(scale: Scale, number: int) -> str:
    """Give the figure at the left of a line: the highest heads and, in the middle, half of them."""
    if number == 0:
        return str(scale.top)
    middle = scale.height // 2
    if number == middle and scale.height > LEAST:
        return str(scale.top * (scale.height - middle) // scale.height)
    return ""


def _marks(
    course: Course, days_of_task: Sequence[DayOfTask], scale: Scale
) -> dict[tuple[int, int], tuple[str, str]]:
    """Give what stands over the bars, by line and cell; the even pace goes before the rest."""
    marks: dict[tuple[int, int], tuple[str, str]] = {}
    if course.target is not None:
        marks |= {(scale.row(course.target), n): (TASK, "$season") for n in range(scale.width)}
    for one in days_of_task:
        cell = scale.cell(one.on)
        marks |= {(row, cell): (DAY_OF_TASK, "$season") for row in range(scale.height)}
    for cell in range(scale.width):
        due = course.due(scale.last_day(cell))
        if due and course.line is not None and scale.last_day(cell) <= course.line.due_on:
            marks[scale.row(due), cell] = (PACE, "bold $accent")
    return marks


def _cell(block: str, mark: tuple[str, str] | None, bar_style: str) -> Content:
    """Give one cell: a mark over an empty or a full one; the edge of the bars stays as it is."""
    if mark is None or block not in " █":
        return styled(block, bar_style)
    sign, style = mark
    return styled(sign, style if block == " " else f"bold $background on {bar_style}")


def _axis(scale: Scale, days_of_task: Sequence[DayOfTask]) -> Content:
    cells = ["─"] * scale.width
    for day in _firsts_of_months(scale):
        cells[scale.cell(day)] = "┬"
    for one in days_of_task:
        cells[scale.cell(one.on)] = "┴"
    return styled(fit("0", LABELS, right=True) + " " + "".join(cells), "$quiet")


def _firsts_of_months(scale: Scale) -> list[date]:
    """Give the first of each month in the picture."""
    found, day = [], scale.begins_on
    for _day in range(scale.days):
        if day.day == 1:
            found.append(day)
        day += timedelta(1)
    return found


def _months(scale: Scale) -> Content:
    """Name the months below the axis, each at its first day, where there is room."""
    text = ""
    for day in _firsts_of_months(scale):
        name = f"{day.month}月" if language() == "zh_CN" else MONTHS[day.month - 1]
        place = scale.cell(day)
        if cell_len(text) <= place and place + cell_len(name) <= scale.width:
            text += " " * (place - cell_len(text)) + name + " "
    return styled(" " * (LABELS + 1) + text.rstrip(), "$quiet")


def _named_days(scale: Scale, days_of_task: Sequence[DayOfTask]) -> Content:
    """Name the days of the task below their lines; those that meet are moved apart."""
    named = sorted((scale.cell(one.on), one) for one in days_of_task)
    texts = [f"{short_day(one.on, one.on.year)} {one.share}" for _cell, one in named]
    limit, starts = scale.width, []
    for (cell, _one), text in zip(reversed(named), reversed(texts), strict=True):
        size = cell_len(text)
        start = max(0, min(cell - size // 2, limit - size))
        starts.append(start)
        limit = start - 2
    line = ""
    for start, text in zip(reversed(starts), texts, strict=True):
        if start >= cell_len(line):
            line += " " * (start - cell_len(line)) + text
    return styled(" " * (LABELS + 1) + line, "$season")


def _each_week(course: Course, scale: Scale) -> Content:
    """Draw what each week added, one line high, below its days."""
    before, cells, most = 0, [" "] * scale.width, 0
    added = []
    for week in course.weeks:
        added.append(week.heads - before)
        before = week.heads
    most = max(1, *added)
    for week, heads in zip(course.weeks, added, strict=True):
        monday = week.ends_on - timedelta(week.ends_on.weekday())
        (block,) = columns([max(heads, -(-most // 8))], most, 1)  # a single head shows
        first, last = scale.cell(monday), scale.cell(week.ends_on)
        for cell in range(first, max(first + 1, last if last - first > 1 else last + 1)):
            cells[cell] = block if heads > 0 else "-" if heads < 0 else " "
    label = fit(_("week ≤{most}", most=most), LABELS, right=True)
    return Content.assemble(styled(label, "$quiet"), " ", styled("".join(cells), "$accent"))
